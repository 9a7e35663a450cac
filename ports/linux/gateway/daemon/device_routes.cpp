// What devices send over HTTP and MQTT.
#include <cairn/checkpoint.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/report.hpp>

#include "clock.hpp"
#include "routes.hpp"

namespace service {

namespace {

using cairn::host::bytes_of;
namespace gateway = cairn::gateway;

constexpr size_t enrolment_bytes_max = 8192;

/// c2sp.org/tlog-witness
HttpAnswer add_checkpoint(Core& core, const HttpRequest& request) {
  HttpAnswer answer;
  const cairn::WitnessAnswer result =
      core.intake->add_checkpoint(bytes_of(request.body), answer.body);
  answer.status = static_cast<unsigned>(result);
  if (result == cairn::WitnessAnswer::conflict) answer.type = "text/x.tlog.size";
  return answer;
}

/// A Report message, answered by a ReportAnswer message, whose code is the status too.
HttpAnswer take_report(Core& core, const HttpRequest& request) {
  HttpAnswer answer;
  answer.type = "application/octet-stream";
  answer.body = core.intake->report(bytes_of(request.body));
  cairn::ReportAnswer message;
  const Status status = cairn::decode_report_answer(bytes_of(answer.body), message);
  answer.status = status == Status::ok ? static_cast<unsigned>(message.code) : 503;
  return answer;
}

HttpAnswer enrol(Core& core, const HttpRequest& request) {
  gateway::Device device;
  const Error error = core.registry->request(bytes_of(request.body), clock_s(), device);
  if (error.status == Status::full) return text_answer(429, error.message);
  // The token, not the request, is what nobody knows of: that is no missing page.
  if (error.status == Status::not_found) return text_answer(403, error.message);
  if (!error.ok()) return error_answer(error);
  const bool active = device.state == gateway::DeviceState::active;
  return text_answer(active ? 200 : 202, gateway::state_name(device.state));
}

HttpAnswer head(Core& core, const HttpRequest& request) {
  std::string origin;
  const Error found = core.registry->find_hash(request.parameters.at(0), origin);
  if (found.status == Status::not_found) return text_answer(404, "no log of this name");
  if (!found.ok()) return error_answer(found);
  HttpAnswer answer;
  const Error error = core.intake->checkpoint(origin, answer.body);
  if (error.status == Status::not_found) return text_answer(404, "nothing is cosigned yet");
  return error.ok() ? answer : error_answer(error);
}

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
                              const std::string& device_topic, const HttpRequest& request) {
  const HttpAnswer answer = add_checkpoint(core, request);
  MqttOutcome out;
  out.taken = answer.status != 503;
  // Behind 409 stands a head, too, that may have become durable in a gateway that died before it
  // published it.
  if (answer.status == 200 || answer.status == 409) {
    const std::string origin = origin_of(request.body);
    out.answers.push_back(
        {prefix + "/" + gateway::origin_hash(origin) + "/head", "", true,
         [&core, origin](std::string& note) { return core.intake->checkpoint(origin, note); }});
  }
  out.answers.push_back({device_topic + "/cosigned", message_of(answer), false, {}});
  return out;
}

MqttOutcome handle_report(Core& core, const std::string& device_topic, const HttpRequest& request) {
  const HttpAnswer answer = take_report(core, request);
  return {answer.status != 503, {{device_topic + "/answer", answer.body, false, {}}}};
}

MqttOutcome handle_enrolment(Core& core, const std::string& device_topic,
                             const HttpRequest& request) {
  const HttpAnswer answer = enrol(core, request);
  return {answer.status != 503, {{device_topic + "/enrolled", message_of(answer), false, {}}}};
}

}  // namespace

void add_device_routes(Service& service, std::vector<HttpRoute>& out) {
  Core& core = service.core();
  const size_t body_max = service.body_bytes_max();
  out.push_back({"POST", "/add-checkpoint", "devices", true, body_max,
                 [&core](const HttpRequest& request) { return add_checkpoint(core, request); }});
  out.push_back({"POST", "/v1/report", "devices", true, body_max,
                 [&core](const HttpRequest& request) { return take_report(core, request); }});
  out.push_back({"POST", "/v1/enrol", "devices", true, enrolment_bytes_max,
                 [&core](const HttpRequest& request) { return enrol(core, request); }});
  out.push_back({"GET", "/{}/checkpoint", "devices", true, 0,
                 [&core](const HttpRequest& request) { return head(core, request); }});
}

MqttClient::Handle make_mqtt_handler(Service& service, const std::string& prefix) {
  Core& core = service.core();
  return [&core, prefix](const std::string& topic, const std::string& payload) {
    const size_t slash = topic.rfind('/');
    const std::string device_topic = topic.substr(0, slash);
    HttpRequest request;
    request.body = payload;
    const std::string what = topic.substr(slash + 1);
    if (what == "checkpoint") return handle_checkpoint(core, prefix, device_topic, request);
    if (what == "report") return handle_report(core, device_topic, request);
    return handle_enrolment(core, device_topic, request);
  };
}

}  // namespace service
