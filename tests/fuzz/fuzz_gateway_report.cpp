// Reports of any bytes to a gateway, twice, as if by a device that it knows: every answer is one,
// and no head is cosigned that nobody signed.
#include <cairn/gateway/intake.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/report.hpp>

#include "folder.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;

namespace {

// One gateway with one device for all inputs; what is provisional is forgotten with each intake.
struct World {
  fuzz::Folder folder;
  test::MemoryStore store;
  Registry registry{store};
  AggregateLog log;
  host::KeyFile log_key, witness, device;

  World() {
    const auto make = [&](host::KeyFile& key, const char* name) {
      return key.generate(folder / name, name, Algorithm::ed25519).ok();
    };
    fuzz::check(make(log_key, "log") && make(witness, "witness") && make(device, "device"));
    fuzz::check(log.open({folder / "tiles", 10}, store, log_key).ok());
    Device entry;
    entry.origin = "device";
    entry.keys.push_back({host::vkey_text(device.log_key()), 0, UINT64_MAX});
    entry.owner = entry.role = "x";
    fuzz::check(registry.enrol(entry, "x", 1).ok());
  }
};

void ask(Intake& intake, ByteView message) {
  ReportAnswer answer;
  fuzz::check(decode_report_answer(host::bytes_of(intake.report(message)), answer) == Status::ok);
  fuzz::check(answer.code != ReportCode::cosigned && answer.code != ReportCode::unavailable);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World world;
  Intake intake(world.store, world.registry, world.log, world.witness, {});
  ask(intake, {data, size});
  Report report;
  if (decode_report({data, size}, report) != Status::ok) return 0;
  report.checkpoint.key_id = key_id(world.device.log_key());
  std::vector<uint8_t> again(size + 16);
  const Result<size_t> written = encode_report(report, {again.data(), again.size()});
  fuzz::check(written.ok());
  ask(intake, {again.data(), written.value});
  ask(intake, {again.data(), written.value});
  std::string note;
  fuzz::check(intake.checkpoint("device", note).status == Status::not_found);
  return 0;
}
