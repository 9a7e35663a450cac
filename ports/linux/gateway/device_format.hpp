// Devices, what was done to them, and tokens, as the store has them.
#pragma once

#include <cairn/gateway/device.hpp>

namespace cairn::gateway {

/// A one-time token, of which the store knows the hash.
struct Token {
  std::string actor;  ///< who made it
  uint64_t made_s = 0;
  uint64_t expires_s = 0;
  std::string used_by;  ///< the origin that it enrolled; empty: nobody yet
};

/// In lower-case digits.
std::string hex_of(ByteView bytes);
/// As it stands in a verifier key.
std::string hex_of_key_id(uint32_t id);

std::string device_key(const std::string& origin);
std::string event_key(const std::string& origin, uint64_t number);
std::string key_id_key(const std::string& vkey, const std::string& origin);
std::string hash_key(const std::string& hash);
std::string pending_key(const std::string& origin);
std::string fork_key(const std::string& origin);
std::string token_key(const std::string& token);

std::string encode_device(const Device& device);
std::string encode_event(const DeviceEvent& event);
std::string encode_token(const Token& token);

// corrupt, wrong_version.
Error decode_device(const Entry& entry, Device& out);
Error decode_event(const Entry& entry, DeviceEvent& out);
Error decode_token(const Entry& entry, Token& out);

}  // namespace cairn::gateway
