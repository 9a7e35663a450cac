#include "provisional.hpp"

#include <algorithm>
#include <cairn/linux/file.hpp>

namespace cairn::gateway {
namespace {

Digest hash_at(const Report& report, uint64_t i) {
  Digest hash;
  std::copy_n(report.bytes.data + i * digest_bytes, digest_bytes, hash.bytes);
  return hash;
}

// The library's own kinds are always among those that a device may report.
bool may_report(const std::string& leaf, const std::vector<uint8_t>& kinds) {
  const auto kind = static_cast<uint8_t>(leaf[0]);
  return kinds.empty() || kind < application_kind_min ||
         std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

void Provisional::begin(const Frontier& frontier, uint64_t size, const Digest& root) {
  begun_ = true;
  base_ = frontier;
  base_size_ = size;
  base_root_ = root;
  frontier_ = frontier;
  partial_.clear();
  drop_leaves();
  drop_head();
}

// With their room: thousands of devices at rest keep what their newest report needed otherwise.
void Provisional::drop_leaves() {
  leaves_ = {};
  bytes_ = 0;
}

void Provisional::drop_head() {
  head_ = {};
  head_size_ = 0;
  head_begin_ = 0;
}

uint32_t Provisional::offset() const {
  if (head_size_ == size() && !head_.empty())
    return head_begin_ + static_cast<uint32_t>(head_.size());
  return static_cast<uint32_t>(partial_.size());
}

// False when what was appended contradicts the newest head, or passes it without showing its root.
bool Provisional::append(unsigned level, const Digest& hash) {
  const uint64_t before = size();
  if (frontier_.append_subtree(level, hash) != Status::ok) return false;
  partial_.clear();
  if (before >= base_size_ || size() < base_size_) return true;
  return size() == base_size_ && frontier_.root() == base_root_;
}

ReportCode Provisional::take(const Report& report, const std::vector<uint8_t>& kinds) {
  switch (report.content) {
    case ReportContent::records:
      return take_records(report, kinds);
    case ReportContent::hashes:
      return take_hashes(report);
    case ReportContent::subtrees:
      return take_subtrees(report);
    default:
      return ReportCode::accepted;
  }
}

// Hashed together, and appended together behind the newest head.
bool Provisional::append_leaves(const std::string* leaves, size_t count) {
  std::vector<ByteView> views;
  for (size_t i = 0; i < count; ++i)
    views.push_back(host::bytes_of(leaves[i]));
  std::vector<Digest> hashes(count);
  leaf_hashes(views.data(), count, hashes.data());
  size_t done = 0;
  while (done < count && size() < base_size_)
    if (!append(0, hashes[done++])) return false;
  return frontier_.append_batch(hashes.data() + done, count - done) == Status::ok;
}

ReportCode Provisional::take_records(const Report& report, const std::vector<uint8_t>& kinds) {
  if (report.first > size()) return ReportCode::conflict;
  if (report.first == size() && report.offset > partial_.size()) return ReportCode::conflict;
  const size_t before = leaves_.size();
  if (before == 0) root_before_leaves_ = frontier_.root();
  std::string partial = std::move(partial_);
  ReportCode code = ReportCode::accepted;
  PackedRecords records(report);
  ReportRecord record;
  while (records.next(record) == Status::ok) {
    if (record.index != size() + (leaves_.size() - before)) continue;
    if (record.offset > partial.size()) {
      code = ReportCode::conflict;
      break;
    }
    partial += host::string_of(record.bytes.part(partial.size() - record.offset));
    if (partial.size() < record.size_bytes) break;
    if (!may_report(partial, kinds)) return ReportCode::not_signed;
    bytes_ += partial.size() + sizeof(std::string);
    leaves_.push_back(std::move(partial));
    partial.clear();
  }
  if (!append_leaves(leaves_.data() + before, leaves_.size() - before))
    return ReportCode::inconsistent;
  partial_ = std::move(partial);
  return code;
}

ReportCode Provisional::take_hashes(const Report& report) {
  if (report.first > size()) return ReportCode::conflict;
  const uint64_t count = report.bytes.size / digest_bytes;
  for (uint64_t i = size() - report.first; i < count; ++i) {
    drop_leaves();
    if (!append(0, hash_at(report, i))) return ReportCode::inconsistent;
  }
  return ReportCode::accepted;
}

ReportCode Provisional::take_subtrees(const Report& report) {
  if (report.first == base_size_ && size() > base_size_ && base_.size() == base_size_) restart();
  if (report.first != size()) return ReportCode::conflict;
  const uint64_t end = report.checkpoint.size;
  drop_leaves();
  for (uint64_t i = 0; i < report.bytes.size / digest_bytes && size() < end; ++i) {
    if (!append(cover_level(size(), end), hash_at(report, i))) return ReportCode::inconsistent;
  }
  return ReportCode::accepted;
}

ReportCode Provisional::take_piece(const Report& report, AirCheckpoint& whole) {
  const uint64_t named = report.checkpoint.size;
  if (named != size() && named != base_size_) return ReportCode::conflict;
  const bool anew =
      report.offset == 0 ? head_begin_ != 0 : head_.empty() && report.offset == digest_bytes;
  if (named != head_size_ || anew) {
    drop_head();
    if (report.offset != 0 && report.offset != digest_bytes) return ReportCode::conflict;
    head_size_ = named;
    head_begin_ = report.offset;
  }
  const size_t end = head_begin_ + head_.size();
  if (report.offset > end || report.offset < head_begin_) return ReportCode::conflict;
  head_ += host::string_of(report.bytes.part(end - report.offset));
  if (head_begin_ + head_.size() < report_head_bytes) return ReportCode::accepted;
  whole = report.checkpoint;
  whole.has_root = head_begin_ == 0;
  if (whole.has_root) std::copy_n(head_.begin(), digest_bytes, whole.root.bytes);
  whole.has_signature = true;
  std::copy(head_.end() - signature_bytes, head_.end(), whole.signature.bytes);
  drop_head();
  return ReportCode::cosigned;
}

}  // namespace cairn::gateway
