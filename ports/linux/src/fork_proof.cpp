#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/linux/fork_proof.hpp>

#include "fork_text.hpp"

namespace cairn::host {
namespace {

/// A signed note with what stands in it; views into `bytes`.
struct Head {
  ByteView bytes;
  Note note;
  Checkpoint checkpoint;
};

Error parse_head(ByteView bytes, const char* which, Head& out) {
  out.bytes = bytes;
  Status status = parse_note(bytes, out.note);
  if (status == Status::ok) status = parse_checkpoint(out.note.text, out.checkpoint);
  if (status == Status::ok) return {};
  return {status, std::string("the ") + which + " head is not a signed checkpoint."};
}

bool goes_first(const Checkpoint& a, const Checkpoint& b) {
  if (a.size != b.size) return a.size < b.size;
  return std::lexicographical_compare(a.root.bytes, a.root.bytes + digest_bytes, b.root.bytes,
                                      b.root.bytes + digest_bytes);
}

// The root over the first `from` leaves that a consistency proof to `to` speaks of, where it holds
// enough to tell: RFC 9162 §2.1.4.2 without the comparison with the first root. Whether the proof
// leads to the second one is for verify_consistency().
bool root_spoken_of(uint64_t from, uint64_t to, ProofView proof, Digest& out) {
  if (proof.count == 0 || proof.count != consistency_proof_size(from, to)) return false;
  if (count_bits(from) == 1) return false;  // then the proof leaves that root to be known
  const uint64_t last = from - 1;
  const unsigned fork = bit_length(last ^ (to - 1));
  out = proof.hashes[0];
  unsigned level = trailing_zeros(from);
  for (size_t i = 1; i < proof.count; ++i, ++level) {
    const bool on_right = level < fork && (last >> level & 1) == 0;
    if (!on_right) out = node_hash(proof.hashes[i], out);
  }
  return true;
}

Status check_signed(const Head& head, const std::vector<VerifierKey>& keys) {
  Status status = Status::not_found;
  for (const VerifierKey& key : keys) {
    // A cosignature says that somebody saw the head, not whose it is.
    if (key.key.type == NoteType::cosignature) continue;
    if (!equal(key.key.name, head.checkpoint.origin)) continue;
    status = verify_note(head.note, key.key, all_verifiers());
    if (status != Status::not_found) break;
  }
  return status;
}

Error not_signed(Status status, const char* which) {
  const std::string head = std::string("the ") + which + " head ";
  if (status == Status::not_found) return {status, head + "is not signed by any of these keys."};
  if (status == Status::signature_invalid) return {status, head + "is signed wrongly."};
  return {status, head + "cannot be checked: " + status_text(status) + "."};
}

Error check_contradiction(const ForkProof& proof, const Checkpoint& first,
                          const Checkpoint& second) {
  if (!equal(first.origin, second.origin))
    return {Status::corrupt, "the heads are of two different logs."};
  if (!goes_first(first, second))
    return {Status::proof_invalid, first.size == second.size
                                       ? "both heads are the same: they contradict nothing."
                                       : "the larger head stands first."};
  if (first.size == second.size) return {};
  const ProofView consistency{proof.consistency.data(), proof.consistency.size()};
  if (proof.root == first.root)
    return {Status::proof_invalid, "both heads are of one tree: they contradict nothing."};
  if (verify_consistency(first.size, second.size, proof.root, second.root, consistency) !=
      Status::ok)
    return {Status::proof_invalid,
            "the consistency proof does not lead to the second head, so it tells nothing about the "
            "tree that this head is of."};
  return {};
}

}  // namespace

Error make_fork_proof(ByteView one, const NoteKey& one_key, ByteView other,
                      const NoteKey& other_key, ProofView consistency, ForkProof& out) {
  Head heads[2];
  if (!parse_head(one, "first", heads[0]).ok() || !parse_head(other, "second", heads[1]).ok())
    return {Status::corrupt, "not two signed checkpoints."};
  if (!equal(heads[0].checkpoint.origin, heads[1].checkpoint.origin))
    return {Status::bad_argument, "two checkpoints of different logs."};
  const NoteKey* keys[2] = {&one_key, &other_key};
  if (!goes_first(heads[0].checkpoint, heads[1].checkpoint)) {
    std::swap(heads[0], heads[1]);
    std::swap(keys[0], keys[1]);
  }
  const Checkpoint& first = heads[0].checkpoint;
  const Checkpoint& second = heads[1].checkpoint;
  out = {};
  if (first.size != second.size) {
    const bool told = root_spoken_of(first.size, second.size, consistency, out.root);
    if (told) out.consistency.assign(consistency.hashes, consistency.hashes + consistency.count);
  }
  // Cheap first: most heads that are looked at contradict nothing.
  const Error contradiction = check_contradiction(out, first, second);
  if (!contradiction.ok()) return {Status::not_found, contradiction.message};
  for (size_t i = 0; i < 2; ++i) {
    const Status status = verify_note(heads[i].note, *keys[i], all_verifiers());
    if (status != Status::ok) return not_signed(status, i == 0 ? "first" : "second");
    (i == 0 ? out.first : out.second) = with_one_line(heads[i].note, *keys[i]);
    const std::string vkey = vkey_text(*keys[i]);
    if (out.vkeys.empty() || out.vkeys[0] != vkey) out.vkeys.push_back(vkey);
  }
  return {};
}

Error verify_fork_proof(const ForkProof& proof, const std::vector<VerifierKey>& trusted,
                        ForkFacts& out) {
  Head first, second;
  CAIRN_HOST_TRY(parse_head(bytes_of(proof.first), "first", first));
  CAIRN_HOST_TRY(parse_head(bytes_of(proof.second), "second", second));
  std::vector<VerifierKey> keys = trusted;
  if (trusted.empty()) {
    keys.resize(proof.vkeys.size());
    for (size_t i = 0; i < keys.size(); ++i)
      CAIRN_HOST_TRY(keys[i].parse(proof.vkeys[i], "the key in the file"));
  }
  for (const Head* head : {&first, &second}) {
    const Status status = check_signed(*head, keys);
    if (status != Status::ok) return not_signed(status, head == &first ? "first" : "second");
  }
  CAIRN_HOST_TRY(check_contradiction(proof, first.checkpoint, second.checkpoint));
  const bool one_size = first.checkpoint.size == second.checkpoint.size;
  out = {string_of(first.checkpoint.origin),
         first.checkpoint.size,
         second.checkpoint.size,
         first.checkpoint.root,
         second.checkpoint.root,
         one_size ? second.checkpoint.root : proof.root,
         proof.vkeys};
  return {};
}

}  // namespace cairn::host
