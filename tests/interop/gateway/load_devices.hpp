// Devices that put a load on a gateway: any number, with keys that follow from their numbers, and
// logs that all have the same records, so that one tree in memory is every device's.
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

namespace load {

inline void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "gateway_load: %s\n", what);
  std::exit(1);
}

/// One device: what is needed to sign its heads.
struct Device {
  std::string origin;
  cairn::Ed25519Key key{};
  cairn::Signer signer{};

  explicit Device(size_t number) : origin("load.example/device-" + std::to_string(number)) {
    uint8_t seed[32] = {0x6c};
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

/// A record of any of the logs: a kind and 32 bytes.
using Record = std::array<uint8_t, 33>;
inline Record record(uint64_t index) {
  Record out = {static_cast<uint8_t>(cairn::Kind::opaque)};
  for (size_t i = 0; i < sizeof index; ++i)
    out[1 + i] = static_cast<uint8_t>(index >> (8 * i));
  return out;
}

/// The tree that all logs have, and what a device sends of it.
class Tree {
 public:
  explicit Tree(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) {
      const Record leaf = record(i);
      const cairn::Digest hash = cairn::leaf_hash({leaf.data(), leaf.size()});
      levels_.append(&hash, 1);
    }
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

  /// The Report message that brings the records from one size to another, and the head.
  std::string report(const Device& device, uint64_t from, uint64_t to) const {
    std::string packed((to - from) * sizeof(Record) + 8, '\0');
    cairn::RecordPacker packer(bytes_of(packed));
    for (uint64_t i = from; i < to; ++i) {
      const Record leaf = record(i);
      require(packer.put({leaf.data(), leaf.size()}) == leaf.size(), "a packed record");
    }
    const std::string text = checkpoint(device, to);
    cairn::Report report;
    cairn::AirCheckpoint& head = report.checkpoint;
    head.key_id = cairn::key_id(device.note_key());
    head.size = to;
    head.has_signature = true;
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

  std::string checkpoint(const Device& device, uint64_t size) const {
    cairn::Prover prover;
    require(prover.open(size, levels_.nodes()) == cairn::Status::ok, "a root");
    uint8_t text[512];
    const auto text_size = cairn::format_checkpoint(
        {{device.origin.data(), device.origin.size()}, size, prover.root(), {}},
        {text, sizeof text});
    require(text_size.ok(), "a checkpoint");
    return {reinterpret_cast<char*>(text), text_size.value};
  }

  cairn::host::LevelArray levels_;
};

}  // namespace load
