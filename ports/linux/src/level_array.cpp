#include <algorithm>
#include <cairn/linux/level_array.hpp>

namespace cairn::host {
namespace {

// Leaves are gathered and hashed together, so that an accelerated hash can overlap them.
constexpr size_t gathered_leaves = 256;
constexpr size_t cursor_bytes = 256 * 1024;
constexpr unsigned level_max = 63;

// Index of the first whole subtree of a level at or behind a leaf.
uint64_t first_whole(uint64_t leaf, unsigned level) {
  const uint64_t whole = leaf >> level;
  return (whole << level) == leaf ? whole : whole + 1;
}

class Gatherer {
 public:
  explicit Gatherer(std::vector<Digest>& out) : out_(out) { bytes_.reserve(cursor_bytes); }

  void add(ByteView leaf) {
    bytes_.insert(bytes_.end(), leaf.begin(), leaf.end());
    ends_.push_back(bytes_.size());
    if (ends_.size() == gathered_leaves) flush();
  }

  void flush() {
    ByteView views[gathered_leaves];
    size_t begin = 0;
    for (size_t i = 0; i < ends_.size(); ++i) {
      views[i] = {bytes_.data() + begin, ends_[i] - begin};
      begin = ends_[i];
    }
    const size_t done = out_.size();
    out_.resize(done + ends_.size());
    leaf_hashes(views, ends_.size(), out_.data() + done);
    bytes_.clear();
    ends_.clear();
  }

 private:
  std::vector<Digest>& out_;
  std::vector<uint8_t> bytes_;
  std::vector<size_t> ends_;
};

}  // namespace

Error LevelArray::load(const Log& log, uint64_t size, const Progress& progress) {
  log_ = &log;
  size_ = 0;
  levels_.clear();
  missing_.clear();
  if (size > log.size()) {
    return {Status::bad_argument, "the log has " + std::to_string(log.size()) +
                                      " records, fewer than " + std::to_string(size) + "."};
  }
  size_ = size;
  first_ = std::min(log.index_min(), size);
  CAIRN_HOST_TRY(read_leaves(progress));
  build_levels();
  return {};
}

Error LevelArray::read_leaves(const Progress& progress) {
  levels_.emplace_back();
  std::vector<Digest>& leaves = levels_.front();
  leaves.reserve(static_cast<size_t>(size_ - first_));
  Gatherer gatherer(leaves);
  std::vector<uint8_t> buffer(cursor_bytes);
  Log::Cursor cursor;
  Log::Cursor::Item item;
  uint64_t next = first_;
  // A lost leaf keeps its place, so that the others keep theirs.
  const auto skip_to = [&](uint64_t index) {
    if (next < index) gatherer.flush();
    for (; next < index; ++next) {
      missing_.push_back(next);
      leaves.push_back(Digest{});
    }
  };
  Status status = cursor.open(*log_, {buffer.data(), buffer.size()}, first_);
  while (status == Status::ok && next < size_) {
    status = cursor.next(item);
    if (status != Status::ok || item.type != Log::Cursor::Item::Type::leaf) continue;
    if (item.index < next) continue;
    skip_to(std::min(item.index, size_));
    if (next == size_) break;
    gatherer.add(item.leaf);
    ++next;
    if (progress && next % gathered_leaves == 0) progress(next - first_, size_ - first_);
  }
  if (status != Status::ok && status != Status::end) {
    return {status, std::string("the log cannot be read through: ") + status_text(status) + "."};
  }
  gatherer.flush();
  skip_to(size_);
  if (progress) progress(size_ - first_, size_ - first_);
  return {};
}

void LevelArray::build_levels() {
  for (unsigned level = 0; level < level_max; ++level) {
    const uint64_t begin = first_whole(first_, level);
    const uint64_t above = first_whole(first_, level + 1);
    const uint64_t end = size_ >> (level + 1);
    if (above >= end) return;
    const size_t count = static_cast<size_t>(end - above);
    const Digest* const pairs = levels_[level].data() + (2 * above - begin);
    std::vector<Digest> nodes(count);
    hash_backend().nodes(pairs, count, nodes.data());
    levels_.push_back(std::move(nodes));
  }
}

bool LevelArray::lost_within(uint64_t begin, uint64_t end) const {
  const auto found = std::lower_bound(missing_.begin(), missing_.end(), begin);
  return found != missing_.end() && *found < end;
}

NodeSource LevelArray::nodes() const {
  return {const_cast<LevelArray*>(this), &LevelArray::node};
}

Status LevelArray::node(void* user, unsigned level, uint64_t index, Digest& out) {
  const LevelArray& self = *static_cast<const LevelArray*>(user);
  if (level > level_max || index >= self.size_ >> level) return Status::bad_argument;
  const uint64_t begin = index << level;
  const uint64_t end = (index + 1) << level;
  if (end <= self.first_) return self.log_->node(level, index, out);
  if (begin < self.first_) {
    // Half retired: its left part is the log's to know, its right part stands here.
    Digest left;
    Digest right;
    CAIRN_TRY(node(user, level - 1, 2 * index, left));
    CAIRN_TRY(node(user, level - 1, 2 * index + 1, right));
    out = node_hash(left, right);
    return Status::ok;
  }
  if (self.lost_within(begin, end)) return Status::corrupt;
  out = self.levels_[level][static_cast<size_t>(index - first_whole(self.first_, level))];
  return Status::ok;
}

}  // namespace cairn::host
