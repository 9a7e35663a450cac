#include "evm_rpc.hpp"

#include <charconv>
#include <stdexcept>

namespace cairn::gateway {
namespace {

// Copying and writing JSON takes a part of the stack for each level: a node could fill it.
constexpr int depth_max = 64;
constexpr size_t message_bytes_max = 200;

Json parse_answer(const std::string& body) {
  const auto check_depth = [](int depth, Json::parse_event_t, const Json&) {
    if (depth > depth_max) throw std::length_error("nested too deeply");
    return true;
  };
  try {
    return Json::parse(body, check_depth, false);
  } catch (const std::length_error&) {
    return nullptr;
  }
}

std::string message_of(const Json& error) {
  const auto found = error.find("message");
  if (found == error.end() || !found->is_string()) return "no message";
  return found->get<std::string>().substr(0, message_bytes_max);
}

}  // namespace

Error EvmRpc::call(const std::string& method, const Json& parameters, Json& result) const {
  HttpRequest request;
  request.url = url_;
  request.post = true;
  request.body =
      Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", parameters}}.dump();
  request.headers = {"Content-Type: application/json"};
  request.answer_bytes_max = size_t{1} << 26;  // all receipts of a full block
  request.timeout_s = timeout_s_;
  request.ca_file = ca_file_;
  HttpAnswer answer;
  CAIRN_HOST_TRY(send_(request, answer));
  const Json json = parse_answer(answer.body);
  if (json.is_object() && json.contains("error") && json["error"].is_object())
    return {Status::unsupported, url_ + " refuses " + method + ": " + message_of(json["error"])};
  if (!json.is_object() || !json.contains("result"))
    return {Status::io, url_ + " answered " + method + " with something that is not JSON-RPC"};
  result = json["result"];
  return {};
}

Error EvmRpc::quantity(const std::string& method, const Json& parameters, uint64_t& out) const {
  Json result;
  CAIRN_HOST_TRY(call(method, parameters, result));
  try {
    out = number_of_quantity(result.get<std::string>());
    return {};
  } catch (const std::exception&) {
    return {Status::io, url_ + " answered " + method + " with no quantity"};
  }
}

std::string hex_data(const std::string& bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text = "0x";
  for (const char c : bytes) {
    text += digits[static_cast<uint8_t>(c) >> 4];
    text += digits[static_cast<uint8_t>(c) & 0x0F];
  }
  return text;
}

std::string bytes_of_data(const std::string& hex) {
  if (hex.compare(0, 2, "0x") != 0 || hex.size() % 2 != 0) throw std::invalid_argument("no data");
  std::string bytes;
  for (size_t i = 2; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const auto parsed = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (parsed.ptr != hex.data() + i + 2) throw std::invalid_argument("no data");
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string hex_quantity(uint64_t number) {
  char digits[16];
  const auto written = std::to_chars(digits, digits + sizeof digits, number, 16);
  return "0x" + std::string(digits, written.ptr);
}

uint64_t number_of_quantity(const std::string& hex) {
  uint64_t number = 0;
  const char* end = hex.data() + hex.size();
  if (hex.compare(0, 2, "0x") != 0) throw std::invalid_argument("no quantity");
  const auto parsed = std::from_chars(hex.data() + 2, end, number, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) throw std::invalid_argument("no quantity");
  return number;
}

}  // namespace cairn::gateway
