#include "mqtt_handler.hpp"

#include <cairn/checkpoint.hpp>
#include <cairn/linux/file.hpp>

#include "device_requests.hpp"

namespace service {

namespace {

using cairn::Status;
using cairn::host::bytes_of;
namespace gateway = cairn::gateway;

/// What an answer is as a message: its status, a line end, its body.
std::string message_of(const HttpAnswer& answer) {
  return std::to_string(answer.status) + "\n" + answer.body;
}

std::string origin_of(const std::string& body) {
  cairn::Digest hashes[cairn::proof_hashes_max];
  cairn::ProofBuffer proof{hashes, cairn::proof_hashes_max};
  cairn::AddCheckpoint request;
  cairn::Note note;
  cairn::Checkpoint checkpoint;
  if (cairn::parse_add_checkpoint(bytes_of(body), request, proof) != Status::ok ||
      cairn::parse_note(request.checkpoint, note) != Status::ok ||
      cairn::parse_checkpoint(note.text, checkpoint) != Status::ok)
    return "";
  return cairn::host::string_of(checkpoint.origin);
}

MqttOutcome handle_checkpoint(Core& core, const std::string& prefix,
                              const std::string& device_topic, const std::string& payload) {
  const HttpAnswer answer = add_checkpoint(core, payload);
  MqttOutcome out;
  out.taken = answer.status != 503;
  // Behind 409 stands a head, too, that may have become durable in a gateway that died before it
  // published it.
  if (answer.status == 200 || answer.status == 409) {
    const std::string origin = origin_of(payload);
    out.answers.push_back(
        {prefix + "/" + gateway::origin_hash(origin) + "/head", "", true,
         [&core, origin](std::string& note) { return core.intake->checkpoint(origin, note); }});
  }
  out.answers.push_back({device_topic + "/cosigned", message_of(answer), false, {}});
  return out;
}

MqttOutcome handle_report(Core& core, const std::string& device_topic, const std::string& payload) {
  const std::string log = device_topic.substr(device_topic.rfind('/') + 1);
  const HttpAnswer answer = take_report(core, payload, log);
  return {answer.status != 503, {{device_topic + "/answer", answer.body, false, {}}}};
}

MqttOutcome handle_enrolment(Core& core, const std::string& device_topic,
                             const std::string& payload) {
  const HttpAnswer answer = enrol(core, payload);
  return {answer.status != 503, {{device_topic + "/enrolled", message_of(answer), false, {}}}};
}

}  // namespace

MqttHandler make_mqtt_handler(Core& core, const std::string& prefix) {
  return [&core, prefix](const std::string& topic, const std::string& payload) {
    const size_t slash = topic.rfind('/');
    const std::string device_topic = topic.substr(0, slash);
    const std::string what = topic.substr(slash + 1);
    if (what == "checkpoint") return handle_checkpoint(core, prefix, device_topic, payload);
    if (what == "report") return handle_report(core, device_topic, payload);
    return handle_enrolment(core, device_topic, payload);
  };
}

}  // namespace service
