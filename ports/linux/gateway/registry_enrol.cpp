// How devices come in: by their own request, or by an operator.
#include <cairn/linux/file.hpp>
#include <cairn/linux/platform.hpp>

#include "device_format.hpp"
#include "registry.hpp"

#include "store_change.hpp"

namespace cairn::gateway {
namespace {

constexpr size_t token_bytes = 16;

Error no_such_token() {
  return {Status::not_found,
          "the token is unknown, used, or expired. Ask the operator for a new one."};
}

Error taken(const Device& device) {
  const bool is_out = device.state == DeviceState::revoked || device.state == DeviceState::frozen;
  return {Status::bad_state, "'" + device.origin + "' is enrolled already, " +
                                 (is_out ? std::string("and is ") + state_name(device.state)
                                         : std::string("with another key")) +
                                 "."};
}

Device new_device(const std::string& origin, const std::vector<DeviceKey>& keys,
                  const std::string& owner, const std::string& role,
                  const std::vector<uint8_t>& kinds, DeviceState state) {
  Device device;
  device.origin = origin;
  device.keys = keys;
  device.owner = owner;
  device.role = role;
  device.kinds = kinds;
  device.state = state;
  return device;
}

bool has_key(const Device& device, const std::string& vkey) {
  for (const DeviceKey& key : device.keys)
    if (key.vkey == vkey) return true;
  return false;
}

Error check_keys(const Device& device) {
  if (device.keys.empty() || device.keys.size() > device_keys_max)
    return {Status::bad_argument,
            "a device has 1 to " + std::to_string(device_keys_max) + " keys."};
  uint64_t next = 0;
  for (const DeviceKey& key : device.keys) {
    CAIRN_HOST_TRY(check_device_key(device.origin, key.vkey));
    if (key.size_min < next || key.size_max < key.size_min)
      return {Status::bad_argument, "the sizes that the keys of '" + device.origin +
                                        "' sign for overlap, or are out of order."};
    next = key.size_max + 1;
    if (next == 0 && &key != &device.keys.back())
      return {Status::bad_argument, "a key of '" + device.origin + "' stands behind the last."};
  }
  return {};
}

}  // namespace

// A device that the store does not have yet, with its first event.
Error Registry::create(Device device, DeviceEvent event, std::vector<Write> more, bool& applied) {
  more.push_back({hash_key(origin_hash(device.origin)), 0, device.origin});
  if (device.state == DeviceState::pending)
    more.push_back({pending_key(device.origin), 0, std::string()});
  else
    add_key_ids(device, more);
  device.since_s = device.enrolled_s = event.time_s;
  device.events = 0;
  device.version = 0;
  return update(std::move(device), std::move(event), std::move(more), applied);
}

Error Registry::check_room_for_pending() const {
  std::vector<Entry> waiting;
  CAIRN_HOST_TRY(store_.scan(prefix_of({"pending"}), "", pending_max, waiting));
  if (waiting.size() < pending_max) return {};
  return {Status::full, std::to_string(pending_max) +
                            " devices wait for approval already. Ask the operator for a token."};
}

// The write that uses a token up.
Error Registry::take_token(const std::string& token, const std::string& origin, uint64_t now_s,
                           Write& out) const {
  Entry entry;
  Token stored;
  const Error error = store_.get(token_key(token), entry);
  if (error.status == Status::not_found) return no_such_token();
  CAIRN_HOST_TRY(error);
  CAIRN_HOST_TRY(decode_token(entry, stored));
  if (!stored.used_by.empty() || stored.expires_s <= now_s) return no_such_token();
  stored.used_by = origin;
  out = {entry.key, entry.version, encode_token(stored)};
  return {};
}

// One attempt; `settled` is false when somebody else changed what it built upon.
Error Registry::settle_request(const Enrolment& asked, uint64_t now_s, Device& out, bool& settled) {
  const Error found = find(asked.origin, out);
  if (!found.ok() && found.status != Status::not_found) return found;
  const bool is_new = !found.ok();
  if (!is_new) {
    const bool is_out = out.state == DeviceState::revoked || out.state == DeviceState::frozen;
    if (is_out || !has_key(out, asked.vkey)) return taken(out);
    settled = out.state != DeviceState::pending || asked.token.empty();
    if (settled) return {};
  }
  std::vector<Write> more;
  if (!asked.token.empty()) {
    more.resize(1);
    CAIRN_HOST_TRY(take_token(asked.token, asked.origin, now_s, more[0]));
  } else {
    CAIRN_HOST_TRY(check_room_for_pending());
  }
  const DeviceState state = asked.token.empty() ? DeviceState::pending : DeviceState::active;
  if (is_new) {
    DeviceKey key;
    key.vkey = asked.vkey;
    const Device device =
        new_device(asked.origin, {key}, asked.owner, asked.role, asked.kinds, state);
    CAIRN_HOST_TRY(
        create(device, {0, now_s, "requested", "device", asked.token.empty() ? "" : "with a token"},
               more, settled));
  } else {
    out.state = state;
    out.since_s = now_s;
    more.push_back({pending_key(asked.origin), 1, std::nullopt});
    add_key_ids(out, more);
    CAIRN_HOST_TRY(update(out, {0, now_s, "approved", "token", ""}, more, settled));
  }
  return settled ? find(asked.origin, out) : Error();
}

Error Registry::request(ByteView signed_request, uint64_t now_s, Device& out) {
  Enrolment asked;
  CAIRN_HOST_TRY(open_enrolment(signed_request, asked));
  for (bool settled = false; !settled;)
    CAIRN_HOST_TRY(settle_request(asked, now_s, out, settled));
  return {};
}

Error Registry::make_token(uint64_t now_s, uint64_t seconds, const std::string& actor,
                           std::string& token) {
  uint8_t random[token_bytes];
  const Platform& platform = host::linux_platform();
  const auto status = static_cast<Status>(platform.entropy(nullptr, random, sizeof random));
  if (status != Status::ok) return {status, "no token could be made: no entropy."};
  token = hex_of(random);
  const Token stored{actor, now_s, now_s + seconds, ""};
  bool applied = false;
  CAIRN_HOST_TRY(apply_change(store_, {{token_key(token), 0, encode_token(stored)}}, applied));
  return applied ? Error() : Error{Status::bad_state, "this token exists. Ask for another."};
}

Error Registry::enrol(const Device& asked, const std::string& actor, uint64_t now_s) {
  if (!is_key_name(host::bytes_of(asked.origin)))
    return {Status::bad_argument, "'" + asked.origin + "' cannot be the name of a log."};
  CAIRN_HOST_TRY(check_enrolment_fields(asked.owner, asked.role, asked.kinds));
  CAIRN_HOST_TRY(check_keys(asked));
  const Device device = new_device(asked.origin, asked.keys, asked.owner, asked.role, asked.kinds,
                                   DeviceState::active);
  bool applied = false;
  CAIRN_HOST_TRY(create(device, {0, now_s, "enrolled", actor, ""}, {}, applied));
  if (applied) return {};
  return {Status::bad_state, "'" + asked.origin + "' is enrolled already."};
}

Error Registry::enrol_frozen(const host::ForkProof& proof, const std::string& actor,
                             uint64_t now_s) {
  host::ForkFacts facts;
  CAIRN_HOST_TRY(host::verify_fork_proof(proof, {}, facts));
  std::vector<DeviceKey> keys(proof.vkeys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i].vkey = proof.vkeys[i];
    CAIRN_HOST_TRY(check_device_key(facts.origin, keys[i].vkey));
  }
  // The second signed the second head: it had taken over.
  if (keys.size() == 2) {
    keys[0].size_max = facts.first_size;
    keys[1].size_min = facts.first_size + 1;
  }
  Device device = new_device(facts.origin, keys, "", "", {}, DeviceState::frozen);
  device.reason = fork_reason;
  bool applied = false;
  CAIRN_HOST_TRY(create(device, {0, now_s, "frozen", actor, device.reason},
                        {{fork_key(facts.origin), 0, host::format_fork_proof(proof)}}, applied));
  if (applied) return {};
  return {Status::bad_state, "'" + facts.origin + "' is enrolled already."};
}

}  // namespace cairn::gateway
