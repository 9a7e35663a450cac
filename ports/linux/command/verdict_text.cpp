#include "verdict_text.hpp"

#include "text.hpp"

namespace command {

using cairn::Outcome;
using cairn::TimeSource;
using cairn::Verdict;

namespace {

const char* outcome_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "FAILED";
    default:
      return "absent";
  }
}

struct Answer {
  const char* question;
  Outcome outcome;
  std::string reason;
  /// What others vouch for, and what not; null where nobody does.
  const char* proves = nullptr;
  const char* does_not_prove = nullptr;
};

std::string because(const Verdict& verdict) {
  std::string text = cairn::status_text(verdict.reason);
  const std::string place = fault_text(verdict.fault, Position::byte);
  return place.empty() ? text : text + " (" + place + ")";
}

Answer integrity(const Verdict& verdict) {
  switch (verdict.integrity) {
    case Outcome::passed:
      return {"integrity", verdict.integrity,
              "nothing was changed: the bytes lead to the signed root"};
    case Outcome::failed:
      return {"integrity", verdict.integrity,
              "the file or the record was changed: " + because(verdict)};
    default:
      return {"integrity", verdict.integrity, "not reached"};
  }
}

Answer position(const Verdict& verdict) {
  switch (verdict.position) {
    case Outcome::passed:
      return {"position", verdict.position,
              record_range(verdict.first, verdict.count) + " of the " +
                  counted(verdict.size, "record") + " of " + text_of(verdict.origin)};
    case Outcome::failed:
      return {"position", verdict.position,
              "the proof does not lead to this place: " + because(verdict)};
    default:
      return {"position", verdict.position, "not reached"};
  }
}

Answer completeness(const Verdict& verdict) {
  switch (verdict.completeness) {
    case Outcome::passed:
      return {"completeness", verdict.completeness,
              counted(verdict.count, "record") + " without a gap between the first and the last"};
    case Outcome::failed:
      return {"completeness", verdict.completeness, "the range is not whole: " + because(verdict)};
    default:
      return {"completeness", verdict.completeness,
              verdict.count > 1 ? "not reached" : "a single record: not asked"};
  }
}

Answer log_key(const Verdict& verdict) {
  switch (verdict.log_key) {
    case Outcome::passed:
      return {"log key", verdict.log_key, "signed by the key that the policy names for the log"};
    case Outcome::failed:
      return {"log key", verdict.log_key,
              verdict.reason == cairn::Status::not_found
                  ? "the policy names no key for " + text_of(verdict.origin) +
                        ", or that key did not sign"
                  : "the log's signature is wrong: " + because(verdict)};
    default:
      return {"log key", verdict.log_key, "not reached"};
  }
}

std::string witness_names(const cairn::Policy& policy, const cairn::QuorumResult& result) {
  std::string names;
  for (unsigned i = 0; i < policy.witness_count; ++i)
    if ((result.witnesses >> i & 1) != 0)
      names += (names.empty() ? "" : ", ") + text_of(policy.witnesses[i].name);
  return names;
}

std::string quorum_reason(const Verdict& verdict, const cairn::Policy& policy,
                          const std::string& by) {
  switch (verdict.quorum) {
    case Outcome::passed:
      return by;
    case Outcome::failed:
      return by + (verdict.witnesses.invalid != 0 ? "; a cosignature is wrong" : "") +
             ": not what the policy asks for";
    default:
      return policy.quorum == cairn::Policy::Quorum::none ? by + ", and the policy asks for none"
                                                          : "not reached";
  }
}

Answer quorum(const Verdict& verdict, const cairn::Policy& policy) {
  const std::string names = witness_names(policy, verdict.witnesses);
  const std::string by =
      names.empty() ? "no witness of the policy cosigned" : "cosigned by " + names;
  Answer answer{"quorum", verdict.quorum, quorum_reason(verdict, policy, by)};
  if (names.empty() || verdict.quorum == Outcome::failed) return answer;
  answer.proves =
      "each of them saw no other history of the log that it cosigned, and had the head by its time";
  answer.does_not_prove =
      "anything, while the quorum's witnesses lie together or forget what they cosigned";
  return answer;
}

Answer anchors(const Verdict& verdict) {
  const std::string receipts = counted(verdict.receipt_count, "receipt");
  switch (verdict.anchors) {
    case Outcome::passed:
      return {"anchors", verdict.anchors, "an outside ledger had it, see the receipts"};
    case Outcome::failed:
      return {"anchors", verdict.anchors,
              verdict.receipts_failed != 0 ? "a receipt of an outside ledger is wrong"
                                           : "fewer outside ledgers than required had it"};
    default:
      return {"anchors", verdict.anchors,
              verdict.receipt_count == 0 ? "no receipt of an outside ledger"
                                         : receipts + " present, not checked"};
  }
}

std::vector<Answer> answers(const Verdict& verdict, const cairn::Policy& policy) {
  return {integrity(verdict), position(verdict),       completeness(verdict),
          log_key(verdict),   quorum(verdict, policy), anchors(verdict)};
}

std::string source_text(const Verdict& verdict) {
  switch (verdict.not_after_source) {
    case TimeSource::anchor:
      return "receipt " + std::to_string(verdict.not_after_receipt + 1);
    case TimeSource::cosignature:
      return "witnesses";
    default:
      return "nobody";
  }
}

std::string not_after(const Verdict& verdict) {
  if (verdict.not_after_source == TimeSource::none) return "unknown: nobody else signed a time";
  return iso_time(verdict.not_after_s) + ", by " + source_text(verdict);
}

std::string not_before(const Verdict& verdict) {
  if (verdict.not_before_source == TimeSource::none) return "unknown: no beacon was heard";
  return "the checkpoint with hash " + hex(verdict.not_before_beacon);
}

std::string device_time(const Verdict& verdict) {
  if (!verdict.has_close) return "not in the evidence";
  return wall_time_text(verdict.close.time) + ", batch " + std::to_string(verdict.close.batch) +
         ", boot " + std::to_string(verdict.close.boot) + ": the device's own claim";
}

}  // namespace

Json verdict_json(const std::string& file, const Verdict& verdict, const cairn::Policy& policy) {
  static const char* const outcomes[] = {"absent", "passed", "failed"};
  Json questions;
  for (const Answer& answer : answers(verdict, policy)) {
    Json& question = questions[answer.question];
    question = {{"outcome", outcomes[static_cast<size_t>(answer.outcome)]},
                {"reason", answer.reason}};
    if (answer.proves == nullptr) continue;
    question["proves"] = answer.proves;
    question["does_not_prove"] = answer.does_not_prove;
  }
  Json json{{"ok", verdict.ok()},
            {"file", file},
            {"reason", cairn::status_text(verdict.reason)},
            {"questions", questions},
            {"origin", text_of(verdict.origin)},
            {"first", verdict.first},
            {"count", verdict.count},
            {"size", verdict.size},
            {"witnesses", witness_names(policy, verdict.witnesses)}};
  if (verdict.fault.field != cairn::Field::none)
    json["fault"] = {{"field", cairn::field_text(verdict.fault.field)},
                     {"position", verdict.fault.position}};
  if (verdict.not_after_source != TimeSource::none)
    json["not_after"] = {{"time", iso_time(verdict.not_after_s)}, {"source", source_text(verdict)}};
  if (verdict.not_before_source != TimeSource::none)
    json["not_before"] = {{"beacon", hex(verdict.not_before_beacon)}};
  if (verdict.has_close)
    json["device_time"] = {{"time", iso_time_ms(verdict.close.time.unix_ms)},
                           {"quality", quality_text(verdict.close.time.quality)},
                           {"batch", verdict.close.batch},
                           {"boot", verdict.close.boot}};
  return json;
}

void print_verdict(const Output& output, const std::string& file, const Verdict& verdict,
                   const cairn::Policy& policy) {
  output.line(file + ": " + (verdict.ok() ? "VERIFIED" : "NOT VERIFIED: " + because(verdict)));
  for (const Answer& answer : answers(verdict, policy)) {
    output.field(answer.question, std::string(outcome_text(answer.outcome)) + "  " + answer.reason);
    if (answer.proves == nullptr) continue;
    output.field("  proves", answer.proves);
    output.field("  not proven", answer.does_not_prove);
  }
  output.field("not before", not_before(verdict));
  output.field("not after", not_after(verdict));
  output.field("device time", device_time(verdict));
}

}  // namespace command
