// Bodies of add-checkpoint, of any bytes, to a gateway that has cosigned size 7 of a device: as
// they are, and with the device's signature under their text. A head moves only with a
// cosignature, and never back; who is frozen has signed a fork that can be proven.
#include <cairn/gateway/intake.hpp>
#include <cairn/linux/fork_proof.hpp>

#include "gateway_device.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using host::bytes_of;

namespace {

// A gateway that knows the device and its head of size 7.
struct Gateway {
  test::MemoryStore store;
  Registry registry{store};
  AggregateLog log;
  std::unique_ptr<Intake> intake;

  explicit Gateway(const fuzz::GatewayKeys& keys) {
    std::filesystem::remove_all(keys.folder / "tiles");
    fuzz::check(log.open({keys.folder / "tiles", 10}, store, keys.log).ok());
    fuzz::check(registry.enrol(keys.enrolled(), "x", 1).ok());
    intake = std::make_unique<Intake>(store, registry, log, keys.witness, IntakeOptions{});
    std::string answer;
    const std::string body = "old 0\n\n" + keys.note(fuzz::head_of_7);
    fuzz::check(intake->add_checkpoint(bytes_of(body), answer) == WitnessAnswer::cosigned);
  }
  Checkpoint head(std::string& note) const {
    Note parsed;
    Checkpoint checkpoint;
    fuzz::check(intake->checkpoint("device", note).ok());
    fuzz::check(parse_note(bytes_of(note), parsed) == Status::ok);
    fuzz::check(parse_checkpoint(parsed.text, checkpoint) == Status::ok);
    return checkpoint;
  }
};

void check_frozen(const Gateway& gateway) {
  Device device;
  fuzz::check(gateway.registry.find("device", device).ok());
  if (device.state == DeviceState::active) return;
  std::string bytes;
  host::ForkProof proof;
  host::ForkFacts facts;
  fuzz::check(device.state == DeviceState::frozen);
  fuzz::check(gateway.registry.fork("device", bytes).ok());
  fuzz::check(host::parse_fork_proof(bytes_of(bytes), proof).ok());
  fuzz::check(host::verify_fork_proof(proof, {}, facts).ok() && facts.origin == "device");
}

void ask(Gateway& gateway, const std::string& body) {
  std::string before_note, after_note, answer;
  const Checkpoint before = gateway.head(before_note);
  const WitnessAnswer result = gateway.intake->add_checkpoint(bytes_of(body), answer);
  const Checkpoint after = gateway.head(after_note);
  fuzz::check(result != WitnessAnswer::unavailable && !answer.empty());
  if (result == WitnessAnswer::cosigned)
    fuzz::check(after.size > before.size || after.root == before.root);
  else
    fuzz::check(after_note == before_note);
  check_frozen(gateway);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::GatewayKeys keys;
  Gateway gateway(keys);
  const std::string body(reinterpret_cast<const char*>(data), size);
  ask(gateway, body);
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  AddCheckpoint request;
  Note note;
  if (parse_add_checkpoint({data, size}, request, proof) != Status::ok ||
      parse_note(request.checkpoint, note) != Status::ok)
    return 0;
  const std::string signed_note = keys.note(host::string_of(note.text));
  std::string again(body.size() + 512, '\0');
  const auto written =
      format_add_checkpoint(request.old_size, proof, bytes_of(signed_note),
                            {reinterpret_cast<uint8_t*>(again.data()), again.size()});
  if (!written.ok()) return 0;
  again.resize(written.value);
  ask(gateway, again);
  return 0;
}
