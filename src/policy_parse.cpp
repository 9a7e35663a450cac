// The text of a policy, line by line.
#include "cairn/policy.hpp"
#include "text.hpp"

namespace cairn {

namespace {

bool is_blank(uint8_t c) {
  return c == ' ' || c == '\t';
}

// The bytes that a policy may hold are those above 0x20 but DEL, blanks and line ends. What lies
// above 0x7F is not looked into.
bool is_policy_line(ByteView line) {
  for (uint8_t c : line) {
    if ((c < 0x20 && c != '\t') || c == 0x7F) return false;
  }
  return true;
}

// Takes the next word off `rest`; empty when there is none.
ByteView take_word(ByteView& rest) {
  size_t start = 0;
  while (start < rest.size && is_blank(rest[start]))
    ++start;
  size_t end = start;
  while (end < rest.size && !is_blank(rest[end]))
    ++end;
  const ByteView word = rest.part(start, end - start);
  rest = rest.part(end);
  return word;
}

// What a name stands for.
struct Named {
  Policy::Quorum kind = Policy::Quorum::none;
  uint8_t index = 0;
};

class PolicyParser {
 public:
  explicit PolicyParser(Policy& out) : policy_(out) {}
  /// ok, or the status of a line that is wrong, with its field in field().
  Status line(ByteView words);
  Field field() const { return field_; }
  bool has_quorum() const { return has_quorum_; }

 private:
  Status log(ByteView rest);
  Status witness(ByteView rest);
  Status group(ByteView rest);
  Status members(ByteView rest, uint8_t group, uint8_t& count);
  Status quorum(ByteView rest);
  Status fail(Field field) {
    field_ = field;
    return Status::corrupt;
  }
  Status key(ByteView word, NoteKey& out);
  Status end_of_line(ByteView rest) {
    return take_word(rest).empty() ? Status::ok : fail(Field::order);
  }
  bool find(ByteView name, Named& out) const;
  bool is_free(ByteView name) const;

  Policy& policy_;
  Field field_ = Field::none;
  bool has_quorum_ = false;
};

bool PolicyParser::find(ByteView name, Named& out) const {
  for (uint8_t i = 0; i < policy_.witness_count; ++i) {
    out = {Policy::Quorum::witness, i};
    if (equal(policy_.witnesses[i].name, name)) return true;
  }
  for (uint8_t i = 0; i < policy_.group_count; ++i) {
    out = {Policy::Quorum::group, i};
    if (equal(policy_.groups[i].name, name)) return true;
  }
  return false;
}

bool PolicyParser::is_free(ByteView name) const {
  Named ignored;
  return !equal(name, literal("none")) && !find(name, ignored);
}

Status PolicyParser::key(ByteView word, NoteKey& out) {
  Fault fault;
  const Status status = parse_vkey(word, out, &fault);
  if (status != Status::ok) field_ = fault.field;
  return status;
}

Status PolicyParser::log(ByteView rest) {
  if (policy_.log_count == policy_logs_max) return fail(Field::limit);
  Policy::Log& log = policy_.logs[policy_.log_count];
  CAIRN_TRY(key(take_word(rest), log.key));
  log.url = take_word(rest);
  for (size_t i = 0; i < policy_.log_count; ++i) {
    if (policy_.logs[i].key.key == log.key.key) return fail(Field::duplicate);
  }
  ++policy_.log_count;
  return end_of_line(rest);
}

Status PolicyParser::witness(ByteView rest) {
  if (policy_.witness_count == policy_witnesses_max) return fail(Field::limit);
  Policy::Witness& witness = policy_.witnesses[policy_.witness_count];
  witness.name = take_word(rest);
  if (witness.name.empty()) return fail(Field::member);
  if (!is_free(witness.name)) return fail(Field::duplicate);
  CAIRN_TRY(key(take_word(rest), witness.key));
  if (witness.key.type == NoteType::ecdsa) return fail(Field::key_type);
  witness.key.type = NoteType::cosignature;
  witness.url = take_word(rest);
  witness.parent = -1;
  for (size_t i = 0; i < policy_.witness_count; ++i) {
    if (policy_.witnesses[i].key.key == witness.key.key) return fail(Field::duplicate);
  }
  ++policy_.witness_count;
  return end_of_line(rest);
}

Status PolicyParser::members(ByteView rest, uint8_t group, uint8_t& count) {
  count = 0;
  for (ByteView name = take_word(rest); !name.empty(); name = take_word(rest)) {
    Named member;
    if (!find(name, member)) return fail(Field::member);
    int8_t& parent = member.kind == Policy::Quorum::witness ? policy_.witnesses[member.index].parent
                                                            : policy_.groups[member.index].parent;
    if (parent >= 0) return fail(Field::duplicate);
    parent = static_cast<int8_t>(group);
    ++count;
  }
  return count == 0 ? fail(Field::member) : Status::ok;
}

Status PolicyParser::group(ByteView rest) {
  if (policy_.group_count == policy_groups_max) return fail(Field::limit);
  Policy::Group& group = policy_.groups[policy_.group_count];
  group.name = take_word(rest);
  if (group.name.empty()) return fail(Field::group);
  if (!is_free(group.name)) return fail(Field::duplicate);
  const ByteView threshold = take_word(rest);
  CAIRN_TRY(members(rest, policy_.group_count, group.members));
  uint64_t needed = group.members;
  if (equal(threshold, literal("any"))) {
    needed = 1;
  } else if (!equal(threshold, literal("all"))) {
    needed = parse_decimal(threshold).value_or(0);
  }
  if (needed < 1 || needed > group.members) return fail(Field::group);
  group.threshold = static_cast<uint8_t>(needed);
  group.parent = -1;
  ++policy_.group_count;
  return Status::ok;
}

Status PolicyParser::quorum(ByteView rest) {
  const ByteView name = take_word(rest);
  Named named;
  const bool known = equal(name, literal("none")) || find(name, named);
  if (has_quorum_ || !known) return fail(Field::quorum);
  has_quorum_ = true;
  policy_.quorum = named.kind;
  policy_.quorum_index = named.index;
  return end_of_line(rest);
}

Status PolicyParser::line(ByteView words) {
  if (!is_policy_line(words)) return fail(Field::encoding);
  const ByteView keyword = take_word(words);
  if (keyword.empty() || keyword[0] == '#') return Status::ok;
  if (equal(keyword, literal("log"))) return log(words);
  if (equal(keyword, literal("witness"))) return witness(words);
  if (equal(keyword, literal("group"))) return group(words);
  if (equal(keyword, literal("quorum"))) return quorum(words);
  return fail(Field::keyword);
}

void clear(Policy& policy) {
  policy.log_count = policy.witness_count = policy.group_count = 0;
  policy.quorum = Policy::Quorum::none;
  policy.quorum_index = 0;
}

}  // namespace

Status parse_policy(ByteView text, Policy& out, Fault* fault) {
  clear(out);
  PolicyParser parser(out);
  Fault found;
  Status status = Status::ok;
  ByteView rest = text;
  ByteView line;
  while (status == Status::ok && take_line(rest, line)) {
    ++found.position;
    status = parser.line(line);
    found.field = parser.field();
  }
  if (status == Status::ok && !rest.empty()) {
    status = reject(&found, Field::encoding, found.position + 1);
  }
  if (status == Status::ok && !parser.has_quorum()) {
    status = reject(&found, Field::quorum, found.position == 0 ? 1 : found.position);
  }
  if (status == Status::ok) return status;
  if (fault != nullptr) *fault = found;
  clear(out);
  return status;
}

}  // namespace cairn
