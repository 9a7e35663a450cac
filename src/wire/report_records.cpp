// Packed records: runs of records of equal size. In front of a run stands its head: a varint with
// the size of the records and, as its lowest bit, whether there is more than one; if so a second
// varint, their number less 2. docs/format.md, "Reports".
#include "cairn/report.hpp"
#include "mem.hpp"

namespace cairn {
namespace {

constexpr size_t varint_bytes_max = 4;

struct RunHead {
  uint8_t bytes[10];
  size_t size = 0;

  RunHead(size_t size_bytes, uint32_t count) {
    put(static_cast<uint32_t>(size_bytes) << 1 | (count > 1 ? 1 : 0));
    if (count > 1) put(count - 2);
  }
  void put(uint32_t value) {
    for (; value >= 0x80; value >>= 7)
      bytes[size++] = static_cast<uint8_t>(value | 0x80);
    bytes[size++] = static_cast<uint8_t>(value);
  }
};

// Takes a varint in its shortest form off `rest`.
bool take_varint(ByteView& rest, uint32_t& value) {
  value = 0;
  for (size_t i = 0; i < varint_bytes_max && i < rest.size; ++i) {
    const uint8_t byte = rest[i];
    value |= static_cast<uint32_t>(byte & 0x7F) << (7 * i);
    if (byte >= 0x80) continue;
    rest = rest.part(i + 1);
    return i == 0 || byte != 0;
  }
  return false;
}

}  // namespace

Status PackedRecords::next_run() {
  const uint32_t size_before = size_bytes_;
  uint32_t head = 0, more = 0;
  if (!take_varint(rest_, head)) return Status::corrupt;
  if ((head & 1) != 0 && !take_varint(rest_, more)) return Status::corrupt;
  size_bytes_ = head >> 1;
  left_ = (head & 1) != 0 ? more + 2 : 1;
  const bool valid = size_bytes_ != 0 && size_bytes_ <= leaf_bytes_max &&
                     size_bytes_ != size_before && offset_ < size_bytes_;
  return valid ? Status::ok : Status::corrupt;
}

Status PackedRecords::next(ReportRecord& out) {
  if (left_ == 0) {
    if (rest_.empty()) return Status::end;
    CAIRN_TRY(next_run());
  }
  if (rest_.empty()) return Status::corrupt;
  --left_;
  out.index = index_++;
  out.size_bytes = size_bytes_;
  out.offset = offset_;
  out.bytes = rest_.part(0, size_bytes_ - offset_);
  rest_ = rest_.part(out.bytes.size);
  offset_ = 0;
  return Status::ok;
}

size_t RecordPacker::put(ByteView record, size_t offset) {
  const bool goes_on = run_count_ != 0 && record.size == run_size_bytes_;
  const RunHead head(record.size, goes_on ? run_count_ + 1 : 1);
  const size_t at = goes_on ? run_at_ : used_;
  const size_t growth = head.size - (goes_on ? run_head_ : 0);
  if (used_ + growth >= out_.size) return 0;
  if (goes_on) {
    const size_t data = run_at_ + run_head_;
    memmove(out_.data + data + growth, out_.data + data, used_ - data);
  }
  copy(out_.data + at, head.bytes, head.size);
  used_ += growth;
  run_at_ = at;
  run_head_ = head.size;
  run_size_bytes_ = record.size;
  run_count_ = goes_on ? run_count_ + 1 : 1;
  const ByteView part = record.part(offset, out_.size - used_);
  copy(out_.data + used_, part.data, part.size);
  used_ += part.size;
  return part.size;
}

}  // namespace cairn
