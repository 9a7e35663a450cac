// JSON-RPC to a node of an EVM chain, and the forms of its values.
#pragma once

#include <string>

#include "http_client.hpp"
#include "json.hpp"

namespace cairn::gateway {

class EvmRpc {
 public:
  EvmRpc(std::string url, unsigned timeout_s, std::string ca_file, HttpSend send = send_request)
      : url_(std::move(url)),
        timeout_s_(timeout_s),
        ca_file_(std::move(ca_file)),
        send_(std::move(send)) {}

  /// One call.
  ///
  /// ok           `result` is what the node says: any JSON, nested at most 64 deep
  /// io           no answer, or not one of JSON-RPC
  /// unsupported  the node answers with an error; the message is the beginning of its
  Error call(const std::string& method, const Json& parameters, Json& result) const;

  /// A call whose result is a quantity, below 2^64.
  Error quantity(const std::string& method, const Json& parameters, uint64_t& out) const;

  const std::string& url() const { return url_; }

 private:
  std::string url_;
  unsigned timeout_s_;
  std::string ca_file_;
  HttpSend send_;
};

// "0x" and digits. They throw std::invalid_argument for anything else.
std::string hex_data(const std::string& bytes);
std::string bytes_of_data(const std::string& hex);
std::string hex_quantity(uint64_t number);
uint64_t number_of_quantity(const std::string& hex);

}  // namespace cairn::gateway
