// The audit of a whole log: every leaf, every head, every link between them.
#pragma once

#include <cairn/leaf.hpp>
#include <cairn/policy.hpp>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "log_access.hpp"

namespace command {

/// A checkpoint from elsewhere that the log must contain.
struct OutsideCheckpoint {
  std::string path;
  uint64_t size = 0;
  cairn::Digest root{};
};

struct Problem {
  std::string what;
  uint64_t first = 0;  ///< records that it concerns; count 0: none in particular
  uint64_t count = 0;
};

class Audit {
 public:
  /// `policy` may be null.
  Audit(const LogDirectory& log, const cairn::Policy* policy,
        const std::vector<OutsideCheckpoint>& outside);

  void run();

  const std::vector<Problem>& problems() const { return problems_; }
  uint64_t records() const { return records_; }
  uint64_t heads() const { return verified_.size(); }
  uint64_t head_size() const { return verified_.empty() ? 0 : *verified_.rbegin(); }
  uint64_t unverifiable_heads() const { return unverifiable_heads_; }
  uint64_t quorums() const { return quorums_; }
  uint64_t quorum_size() const { return quorum_size_; }
  uint64_t outside_confirmed() const { return outside_confirmed_; }

 private:
  using Item = cairn::Log::Cursor::Item;
  enum class Tree { known, lost };

  void begin();
  void take_leaf(const Item& item);
  void take_head(const Item& item);
  void lose(uint64_t first, uint64_t count);
  void check_kind(const Item& item);
  void check_begin(const Item& item);
  void check_boot(const Item& item);
  void check_close(const Item& item);
  void check_previous(const cairn::Close& close, const std::string& where, uint64_t index);
  std::optional<cairn::Digest> checkpoint_here() const;
  void end_batch();
  void compare_outside();
  void finish_heads();
  void check_outside_rest();
  void check_cosignatures();
  void check_quorum(uint64_t size);
  bool signature_fits(uint64_t size, const cairn::Digest& root,
                      const cairn::Signature& signature) const;
  void report(std::string what, uint64_t first = 0, uint64_t count = 0);

  const LogDirectory& log_;
  const cairn::Policy* policy_;
  const std::vector<OutsideCheckpoint>& outside_;
  std::set<const OutsideCheckpoint*> outside_seen_;
  std::vector<Problem> problems_;
  std::set<uint64_t> verified_;            ///< sizes of heads whose signature fits
  std::map<uint64_t, std::string> notes_;  ///< of verified heads with cosignatures

  cairn::Frontier frontier_;
  Tree tree_ = Tree::known;
  uint64_t next_ = 0;  ///< index of the next leaf
  uint64_t records_ = 0;
  uint8_t last_kind_ = 0;
  std::vector<uint64_t> unfitting_;  ///< heads since the last one that fits
  std::optional<uint64_t> batch_;    ///< of the next close record, when known
  std::optional<uint32_t> boot_;
  std::optional<cairn::Digest> previous_;  ///< hash of the last signed checkpoint's text
  /// Close records behind it, whose checkpoints were not signed yet, or are lost: size and hash.
  std::vector<std::pair<uint64_t, cairn::Digest>> headless_;
  uint64_t unverifiable_heads_ = 0;
  uint64_t quorums_ = 0;
  uint64_t quorum_size_ = 0;
  uint64_t outside_confirmed_ = 0;
};

}  // namespace command
