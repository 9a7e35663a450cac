#include "file_writes.hpp"

#include <algorithm>
#include <cstring>

namespace cairn::host {

void FileWrites::add(uint64_t at, ByteView bytes) {
  if (bytes.empty()) return;
  const bool joins = !runs_.empty() && runs_.back().at + (bytes_.size() - runs_.back().begin) == at;
  if (!joins) runs_.push_back({at, bytes_.size()});
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

FileWrites::Run FileWrites::run(size_t i) const {
  const size_t begin = runs_[i].begin;
  const size_t end = i + 1 < runs_.size() ? runs_[i + 1].begin : bytes_.size();
  return {runs_[i].at, {bytes_.data() + begin, end - begin}};
}

void FileWrites::overlay(uint64_t at, MutableBytes data) const {
  for (size_t i = 0; i < runs_.size(); ++i) {
    const Run one = run(i);
    const uint64_t begin = std::max(at, one.at);
    const uint64_t end = std::min(at + data.size, one.at + one.bytes.size);
    if (begin >= end) continue;
    std::memcpy(data.data + (begin - at), one.bytes.data + (begin - one.at),
                static_cast<size_t>(end - begin));
  }
}

void FileWrites::clear() {
  runs_.clear();
  bytes_.clear();
}

}  // namespace cairn::host
