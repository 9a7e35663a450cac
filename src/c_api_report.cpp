// C API: reports and their answers.
#include "c_api_checkpoint.hpp"
#include "cairn/report.hpp"

static_assert(CAIRN_REPORT_HEAD_BYTES == cairn::report_head_bytes);
static_assert(CAIRN_REPORT_ANSWER_BYTES_MAX == cairn::report_answer_bytes_max);
static_assert(CAIRN_REPORT_NONE == static_cast<int>(cairn::ReportContent::none));
static_assert(CAIRN_REPORT_RECORDS == static_cast<int>(cairn::ReportContent::records));
static_assert(CAIRN_REPORT_HASHES == static_cast<int>(cairn::ReportContent::hashes));
static_assert(CAIRN_REPORT_SUBTREES == static_cast<int>(cairn::ReportContent::subtrees));
static_assert(CAIRN_REPORT_HEAD == static_cast<int>(cairn::ReportContent::head));
static_assert(CAIRN_CODE_COSIGNED == static_cast<int>(cairn::ReportCode::cosigned));
static_assert(CAIRN_CODE_ACCEPTED == static_cast<int>(cairn::ReportCode::accepted));
static_assert(CAIRN_CODE_MALFORMED == static_cast<int>(cairn::ReportCode::malformed));
static_assert(CAIRN_CODE_NOT_SIGNED == static_cast<int>(cairn::ReportCode::not_signed));
static_assert(CAIRN_CODE_UNKNOWN_LOG == static_cast<int>(cairn::ReportCode::unknown_log));
static_assert(CAIRN_CODE_CONFLICT == static_cast<int>(cairn::ReportCode::conflict));
static_assert(CAIRN_CODE_INCONSISTENT == static_cast<int>(cairn::ReportCode::inconsistent));
static_assert(CAIRN_CODE_BUSY == static_cast<int>(cairn::ReportCode::busy));
static_assert(CAIRN_CODE_UNAVAILABLE == static_cast<int>(cairn::ReportCode::unavailable));

namespace cairn::c_api {

static bool usable(const cairn_report* report) {
  return report != nullptr && usable(&report->checkpoint) &&
         readable(report->bytes.data, report->bytes.size);
}

static Report from_c(const cairn_report& report) {
  return {from_c(report.checkpoint), report.first, report.offset,
          static_cast<ReportContent>(report.content), view(report.bytes)};
}

static bool usable(const cairn_report_answer* answer) {
  return answer != nullptr && answer->has_root <= 1 && answer->has_cosignature <= 1 &&
         answer->has_beacon <= 1;
}

static ReportAnswer from_c(const cairn_report_answer& answer) {
  ReportAnswer made;
  made.code = static_cast<ReportCode>(answer.code);
  made.size = answer.size;
  made.held = answer.held;
  made.offset = answer.offset;
  made.has_root = answer.has_root != 0;
  made.root = *from_c(&answer.root);
  made.has_cosignature = answer.has_cosignature != 0;
  made.key_id = answer.key_id;
  made.time = answer.time;
  made.cosignature = from_c(answer.cosignature);
  made.has_beacon = answer.has_beacon != 0;
  made.beacon = *from_c(&answer.beacon);
  return made;
}

static cairn_report_answer to_c(const ReportAnswer& answer) {
  return {static_cast<uint16_t>(answer.code),
          flag(answer.has_root),
          flag(answer.has_cosignature),
          flag(answer.has_beacon),
          answer.offset,
          answer.size,
          answer.held,
          answer.time,
          answer.key_id,
          to_c(answer.root),
          to_c(answer.cosignature),
          to_c(answer.beacon)};
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_encode_report(const cairn_report* report, void* out, size_t capacity) {
  if (!usable(report) || !readable(out, capacity)) return bad_argument;
  return size_of(encode_report(from_c(*report), room(out, capacity)));
}

int cairn_decode_report(const void* data, size_t size, cairn_report* out) {
  if (!readable(data, size) || out == nullptr) return bad_argument;
  Report report;
  const Status status = decode_report(view(data, size), report);
  if (status == Status::ok) {
    *out = {to_c(report.checkpoint), report.first, report.offset,
            static_cast<uint8_t>(report.content), to_c(report.bytes)};
  }
  return number(status);
}

int cairn_packed_records_init(cairn_packed_records* records, const cairn_report* report) {
  if (records == nullptr || !usable(report) || report->content != CAIRN_REPORT_RECORDS) {
    return bad_argument;
  }
  make<PackedRecords>(records, from_c(*report));
  return CAIRN_OK;
}

int cairn_packed_records_next(cairn_packed_records* records, cairn_report_record* out) {
  if (records == nullptr || out == nullptr) return bad_argument;
  ReportRecord record;
  const Status status = in<PackedRecords>(records).next(record);
  if (status == Status::ok) {
    *out = {record.index, record.size_bytes, record.offset, to_c(record.bytes)};
  }
  return number(status);
}

int cairn_record_packer_init(cairn_record_packer* packer, void* out, size_t capacity) {
  if (packer == nullptr || !readable(out, capacity)) return bad_argument;
  make<RecordPacker>(packer, room(out, capacity));
  return CAIRN_OK;
}

int cairn_record_packer_put(cairn_record_packer* packer, const void* record, size_t size,
                            size_t offset) {
  if (packer == nullptr || record == nullptr || size > leaf_bytes_max || offset >= size) {
    return bad_argument;
  }
  return static_cast<int>(in<RecordPacker>(packer).put(view(record, size), offset));
}

size_t cairn_record_packer_size(const cairn_record_packer* packer) {
  return in<RecordPacker>(packer).size_bytes();
}

int cairn_frontier_extend(cairn_frontier* frontier, const cairn_report* report) {
  if (frontier == nullptr || !usable(report)) return bad_argument;
  return number(extend_frontier(from_c(*report), in<Frontier>(frontier)));
}

int cairn_encode_report_answer(const cairn_report_answer* answer, void* out, size_t capacity) {
  if (!usable(answer) || !readable(out, capacity)) return bad_argument;
  return size_of(encode_report_answer(from_c(*answer), room(out, capacity)));
}

int cairn_decode_report_answer(const void* data, size_t size, cairn_report_answer* out) {
  if (!readable(data, size) || out == nullptr) return bad_argument;
  ReportAnswer answer;
  const Status status = decode_report_answer(view(data, size), answer);
  if (status == Status::ok) *out = to_c(answer);
  return number(status);
}

int cairn_rebuild_cosignature(const cairn_report_answer* answer, const cairn_note_key* witness,
                              void* out, size_t capacity) {
  if (!usable(answer) || !usable(witness) || !readable(out, capacity)) return bad_argument;
  return size_of(rebuild_cosignature(from_c(*answer), from_c(*witness), room(out, capacity)));
}
