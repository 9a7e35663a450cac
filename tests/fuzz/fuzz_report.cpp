// Reports and answers of any bytes: what is accepted is encoded to the same bytes, and packed
// records are walked to their end.
#include <cairn/report.hpp>
#include <vector>

#include "fuzz/fuzz.hpp"

using namespace cairn;

namespace {

void try_report(ByteView bytes) {
  Report report;
  if (decode_report(bytes, report) != Status::ok) return;
  std::vector<uint8_t> again(bytes.size);
  const Result<size_t> written = encode_report(report, {again.data(), again.size()});
  fuzz::check(written.ok() && equal({again.data(), written.value}, bytes));
  if (report.content == ReportContent::records) {
    std::vector<uint8_t> packed(report.bytes.size);
    RecordPacker packer({packed.data(), packed.size()});
    PackedRecords records(report);
    ReportRecord record;
    Status status = records.next(record);
    for (; status == Status::ok; status = records.next(record)) {
      std::vector<uint8_t> whole(record.size_bytes);
      std::copy(record.bytes.begin(), record.bytes.end(), whole.begin() + record.offset);
      packer.put({whole.data(), whole.size()}, record.offset);
    }
    fuzz::check(status == Status::end);
    fuzz::check(equal({packed.data(), packer.size_bytes()}, report.bytes));
  }
  Frontier frontier;
  (void)extend_frontier(report, frontier);
}

void try_answer(ByteView bytes) {
  ReportAnswer answer;
  if (decode_report_answer(bytes, answer) != Status::ok) return;
  uint8_t again[report_answer_bytes_max];
  const Result<size_t> written = encode_report_answer(answer, again);
  fuzz::check(written.ok() && equal({again, written.value}, bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try_report({data, size});
  try_answer({data, size});
  return 0;
}
