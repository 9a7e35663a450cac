// A gateway's log with a few devices, copies of it, and the loss of its store.
#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/mirror.hpp>
#include <cairn/gateway/rebuild.hpp>

#include "support/host.hpp"
#include "support/memory_store.hpp"

namespace copies_tests {

using namespace cairn;
using namespace cairn::gateway;
using namespace host_tests;

/// A log's signed checkpoint; any root will do where nobody asks for a proof in its tree.
inline std::string signed_note(const host::KeyFile& key, uint64_t size, uint8_t root) {
  Checkpoint checkpoint;
  checkpoint.origin = host::bytes_of(key.name());
  checkpoint.size = size;
  checkpoint.root.bytes[0] = root;
  uint8_t text[signed_checkpoint_bytes_max], line[512];
  const Result<size_t> text_size = format_checkpoint(checkpoint, text);
  REQUIRE(text_size.ok());
  const Result<size_t> line_size = sign_note({text, text_size.value}, host::bytes_of(key.name()),
                                             NoteType::ed25519, key.signer(), 0, line);
  REQUIRE(line_size.ok());
  return host::string_of({text, text_size.value}) + "\n" + host::string_of({line, line_size.value});
}

/// The note with one cosignature more.
inline std::string cosigned(const std::string& text, const host::KeyFile& witness,
                            uint64_t time_s = 1000) {
  Note note;
  REQUIRE(parse_note(host::bytes_of(text), note) == Status::ok);
  uint8_t line[512];
  const Result<size_t> size = sign_note(note.text, host::bytes_of(witness.name()),
                                        NoteType::cosignature, witness.signer(), time_s, line);
  REQUIRE(size.ok());
  return text + host::string_of({line, size.value});
}

inline host::VerifierKey vkey_of(const NoteKey& key) {
  host::VerifierKey out;
  REQUIRE(out.parse(host::vkey_text(key), "a key").ok());
  return out;
}

inline std::string content(const std::string& path) {
  std::string bytes;
  CHECK_OK(host::read_file(path, 1 << 20, bytes));
  return bytes;
}

/// A gateway with a few devices, its log, and room for mirrors.
struct Plant {
  TemporaryFolder folder;
  host::KeyFile log_key, witness, mirror_key, devices[3];
  std::shared_ptr<test::MemoryStore> store = std::make_shared<test::MemoryStore>();
  std::unique_ptr<AggregateLog> log;

  explicit Plant(const std::string& name = "example.com/gateway") {
    make(log_key, name);
    make(witness, "example.com/witness");
    make(mirror_key, "example.org/mirror");
    for (int i = 0; i < 3; ++i)
      make(devices[i], "example.com/press-" + std::to_string(i));
    start();
  }
  void make(host::KeyFile& key, const std::string& name) {
    REQUIRE(key.generate(folder / std::filesystem::path(name).filename().string(), name,
                         Algorithm::ed25519)
                .ok());
  }
  std::string tiles() const { return folder / "log"; }
  host::VerifierKey log_vkey() const { return vkey_of(log_key.log_key()); }
  void start() {
    log = std::make_unique<AggregateLog>();
    CHECK_OK(log->open({tiles(), 100000}, *store, log_key));
  }
  /// Checkpoints of sizes [from, to) of every device.
  void report(uint64_t from, uint64_t to) {
    for (uint64_t size = from; size < to; ++size)
      for (const host::KeyFile& device : devices)
        CHECK_OK(log->add({device.name(), size, signed_note(device, size, 1)}));
    CHECK_OK(log->integrate());
  }
  void lose_store() {
    log.reset();
    store = std::make_shared<test::MemoryStore>();
  }
  RebuildOptions options() const {
    RebuildOptions options;
    options.folder = tiles();
    options.log = log_vkey();
    options.witnesses = {vkey_of(witness.cosigner_key().value)};
    options.now_s = 5000;
    return options;
  }
  std::string mirror_folder(int i) const { return folder / ("mirror-" + std::to_string(i)); }
  void mirror(int i) {
    Mirror copy;
    CHECK_OK(copy.open(mirror_folder(i), log_vkey()));
    CHECK_OK(copy.update(TileSource(tiles())));
    CHECK_OK(copy.cosign(mirror_key, 1700000000));
  }
  std::string head_of(int device) {
    Entry entry;
    CHECK_OK(store->get(key_of({"head", devices[device].name()}), entry));
    return entry.value;
  }
};

}  // namespace copies_tests
