#include "cairn/policy.hpp"

#include "note_lines.hpp"
#include "text.hpp"

namespace cairn {

const NoteKey* find_log(const Policy& policy, ByteView origin, const NoteKey* after) {
  bool passed = after == nullptr;
  for (size_t i = 0; i < policy.log_count; ++i) {
    const NoteKey& key = policy.logs[i].key;
    if (passed && equal(key.name, origin)) return &key;
    if (&key == after) passed = true;
  }
  return nullptr;
}

namespace {

// Times at which the policy's witnesses signed; 0 for those who did not.
struct Times {
  uint64_t of[policy_witnesses_max] = {};
};

// Whether the cosignatures made at or before `time` are enough. Groups name earlier groups only, so
// one pass in their order settles all of them.
bool is_quorum(const Policy& policy, const Times& times, uint64_t time) {
  uint8_t present[policy_groups_max] = {};
  for (size_t i = 0; i < policy.witness_count; ++i) {
    if (times.of[i] == 0 || times.of[i] > time) continue;
    if (policy.quorum == Policy::Quorum::witness && policy.quorum_index == i) return true;
    if (policy.witnesses[i].parent >= 0) ++present[policy.witnesses[i].parent];
  }
  for (size_t i = 0; i < policy.group_count; ++i) {
    if (present[i] < policy.groups[i].threshold) continue;
    if (policy.quorum == Policy::Quorum::group && policy.quorum_index == i) return true;
    if (policy.groups[i].parent >= 0) ++present[policy.groups[i].parent];
  }
  return policy.quorum == Policy::Quorum::none;
}

bool is_key_of(const NoteSignature& line, const NoteKey& key) {
  return equal(line.name, key.name) && line.key_id == key_id(key);
}

// The witness whose line this is, or witness_count.
size_t find_witness(const Policy& policy, const NoteSignature& line) {
  size_t i = 0;
  while (i < policy.witness_count && !is_key_of(line, policy.witnesses[i].key))
    ++i;
  return i;
}

bool is_log_line(const Policy& policy, const NoteSignature& line, const NoteKey& log) {
  if (is_key_of(line, log)) return true;
  for (size_t i = 0; i < policy.log_count; ++i) {
    if (is_key_of(line, policy.logs[i].key)) return true;
  }
  return false;
}

void count_valid(QuorumResult& out, size_t witness, uint64_t time) {
  ++out.valid;
  out.witnesses |= 1u << witness;
  if (time > out.time_max) out.time_max = time;
  if (out.time_min != 0 && time >= out.time_min) return;
  out.time_min = time;
  out.time_min_witness = static_cast<uint8_t>(witness);
}

void settle(const Policy& policy, const Times& times, QuorumResult& out) {
  out.reached = is_quorum(policy, times, UINT64_MAX);
  if (!out.reached || policy.quorum == Policy::Quorum::none) return;
  out.time_quorum = out.time_max;
  for (size_t i = 0; i < policy.witness_count; ++i) {
    const uint64_t time = times.of[i];
    if (time != 0 && time < out.time_quorum && is_quorum(policy, times, time)) {
      out.time_quorum = time;
    }
  }
}

}  // namespace

Status check_quorum(const Policy& policy, const Note& note, const NoteKey& log,
                    const Verifiers& verifiers, QuorumResult& out) {
  out = {};
  Times times;
  uint32_t seen = 0;
  SignatureLines lines(note);
  NoteSignature line;
  Status status = lines.next(line);
  for (; status == Status::ok; status = lines.next(line)) {
    const size_t witness = find_witness(policy, line);
    if (witness == policy.witness_count) {
      if (!is_log_line(policy, line, log)) ++out.unknown;
      continue;
    }
    if ((seen >> witness & 1) != 0) continue;  // only a key's first line counts
    seen |= 1u << witness;
    NoteVerdict verdict;
    const Status verified =
        verify_line(line, note.text, policy.witnesses[witness].key, verifiers, &verdict);
    if (verified == Status::signature_invalid) {
      ++out.invalid;
      continue;
    }
    CAIRN_TRY(verified);
    times.of[witness] = verdict.time;
    count_valid(out, witness, verdict.time);
  }
  if (status != Status::end) return status;
  settle(policy, times, out);
  return out.invalid == 0 ? Status::ok : Status::signature_invalid;
}

}  // namespace cairn
