// Messages over MQTT, a topic and behind its line end a payload, both of any bytes, to what the
// service calls for each: once to a gateway that has cosigned size 7 of a device, and a checkpoint
// again with the device's signature. Each is answered, by who sent it alone, and what is retained
// for a device is its newest cosigned head.
#include <cairn/linux/verifiers.hpp>

#include "gateway_device.hpp"
#include "mqtt_handler.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using host::bytes_of;

namespace {

const std::string prefix = "cairn";

/// What the service is made of, and the device.
struct Gateway {
  service::Core core;
  service::MqttHandler handle = service::make_mqtt_handler(core, prefix);

  explicit Gateway(const fuzz::GatewayKeys& keys) {
    std::filesystem::remove_all(keys.folder / "tiles");
    core.store = std::make_unique<test::MemoryStore>();
    core.registry = std::make_unique<gateway::Registry>(*core.store);
    fuzz::check(core.log.open({keys.folder / "tiles", 10}, *core.store, keys.log).ok());
    fuzz::check(core.registry->enrol(keys.enrolled(), "x", 1).ok());
    core.intake = std::make_unique<gateway::Intake>(*core.store, *core.registry, core.log,
                                                    keys.witness, gateway::IntakeOptions{});
  }
};

/// The newest cosigned head of the device.
void check_retained(const service::MqttPublication& head) {
  std::string bytes;
  Note note;
  Checkpoint checkpoint;
  fuzz::check(head.topic == prefix + "/" + gateway::origin_hash("device") + "/head");
  fuzz::check(head.newest && head.newest(bytes).ok());
  fuzz::check(parse_note(bytes_of(bytes), note) == Status::ok);
  fuzz::check(parse_checkpoint(note.text, checkpoint) == Status::ok);
  fuzz::check(host::string_of(checkpoint.origin) == "device" && checkpoint.size >= 7);
}

/// Returns the answer.
std::string send(Gateway& gateway, const std::string& topic, const std::string& payload) {
  const service::MqttOutcome outcome = gateway.handle(topic, payload);
  fuzz::check(outcome.taken && !outcome.answers.empty() && outcome.answers.size() <= 2);
  for (const service::MqttPublication& answer : outcome.answers) {
    const bool is_answer = &answer == &outcome.answers.back();
    fuzz::check(answer.retain != is_answer);
    if (!is_answer) {
      check_retained(answer);
      continue;
    }
    fuzz::check(!answer.newest && !answer.payload.empty());
    const size_t slash = answer.topic.rfind('/');
    fuzz::check(answer.topic.substr(0, slash) == topic.substr(0, topic.rfind('/')));
  }
  return outcome.answers.back().payload;
}

/// A body of add-checkpoint with the device's signature under its text; empty when it is none.
std::string signed_again(const fuzz::GatewayKeys& keys, ByteView body) {
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  AddCheckpoint request;
  Note note;
  if (parse_add_checkpoint(body, request, proof) != Status::ok ||
      parse_note(request.checkpoint, note) != Status::ok)
    return "";
  const std::string text = keys.note(host::string_of(note.text));
  std::string out(body.size + 512, '\0');
  const auto size = format_add_checkpoint(request.old_size, proof, bytes_of(text),
                                          {reinterpret_cast<uint8_t*>(out.data()), out.size()});
  out.resize(size.ok() ? size.value : 0);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::GatewayKeys keys;
  Gateway gateway(keys);
  const std::string first = "old 0\n\n" + keys.note(fuzz::head_of_7);
  fuzz::check(send(gateway, "cairn/x/checkpoint", first).rfind("200\n", 0) == 0);
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::string topic = input.substr(0, input.find('\n'));
  const std::string payload = input.substr(std::min(size, topic.size() + 1));
  send(gateway, topic, payload);
  const std::string again = signed_again(keys, bytes_of(payload));
  if (!again.empty()) send(gateway, topic, again);
  return 0;
}
