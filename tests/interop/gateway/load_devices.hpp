// Devices that put a load on a gateway: any number, with keys that follow from their numbers, and
// logs that all have the same leaves, so that one tree in memory is every device's.
#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/level_array.hpp>
#include <cairn/proof.hpp>
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

  std::string vkey() const {
    return cairn::host::vkey_text(cairn::note_key({origin.data(), origin.size()},
                                                  cairn::NoteType::ed25519, signer.public_key));
  }
};

/// The tree that all logs have.
class Tree {
 public:
  explicit Tree(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) {
      cairn::Digest leaf{};
      for (size_t j = 0; j < 8; ++j)
        leaf.bytes[j] = static_cast<uint8_t>(i >> (8 * j));
      levels_.append(&leaf, 1);
    }
  }

  cairn::Digest root(uint64_t size) const {
    cairn::Prover prover;
    require(prover.open(size, levels_.nodes()) == cairn::Status::ok, "a root");
    return prover.root();
  }

  /// The body of add-checkpoint that brings a device from one size to another.
  std::string request(const Device& device, uint64_t from, uint64_t to) const {
    uint8_t text[512];
    uint8_t line[512];
    const cairn::ByteView origin{device.origin.data(), device.origin.size()};
    const auto text_size =
        cairn::format_checkpoint({origin, to, root(to), {}}, {text, sizeof text});
    require(text_size.ok(), "a checkpoint");
    const cairn::ByteView signed_text{text, text_size.value};
    const auto line_size = cairn::sign_note(signed_text, origin, cairn::NoteType::ed25519,
                                            device.signer, 0, {line, sizeof line});
    require(line_size.ok(), "a signature");
    const std::string note = std::string(signed_text.text(), signed_text.size) + "\n" +
                             std::string(reinterpret_cast<char*>(line), line_size.value);
    cairn::Digest hashes[cairn::proof_hashes_max];
    cairn::ProofBuffer proof{hashes, cairn::proof_hashes_max};
    require(cairn::build_consistency(from, to, levels_.nodes(), proof) == cairn::Status::ok,
            "a proof");
    std::string body(8192, '\0');
    const auto size = cairn::format_add_checkpoint(
        from, proof, {note.data(), note.size()},
        cairn::MutableBytes(reinterpret_cast<uint8_t*>(&body[0]), body.size()));
    require(size.ok(), "a request");
    body.resize(size.value);
    return body;
  }

 private:
  cairn::host::LevelArray levels_;
};

}  // namespace load
