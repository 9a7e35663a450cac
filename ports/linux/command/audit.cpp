#include "audit.hpp"

#include <cairn/leaf.hpp>

#include "files.hpp"
#include "progress.hpp"
#include "text.hpp"

namespace command {

using cairn::Kind;
using cairn::Status;

Audit::Audit(const LogDirectory& log, const cairn::Policy* policy,
             const std::vector<OutsideCheckpoint>& outside)
    : log_(log), policy_(policy), outside_(outside) {}

void Audit::run() {
  begin();
  {
    Progress progress("checking", "records", log_.log().size());
    Walk walk(log_.log());
    Item item;
    while (walk.next(item)) {
      if (item.type == Item::Type::leaf)
        take_leaf(item);
      else
        take_head(item);
      progress.at(next_);
    }
  }
  lose(next_, log_.log().size() - std::min(next_, log_.log().size()));
  finish_heads();
  check_outside_rest();
  check_cosignatures();
  if (log_.log().report().damaged && problems_.empty())
    report("acknowledged records are missing; which ones cannot be told");
}

void Audit::report(std::string what, uint64_t first, uint64_t count) {
  problems_.push_back({std::move(what), first, count});
}

/// The tree before the oldest record that is held: retired records stand in it as hashes.
void Audit::begin() {
  const uint64_t oldest = log_.log().index_min();
  next_ = oldest;
  if (oldest == 0) {
    batch_ = 0;
    boot_ = 0;
    return compare_outside();
  }
  std::vector<cairn::Digest> hashes;
  uint64_t at = 0;
  while (at < oldest) {
    const unsigned level = cairn::bit_length(oldest - at) - 1;
    hashes.emplace_back();
    const cairn::NodeSource nodes = log_.log().nodes();
    if (nodes.node(nodes.user, level, at >> level, hashes.back()) != Status::ok) break;
    at += uint64_t{1} << level;
  }
  if (at == oldest && frontier_.assign(oldest, hashes.data(), hashes.size()) == Status::ok)
    return compare_outside();
  tree_ = Tree::lost;
  report("the hashes of the retired records are lost: no checkpoint can be recomputed");
}

void Audit::lose(uint64_t first, uint64_t count) {
  if (count == 0) return;
  report(record_range(first, count) + (count == 1 ? " is" : " are") + " lost or changed", first,
         count);
  tree_ = Tree::lost;
  batch_.reset();
  boot_.reset();
  previous_.reset();
  headless_.clear();
  next_ = first + count;
}

void Audit::take_leaf(const Item& item) {
  if (item.index > next_) lose(next_, item.index - next_);
  next_ = item.index + 1;
  ++records_;
  if (tree_ == Tree::known && frontier_.append(cairn::leaf_hash(item.leaf)) != Status::ok)
    tree_ = Tree::lost;
  compare_outside();
  last_kind_ = item.leaf.empty() ? 0 : item.leaf[0];
  check_kind(item);
}

void Audit::check_kind(const Item& item) {
  const auto kind = static_cast<Kind>(last_kind_);
  if (item.index == 0 && kind != Kind::begin)
    report("record 0 is not the beginning of a log", 0, 1);
  if (kind == Kind::begin) return check_begin(item);
  if (kind == Kind::boot) return check_boot(item);
  if (kind == Kind::close) return check_close(item);
}

void Audit::check_begin(const Item& item) {
  cairn::Begin begin{};
  if (cairn::decode_begin(item.leaf.part(1), begin) != Status::ok)
    return report(record_range(item.index, 1) + " (begin) does not parse", item.index, 1);
  if (item.index != 0)
    report(record_range(item.index, 1) + " begins a log in the middle of this one", item.index, 1);
  if (text_of(begin.origin) != log_.config().origin)
    report("record 0 names the origin " + printable(text_of(begin.origin)) + ", config.json " +
               log_.config().origin,
           0, 1);
  if (!(begin.key == log_.log_key().key))
    report("record 0 names another key than config.json", 0, 1);
}

void Audit::check_boot(const Item& item) {
  cairn::Boot boot{};
  if (cairn::decode_boot(item.leaf.part(1), boot) != Status::ok)
    return report(record_range(item.index, 1) + " (boot) does not parse", item.index, 1);
  if (boot_ && boot.boot != *boot_ + 1)
    report(record_range(item.index, 1) + " counts boot " + std::to_string(boot.boot) +
               " where boot " + std::to_string(*boot_ + 1) + " is due",
           item.index, 1);
  boot_ = boot.boot;
}

void Audit::check_close(const Item& item) {
  const std::string where = record_range(item.index, 1) + " (close)";
  cairn::Close close{};
  if (cairn::decode_close(item.leaf.part(1), close) != Status::ok)
    return report(where + " does not parse", item.index, 1);
  if (batch_ && close.batch != *batch_)
    report(where + " numbers batch " + std::to_string(close.batch) + " where batch " +
               std::to_string(*batch_) + " is due",
           item.index, 1);
  if (boot_ && close.boot != *boot_)
    report(where + " names another boot than the last boot record", item.index, 1);
  check_previous(close, where, item.index);
  if (close.batch == 0 && close.has_previous)
    report(where + " of the first batch names an earlier checkpoint", item.index, 1);
  batch_ = close.batch + 1;
  end_batch();
}

/// It names the newest checkpoint that had been signed. That of a batch whose signer had failed, or
/// for which there was no room, never was; one that is named and not there has been lost.
void Audit::check_previous(const cairn::Close& close, const std::string& where, uint64_t index) {
  for (const auto& [size, hash] : headless_)
    if (close.has_previous && close.previous == hash)
      return report("the signed checkpoint of size " + std::to_string(size) + " is lost");
  if (previous_ && (!close.has_previous || close.previous != *previous_))
    report(where + " does not name the checkpoint before it", index, 1);
}

/// Hash of the checkpoint at this place, as close records name it.
std::optional<cairn::Digest> Audit::checkpoint_here() const {
  cairn::Checkpoint checkpoint;
  checkpoint.origin = view(log_.config().origin);
  checkpoint.size = next_;
  checkpoint.root = frontier_.root();
  cairn::Digest hash;
  if (tree_ == Tree::lost || cairn::checkpoint_hash(checkpoint, hash) != Status::ok) return {};
  return hash;
}

/// A batch ends here: its checkpoint should follow.
void Audit::end_batch() {
  if (const auto hash = checkpoint_here()) headless_.emplace_back(next_, *hash);
}

bool Audit::signature_fits(uint64_t size, const cairn::Digest& root,
                           const cairn::Signature& signature) const {
  std::string note;
  cairn::Checkpoint checkpoint;
  return log_.checkpoint_of({size, root, signature}, note).ok() &&
         cairn::open_checkpoint(view(note), log_.log_key(), cairn::host::all_verifiers(),
                                checkpoint) == Status::ok;
}

void Audit::take_head(const Item& item) {
  headless_.clear();
  previous_ = checkpoint_here();
  if (tree_ == Tree::lost || frontier_.size() != item.size) {
    ++unverifiable_heads_;
    if (tree_ == Tree::known)
      report("a checkpoint of size " + std::to_string(item.size) + " stands behind record " +
             std::to_string(frontier_.size()));
    return;
  }
  const cairn::Digest root = frontier_.root();
  if (!signature_fits(item.size, root, item.signature)) {
    unfitting_.push_back(item.size);
    return;
  }
  for (const uint64_t size : unfitting_)
    report("the signature of the checkpoint of size " + std::to_string(size) +
           " is wrong; the records under it are intact, as a later checkpoint shows");
  unfitting_.clear();
  verified_.insert(item.size);
  std::string note;
  if (policy_ != nullptr && log_.checkpoint_of({item.size, root, item.signature}, note).ok())
    notes_[item.size] = note;
  // The checkpoint in front of the oldest record has had its close record retired.
  if (item.size > log_.log().index_min() && static_cast<Kind>(last_kind_) != Kind::close)
    report("the batch under the checkpoint of size " + std::to_string(item.size) +
           " has no close record");
}

void Audit::finish_heads() {
  if (unfitting_.empty()) return;
  const uint64_t first = head_size();
  const uint64_t count = unfitting_.front() - first;
  report("the checkpoint of size " + std::to_string(unfitting_.front()) +
             " does not fit the log: one or more of " + record_range(first, count) +
             (count == 1 ? " was" : " were") + " changed",
         first, count);
  if (unfitting_.size() > 1)
    report(counted(unfitting_.size() - 1, "later checkpoint") + " cannot fit either");
}

void Audit::compare_outside() {
  for (const OutsideCheckpoint& checkpoint : outside_) {
    if (checkpoint.size != next_) continue;
    outside_seen_.insert(&checkpoint);
    if (tree_ == Tree::lost) {
      report(checkpoint.path + ": cannot be compared, because records before it are lost");
    } else if (frontier_.root() == checkpoint.root) {
      ++outside_confirmed_;
    } else {
      report(checkpoint.path + ": the log does not contain this checkpoint of size " +
             std::to_string(checkpoint.size) + ": it was rewritten");
    }
  }
}

void Audit::check_outside_rest() {
  for (const OutsideCheckpoint& checkpoint : outside_) {
    if (outside_seen_.count(&checkpoint) != 0) continue;
    if (checkpoint.size > log_.log().size())
      report(checkpoint.path + ": the log has only " + grouped(log_.log().size()) + " of its " +
                 counted(checkpoint.size, "record") + ": it was cut off or rolled back",
             log_.log().size(), checkpoint.size - log_.log().size());
    else
      report(checkpoint.path + ": cannot be compared: the records at size " +
             std::to_string(checkpoint.size) + " are lost or retired");
  }
}

void Audit::check_cosignatures() {
  for (const uint64_t size : log_.cosigned_sizes()) {
    std::string lines;
    const cairn::host::Error error = log_.cosignatures(size, lines);
    if (!error.ok()) {
      report(error.message);
    } else if (verified_.count(size) == 0 && tree_ == Tree::known) {
      if (size > log_.log().index_min())
        report("there are cosignatures for size " + std::to_string(size) +
               ", but no valid checkpoint of that size");
    } else if (policy_ != nullptr) {
      check_quorum(size);
    }
  }
}

void Audit::check_quorum(uint64_t size) {
  const auto found = notes_.find(size);
  std::string lines;
  if (found == notes_.end() || !log_.cosignatures(size, lines).ok()) return;
  const std::string text = found->second + lines;
  cairn::Note note;
  cairn::QuorumResult result;
  Status status = cairn::parse_note(view(text), note);
  if (status == Status::ok)
    status =
        cairn::check_quorum(*policy_, note, log_.log_key(), cairn::host::all_verifiers(), result);
  if (status != Status::ok)
    report("a cosignature of the checkpoint of size " + std::to_string(size) +
           " is wrong: " + cairn::status_text(status));
  if (!result.reached) return;
  ++quorums_;
  quorum_size_ = std::max(quorum_size_, size);
}

}  // namespace command
