// Trust policies (c2sp.org/tlog-policy): which logs, which witnesses, and how many of them.
// See docs/format.md, "Policy".
#pragma once

#include "note.hpp"

namespace cairn {

constexpr size_t policy_logs_max = 32;
constexpr size_t policy_witnesses_max = 32;
constexpr size_t policy_groups_max = 32;

/// A parsed policy. Keeps views into the text, which must outlive it.
struct Policy {
  struct Log {
    NoteKey key;
    ByteView url;  ///< may be empty
  };
  struct Witness {
    ByteView name;
    NoteKey key;  ///< of type cosignature; a 0x01 key is taken as the same key's 0x04 form
    ByteView url;
    int8_t parent;  ///< group it belongs to, or -1
  };
  struct Group {
    ByteView name;
    uint8_t threshold;
    uint8_t members;
    int8_t parent;
  };
  /// What the quorum line names.
  enum class Quorum : uint8_t { none, witness, group };

  Log logs[policy_logs_max];
  Witness witnesses[policy_witnesses_max];
  Group groups[policy_groups_max];
  uint8_t log_count = 0;
  uint8_t witness_count = 0;
  uint8_t group_count = 0;
  Quorum quorum = Quorum::none;
  uint8_t quorum_index = 0;
};

/// Parses a policy file.
///
/// ok           parsed
/// corrupt      malformed; `fault` has the field and the line: an unknown keyword, a name that is
///              used before it is defined or by two groups, a key given twice, a threshold out of
///              range, not exactly one quorum line; limit: more than 32 logs, witnesses or groups
/// unsupported  a key of a type that is not read here (parse_vkey)
Status parse_policy(ByteView text, Policy& out, Fault* fault = nullptr);

/// The log key for an origin (the key's name), or null. A log that is changing its key has several:
/// give the one found before as `after` for the next.
const NoteKey* find_log(const Policy& policy, ByteView origin, const NoteKey* after = nullptr);

/// What a note's cosignatures amount to under a policy.
struct QuorumResult {
  bool reached = false;
  uint8_t valid = 0;      ///< witnesses of the policy whose cosignature is valid
  uint8_t invalid = 0;    ///< whose line is present but wrong
  uint8_t unknown = 0;    ///< signature lines by keys that the policy does not name
  uint64_t time_min = 0;  ///< earliest time of a valid cosignature, POSIX seconds; 0: none
  uint64_t time_max = 0;  ///< latest
  uint8_t time_min_witness = 0;
  /// Earliest time by which enough witnesses had signed; 0 when it was not reached or is `none`.
  uint64_t time_quorum = 0;
  uint32_t witnesses = 0;  ///< bit i: witness i cosigned
};

/// Checks every witness of the policy against the note, and the quorum. `log` is the log's key,
/// so that its line does not count as unknown.
///
/// Only the first line of a witness counts.
///
/// ok                 counted; look at `reached`
/// signature_invalid  a witness's line is wrong: reject the note. The counts are complete.
/// unsupported, io    as verify_note(): nothing can be said
Status check_quorum(const Policy& policy, const Note& note, const NoteKey& log,
                    const Verifiers& verifiers, QuorumResult& out);

}  // namespace cairn
