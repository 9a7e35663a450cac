// Filling a LevelArray from a log.
#include <algorithm>
#include <cairn/linux/level_array.hpp>

#include "leaf_gatherer.hpp"

namespace cairn::host {
namespace {

constexpr size_t cursor_bytes = 256 * 1024;

Error read_failed(Status status) {
  return {status, std::string("the log cannot be read through: ") + status_text(status) + "."};
}

}  // namespace

Error LevelArray::load(const Log& log, uint64_t size, const Progress& progress) {
  start(0, log.nodes());
  if (size <= log.size()) start(std::min(log.index_min(), size), log.nodes());
  return read_on(log, size, progress);
}

Error LevelArray::read_on(const Log& log, uint64_t size, const Progress& progress) {
  if (size > log.size() || size < size_) {
    return {Status::bad_argument, "the log has " + std::to_string(log.size()) + " records, " +
                                      std::to_string(size_) + " of them were read: it cannot be" +
                                      " read up to " + std::to_string(size) + "."};
  }
  const uint64_t begin = size_;
  LeafGatherer gatherer;
  uint64_t next = size_;  // the gathered leaves lie before it
  const auto flush = [&] {
    Digest hashes[LeafGatherer::leaves_max];
    append(hashes, gatherer.hash(hashes));
  };
  const auto skip_to = [&](uint64_t index) {
    if (next == index) return;
    flush();
    append_lost(index - next);
    next = index;
  };
  std::vector<uint8_t> buffer(cursor_bytes);
  Log::Cursor cursor;
  Log::Cursor::Item item;
  Status status = cursor.open(log, {buffer.data(), buffer.size()}, begin);
  while (status == Status::ok && next < size) {
    status = cursor.next(item);
    if (status != Status::ok || item.type != Log::Cursor::Item::Type::leaf) continue;
    if (item.index < next) continue;
    skip_to(std::min(item.index, size));
    if (next == size) break;
    ++next;
    if (!gatherer.add(item.leaf)) continue;
    flush();
    if (progress) progress(next - begin, size - begin);
  }
  flush();
  if (status != Status::ok && status != Status::end) return read_failed(status);
  skip_to(size);
  if (progress) progress(size - begin, size - begin);
  return {};
}

}  // namespace cairn::host
