// The hashes of a log in memory, level by level: many proofs without reading the log again. It
// grows with the log.
//
// Either all levels, at 64 bytes a leaf; or those from a lowest one up, at 64 >> lowest bytes a
// leaf, and the leaves below are hashed again when a proof needs them.
#pragma once

#include <cairn/linux/digest_column.hpp>
#include <cairn/linux/error.hpp>
#include <cairn/linux/leaf_hashes.hpp>
#include <cairn/log.hpp>
#include <functional>
#include <vector>

namespace cairn::host {

class LevelArray {
 public:
  /// Called now and then with leaves done and leaves to do.
  using Progress = std::function<void(uint64_t done, uint64_t total)>;
  static constexpr unsigned lowest_max = 8;

  /// Keeps all levels.
  LevelArray() : LevelArray(0, {}) {}
  /// Keeps the levels from `lowest` up, lowest_max at most: 2 bytes a leaf from level 5. `leaves`
  /// is asked for 2^lowest leaves at once, and what it gives is checked against the levels kept.
  LevelArray(unsigned lowest, LeafHashes leaves);
  LevelArray(const LevelArray&) = delete;
  LevelArray& operator=(const LevelArray&) = delete;

  /// Forgets everything, and begins with the leaf `first`, before which all were retired. `retired`
  /// answers for those; what it points to is kept.
  void start(uint64_t first, const NodeSource& retired);
  /// Appends the hashes of `count` leaves. Cost: a node hash a leaf; nothing is moved.
  void append(const Digest* leaves, size_t count);
  /// Appends leaves that are lost: they keep their place, so that the others keep theirs.
  void append_lost(uint64_t count);

  /// start() and read_on(): every leaf below `size` that the log holds. Keeps the address of `log`
  /// for what was retired.
  Error load(const Log& log, uint64_t size, const Progress& progress = {});
  /// Reads the log from size() on, up to `size`, and appends its leaves.
  ///
  /// ok            read; lost records are in missing()
  /// bad_argument  size > log.size(), or below size()
  /// other         the log could not be read; what was read before is there
  Error read_on(const Log& log, uint64_t size, const Progress& progress = {});

  uint64_t size() const { return size_; }
  /// First leaf that is held; those before were retired.
  uint64_t first() const { return first_; }
  /// Leaves at or after first() that are lost: proofs that need them answer corrupt.
  const std::vector<uint64_t>& missing() const { return missing_; }

  /// For build_inclusion() and the others. Holds the address of this object. Where not all levels
  /// are kept it remembers the leaves read last, and so is not for two threads at once.
  /// node: ok; corrupt (a leaf below it is lost, or leaves were read that are others than those
  /// appended); or what the source of leaves, or that of retired nodes, answered.
  NodeSource nodes() const;

 private:
  static constexpr uint64_t no_block = UINT64_MAX;

  static Status node(void* user, unsigned level, uint64_t index, Digest& out);
  static void ahead(void* user, uint64_t index, unsigned begin, unsigned end);
  bool is_plain(unsigned level) const;
  uint64_t block_leaves() const { return uint64_t{1} << lowest_; }
  uint64_t origin(unsigned level) const;
  const Digest& kept(unsigned level, uint64_t index) const;
  void append_blocks(Digest* leaves, size_t count);
  void raise();
  DigestColumn& column(unsigned level);
  bool lost_within(uint64_t begin, uint64_t end) const;
  Status read_leaves(uint64_t begin, uint64_t end, Digest* out) const;
  Status read_block(uint64_t number);
  Status node_in_block(unsigned level, uint64_t index, Digest& out);

  const unsigned lowest_;
  const LeafHashes leaves_;
  NodeSource retired_{};
  uint64_t size_ = 0;
  uint64_t first_ = 0;
  std::vector<uint64_t> missing_;
  std::vector<DigestColumn> columns_;  ///< from level `lowest_` up
  std::vector<Digest> tail_;           ///< the leaves of the last block, while it is not complete
  std::vector<Digest> block_;          ///< a pyramid over the block read last
  uint64_t block_number_ = no_block;
  uint64_t block_end_ = 0;  ///< the leaf behind the last in `block_`
};

}  // namespace cairn::host
