// Proofs of any bytes: verifying never crashes, and what is accepted depends on every bit of it.
//
// Input: a mode byte, three 64-bit numbers, then hashes. In the first mode all of them are taken
// as they come; in the others the numbers are brought into range and the proof is built over the
// hashes as leaves, so that accepted proofs are reached too.
#include <cairn/merkle.hpp>
#include <cairn/proof.hpp>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "proof_range.hpp"
#include "support/tree.hpp"

using namespace cairn;

namespace {

struct Input {
  unsigned mode = 0;
  uint64_t numbers[3] = {};
  std::vector<Digest> hashes;

  Input(const uint8_t* data, size_t size) {
    uint8_t head[1 + sizeof numbers] = {};
    const size_t head_size = size < sizeof head ? size : sizeof head;
    if (head_size != 0) std::memcpy(head, data, head_size);
    mode = head[0] % 4;
    for (int i = 0; i < 3; ++i)
      numbers[i] = load_be64(head + 1 + 8 * i);
    for (size_t at = head_size; size - at >= digest_bytes; at += digest_bytes) {
      hashes.emplace_back();
      std::memcpy(hashes.back().bytes, data + at, digest_bytes);
    }
  }
};

void require(bool condition) {
  if (!condition) std::abort();
}

// Which byte and bit is flipped: any will do, so it follows from the input.
void flip(Digest& hash, uint64_t which) {
  hash.bytes[which / 8 % digest_bytes] ^= static_cast<uint8_t>(1u << which % 8);
}

// `accepts` must hold as things are, and must not with a bit of any of `hashes` flipped.
template <typename Accepts>
void require_bound(std::vector<Digest>& hashes, uint64_t which, const Accepts& accepts) {
  require(accepts());
  for (Digest& hash : hashes) {
    flip(hash, which);
    require(!accepts());
    flip(hash, which);
  }
}

ProofView view(const std::vector<Digest>& hashes) {
  return {hashes.data(), hashes.size()};
}

void take_as_it_comes(Input& in) {
  const uint64_t a = in.numbers[0];
  const uint64_t b = in.numbers[1];
  in.hashes.resize(in.hashes.size() < 2 ? 2 : in.hashes.size());
  const Digest first = in.hashes[0];
  const Digest second = in.hashes[1];
  std::vector<Digest> proof(in.hashes.begin() + 2, in.hashes.end());

  Digest root;
  if (root_from_inclusion(a, b, first, view(proof), root) == Status::ok) {
    require_bound(proof, in.numbers[2],
                  [&] { return verify_inclusion(a, b, first, view(proof), root) == Status::ok; });
  }
  static_cast<void>(verify_inclusion(a, b, first, view(proof), second));
  if (verify_consistency(a, b, first, second, view(proof)) == Status::ok) {
    require_bound(proof, in.numbers[2], [&] {
      return verify_consistency(a, b, first, second, view(proof)) == Status::ok;
    });
  }
  const size_t leaf_count = static_cast<size_t>(in.numbers[2] % (proof.size() + 1));
  const ProofView rest{proof.data() + leaf_count, proof.size() - leaf_count};
  static_cast<void>(verify_range(a, proof.data(), leaf_count, b, rest, first));

  // The same in two halves, with a number of leaves that need not be that of the range.
  const uint64_t count = 1 + in.numbers[2] % 64;
  Frontier frontier;
  if (begin_range(a, count, b, view(proof), frontier) != Status::ok) return;
  static_cast<void>(frontier.append_batch(in.hashes.data(), leaf_count));
  require(end_range(a, count, b, view(proof), frontier, first) != Status::ok ||
          leaf_count == count);
}

void build_and_verify(Input& in) {
  if (in.hashes.empty()) return;
  const uint64_t size = in.hashes.size();
  tree::Levels levels(in.hashes);
  const Digest root = tree::root(in.hashes, 0, size);
  const uint64_t index = in.numbers[0] % size;
  const uint64_t count = 1 + in.numbers[1] % (size - index);
  const uint64_t which = in.numbers[2];
  Digest hashes[range_proof_hashes_max];
  ProofBuffer out{hashes, range_proof_hashes_max};
  std::vector<Digest> proof;
  const auto built = [&](Status status) {
    require(status == Status::ok);
    proof.assign(hashes, hashes + out.count);
  };

  if (in.mode == 1) {
    built(build_inclusion(index, size, levels.source(), out));
    require_bound(proof, which, [&] {
      return verify_inclusion(index, size, in.hashes[index], view(proof), root) == Status::ok;
    });
  } else if (in.mode == 2) {
    built(build_consistency(index, size, levels.source(), out));
    const Digest old_root = tree::root(in.hashes, 0, index);
    require_bound(proof, which, [&] {
      return verify_consistency(index, size, old_root, root, view(proof)) == Status::ok;
    });
  } else {
    built(build_range(index, count, size, levels.source(), out));
    const auto accepts = [&] {
      return verify_range(index, &in.hashes[index], static_cast<size_t>(count), size, view(proof),
                          root) == Status::ok;
    };
    require_bound(proof, which, accepts);
    flip(in.hashes[index + which % count], which);
    require(!accepts());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input in(data, size);
  if (in.mode == 0) {
    take_as_it_comes(in);
  } else {
    build_and_verify(in);
  }
  return 0;
}
