// Restores a gateway's store that was lost, from copies of its log: its own tiles and archive,
// mirrors, and what the logs of devices say.
//
// Gateways that shared the store have a log each: one after the other is brought in, before any
// device is enrolled again.
//
// A rebuilt store knows of no head that was cosigned after the newest leaf in the copies. So the
// keys that cosigned for the lost store are retired with it: from the rebuilt one they could sign a
// fork.
#pragma once

#include <cairn/gateway/anchor.hpp>
#include <cairn/gateway/tile_source.hpp>
#include <cairn/gateway/tile_tree.hpp>
#include <cairn/gateway/witnesses.hpp>

namespace cairn::gateway {

/// A statement about the log from elsewhere, which bounds from below what must be restored.
struct KnownHead {
  std::string where;  ///< the file, the mirror, the witness
  std::string note;   ///< signed by the log's key
};

struct RebuildOptions {
  std::string folder;  ///< of the gateway's own tiles; may be empty, or gone
  host::VerifierKey log;
  std::vector<TileSource> mirrors;
  std::vector<KnownHead> known;  ///< see known_heads()
  /// Keys that cosigned for the lost store.
  std::vector<host::VerifierKey> witnesses;
  /// Signed and cosigned checkpoints of devices from their own logs. Each raises the floor of its
  /// device if one of `witnesses` cosigned it.
  std::vector<std::string> device_notes;
  /// By which receipts are verified, under the names that they were kept by. They are not asked.
  std::map<std::string, const Anchor*> anchors;
  /// By which the cosignatures of further witnesses are verified.
  std::vector<host::VerifierKey> further_witnesses;
  /// Those that are asked whether they remember more of the log than the copies hold, or null.
  Witnesses* asked = nullptr;
  uint64_t now_s = 0;
};

struct RebuildReport {
  SignedTree head;
  std::string taken_from;  ///< the folder itself, or the mirror that had the most
  uint64_t devices = 0;
  uint64_t raised = 0;  ///< devices whose own log knew of a newer cosigned head
  uint64_t receipts = 0;
  uint64_t cosignatures = 0;  ///< of further witnesses
  uint64_t frozen = 0;        ///< devices, by the proofs of their forks
  /// Why how many things in the archive, and which mirrors, were left out.
  std::map<std::string, uint64_t> left_out;
  /// Why witnesses did not say what they remember.
  std::vector<std::string> silent;
};

/// Takes the heads of a log out of what somebody has: a signed head, an evidence file, the answer
/// of /v1/receipts, a receipt of an archive.
///
/// not_found  none in it is signed by the log's key
Error known_heads(const std::string& bytes, const std::string& where, const host::VerifierKey& log,
                  std::vector<KnownHead>& out);

/// Completes the tiles in the folder from the mirror that has the most, and the archive from all of
/// them; reads every leaf, and every file of the archive twice; and fills the store: the head of
/// the log, the place of each leaf, the newest head of each device, receipts and cosignatures of
/// heads of the log, and devices that signed two histories, frozen. All other devices have to be
/// enrolled anew; their heads are kept whoever enrols them.
///
/// Power loss: without the head of the log, which comes last, the store still counts as lost, and
/// is refused when it is to be rebuilt again: take a new one.
///
/// ok             the store is whole as far as the copies reach
/// bad_state      the store is not empty: it knows this log, or has devices that are not frozen
/// bad_argument   no key of a witness was named
/// not_found      neither the folder nor a mirror has a signed head of the log
/// damaged        a head is known, or a witness remembers one, or the archive is about one, that is
///                larger than every copy: records would be lost; or the folder does not hold the
///                tree of its own checkpoint, and must be moved away first. Nothing was written to
///                the store
/// proof_invalid  such a head, or one of a mirror, conflicts with the copies
/// io, full       of the store, of the folder
Error rebuild(const RebuildOptions& options, Store& store, RebuildReport& report);

/// Whether the key of a witness may cosign from this store.
/// bad_state: it cosigned for a store that was lost, and this one was rebuilt; make a new key.
Error check_witness_key(Store& store, const NoteKey& witness);

}  // namespace cairn::gateway
