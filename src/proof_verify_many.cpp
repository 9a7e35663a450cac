// Verification of many inclusion proofs, several at a time.
#include "cairn/proof.hpp"
#include "proof_path.hpp"

namespace cairn {
namespace {

// Paths on their way up, each in its own tree, one level a step. Where one arrives, the next
// begins.
class Climb {
 public:
  Climb(InclusionCheck* checks, size_t count) : next_(checks), end_(checks + count) {}

  Status run() {
    for (fill(); used_ != 0; fill())
      step();
    return all_ok_ ? Status::ok : Status::proof_invalid;
  }

 private:
  static constexpr unsigned width = 16;  // what the widest kernels take at once
  struct Path {
    InclusionCheck* check;
    const Digest* sibling;  // the next one
    const Digest* end;
    uint64_t turns;  // from the level on where the path stands
  };

  void fill();
  void step();
  void settle(InclusionCheck& check, bool holds) {
    check.status = holds ? Status::ok : Status::proof_invalid;
    all_ok_ = all_ok_ && holds;
  }

  InclusionCheck* next_;
  InclusionCheck* const end_;
  bool all_ok_ = true;
  unsigned used_ = 0;
  Path paths_[width];
  Digest nodes_[width];  // where each path stands
  Digest pairs_[2 * width];
};

void Climb::fill() {
  for (; used_ < width && next_ != end_; ++next_) {
    InclusionCheck& check = *next_;
    const bool inside = check.index < check.size && check.size <= tree_size_max;
    if (!inside || check.proof.count != inclusion_proof_size(check.index, check.size)) {
      settle(check, false);
    } else if (check.proof.count == 0) {
      settle(check, *check.leaf == *check.root);
    } else {
      const ProofView& proof = check.proof;
      paths_[used_] = {&check, proof.hashes, proof.hashes + proof.count,
                       left_turns(check.index, check.size)};
      nodes_[used_] = *check.leaf;
      ++used_;
    }
  }
}

void Climb::step() {
  for (unsigned i = 0; i < used_; ++i) {
    Path& path = paths_[i];
    const unsigned left = (path.turns & 1) != 0 ? 0 : 1;  // no branch: paths turn at random
    pairs_[2 * i + left] = nodes_[i];
    pairs_[2 * i + 1 - left] = *path.sibling++;
    path.turns >>= 1;
  }
  hash_backend().nodes(pairs_, used_, nodes_);
  // From the back: what closes a gap has gone up already.
  for (unsigned i = used_; i-- != 0;) {
    Path& path = paths_[i];
    if (path.sibling != path.end) continue;
    settle(*path.check, nodes_[i] == *path.check->root);
    --used_;
    path = paths_[used_];
    nodes_[i] = nodes_[used_];
  }
}

}  // namespace

Status verify_inclusions(InclusionCheck* checks, size_t count) {
  return Climb(checks, count).run();
}

}  // namespace cairn
