// A device that reports to a gateway's library: a real recorder and a real reporter.
#pragma once

#include <cairn/linux/tile_folder.hpp>
#include <cairn/reporter.hpp>

#include "support/cosignatures.hpp"
#include "support/gateway_world.hpp"
#include "support/test_recorder.hpp"

namespace gateway_tests {

inline const std::string origin = test_recorder::origin;

/// A device with a log, a key and a reporter.
struct Reporting {
  signing::Ed25519Pair key{1};
  test_recorder::TestRecorder device{test_recorder::roomy(CAIRN_FLASH_NOR)};
  vectors::Bytes leaf = vectors::Bytes(1024);
  ReporterOptions options;
  Reporter reporter;

  Reporting(const GatewayKeys& keys, ReportMode mode) {
    options.mode = mode;
    options.witness = keys.witness.cosigner_key().value;
    options.verifiers = host::all_verifiers();
    options.leaf = {leaf.data(), leaf.size()};
    device.signer = key.signer;
    device.platform = device.clock.platform();
    REQUIRE(device.recorder.create(device.flash.flash(), device.memory(), device.options,
                                   device.platform, device.signer, nullptr) == Status::ok);
    REQUIRE(reporter.begin(device.recorder, options) == Status::ok);
  }
  Device enrolled() const { return TestDevice(origin, 1, 0).enrolled(); }
  NoteKey note_key() const {
    return cairn::note_key(view(origin), NoteType::ed25519, key.signer.public_key);
  }
  void batch(size_t count, size_t bytes = 20) {
    REQUIRE(device.append_batch(count, bytes).ok());
    if (device.recorder.pending() != 0) REQUIRE(device.recorder.seal() == Status::ok);
  }
  const SignedHead& head() const { return *device.recorder.log().head(); }

  /// The next message; empty when there is none.
  std::string next(size_t limit) {
    std::string out(limit, '\0');
    const auto size = reporter.next({reinterpret_cast<uint8_t*>(&out[0]), out.size()});
    out.resize(size.ok() ? size.value : 0);
    return out;
  }
  /// Messages and answers in turn; what ended it.
  Status exchange(Intake& intake, size_t limit) {
    for (;;) {
      std::string out(limit, '\0');
      const auto size = reporter.next({reinterpret_cast<uint8_t*>(&out[0]), out.size()});
      if (!size.ok()) return size.status;
      out.resize(size.value);
      const Status taken = reporter.take(view(intake.report(view(out))));
      if (taken != Status::ok) return taken;
    }
  }
};

inline ReportAnswer decoded(const std::string& bytes) {
  ReportAnswer answer;
  REQUIRE(decode_report_answer(view(bytes), answer) == Status::ok);
  return answer;
}

inline IntakeOptions keeping_records(const GatewayKeys& keys) {
  IntakeOptions options;
  options.records_folder = keys.folder / "records";
  REQUIRE(mkdir(options.records_folder.c_str(), 0755) == 0);
  return options;
}

// The tiles hold exactly the device's leaves, up to its newest head.
inline void check_tiles(const std::string& folder, Reporting& device) {
  std::string name = vectors::to_hex(sha256(view(origin)));
  host::TileFolder tiles;
  REQUIRE_OK(tiles.open(folder + "/" + name, device.head().size));
  Digest root;
  REQUIRE(build_root(device.head().size, tiles.nodes(), root) == Status::ok);
  CHECK(root == device.head().root);
  std::string bundle;
  std::vector<ByteView> entries;
  REQUIRE_OK(tiles.read_entries(0, bundle));
  REQUIRE(host::split_entries(view(bundle), entries) == Status::ok);
  const auto leaves = device.device.leaves();
  for (size_t i = 0; i < entries.size(); ++i) {
    CHECK(entries[i][0] == static_cast<uint8_t>(leaves[i].kind));
    CHECK(equal(entries[i].part(1), view(leaves[i].body)));
  }
}

}  // namespace gateway_tests
