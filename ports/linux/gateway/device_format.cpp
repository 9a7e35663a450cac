#include "device_format.hpp"

#include <cairn/linux/file.hpp>
#include <cstdio>

#include "json_fields.hpp"

namespace cairn::gateway {
namespace {

constexpr uint64_t version = 1;
constexpr DeviceState states[] = {DeviceState::pending, DeviceState::active, DeviceState::suspended,
                                  DeviceState::revoked, DeviceState::frozen};

std::string text_of(const Json& json) {
  // Operators' texts may be no UTF-8: what is not is replaced rather than lost.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error read_state(const std::string& name, DeviceState& out) {
  for (const DeviceState state : states) {
    if (name != state_name(state)) continue;
    out = state;
    return {};
  }
  return {Status::corrupt, "its state '" + name + "' is none."};
}

std::string hex_of_hash(const std::string& text) {
  const Digest hash = sha256(host::bytes_of(text));
  return hex_of({hash.bytes, digest_bytes});
}

}  // namespace

std::string hex_of(ByteView bytes) {
  std::string hex;
  for (size_t i = 0; i < bytes.size; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    hex += digits;
  }
  return hex;
}

std::string hex_of_key_id(uint32_t id) {
  uint8_t bytes[4];
  store_be32(bytes, id);
  return hex_of(bytes);
}

const char* state_name(DeviceState state) {
  switch (state) {
    case DeviceState::pending:
      return "pending";
    case DeviceState::active:
      return "active";
    case DeviceState::suspended:
      return "suspended";
    case DeviceState::revoked:
      return "revoked";
    case DeviceState::frozen:
      return "frozen";
  }
  return "unknown";
}

std::string device_key(const std::string& origin) {
  return key_of({"device", origin});
}

std::string event_key(const std::string& origin, uint64_t number) {
  return key_of({"device-event", origin, key_number(number)});
}

std::string key_id_key(const std::string& vkey, const std::string& origin) {
  // The id stands in the vkey, behind the name, which has no '+'.
  return key_of({"key", vkey.substr(vkey.find('+') + 1, 8), origin});
}

std::string pending_key(const std::string& origin) {
  return key_of({"pending", origin});
}

std::string fork_key(const std::string& origin) {
  return key_of({"fork", origin});
}

std::string origin_hash(const std::string& origin) {
  return hex_of_hash(origin);
}

std::string hash_key(const std::string& hash) {
  return key_of({"origin", hash});
}

std::string token_key(const std::string& token) {
  return key_of({"token", hex_of_hash(token)});
}

std::string encode_device(const Device& device) {
  Json keys = Json::array();
  for (const DeviceKey& key : device.keys)
    keys.push_back({{"vkey", key.vkey}, {"size_min", key.size_min}, {"size_max", key.size_max}});
  return text_of({{"format", "cairn-device"},
                  {"version", version},
                  {"origin", device.origin},
                  {"keys", keys},
                  {"owner", device.owner},
                  {"role", device.role},
                  {"kinds", device.kinds},
                  {"state", state_name(device.state)},
                  {"reason", device.reason},
                  {"since", device.since_s},
                  {"enrolled", device.enrolled_s},
                  {"events", device.events}});
}

Error decode_device(const Entry& entry, Device& out) {
  const std::string what = "the entry '" + entry.key + "'";
  JsonFields fields(entry.value, "cairn-device", version);
  out = {};
  out.origin = fields.text("origin");
  for (const Json& part : fields.array("keys")) {
    JsonFields key(part, fields);
    out.keys.push_back({key.text("vkey"), key.number("size_min"), key.number("size_max")});
  }
  out.owner = fields.text("owner");
  out.role = fields.text("role");
  out.kinds = fields.bytes("kinds");
  const std::string state = fields.text("state");
  out.reason = fields.text("reason");
  out.since_s = fields.number("since");
  out.enrolled_s = fields.number("enrolled");
  out.events = fields.number("events");
  out.version = entry.version;
  CAIRN_HOST_TRY(fields.finish(what));
  const Error error = read_state(state, out.state);
  if (!error.ok()) return {error.status, what + " cannot be read: " + error.message};
  if (device_key(out.origin) != entry.key || out.keys.empty())
    return {Status::corrupt, what + " has no key, or is of another device. Restore the store."};
  return {};
}

std::string encode_event(const DeviceEvent& event) {
  return text_of({{"format", "cairn-device-event"},
                  {"version", version},
                  {"time", event.time_s},
                  {"action", event.action},
                  {"actor", event.actor},
                  {"detail", event.detail}});
}

Error decode_event(const Entry& entry, DeviceEvent& out) {
  JsonFields fields(entry.value, "cairn-device-event", version);
  out.time_s = fields.number("time");
  out.action = fields.text("action");
  out.actor = fields.text("actor");
  out.detail = fields.text("detail");
  CAIRN_HOST_TRY(fields.finish("the entry '" + entry.key + "'"));
  const Result<uint64_t> number = number_in_key(entry.key);
  if (!number.ok()) return {number.status, "the entry '" + entry.key + "' has no number."};
  out.number = number.value;
  return {};
}

std::string encode_token(const Token& token) {
  return text_of({{"format", "cairn-token"},
                  {"version", version},
                  {"actor", token.actor},
                  {"made", token.made_s},
                  {"expires", token.expires_s},
                  {"used_by", token.used_by}});
}

Error decode_token(const Entry& entry, Token& out) {
  JsonFields fields(entry.value, "cairn-token", version);
  out.actor = fields.text("actor");
  out.made_s = fields.number("made");
  out.expires_s = fields.number("expires");
  out.used_by = fields.text("used_by");
  return fields.finish("the entry of a token");
}

}  // namespace cairn::gateway
