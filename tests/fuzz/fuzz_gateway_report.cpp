// Reports of any bytes to a gateway, twice, as if by a device that it knows: every answer is one,
// and no head is cosigned that nobody signed.
#include <cairn/gateway/intake.hpp>
#include <cairn/report.hpp>

#include "gateway_device.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;

namespace {

// One gateway with one device for all inputs; what is provisional is forgotten with each intake.
struct World {
  fuzz::GatewayKeys keys;
  test::MemoryStore store;
  Registry registry{store};
  AggregateLog log;

  World() {
    fuzz::check(log.open({keys.folder / "tiles", 10}, store, keys.log).ok());
    fuzz::check(registry.enrol(keys.enrolled(), "x", 1).ok());
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
  Intake intake(world.store, world.registry, world.log, world.keys.witness, {});
  ask(intake, {data, size});
  Report report;
  if (decode_report({data, size}, report) != Status::ok) return 0;
  report.checkpoint.key_id = key_id(world.keys.device.log_key());
  std::vector<uint8_t> again(size + 16);
  const Result<size_t> written = encode_report(report, {again.data(), again.size()});
  fuzz::check(written.ok());
  ask(intake, {again.data(), written.value});
  ask(intake, {again.data(), written.value});
  std::string note;
  fuzz::check(intake.checkpoint("device", note).status == Status::not_found);
  return 0;
}
