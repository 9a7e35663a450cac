// Taking a .cairn file apart. Offsets in faults count from the start of the file.
#include "cairn/evidence.hpp"
#include "text.hpp"
#include "wire/cairn.pb.h"
#include "wire/evidence_format.hpp"
#include "wire/fields.hpp"

namespace cairn {
namespace {

using wire::FieldReader;

// What stands around the levels.
struct Envelope {
  uint32_t version = 0;
  ByteView content;  // levels and receipts
  ByteView covered;  // by the digest
  Digest digest;
};

class EvidenceParser {
 public:
  EvidenceParser(ByteView file, Fault* fault) : file_(file), fault_(fault) {}

  Status envelope(Envelope& out) const;
  Status content(ByteView bytes, Evidence& out) const;

 private:
  Status receipts(ByteView bytes, Evidence& out) const;
  Status level(ByteView bytes, bool lowest, EvidenceLevel& out) const;
  Status run(ByteView bytes, bool lowest, EvidenceRun& out) const;
  // What is wrong is at the reader's position.
  Status stop(const FieldReader& reader, Field field) const {
    return reject(fault_, field, static_cast<size_t>(reader.rest().data - file_.data));
  }
  Status stop_at_limit(const FieldReader& reader) const {
    (void)stop(reader, Field::limit);
    return Status::unsupported;
  }

  const ByteView file_;
  Fault* const fault_;
};

Status EvidenceParser::envelope(Envelope& out) const {
  FieldReader head(file_);
  ByteView format;
  head.view(cairn_Evidence_format_tag, format);
  head.number(cairn_Evidence_version_tag, out.version);
  head.require(equal(format, literal(wire::evidence_format)) && out.version != 0);
  if (head.status() != Status::ok) return reject(fault_, Field::header, 0);

  const size_t tail_size = wire::evidence_digest_field_bytes;
  const size_t tail_begin = file_.size < tail_size ? 0 : file_.size - tail_size;
  if (tail_begin < head.position()) return reject(fault_, Field::digest, tail_begin);
  FieldReader tail(file_.part(tail_begin));
  bool present = false;
  tail.block_if(present, cairn_Evidence_digest_tag, out.digest.bytes, digest_bytes);
  if (!present || tail.done() != Status::ok) return reject(fault_, Field::digest, tail_begin);
  out.content = file_.part(head.position(), tail_begin - head.position());
  out.covered = file_.part(0, tail_begin);
  return Status::ok;
}

Status EvidenceParser::content(ByteView bytes, Evidence& out) const {
  FieldReader reader(bytes);
  ByteView message;
  bool present = false;
  for (;; ++out.level_count) {
    reader.view_if(present, cairn_Evidence_levels_tag, message);
    if (!present || reader.status() != Status::ok) break;
    if (out.level_count == evidence_levels_max) return stop_at_limit(reader);
    CAIRN_TRY(level(message, out.level_count == 0, out.levels[out.level_count]));
  }
  if (reader.status() != Status::ok || out.level_count == 0) return stop(reader, Field::order);
  return receipts(reader.rest(), out);
}

// Whatever stands behind the levels. A receipt ends where its body does.
Status EvidenceParser::receipts(ByteView bytes, Evidence& out) const {
  out.receipts = bytes;
  ReceiptReader reader(bytes);
  Receipt receipt;
  size_t position = static_cast<size_t>(bytes.data - file_.data);
  Status status = reader.next(receipt);
  for (; status == Status::ok; status = reader.next(receipt)) {
    if (out.receipt_count == evidence_receipts_max) {
      (void)reject(fault_, Field::limit, position);
      return Status::unsupported;
    }
    if (receipt.level >= out.level_count) return reject(fault_, Field::receipt, position);
    ++out.receipt_count;
    position = static_cast<size_t>(receipt.body + receipt.body_size - file_.data);
  }
  return status == Status::end ? Status::ok : reject(fault_, Field::order, position);
}

Status EvidenceParser::level(ByteView bytes, bool lowest, EvidenceLevel& out) const {
  FieldReader reader(bytes);
  ByteView message;
  bool present = false;
  for (;; ++out.run_count) {
    reader.view_if(present, cairn_Level_runs_tag, message);
    if (!present || reader.status() != Status::ok) break;
    if (out.run_count == (lowest ? evidence_runs_max : 1)) return stop_at_limit(reader);
    CAIRN_TRY(run(message, lowest, out.runs[out.run_count]));
  }
  reader.view(cairn_Level_checkpoint_tag, out.checkpoint);
  reader.require(out.run_count != 0 && !out.checkpoint.empty());
  return reader.done() == Status::ok ? Status::ok : stop(reader, Field::order);
}

Status EvidenceParser::run(ByteView bytes, bool lowest, EvidenceRun& out) const {
  FieldReader reader(bytes);
  reader.number(cairn_Run_first_tag, out.first);
  const size_t begin = reader.position();
  bool present = false;
  ByteView leaf;
  for (;; ++out.count) {
    reader.view_if(present, cairn_Run_leaves_tag, leaf);
    if (!present || reader.status() != Status::ok) break;
    if (!lowest || leaf.empty()) return stop(reader, Field::leaf);
  }
  out.leaves = bytes.part(begin, reader.position() - begin);
  if (lowest == (out.count == 0)) return stop(reader, Field::leaf);
  if (!lowest) out.count = 1;

  ByteView hashes;
  reader.view(cairn_Run_proof_tag, hashes);
  if (reader.done() != Status::ok) return stop(reader, Field::order);
  const size_t count = hashes.size / digest_bytes;
  if (hashes.size % digest_bytes != 0 || count > range_proof_hashes_max) {
    return stop(reader, Field::proof);
  }
  static_assert(sizeof(Digest) == digest_bytes && alignof(Digest) == 1);
  out.proof = {reinterpret_cast<const Digest*>(hashes.data), count};
  return Status::ok;
}

}  // namespace

Status parse_evidence(ByteView bytes, Evidence& out, Fault* fault) {
  out = {};
  const EvidenceParser parser(bytes, fault);
  Envelope envelope;
  CAIRN_TRY(parser.envelope(envelope));
  if (sha256(envelope.covered) != envelope.digest) {
    return reject(fault, Field::digest, envelope.covered.size);
  }
  if (envelope.version != wire::evidence_version) {
    (void)reject(fault, Field::header, 0);
    return Status::wrong_version;
  }
  return parser.content(envelope.content, out);
}

Status LeafReader::next(ByteView& leaf) {
  if (rest_.empty()) return Status::end;
  FieldReader reader(rest_);
  bool present = false;
  reader.view_if(present, cairn_Run_leaves_tag, leaf);
  if (!present || reader.status() != Status::ok) return Status::corrupt;
  rest_ = reader.rest();
  return Status::ok;
}

Status ReceiptReader::next(Receipt& receipt) {
  if (rest_.empty()) return Status::end;
  FieldReader reader(rest_);
  bool present = false;
  ByteView message;
  reader.view_if(present, cairn_Evidence_receipts_tag, message);
  if (!present || reader.status() != Status::ok) return Status::corrupt;
  FieldReader fields(message);
  ByteView body;
  receipt = {};
  fields.number(cairn_Receipt_level_tag, receipt.level);
  fields.number(cairn_Receipt_kind_tag, receipt.kind);
  fields.view(cairn_Receipt_body_tag, body);
  fields.require(receipt.kind != 0 && !body.empty());
  if (fields.done() != Status::ok) return Status::corrupt;
  receipt.body = body.data;
  receipt.body_size = body.size;
  rest_ = reader.rest();
  return Status::ok;
}

}  // namespace cairn
