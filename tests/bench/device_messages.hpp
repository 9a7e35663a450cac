// What devices send to a gateway: batches of records, each with its signed checkpoint. Made before
// anything is timed.
#pragma once

#include <cairn/witness.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "support/signing.hpp"
#include "support/tree.hpp"

namespace gateway {

using namespace cairn;

constexpr size_t batch = 256;
constexpr size_t leaf_bytes = 1 + 32;  ///< kind and record

/// One batch of a device. The frontier in front of it lets a gateway extend the tree that
/// remembers nothing but the last root.
struct Message {
  std::string origin;
  std::vector<Digest> frontier;
  std::vector<uint8_t> leaves;
  std::string checkpoint;
  std::string request;  ///< the same checkpoint as an add-checkpoint request, with its proof
};

/// A device's key, and what its tree was before its first message.
struct Start {
  PublicKey key;
  uint32_t id;
  uint64_t size;
  Digest root;
};

/// Some devices, and several messages of each in a row.
class Devices {
 public:
  static constexpr size_t count = 1000;

  /// Their trees have up to 2^history_bits leaves.
  Devices(unsigned history_bits, size_t messages_each) {
    std::mt19937_64 random(history_bits);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t batches = uint64_t{1} << (history_bits - 8);
      add((batches / 2 + random() % (batches / 2)) * batch, messages_each, random);
    }
  }

  const Start& start(size_t device) const { return starts_[device % count]; }
  const Message& message(size_t device, size_t number) const {
    return messages_[device % count][number];
  }

 private:
  void add(uint64_t size, size_t messages_each, std::mt19937_64& random) {
    vectors::Bytes seed(32);
    for (uint8_t& b : seed)
      b = static_cast<uint8_t>(random());
    const signing::Ed25519Pair pair(seed);
    const std::string origin = "plant.example/line-1/device-" + std::to_string(starts_.size());
    Frontier tree;
    const std::vector<Digest> nodes = tree::numbered_leaves(random() >> 1, count_bits(size));
    bench::require(tree.assign(size, nodes.data(), nodes.size()) == Status::ok);
    const NoteKey key = note_key(vectors::view(origin), NoteType::ed25519, pair.signer.public_key);
    starts_.push_back({key.key, key_id(key), size, tree.root()});
    messages_.emplace_back();
    for (size_t i = 0; i < messages_each; ++i)
      messages_.back().push_back(next_message(origin, pair, tree, random));
  }

  static Message next_message(const std::string& origin, const signing::Pair& pair, Frontier& tree,
                              std::mt19937_64& random) {
    Message out;
    out.origin = origin;
    for (unsigned i = 0; i < tree.count(); ++i)
      out.frontier.push_back(tree[i]);
    std::vector<Digest> hashes;
    for (size_t i = 0; i < batch; ++i) {
      out.leaves.push_back(0x40);
      for (size_t k = 1; k < leaf_bytes; ++k)
        out.leaves.push_back(static_cast<uint8_t>(random()));
      hashes.push_back(leaf_hash({&out.leaves[i * leaf_bytes], leaf_bytes}));
    }
    const Frontier before = tree;
    bench::require(tree.append_batch(hashes.data(), batch) == Status::ok);
    uint8_t text[signed_checkpoint_bytes_max];
    const auto size =
        format_checkpoint({vectors::view(origin), tree.size(), tree.root(), {}}, text);
    bench::require(size.ok());
    const std::string head(reinterpret_cast<const char*>(text), size.value);
    out.checkpoint = head + "\n" + signing::line(pair, head, origin, NoteType::ed25519);
    out.request = request_of(before, out);
    return out;
  }

  // The proof that the tree only grew: of whole subtrees of the old tree, and the batch itself.
  static std::string request_of(const Frontier& before, const Message& message) {
    struct Nodes {
      const Frontier& before;
      Digest batch_root;

      static Status node(void* user, unsigned level, uint64_t index, Digest& out) {
        const Nodes& self = *static_cast<const Nodes*>(user);
        const uint64_t size = self.before.size();
        if (level == 8 && index == size / batch) {
          out = self.batch_root;
          return Status::ok;
        }
        for (uint64_t at = 0, i = 0; at < size; ++i) {
          const unsigned top = bit_length(size - at) - 1;
          if (top == level && at >> level == index) {
            out = self.before[static_cast<unsigned>(i)];
            return Status::ok;
          }
          at += uint64_t{1} << top;
        }
        return Status::not_found;
      }
    };
    std::vector<Digest> hashes;
    for (size_t i = 0; i < batch; ++i)
      hashes.push_back(leaf_hash({&message.leaves[i * leaf_bytes], leaf_bytes}));
    Nodes nodes = {before, tree::root(hashes, 0, batch)};
    Digest proof[proof_hashes_max];
    ProofBuffer buffer = {proof, proof_hashes_max};
    bench::require(build_consistency(before.size(), before.size() + batch, {&nodes, Nodes::node},
                                     buffer) == Status::ok);
    std::vector<uint8_t> body(8192);
    const auto size = format_add_checkpoint(
        before.size(), buffer, vectors::view(message.checkpoint), {body.data(), body.size()});
    bench::require(size.ok());
    return {reinterpret_cast<const char*>(body.data()), size.value};
  }

  std::vector<Start> starts_;
  std::vector<std::vector<Message>> messages_;
};

}  // namespace gateway
