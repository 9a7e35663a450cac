// Policies: whatever is accepted is a forest of groups, and settles every note.
#include <cairn/policy.hpp>

#include "fuzz.hpp"

using cairn::Policy;
using cairn::Status;
using fuzz::check;

namespace {

void check_forest(const Policy& policy) {
  uint8_t members[cairn::policy_groups_max] = {};
  check(policy.log_count <= cairn::policy_logs_max);
  check(policy.witness_count <= cairn::policy_witnesses_max);
  check(policy.group_count <= cairn::policy_groups_max);
  for (int i = 0; i < policy.witness_count; ++i) {
    const int parent = policy.witnesses[i].parent;
    check(parent >= -1 && parent < policy.group_count);
    check(policy.witnesses[i].key.type == cairn::NoteType::cosignature);
    if (parent >= 0) ++members[parent];
  }
  for (int i = 0; i < policy.group_count; ++i) {
    const Policy::Group& group = policy.groups[i];
    check(group.parent == -1 || (group.parent > i && group.parent < policy.group_count));
    if (group.parent >= 0) ++members[group.parent];
    check(members[i] == group.members);
    check(group.threshold >= 1 && group.threshold <= group.members);
  }
  const int named =
      policy.quorum == Policy::Quorum::witness ? policy.witness_count : policy.group_count;
  check(policy.quorum == Policy::Quorum::none || policy.quorum_index < named);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Policy policy;
  cairn::Fault fault;
  const Status status = cairn::parse_policy({data, size}, policy, &fault);
  if (status != Status::ok) {
    check(fault.field != cairn::Field::none && fault.position >= 1);
    check(policy.log_count == 0 && policy.witness_count == 0 && policy.group_count == 0);
    return 0;
  }
  check_forest(policy);

  // A note that each witness has signed: every quorum is reached, at its time.
  uint8_t lines[cairn::policy_witnesses_max * 512];
  size_t used = 0;
  cairn::Note note;
  note.text = cairn::literal("text\n");
  for (size_t i = 0; i < policy.witness_count; ++i) {
    const auto line = cairn::format_signature_line(policy.witnesses[i].key, {}, 1000 + i,
                                                   {lines + used, sizeof lines - used});
    check(line.ok());
    used += line.value;
    ++note.signature_count;
  }
  note.signatures = {lines, used};
  cairn::QuorumResult result;
  const cairn::NoteKey log = {cairn::literal("log"), cairn::NoteType::ecdsa, {CAIRN_P256, {}}};
  check(cairn::check_quorum(policy, note, log, fuzz::verifiers(), result) == Status::ok);
  check(result.reached && result.valid == policy.witness_count);
  check(result.time_quorum <= result.time_max);
  return 0;
}
