// The witness (c2sp.org/tlog-witness@v1.0.0): cosigns a checkpoint only when it extends everything
// that was cosigned before under that origin. State machine only; transport and storage are the
// caller's.
#pragma once

#include "checkpoint.hpp"
#include "proof.hpp"

namespace cairn {

/// The newest head that a witness has cosigned for an origin.
struct WitnessState {
  uint64_t size = 0;  ///< 0: none yet
  Digest root{};
};

/// Where witness states live. One request calls each function at most once, and get() once more
/// when somebody else was faster.
struct WitnessStore {
  void* user;
  /// The key of an origin's log; not_found when the origin is unknown or suspended.
  Status (*key)(void* user, ByteView origin, NoteKey& out);
  /// The state; ok with size 0 for a known origin without one.
  Status (*get)(void* user, ByteView origin, WitnessState& out);
  /// Replaces `expected` by `next` durably, or answers bad_state when the stored size is no longer
  /// expected.size. `checkpoint` is the signed note, for whoever wants to keep it.
  Status (*compare_and_set)(void* user, ByteView origin, const WitnessState& expected,
                            const WitnessState& next, ByteView checkpoint);
};

/// An add-checkpoint request, taken apart.
struct AddCheckpoint {
  uint64_t old_size = 0;
  ByteView checkpoint;  ///< signed note
};

/// Parses the body "old N\n", proof lines, empty line, signed checkpoint. corrupt with `fault`.
Status parse_add_checkpoint(ByteView body, AddCheckpoint& out, ProofBuffer& proof,
                            Fault* fault = nullptr);
/// Writes such a body; returns its size, or full.
Result<size_t> format_add_checkpoint(uint64_t old_size, ProofView proof, ByteView signed_note,
                                     MutableBytes out);

/// The answer to a request: the HTTP status codes of tlog-witness, whatever the transport.
enum class WitnessAnswer : uint16_t {
  cosigned = 200,
  malformed = 400,   ///< not a request, or old size above the checkpoint's
  not_signed = 403,  ///< no signature by the log's key, or a wrong one
  unknown_origin = 404,
  conflict = 409,      ///< old size is not the last cosigned size; `state.size` is
  inconsistent = 422,  ///< the proof is wrong, or the same size has another root: a fork
  unavailable = 503,   ///< the store or the signer failed; nothing was cosigned
};

struct WitnessReply {
  WitnessAnswer answer = WitnessAnswer::malformed;
  Status status = Status::ok;  ///< why, in cairn's terms
  Fault fault;                 ///< of a malformed request
  WitnessState state;          ///< last cosigned head, for conflict and inconsistent
  Checkpoint checkpoint;       ///< what was asked for; views into the body
  size_t size_bytes = 0;       ///< of the cosignature line that was written
};

/// Handles one request: verify, compare and set, cosign.
///
/// `cosigner` is the witness's own Ed25519 key under `name`; `time_s` is now, in POSIX seconds.
/// The cosignature line is written to `out` (104 + name + 8 bytes are enough) only after the store
/// has made the new state durable. Asking again for the same head is legal and gives a new time.
///
/// Power loss: the state is stored before the cosignature is handed out.
/// Cost: one signature verification, at most 2 log2(size) node hashes, one signature. Stack: 2.5
/// KB, and what the signatures need.
WitnessReply add_checkpoint(ByteView body, const WitnessStore& store, const Verifiers& verifiers,
                            const Signer& cosigner, ByteView name, uint64_t time_s,
                            MutableBytes out);

}  // namespace cairn
