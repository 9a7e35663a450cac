#include "device_requests.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/report.hpp>

#include "clock.hpp"
#include "http_error.hpp"

namespace service {

namespace {

using cairn::host::bytes_of;
namespace gateway = cairn::gateway;

}  // namespace

HttpAnswer add_checkpoint(Core& core, const std::string& body) {
  HttpAnswer answer;
  const cairn::WitnessAnswer result = core.intake->add_checkpoint(bytes_of(body), answer.body);
  answer.status = static_cast<unsigned>(result);
  if (result == cairn::WitnessAnswer::conflict) answer.type = "text/x.tlog.size";
  return answer;
}

HttpAnswer take_report(Core& core, const std::string& message, const std::string& log) {
  HttpAnswer answer;
  answer.type = "application/octet-stream";
  answer.body = core.intake->report(bytes_of(message), log);
  cairn::ReportAnswer decoded;
  const Status status = cairn::decode_report_answer(bytes_of(answer.body), decoded);
  answer.status = status == Status::ok ? static_cast<unsigned>(decoded.code) : 503;
  return answer;
}

HttpAnswer enrol(Core& core, const std::string& request) {
  gateway::Device device;
  const Error error = core.registry->request(bytes_of(request), clock_s(), device);
  if (error.status == Status::full) return text_answer(429, error.message);
  // The token, not the request, is what nobody knows of: that is no missing page.
  if (error.status == Status::not_found) return text_answer(403, error.message);
  if (!error.ok()) return error_answer(error);
  const bool active = device.state == gateway::DeviceState::active;
  return text_answer(active ? 200 : 202, gateway::state_name(device.state));
}

}  // namespace service
