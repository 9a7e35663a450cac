#include <atomic>
#include <cairn/gateway/intake.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/merkle.hpp>

#include "intake_report.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;
using host::string_of;

constexpr size_t answer_count = std::size(intake_answers);
constexpr size_t proof_lines_max = 63;

/// A request of add-checkpoint, taken apart.
struct Request {
  AddCheckpoint frame;
  SignedCheckpoint asked;
  Digest hashes[proof_lines_max];
  ProofBuffer proof{hashes, proof_lines_max};

  Error parse(ByteView body);
};

Error Request::parse(ByteView body) {
  Fault fault;
  Status status = parse_add_checkpoint(body, frame, proof, &fault);
  if (status == Status::ok) status = parse_note(frame.checkpoint, asked.note);
  if (status == Status::ok) status = parse_checkpoint(asked.note.text, asked.checkpoint);
  asked.bytes = frame.checkpoint;
  if (status == Status::ok && asked.note.text.size > CAIRN_MAX_NOTE_TEXT_BYTES)
    status = Status::unsupported;
  if (status == Status::ok) return {};
  return {status, std::string("not a request: its ") + field_text(fault.field) + " in line " +
                      std::to_string(fault.position) + " is wrong"};
}

/// Where an answer stands among those that are counted.
size_t place_of(uint16_t answer) {
  size_t place = 0;
  while (place + 1 < answer_count && intake_answers[place] != answer)
    ++place;
  return place;
}

}  // namespace

struct Intake::Inside {
  Inside(Store& store, Registry& registry, AggregateLog& log, const host::KeyFile& witness_key,
         IntakeOptions options)
      : heads(store, registry, log, witness_key, std::move(options)), reports(heads) {}

  WitnessAnswer add_checkpoint(ByteView body, std::string& answer);
  WitnessAnswer judge(const Request& request, std::string& answer);
  WitnessAnswer find_signatory(const Request& request, Signatory& by, Head& head,
                               std::string& answer);
  WitnessAnswer judge_growth(const Request& request, const Signatory& by, Head& head,
                             std::string& answer);

  Heads heads;
  Reports reports;
  std::atomic<size_t> inside{0};  ///< requests that are being answered
  std::atomic<uint64_t> answers[answer_count] = {};
};

// Who signed, if the gateway knows and trusts them, and their newest head.
WitnessAnswer Intake::Inside::find_signatory(const Request& request, Signatory& by, Head& head,
                                             std::string& answer) {
  const Checkpoint& checkpoint = request.asked.checkpoint;
  Error error = heads.load(string_of(checkpoint.origin), by.device, head);
  if (error.ok()) error = Heads::choose_key(by.device, checkpoint.size, by.key);
  if (error.ok()) {
    const Status status = verify_note(request.asked.note, by.key.key, host::all_verifiers());
    const char* const what = status == Status::not_found ? "not signed by the log's key"
                                                         : "the log's signature is wrong";
    if (status != Status::ok) error = {status, what};
    if (status == Status::not_found) error.status = Status::signature_invalid;
  }
  answer = error.message;
  if (error.ok()) return WitnessAnswer::cosigned;
  if (error.status == Status::not_found) return WitnessAnswer::unknown_origin;
  if (error.status == Status::signature_invalid) return WitnessAnswer::not_signed;
  return WitnessAnswer::unavailable;
}

// The order of the checks is that of c2sp.org/tlog-witness; see docs/format.md, "Witness".
WitnessAnswer Intake::Inside::judge(const Request& request, std::string& answer) {
  Signatory by;
  Head head;
  const WitnessAnswer known = find_signatory(request, by, head, answer);
  if (known != WitnessAnswer::cosigned) return known;
  if (request.frame.old_size > request.asked.checkpoint.size) {
    answer = "the old size is above that of the checkpoint";
    return WitnessAnswer::malformed;
  }
  return judge_growth(request, by, head, answer);
}

WitnessAnswer Intake::Inside::judge_growth(const Request& request, const Signatory& by, Head& head,
                                           std::string& answer) {
  const Checkpoint& to = request.asked.checkpoint;
  Error error;
  do {
    const bool conflicts = request.frame.old_size != head.checkpoint.size;
    const bool grows =
        !conflicts && verify_consistency(head.checkpoint.size, to.size, head.checkpoint.root,
                                         to.root, request.proof) == Status::ok;
    if (!grows) {
      heads.look_for_fork(by, head, request.asked, request.proof);
      answer = conflicts ? std::to_string(head.checkpoint.size) + "\n"
                         : "the checkpoint does not extend what was cosigned before";
      return conflicts ? WitnessAnswer::conflict : WitnessAnswer::inconsistent;
    }
    Cosignature cosignature;
    error = heads.advance(by, head, request.asked, {}, cosignature);
    answer = cosignature.line;
    if (error.status != Status::bad_state) break;
    // Somebody else was faster: then the old size is no longer that of the head.
    error = heads.load(by.device.origin, head);
  } while (error.ok());
  if (error.ok()) return WitnessAnswer::cosigned;
  answer = error.message;
  return WitnessAnswer::unavailable;
}

WitnessAnswer Intake::Inside::add_checkpoint(ByteView body, std::string& answer) {
  if (body.size > heads.options().body_bytes_max) {
    answer = "longer than " + std::to_string(heads.options().body_bytes_max) + " bytes";
    return WitnessAnswer::malformed;
  }
  Request request;
  const Error error = request.parse(body);
  if (!error.ok()) {
    answer = error.message;
    return WitnessAnswer::malformed;
  }
  return judge(request, answer);
}

Intake::Intake(Store& store, Registry& registry, AggregateLog& log,
               const host::KeyFile& witness_key, IntakeOptions options)
    : inside_(std::make_unique<Inside>(store, registry, log, witness_key, std::move(options))) {}

Intake::~Intake() = default;

WitnessAnswer Intake::add_checkpoint(ByteView body, std::string& answer) {
  answer.clear();
  WitnessAnswer status = WitnessAnswer::unavailable;
  if (++inside_->inside <= inside_->heads.options().requests_max) {
    status = inside_->add_checkpoint(body, answer);
  } else {
    answer = "too many requests at once";
  }
  --inside_->inside;
  ++inside_->answers[place_of(static_cast<uint16_t>(status))];
  if (status != WitnessAnswer::cosigned && status != WitnessAnswer::conflict) answer += "\n";
  return status;
}

std::string Intake::report(ByteView message, const std::string& log) {
  ReportAnswer answer;
  answer.code = ReportCode::busy;
  if (++inside_->inside <= inside_->heads.options().requests_max)
    inside_->reports.judge(message, log, answer);
  --inside_->inside;
  ++inside_->answers[place_of(static_cast<uint16_t>(answer.code))];
  uint8_t bytes[report_answer_bytes_max];
  const Result<size_t> size = encode_report_answer(answer, bytes);
  return size.ok() ? string_of({bytes, size.value}) : std::string();
}

Error Intake::queue_heads() {
  return inside_->heads.queue_heads();
}

Error Intake::checkpoint(const std::string& origin, std::string& note) const {
  Head head;
  CAIRN_HOST_TRY(inside_->heads.load(origin, head));
  if (head.version == 0)
    return {Status::not_found, "no checkpoint of '" + origin + "' has been cosigned."};
  note = head.note;
  return {};
}

Error Intake::records_failure() const {
  uint64_t count = 0;
  return inside_->reports.failure(count);
}

IntakeCounts Intake::counts() const {
  IntakeCounts counts;
  for (size_t i = 0; i < answer_count; ++i)
    counts.answers[i] = inside_->answers[i];
  counts.records = inside_->reports.records();
  counts.unkept = inside_->reports.unkept();
  (void)inside_->reports.failure(counts.records_failed);
  counts.reports_held = inside_->reports.held();
  counts.forks = inside_->heads.forks();
  counts.commits = inside_->heads.changes().commits();
  counts.heads = inside_->heads.changes().changes();
  return counts;
}

}  // namespace cairn::gateway
