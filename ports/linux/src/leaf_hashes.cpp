#include <cairn/linux/leaf_hashes.hpp>
#include <memory>

#include "leaf_gatherer.hpp"

namespace cairn::host {
namespace {

using Item = Log::Cursor::Item;

constexpr size_t cursor_bytes = 64 * 1024;

class LogLeaves {
 public:
  explicit LogLeaves(const Log& log) : log_(log), buffer_(cursor_bytes) {}

  Status read(uint64_t first, size_t count, Digest* out) {
    if (first < log_.index_min()) return Status::pruned;
    gatherer_.clear();
    Log::Cursor cursor;
    CAIRN_TRY(cursor.open(log_, {buffer_.data(), buffer_.size()}, first));
    for (size_t done = 0; done < count;) {
      Item item;
      const Status status = cursor.next(item);
      if (status == Status::end) return Status::corrupt;
      CAIRN_TRY(status);
      if (item.type != Item::Type::leaf || item.index < first + done) continue;
      if (item.index != first + done) return Status::corrupt;
      ++done;
      if (gatherer_.add(item.leaf)) out += gatherer_.hash(out);
    }
    gatherer_.hash(out);
    return Status::ok;
  }

 private:
  const Log& log_;
  std::vector<uint8_t> buffer_;
  LeafGatherer gatherer_;
};

}  // namespace

LeafHashes leaf_hashes_of(const Log& log) {
  return [leaves = std::make_shared<LogLeaves>(log)](uint64_t first, size_t count, Digest* out) {
    return leaves->read(first, count, out);
  };
}

}  // namespace cairn::host
