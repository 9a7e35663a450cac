// The log and the recorder: nanoseconds an append, bytes on a disk, sizes of evidence. What flash
// costs is in bench_flash.cpp.
//
// Times are CPU times; the durable ones also state the wall time, which is the disk's.
#include <cairn/evidence.hpp>
#include <cairn/linux/log_directory.hpp>
#include <chrono>
#include <memory>

#include "bench/bench.hpp"
#include "support/fake_signer.hpp"
#include "support/host.hpp"

using namespace cairn;
using bench::Case;

namespace {

void require(bool condition) {
  if (condition) return;
  std::fprintf(stderr, "bench_log: a call failed\n");
  std::exit(1);
}

struct MemoryFlash {
  std::vector<uint8_t> memory;
  RamFlash ram{};
  Flash flash{};

  MemoryFlash(uint32_t segment_bytes, uint32_t segment_count)
      : memory(size_t{segment_bytes} * segment_count) {
    Flash geometry{};
    geometry.unit_bytes = 1;
    geometry.segment_bytes = segment_bytes;
    geometry.segment_count = segment_count;
    geometry.kind = CAIRN_FLASH_FILE;
    ram = {memory.data(), memory.size()};
    require(ram_flash(ram, geometry, flash) == Status::ok);
  }
};

/// A recorder over such a flash, with a signer that costs nothing.
struct Device {
  MemoryFlash flash;
  fake::FakeSigner key;
  fake::FakeClock clock;
  Signer signer = key.signer();
  Platform platform = clock.platform();
  std::vector<uint8_t> frame;
  std::vector<Digest> digests;
  Recorder recorder;

  Device(uint32_t segment_bytes, uint32_t segment_count, uint32_t batch, size_t frame_bytes)
      : flash(segment_bytes, segment_count), frame(frame_bytes), digests(1024) {
    RecorderOptions options;
    options.origin = literal("plant.example/line-1/device-42");
    options.batch.leaves = batch;
    options.log.recycle = true;
    options.log.keep_from = UINT64_MAX;
    const LogMemory memory = {{frame.data(), frame.size()}, digests.data(), digests.size()};
    require(recorder.create(flash.flash, memory, options, platform, signer) == Status::ok);
  }
};

struct Appends {
  std::unique_ptr<Device> device;
  std::vector<uint8_t> bytes;
  std::vector<ByteView> leaves;

  explicit Appends(size_t count, size_t leaf_bytes)
      : device(new Device(1 << 20, 8, 0, 1 << 18)), bytes(count * leaf_bytes, 0x40) {
    for (size_t i = 0; i < count; ++i)
      leaves.push_back({bytes.data() + i * leaf_bytes, leaf_bytes});
  }
  void run() { require(device->recorder.append_batch(leaves.data(), leaves.size()).ok()); }
};

void measure_appends(bench::Report& report) {
  Appends one(1, 33), group(64, 33), large(1024, 33);
  bench::Suite suite;
  const Case& single = suite.add(1, [&] { one.run(); });
  const Case& some = suite.add(64, [&] { group.run(); });
  const Case& many = suite.add(1024, [&] { large.run(); });
  suite.run();
  report.row("append of 32 bytes, one by one, in RAM", single.ns(), "ns", 0);
  report.row("append of 32 bytes, 64 at once, in RAM", some.ns(), "ns", 0);
  report.row("append of 32 bytes, 1,024 at once, in RAM", many.ns(), "ns", 0);
}

// Durable commits of 64-byte records on this machine's disk, with Ed25519 under every one.
void measure_disk(bench::Report& report, const std::string& folder, size_t group, double limit) {
  host::KeyFile key;
  const std::string name = "log-" + std::to_string(group);
  require(
      key.generate(folder + "/" + name + ".key", "bench.example/" + name, Algorithm::ed25519).ok());
  host::LogSettings settings;
  settings.batch.leaves = 0;
  settings.batch.automatic = false;
  host::LogDirectory directory;
  require(directory.create(folder + "/" + name, folder + "/" + name + ".key", settings).ok());
  Recorder& recorder = directory.recorder();
  std::vector<uint8_t> bytes(group * 65, 0x40);
  std::vector<ByteView> leaves;
  for (size_t i = 0; i < group; ++i)
    leaves.push_back({bytes.data() + i * 65, 65});
  const uint64_t used = recorder.log().used_bytes();
  const size_t commits = group == 1 ? 200 : 100;
  const double cpu = bench::cpu_ns();
  const auto start = std::chrono::steady_clock::now();
  for (size_t i = 0; i < commits; ++i) {
    require(recorder.append_batch(leaves.data(), leaves.size()).ok());
    require(recorder.seal() == Status::ok);
  }
  const double wall =
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  const double records = static_cast<double>(commits * group);
  const std::string label = ", " + std::to_string(group) + " records of 64 bytes a signed commit";
  report.row("CPU per durable record" + label, (bench::cpu_ns() - cpu) / records, "ns", 0);
  report.row("wall time of a commit" + label, wall / static_cast<double>(commits), "us", 0);
  report.row("bytes on disk per payload byte" + label,
             static_cast<double>(recorder.log().used_bytes() - used) / records / 64, "B/B", limit);
}

// Evidence for one record under its batch's checkpoint, with the close record and one cosignature's
// worth of text left to the caller.
void measure_evidence(bench::Report& report) {
  Device device(1 << 20, 64, 256, 1 << 18);
  const std::vector<uint8_t> body(33, 0x40);
  const std::vector<ByteView> leaves(4096, ByteView{body.data(), body.size()});
  while (device.recorder.log().size() < 100000)
    require(device.recorder.append_batch(leaves.data(), leaves.size()).ok());
  const Log& log = device.recorder.log();
  const uint64_t size = log.head()->size;
  uint8_t note[signed_checkpoint_bytes_max];
  const Result<size_t> note_size = device.recorder.checkpoint(note);
  require(note_size.ok());
  std::vector<uint8_t> file(1 << 14);
  EvidenceWriter writer({file.data(), file.size()});
  require(writer.begin_level() == Status::ok);
  for (const uint64_t index : {size - 100, size - 1}) {
    uint8_t leaf[256];
    Digest hashes[proof_hashes_max];
    ProofBuffer proof = {hashes, proof_hashes_max};
    const Result<size_t> leaf_size = log.read(index, leaf);
    require(leaf_size.ok() && build_inclusion(index, size, log.nodes(), proof) == Status::ok);
    require(writer.begin_run(index) == Status::ok &&
            writer.leaf({leaf, leaf_size.value}) == Status::ok &&
            writer.proof(proof) == Status::ok);
  }
  require(writer.checkpoint({note, note_size.value}) == Status::ok);
  const Result<size_t> written = writer.finish();
  require(written.ok());
  report.row("evidence of one record of 32 bytes in " + std::to_string(size),
             static_cast<double>(written.value), "B", 4096);
  AirCheckpoint air;
  uint8_t bytes[air_checkpoint_bytes_max];
  require(device.recorder.air_checkpoint(air) == Status::ok);
  report.row("checkpoint on air", static_cast<double>(encode_air_checkpoint(air, bytes).value), "B",
             115);
}

}  // namespace

int main(int argc, char** argv) {
  bench::Report report("log", argc, argv);
  if (!report.usable()) return 2;
  measure_appends(report);
  measure_evidence(report);
  host_tests::TemporaryFolder folder;
  measure_disk(report, folder.path(), 1, 0);
  measure_disk(report, folder.path(), 64, 1.05);
  measure_disk(report, folder.path(), 1024, 1.05);
  return report.finish();
}
