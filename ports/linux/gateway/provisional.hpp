// What a device has brought beyond its newest cosigned head: docs/format.md, "Reports". A gateway
// may forget it at any time; the device then brings it again.
#pragma once

#include <cairn/merkle.hpp>
#include <cairn/report.hpp>
#include <string>
#include <vector>

namespace cairn::gateway {

class Provisional {
 public:
  /// Begins anew. `frontier` is that of the newest head, `size` and `root`, or empty when it is not
  /// known: then everything has to come again, and has to lead there.
  void begin(const Frontier& frontier, uint64_t size, const Digest& root);
  /// Begins anew behind the same head.
  void restart() { begin(Frontier(base_), base_size_, base_root_); }
  bool is_behind(uint64_t size, const Digest& root) const {
    return begun_ && base_size_ == size && base_root_ == root;
  }

  /// Takes records, hashes or subtrees.
  ///
  /// accepted      taken, or held before
  /// conflict      they begin behind size()
  /// inconsistent  they contradict the newest head: restart()
  /// not_signed    a record of a kind that is not among `kinds`; empty: all are
  ReportCode take(const Report& report, const std::vector<uint8_t>& kinds);

  /// Takes a piece of a head. cosigned: the head is whole, in `whole`; accepted, conflict.
  ReportCode take_piece(const Report& report, AirCheckpoint& whole);

  /// Nothing that the newest head does not have.
  bool is_empty() const {
    return (!begun_ || size() == base_size_) && partial_.empty() && leaves_.empty() &&
           head_.empty();
  }

  uint64_t size() const { return frontier_.size(); }
  const Frontier& frontier() const { return frontier_; }
  /// Bytes held of what stands at size(): a record, or a head.
  uint32_t offset() const;

  /// The newest leaves up to size(), as far as they came as records in a row.
  const std::vector<std::string>& leaves() const { return leaves_; }
  /// The root of the tree before leaves(), where there are any.
  const Digest& root_before_leaves() const { return root_before_leaves_; }
  size_t bytes() const { return bytes_; }

 private:
  ReportCode take_records(const Report& report, const std::vector<uint8_t>& kinds);
  ReportCode take_hashes(const Report& report);
  ReportCode take_subtrees(const Report& report);
  bool append(unsigned level, const Digest& hash);
  bool append_leaves(const std::string* leaves, size_t count);
  void drop_leaves();
  void drop_head();

  bool begun_ = false;
  Frontier base_;
  uint64_t base_size_ = 0;
  Digest base_root_{};
  Frontier frontier_;
  std::string partial_;  ///< of the record at size()
  std::vector<std::string> leaves_;
  Digest root_before_leaves_{};
  size_t bytes_ = 0;  ///< of them
  std::string head_;  ///< pieces
  uint64_t head_size_ = 0;
  uint32_t head_begin_ = 0;
};

}  // namespace cairn::gateway
