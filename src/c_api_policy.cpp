// C API: trust policies.
#include "c_api_policy.hpp"

using namespace cairn;
using namespace cairn::c_api;

static_assert(CAIRN_POLICY_LOGS_MAX == policy_logs_max);
static_assert(CAIRN_POLICY_WITNESSES_MAX == policy_witnesses_max);
static_assert(CAIRN_POLICY_GROUPS_MAX == policy_groups_max);
static_assert(CAIRN_QUORUM_NONE == static_cast<int>(Policy::Quorum::none));
static_assert(CAIRN_QUORUM_WITNESS == static_cast<int>(Policy::Quorum::witness));
static_assert(CAIRN_QUORUM_GROUP == static_cast<int>(Policy::Quorum::group));

int cairn_parse_policy(const void* text, size_t size, cairn_policy* out, cairn_fault* fault) {
  if (!readable(text, size) || out == nullptr) return bad_argument;
  FaultOut at(fault);
  return number(parse_policy(view(text, size), make<Policy>(out), at));
}

int cairn_find_log(const cairn_policy* policy, const void* origin, size_t origin_size,
                   cairn_note_key* out) {
  if (policy == nullptr || !readable(origin, origin_size) || out == nullptr) return bad_argument;
  const NoteKey* found = find_log(in<Policy>(policy), view(origin, origin_size));
  if (found == nullptr) return CAIRN_E_NOT_FOUND;
  *out = to_c(*found);
  return CAIRN_OK;
}

int cairn_policy_summarise(const cairn_policy* policy, cairn_policy_summary* out) {
  if (policy == nullptr || out == nullptr) return bad_argument;
  const Policy& from = in<Policy>(policy);
  *out = {from.log_count, from.witness_count, from.group_count, static_cast<uint8_t>(from.quorum),
          from.quorum_index};
  return CAIRN_OK;
}

int cairn_policy_log_at(const cairn_policy* policy, size_t i, cairn_policy_log* out) {
  if (policy == nullptr || out == nullptr) return bad_argument;
  const Policy& from = in<Policy>(policy);
  if (i >= from.log_count) return CAIRN_E_NOT_FOUND;
  *out = {to_c(from.logs[i].key), to_c(from.logs[i].url)};
  return CAIRN_OK;
}

int cairn_policy_witness_at(const cairn_policy* policy, size_t i, cairn_policy_witness* out) {
  if (policy == nullptr || out == nullptr) return bad_argument;
  const Policy& from = in<Policy>(policy);
  if (i >= from.witness_count) return CAIRN_E_NOT_FOUND;
  const Policy::Witness& found = from.witnesses[i];
  *out = {to_c(found.name), to_c(found.key), to_c(found.url), found.parent};
  return CAIRN_OK;
}

int cairn_policy_group_at(const cairn_policy* policy, size_t i, cairn_policy_group* out) {
  if (policy == nullptr || out == nullptr) return bad_argument;
  const Policy& from = in<Policy>(policy);
  if (i >= from.group_count) return CAIRN_E_NOT_FOUND;
  const Policy::Group& found = from.groups[i];
  *out = {to_c(found.name), found.threshold, found.members, found.parent};
  return CAIRN_OK;
}

int cairn_check_quorum(const cairn_policy* policy, const cairn_note* note,
                       const cairn_note_key* log, const cairn_verifier* verifiers,
                       size_t verifier_count, cairn_quorum_result* out) {
  if (policy == nullptr || note == nullptr || !usable(log) || !usable(verifiers, verifier_count) ||
      out == nullptr) {
    return bad_argument;
  }
  const Note parsed{view(note->text), view(note->signatures), note->signature_count};
  QuorumResult quorum;
  const Status status =
      check_quorum(in<Policy>(policy), parsed, from_c(*log), {verifiers, verifier_count}, quorum);
  *out = to_c(quorum);
  return number(status);
}
