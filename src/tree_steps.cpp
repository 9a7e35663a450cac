#include "tree_steps.hpp"

namespace cairn {

// The tree is as it was until the last of the hashes is there.
Step TreeSteps::add(Frontier& tree, Status& status) {
  CAIRN_STEPS(at_add_)
  for (level_ = 0; (tree.size() >> level_ & 1) != 0; ++level_) {
    CAIRN_UNIT(at_add_, reader_);
    node_ = node_hash(tree[tree.count() - 1 - level_], node_);
  }
  {
    const unsigned kept = tree.count() - level_;
    status = level_ < Frontier::max_levels ? tree.resize(tree.size() + 1, kept) : Status::full;
    if (status == Status::ok) tree.set(kept, node_);
  }
  CAIRN_STEPS_END(at_add_);
}

Step TreeSteps::root(const Frontier& tree, Digest& out) {
  CAIRN_STEPS(at_root_)
  level_ = tree.count();
  out = level_ == 0 ? empty_root : tree[--level_];
  while (level_ != 0) {
    CAIRN_UNIT(at_root_, reader_);
    out = node_hash(tree[--level_], out);
  }
  CAIRN_STEPS_END(at_root_);
}

}  // namespace cairn
