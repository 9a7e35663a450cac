// `cairn-gateway device ...`: what an operator does to devices, on the store itself. The service
// may run meanwhile; it sees every change at once.
#pragma once

#include <optional>

#include "verbs.hpp"

namespace service {

struct DeviceArguments {
  std::string config = "/etc/cairn-gateway/gateway.toml";
  std::string origin;
  std::string reason;
  std::string state;  ///< of list
  std::string vkey;   ///< a verifier key, or the file that holds it
  std::string owner;
  std::string role;
  std::vector<unsigned> kinds;
  uint64_t size_min = 0;
  uint64_t seconds = 86400;
  std::string out;  ///< of the token
  bool json = false;
};

Error list_devices(const DeviceArguments& arguments);
Error show_device(const DeviceArguments& arguments);
/// Approves, suspends, resumes or revokes.
Error change_device(const DeviceArguments& arguments, cairn::gateway::DeviceState next);
Error rotate_device(const DeviceArguments& arguments);
Error enrol_device(const DeviceArguments& arguments);
Error make_device_token(const DeviceArguments& arguments);

}  // namespace service
