// The hashes of a whole log in memory, 64 bytes a leaf: many proofs without reading the log again.
#pragma once

#include <cairn/linux/error.hpp>
#include <cairn/log.hpp>
#include <functional>
#include <vector>

namespace cairn::host {

class LevelArray {
 public:
  /// Called now and then with leaves done and leaves to do.
  using Progress = std::function<void(uint64_t done, uint64_t total)>;

  LevelArray() = default;
  LevelArray(const LevelArray&) = delete;
  LevelArray& operator=(const LevelArray&) = delete;

  /// Reads the log once and hashes every leaf below `size` that it holds. Keeps the address of
  /// `log` for what was retired.
  ///
  /// ok            loaded; lost records are in missing()
  /// bad_argument  size > log.size()
  /// io            the log could not be read
  Error load(const Log& log, uint64_t size, const Progress& progress = {});

  uint64_t size() const { return size_; }
  /// First leaf that is held; those before were retired.
  uint64_t first() const { return first_; }
  /// Leaves at or after first() that are lost: proofs that need them answer corrupt.
  const std::vector<uint64_t>& missing() const { return missing_; }

  /// For build_inclusion() and the others. Holds the address of this object.
  /// node: ok, corrupt (a leaf below it is lost), or what Log::node() says about retired leaves.
  NodeSource nodes() const;

 private:
  static Status node(void* user, unsigned level, uint64_t index, Digest& out);
  Error read_leaves(const Progress& progress);
  void build_levels();
  bool lost_within(uint64_t begin, uint64_t end) const;

  const Log* log_ = nullptr;
  uint64_t size_ = 0;
  uint64_t first_ = 0;
  std::vector<uint64_t> missing_;
  std::vector<std::vector<Digest>> levels_;  ///< level k begins at the first whole subtree there
};

}  // namespace cairn::host
