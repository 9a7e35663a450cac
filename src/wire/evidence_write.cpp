// Writing a .cairn file. A message's length stands in front of it, so its head is put in when the
// message is complete, and the message moves up by those two to six bytes.
#include "cairn/evidence.hpp"
#include "mem.hpp"
#include "wire/cairn.pb.h"
#include "wire/evidence_format.hpp"
#include "wire/fields.hpp"

namespace cairn {
namespace {

using wire::FieldWriter;

Result<size_t> written(const FieldWriter& writer) {
  if (writer.status() != Status::ok) return writer.status();
  return writer.size_bytes();
}

}  // namespace

Status EvidenceWriter::expect(bool now) const {
  if (step_ == Step::full) return Status::full;
  return now ? Status::ok : Status::bad_state;
}

MutableBytes EvidenceWriter::rest() const {
  return {out_.data + used_, out_.size - used_};
}

Status EvidenceWriter::advance(Result<size_t> size) {
  if (!size.ok()) {
    step_ = Step::full;
    return Status::full;
  }
  used_ += size.value;
  return Status::ok;
}

// Puts the head of message `field` in front of everything from `start` on.
Status EvidenceWriter::enclose(uint32_t field, size_t start) {
  uint8_t head[16];
  FieldWriter writer{MutableBytes(head)};
  writer.head(field, used_ - start);
  const size_t head_size = writer.size_bytes();
  if (writer.status() != Status::ok || head_size > out_.size - used_) return advance(Status::full);
  memmove(out_.data + start + head_size, out_.data + start, used_ - start);
  copy(out_.data + start, head, head_size);
  return advance(head_size);
}

Status EvidenceWriter::begin_level() {
  CAIRN_TRY(expect(step_ == Step::level ||
                   (step_ == Step::sealed && level_count_ < evidence_levels_max)));
  if (step_ == Step::level) {
    FieldWriter head(rest());
    head.view(cairn_Evidence_format_tag, literal(wire::evidence_format));
    head.number(cairn_Evidence_version_tag, wire::evidence_version);
    CAIRN_TRY(advance(written(head)));
  }
  ++level_count_;
  run_count_ = 0;
  level_start_ = used_;
  step_ = Step::run;
  return Status::ok;
}

Status EvidenceWriter::begin_run(uint64_t first) {
  const bool another = level_count_ == 1 && run_count_ < evidence_runs_max;
  CAIRN_TRY(expect(step_ == Step::run || (step_ == Step::proven && another)));
  run_start_ = used_;
  FieldWriter writer(rest());
  writer.number(cairn_Run_first_tag, first);
  CAIRN_TRY(advance(written(writer)));
  ++run_count_;
  step_ = level_count_ == 1 ? Step::leaf : Step::proof;
  return Status::ok;
}

Status EvidenceWriter::leaf(ByteView bytes) {
  CAIRN_TRY(expect(step_ == Step::leaf || (step_ == Step::proof && level_count_ == 1)));
  if (bytes.empty()) return Status::bad_argument;
  FieldWriter writer(rest());
  writer.view(cairn_Run_leaves_tag, bytes);
  CAIRN_TRY(advance(written(writer)));
  step_ = Step::proof;
  return Status::ok;
}

Status EvidenceWriter::proof(ProofView hashes) {
  CAIRN_TRY(expect(step_ == Step::proof));
  if (hashes.count > range_proof_hashes_max) return Status::bad_argument;
  FieldWriter writer(rest());
  writer.view(cairn_Run_proof_tag,
              {reinterpret_cast<const uint8_t*>(hashes.hashes), hashes.count * digest_bytes});
  CAIRN_TRY(advance(written(writer)));
  CAIRN_TRY(enclose(cairn_Level_runs_tag, run_start_));
  step_ = Step::proven;
  return Status::ok;
}

Status EvidenceWriter::checkpoint(ByteView signed_note) {
  CAIRN_TRY(expect(step_ == Step::proven));
  if (signed_note.empty()) return Status::bad_argument;
  FieldWriter writer(rest());
  writer.view(cairn_Level_checkpoint_tag, signed_note);
  CAIRN_TRY(advance(written(writer)));
  CAIRN_TRY(enclose(cairn_Evidence_levels_tag, level_start_));
  step_ = Step::sealed;
  return Status::ok;
}

Status EvidenceWriter::receipt(const Receipt& receipt) {
  const bool another = step_ == Step::anchored && receipt_count_ < evidence_receipts_max;
  CAIRN_TRY(expect(step_ == Step::sealed || another));
  if (receipt.level >= level_count_ || receipt.kind == 0 || receipt.body_size == 0) {
    return Status::bad_argument;
  }
  const size_t start = used_;
  FieldWriter writer(rest());
  writer.number(cairn_Receipt_level_tag, receipt.level);
  writer.number(cairn_Receipt_kind_tag, receipt.kind);
  writer.view(cairn_Receipt_body_tag, {receipt.body, receipt.body_size});
  CAIRN_TRY(advance(written(writer)));
  CAIRN_TRY(enclose(cairn_Evidence_receipts_tag, start));
  ++receipt_count_;
  step_ = Step::anchored;
  return Status::ok;
}

Result<size_t> EvidenceWriter::finish() {
  CAIRN_TRY(expect(step_ == Step::sealed || step_ == Step::anchored));
  const Digest digest = sha256({out_.data, used_});
  FieldWriter writer(rest());
  writer.view(cairn_Evidence_digest_tag, digest);
  CAIRN_TRY(advance(written(writer)));
  step_ = Step::finished;
  return used_;
}

}  // namespace cairn
