// Devices that put a load on a gateway: any number, with keys that follow from their numbers, and
// logs that all have the same records, so that one tree in memory is every device's. Who forks has
// another tree besides, from the first record on.
#pragma once

#include <array>
#include <cairn/checkpoint.hpp>
#include <cairn/hash.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/level_array.hpp>
#include <cairn/proof.hpp>
#include <cairn/report.hpp>
#include <cairn/witness.hpp>
#include <cstdlib>
#include <string>

#include "support/history.hpp"

namespace load {

constexpr uint64_t sizes_max = 65536;
constexpr uint64_t other_sizes_max = 1024;

inline void require(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

/// One device: what is needed to sign its heads. A key of another epoch is one that it rotates to.
struct Device {
  std::string origin;
  cairn::Ed25519Key key{};
  cairn::Signer signer{};

  explicit Device(size_t number, uint8_t epoch = 0)
      : origin("load.example/device-" + std::to_string(number)) {
    uint8_t seed[32] = {0x6c, epoch};
    for (size_t i = 0; i < sizeof number; ++i)
      seed[8 + i] = static_cast<uint8_t>(number >> (8 * i));
    require(cairn::ed25519_signer({seed, sizeof seed}, key, signer) == cairn::Status::ok, "a key");
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  cairn::NoteKey note_key() const {
    return cairn::note_key({origin.data(), origin.size()}, cairn::NoteType::ed25519,
                           signer.public_key);
  }
  std::string vkey() const { return cairn::host::vkey_text(note_key()); }
};

/// Which of a device's histories: a tree of its own for each.
enum class Branch : uint8_t { real, other };

/// A record of any of the logs: a kind and 32 bytes.
using Record = std::array<uint8_t, 33>;
inline Record record(uint64_t index, Branch branch) {
  Record out = {static_cast<uint8_t>(cairn::Kind::opaque)};
  out.back() = static_cast<uint8_t>(branch);
  for (size_t i = 0; i < sizeof index; ++i)
    out[1 + i] = static_cast<uint8_t>(index >> (8 * i));
  return out;
}

/// The tree that all logs have, and what a device sends of it.
class Tree final : public History {
 public:
  Tree(uint64_t size, Branch branch) : size_(size), branch_(branch) {
    for (uint64_t i = 0; i < size; ++i) {
      const Record leaf = record(i, branch);
      const cairn::Digest hash = cairn::leaf_hash({leaf.data(), leaf.size()});
      levels_.append(&hash, 1);
    }
  }

  uint64_t size() const { return size_; }

  cairn::Digest root(uint64_t size) const override {
    cairn::Prover prover;
    require(size <= size_ && prover.open(size, levels_.nodes()) == cairn::Status::ok, "a root");
    return prover.root();
  }

  /// The text of a device's checkpoint.
  std::string checkpoint(const Device& device, uint64_t size) const {
    uint8_t text[512];
    const auto text_size = cairn::format_checkpoint(
        {{device.origin.data(), device.origin.size()}, size, root(size), {}}, {text, sizeof text});
    require(text_size.ok(), "a checkpoint");
    return {reinterpret_cast<char*>(text), text_size.value};
  }

  /// The body of add-checkpoint that brings a device from one size to another.
  std::string request(const Device& device, uint64_t from, uint64_t to) const {
    uint8_t line[512];
    const std::string text = checkpoint(device, to);
    const auto line_size =
        cairn::sign_note({text.data(), text.size()}, {device.origin.data(), device.origin.size()},
                         cairn::NoteType::ed25519, device.signer, 0, {line, sizeof line});
    require(line_size.ok(), "a signature");
    const std::string note =
        text + "\n" + std::string(reinterpret_cast<char*>(line), line_size.value);
    cairn::Digest hashes[cairn::proof_hashes_max];
    cairn::ProofBuffer proof{hashes, cairn::proof_hashes_max};
    require(cairn::build_consistency(from, to, levels_.nodes(), proof) == cairn::Status::ok,
            "a proof");
    std::string body(8192, '\0');
    const auto size =
        cairn::format_add_checkpoint(from, proof, {note.data(), note.size()}, bytes_of(body));
    require(size.ok(), "a request");
    body.resize(size.value);
    return body;
  }

  /// The Report message that brings the records from one size to another, and the head. With its
  /// root the gateway sees what was signed, though it comes to another one.
  std::string report(const Device& device, uint64_t from, uint64_t to, bool with_root) const {
    std::string packed((to - from) * sizeof(Record) + 8, '\0');
    cairn::RecordPacker packer(bytes_of(packed));
    for (uint64_t i = from; i < to; ++i) {
      const Record leaf = record(i, branch_);
      require(packer.put({leaf.data(), leaf.size()}) == leaf.size(), "a packed record");
    }
    const std::string text = checkpoint(device, to);
    cairn::Report report;
    cairn::AirCheckpoint& head = report.checkpoint;
    head.key_id = cairn::key_id(device.note_key());
    head.size = to;
    head.has_signature = true;
    head.has_root = with_root;
    if (with_root) head.root = root(to);
    head.algorithm = device.signer.public_key.algorithm;
    require(
        cairn::sign(device.signer, {text.data(), text.size()}, head.signature) == cairn::Status::ok,
        "a signature");
    report.first = from;
    report.content = cairn::ReportContent::records;
    report.bytes = {packed.data(), packer.size_bytes()};
    std::string message(packed.size() + 256, '\0');
    const auto size = cairn::encode_report(report, bytes_of(message));
    require(size.ok(), "a report");
    message.resize(size.value);
    return message;
  }

 private:
  static cairn::MutableBytes bytes_of(std::string& text) {
    return {reinterpret_cast<uint8_t*>(&text[0]), text.size()};
  }

  uint64_t size_;
  Branch branch_;
  cairn::host::LevelArray levels_;
};

}  // namespace load
