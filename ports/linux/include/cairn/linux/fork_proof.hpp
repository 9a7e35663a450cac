// The proof that a log signed two histories: two signed checkpoints that cannot both be heads of
// one growing tree. Whoever has the log's public key can check it. docs/format.md, "Fork".
#pragma once

#include <cairn/linux/key_file.hpp>
#include <cairn/proof.hpp>
#include <vector>

namespace cairn::host {

/// Two heads of one log. With one size and two roots they contradict each other as they are. With
/// two sizes, `root` and `consistency` show what the first `first` leaves of the second head's tree
/// come to: another root than the first head has.
struct ForkProof {
  std::vector<std::string> vkeys;   ///< of the log: one, or two when it had changed its key
  std::string first;                ///< signed note with one signature line; not the larger one
  std::string second;               ///< the same
  Digest root{};                    ///< sizes differ: the root that `consistency` starts from
  std::vector<Digest> consistency;  ///< sizes differ: from (size of first, root) to second
};

/// What a proof that holds shows.
struct ForkFacts {
  std::string origin;
  uint64_t first_size = 0;
  uint64_t second_size = 0;
  Digest first_root{};
  Digest second_root{};
  Digest root{};  ///< of the first `first_size` leaves of the second tree
  std::vector<std::string> vkeys;
};

constexpr size_t fork_file_bytes_max = 16384;

/// Puts a proof together from two signed notes and, for two sizes, the consistency proof that came
/// with the larger one. Of each note the signature line of its key is kept, and the notes get the
/// order of the file.
///
/// ok             `out` proves a fork
/// bad_argument   two notes of different logs
/// not_found      they do not contradict each other, or `consistency` does not lead to the larger
///                one: then it proves nothing about anybody
/// corrupt        no signed checkpoints; others as verify_note()
Error make_fork_proof(ByteView one, const NoteKey& one_key, ByteView other,
                      const NoteKey& other_key, ProofView consistency, ForkProof& out);

/// The file's bytes.
std::string format_fork_proof(const ForkProof& proof);

/// Reads a file. Its form is checked, nothing else.
/// corrupt: not exactly what format_fork_proof() writes; the message names the line.
Error parse_fork_proof(ByteView file, ForkProof& out);

/// Checks that the heads are signed and contradict each other. With `trusted` keys only these
/// count; without, those in the file, and then the file shows what their owner did, whoever that
/// is.
///
/// ok                 it is a fork
/// not_found          a head is not signed by any of the keys
/// signature_invalid  it is signed wrongly
/// proof_invalid      both can be heads of one tree, or the consistency proof is wrong
/// corrupt            the heads are no checkpoints, of different logs, or a key does not parse
/// unsupported, io    as verify_note()
Error verify_fork_proof(const ForkProof& proof, const std::vector<VerifierKey>& trusted,
                        ForkFacts& out);

}  // namespace cairn::host
