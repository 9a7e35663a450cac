// Reports and their answers. Packed records stand in report_records.cpp.
#include "cairn/report.hpp"
#include "mem.hpp"
#include "wire/cairn.pb.h"
#include "wire/fields.hpp"
#include "wire/report_format.hpp"

namespace cairn {
namespace {

using wire::FieldReader;
using wire::FieldWriter;

constexpr uint32_t content_tag(ReportContent content) {
  return cairn_Report_records_tag - 1 + static_cast<uint32_t>(content);
}
static_assert(content_tag(ReportContent::hashes) == cairn_Report_hashes_tag &&
                  content_tag(ReportContent::subtrees) == cairn_Report_subtrees_tag &&
                  content_tag(ReportContent::head) == cairn_Report_head_tag,
              "the numbers of ReportContent are those of the fields, less 3");

// Which fields go together, whatever the content is.
bool is_matched(const Report& report) {
  const AirCheckpoint& air = report.checkpoint;
  const bool has_place = report.first != 0 || report.offset != 0;
  if (!air.has_signature && air.has_root) return false;
  if (air.has_signature && air.size == 0) return false;
  switch (report.content) {
    case ReportContent::none:
      return !has_place;
    case ReportContent::records:
      return (air.has_signature || air.size == 0) && report.offset < leaf_bytes_max;
    case ReportContent::hashes:
      return (air.has_signature || air.size == 0) && report.offset == 0;
    case ReportContent::subtrees:
      return report.first < air.size && report.offset == 0;
    case ReportContent::head:
      return !air.has_signature && air.size != 0 && report.first == 0 &&
             report.offset < report_head_bytes;
  }
  return false;
}

// The size of the tree behind the records, or 0 when they are not packed as RecordPacker does it.
// `complete` tells that the last record is.
uint64_t end_of_records(const Report& report, bool& complete) {
  PackedRecords records(report);
  ReportRecord record;
  uint64_t end = 0;
  for (;;) {
    const Status status = records.next(record);
    if (status == Status::end) return end;
    if (status != Status::ok || record.index >= tree_size_max) return 0;
    end = record.index + 1;
    complete = record.ends();
  }
}

// The same for hashes, whose number must be whole.
uint64_t end_of_hashes(const Report& report) {
  const uint64_t count = report.bytes.size / digest_bytes;
  const bool whole = report.bytes.size % digest_bytes == 0 && count != 0;
  return !whole || report.first > tree_size_max - count ? 0 : report.first + count;
}

// Whether the content is what the fields in front of it say. With a signature it leads up to it.
bool is_content(const Report& report) {
  const AirCheckpoint& air = report.checkpoint;
  const size_t size = report.bytes.size;
  bool complete = true;
  uint64_t end = 0;
  switch (report.content) {
    case ReportContent::none:
      return size == 0;
    case ReportContent::head:
      return size != 0 && size <= report_head_bytes - report.offset;
    case ReportContent::records:
      end = end_of_records(report, complete);
      break;
    case ReportContent::hashes:
      end = end_of_hashes(report);
      break;
    case ReportContent::subtrees: {
      const size_t all = cover_count(report.first, air.size);
      if (end_of_hashes(report) == 0 || size / digest_bytes > all) return false;
      return !air.has_signature || size / digest_bytes == all;
    }
  }
  return end != 0 && (!air.has_signature || (complete && end == air.size));
}

// A report whose checkpoint is encoded.
struct ReportMessage {
  Report report;
  ByteView checkpoint;
};

void report_fields(FieldReader& f, ReportMessage& message) {
  Report& report = message.report;
  bool present = false;
  f.view_if(present, cairn_Report_checkpoint_tag, message.checkpoint);
  f.require(present);
  f.number(cairn_Report_first_tag, report.first);
  f.number(cairn_Report_offset_tag, report.offset);
  for (uint32_t tag = cairn_Report_records_tag; tag <= cairn_Report_head_tag; ++tag) {
    f.view_if(present, tag, report.bytes);
    if (!present) continue;
    f.require(report.content == ReportContent::none);
    report.content = static_cast<ReportContent>(tag - content_tag(ReportContent::none));
  }
}

bool is_code(uint16_t code) {
  static constexpr uint16_t codes[] = {200, 202, 400, 403, 404, 409, 422, 429, 503};
  for (const uint16_t known : codes)
    if (code == known) return true;
  return false;
}

bool is_matched(const ReportAnswer& answer) {
  const bool accepted = answer.code == ReportCode::accepted;
  const bool has_place = answer.held != 0 || answer.offset != 0;
  if (has_place && !accepted && answer.code != ReportCode::conflict) return false;
  if (answer.code == ReportCode::cosigned && !answer.has_cosignature) return false;
  if (answer.has_cosignature == (answer.time == 0)) return false;
  if (!answer.has_cosignature && answer.key_id != 0) return false;
  return answer.size <= tree_size_max && answer.held <= tree_size_max &&
         answer.offset <= leaf_bytes_max && answer.time >> 63 == 0;
}

template <typename Fields>
void answer_fields(Fields& f, ReportAnswer& answer) {
  uint16_t code = static_cast<uint16_t>(answer.code);
  f.number(cairn_ReportAnswer_status_tag, code);
  f.number(cairn_ReportAnswer_size_tag, answer.size);
  f.number(cairn_ReportAnswer_held_tag, answer.held);
  f.number(cairn_ReportAnswer_offset_tag, answer.offset);
  f.block_if(answer.has_root, cairn_ReportAnswer_root_tag, answer.root.bytes, digest_bytes);
  f.fixed32(cairn_ReportAnswer_key_id_tag, answer.key_id);
  f.number(cairn_ReportAnswer_time_tag, answer.time);
  f.block_if(answer.has_cosignature, cairn_ReportAnswer_cosignature_tag, answer.cosignature.bytes,
             signature_bytes);
  f.block_if(answer.has_beacon, cairn_ReportAnswer_beacon_tag, answer.beacon.bytes, digest_bytes);
  f.require(is_code(code));
  answer.code = static_cast<ReportCode>(code);
  f.require(is_matched(answer));
}

}  // namespace

Result<size_t> wire::encode_report_head(const Report& report, size_t content_bytes,
                                        MutableBytes out) {
  if (!is_matched(report)) return Status::bad_argument;
  uint8_t air[air_checkpoint_bytes_max];
  const Result<size_t> air_size = encode_air_checkpoint(report.checkpoint, air);
  if (!air_size.ok()) return air_size;
  FieldWriter writer = out.data == nullptr ? FieldWriter() : FieldWriter(out);
  writer.view_if(true, cairn_Report_checkpoint_tag, {air, air_size.value});
  writer.number(cairn_Report_first_tag, report.first);
  writer.number(cairn_Report_offset_tag, report.offset);
  if (report.content != ReportContent::none) {
    writer.head(content_tag(report.content), content_bytes);
  }
  if (writer.status() != Status::ok) return writer.status();
  return writer.size_bytes();
}

Result<size_t> encode_report(const Report& report, MutableBytes out) {
  if (!is_matched(report) || !is_content(report)) return Status::bad_argument;
  const Result<size_t> head = wire::encode_report_head(report, report.bytes.size, out);
  if (!head.ok()) return head;
  if (report.bytes.size > out.size - head.value) return Status::full;
  copy(out.data + head.value, report.bytes.data, report.bytes.size);
  return head.value + report.bytes.size;
}

Status decode_report(ByteView bytes, Report& out) {
  ReportMessage message;
  const Status status = wire::decode(bytes, report_fields, message);
  out = message.report;
  CAIRN_TRY(status);
  CAIRN_TRY(decode_air_checkpoint(message.checkpoint, out.checkpoint));
  return is_matched(out) && is_content(out) ? Status::ok : Status::corrupt;
}

Result<size_t> encode_report_answer(const ReportAnswer& answer, MutableBytes out) {
  return wire::encode(answer, answer_fields<FieldWriter>, out);
}

Status decode_report_answer(ByteView bytes, ReportAnswer& out) {
  return wire::decode(bytes, answer_fields<FieldReader>, out);
}

}  // namespace cairn
