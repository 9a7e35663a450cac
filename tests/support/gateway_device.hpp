// A device as a gateway sees it: a key, a tree of leaves, and what it sends.
#pragma once

#include <cairn/gateway/device.hpp>
#include <cairn/witness.hpp>

#include "support/history.hpp"
#include "support/signing.hpp"
#include "support/tree.hpp"

namespace gateway_tests {

using namespace cairn;
using vectors::view;

/// Its leaves are numbered; from `branch_at` on they are those of another history.
class TestDevice final : public History {
 public:
  TestDevice(std::string origin, uint8_t key, uint64_t leaves, uint64_t branch_at = UINT64_MAX)
      : origin_(std::move(origin)), key_(key), leaves_(tree::numbered_leaves(0, leaves)) {
    for (uint64_t i = branch_at; i < leaves; ++i)
      leaves_[i] = tree::numbered_leaf(i + (uint64_t{1} << 40));
  }

  const std::string& origin() const { return origin_; }
  const signing::Pair& key() const { return key_; }
  std::string vkey() const { return signing::vkey(key_, origin_, NoteType::ed25519); }
  NoteKey note_key() const {
    return cairn::note_key(view(origin_), NoteType::ed25519, key_.signer.public_key);
  }
  Digest root(uint64_t size) const override { return tree::root(leaves_, 0, size); }

  std::string text(uint64_t size) const { return text_of(size, root(size)); }
  std::string text_of(uint64_t size, const Digest& root) const {
    uint8_t out[512];
    const Checkpoint checkpoint{view(origin_), size, root, {}};
    const auto written = format_checkpoint(checkpoint, out);
    if (!written.ok()) throw std::runtime_error("no checkpoint");
    return {reinterpret_cast<const char*>(out), written.value};
  }
  std::string signed_text(const std::string& text) const {
    return text + "\n" + signing::line(key_, text, origin_, NoteType::ed25519);
  }
  std::string checkpoint(uint64_t size) const { return signed_text(text(size)); }

  std::vector<Digest> proof(uint64_t from, uint64_t to) const {
    std::vector<Digest> hashes(proof_hashes_max);
    ProofBuffer buffer{hashes.data(), hashes.size()};
    tree::LeafSource source{&leaves_, to};
    if (build_consistency(from, to, source.source(), buffer) != Status::ok)
      throw std::runtime_error("no proof");
    hashes.resize(buffer.count);
    return hashes;
  }

  static std::string request_of(uint64_t old_size, const std::vector<Digest>& proof,
                                const std::string& note) {
    std::vector<uint8_t> out(note.size() + 45 * proof.size() + 64);
    const auto size = format_add_checkpoint(old_size, {proof.data(), proof.size()}, view(note),
                                            {out.data(), out.size()});
    if (!size.ok()) throw std::runtime_error("no request");
    return {reinterpret_cast<const char*>(out.data()), size.value};
  }
  std::string request(uint64_t old_size, uint64_t size) const {
    return request_of(old_size, proof(old_size, size), checkpoint(size));
  }

  /// For Registry::enrol().
  gateway::Device enrolled() const {
    gateway::Device device;
    device.origin = origin_;
    device.keys.push_back({vkey(), 0, UINT64_MAX});
    device.owner = "Example Works";
    device.role = "press";
    return device;
  }

 private:
  std::string origin_;
  signing::Ed25519Pair key_;
  std::vector<Digest> leaves_;
};

}  // namespace gateway_tests
