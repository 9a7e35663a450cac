// The registry: reading, and every change that keeps a device what it is or moves it on. How a
// device comes in is in registry_enrol.cpp.
#include "registry.hpp"

#include <cairn/checkpoint.hpp>
#include <cairn/linux/file.hpp>

#include "device_format.hpp"
#include "store_change.hpp"

namespace cairn::gateway {
namespace {

struct Move {
  DeviceState from, to;
  const char* action;
};
constexpr Move moves[] = {
    {DeviceState::pending, DeviceState::active, "approved"},
    {DeviceState::active, DeviceState::suspended, "suspended"},
    {DeviceState::suspended, DeviceState::active, "resumed"},
    {DeviceState::pending, DeviceState::revoked, "revoked"},
    {DeviceState::active, DeviceState::revoked, "revoked"},
    {DeviceState::suspended, DeviceState::revoked, "revoked"},
};

const Move* find_move(DeviceState from, DeviceState to) {
  for (const Move& move : moves)
    if (move.from == from && move.to == to) return &move;
  return nullptr;
}

bool is_final(DeviceState state) {
  return state == DeviceState::revoked || state == DeviceState::frozen;
}

// Each head has to be signed by the key that signs for its size: what a key signed behind its last
// size is nothing that the device answers for.
Error verify_fork_of(const Device& device, const host::ForkProof& proof) {
  std::vector<host::VerifierKey> keys(device.keys.size());
  for (size_t i = 0; i < keys.size(); ++i)
    CAIRN_HOST_TRY(keys[i].parse(device.keys[i].vkey, "a key of '" + device.origin + "'"));
  host::ForkFacts facts;
  CAIRN_HOST_TRY(host::verify_fork_proof(proof, keys, facts));
  const std::pair<const std::string*, uint64_t> heads[] = {{&proof.first, facts.first_size},
                                                           {&proof.second, facts.second_size}};
  for (const auto& [note, size] : heads) {
    const DeviceKey* const key = key_for_size(device, size);
    Checkpoint checkpoint;
    Status status = Status::not_found;
    if (key != nullptr)
      status = open_checkpoint(host::bytes_of(*note),
                               keys[static_cast<size_t>(key - &device.keys[0])].key,
                               host::all_verifiers(), checkpoint);
    if (status != Status::ok)
      return {status, "the head of size " + std::to_string(size) +
                          " is not signed by the key of '" + device.origin + "' for that size."};
  }
  return {};
}

// Checks a new key against those that a device has.
Error check_new_key(const Device& device, const std::string& vkey, uint64_t size_min) {
  CAIRN_HOST_TRY(check_device_key(device.origin, vkey));
  for (const DeviceKey& key : device.keys) {
    if (key.vkey == vkey)
      return {Status::bad_argument, "'" + device.origin + "' has or had this key already."};
    // The compact messages would not tell which of them it is.
    if (key_id_key(key.vkey, device.origin) == key_id_key(vkey, device.origin))
      return {Status::bad_argument, "'" + device.origin + "' has a key with this id."};
  }
  if (size_min > device.keys.back().size_min && size_min <= tree_size_max) return {};
  return {Status::bad_argument, "the present key of '" + device.origin + "' signs from size " +
                                    std::to_string(device.keys.back().size_min) +
                                    " on: the next one has to begin behind that."};
}

}  // namespace

const DeviceKey* key_for_size(const Device& device, uint64_t size) {
  for (const DeviceKey& key : device.keys)
    if (key.size_min <= size && size <= key.size_max) return &key;
  return nullptr;
}

Error check_device_key(const std::string& origin, const std::string& vkey) {
  host::VerifierKey key;
  CAIRN_HOST_TRY(key.parse(vkey, "the key of '" + origin + "'"));
  if (key.key.type == NoteType::cosignature)
    return {Status::bad_argument, "the key of '" + origin + "' is a witness's, not a log's."};
  if (host::string_of(key.key.name) != origin)
    return {Status::bad_argument,
            "the key's name is '" + host::string_of(key.key.name) + "', not '" + origin + "'."};
  return {};
}

void add_key_ids(const Device& device, std::vector<Write>& out) {
  for (const DeviceKey& key : device.keys)
    out.push_back({key_id_key(key.vkey, device.origin), 0, std::string()});
}

Error not_enrolled(const std::string& origin) {
  return {Status::not_found, "no device '" + origin + "' is enrolled here."};
}

Error Registry::find(const std::string& origin, Device& out) const {
  Entry entry;
  const Error error = store_.get(device_key(origin), entry);
  if (error.status == Status::not_found) return not_enrolled(origin);
  CAIRN_HOST_TRY(error);
  return decode_device(entry, out);
}

Error Registry::find_key(uint32_t key_id, std::vector<Device>& out) const {
  out.clear();
  const std::string prefix = prefix_of({"key", hex_of_key_id(key_id)});
  return for_each_entry(store_, prefix, [&](const Entry& entry) -> Error {
    Device device;
    CAIRN_HOST_TRY(find(entry.key.substr(prefix.size()), device));
    if (device.state == DeviceState::active) out.push_back(std::move(device));
    return {};
  });
}

Error Registry::list(const std::string& after, size_t limit, std::vector<Device>& out) const {
  out.clear();
  std::vector<Entry> entries;
  CAIRN_HOST_TRY(store_.scan(prefix_of({"device"}), device_key(after), limit, entries));
  for (const Entry& entry : entries) {
    Device device;
    CAIRN_HOST_TRY(decode_device(entry, device));
    out.push_back(std::move(device));
  }
  return {};
}

Error Registry::find_hash(const std::string& hash, std::string& origin) const {
  constexpr size_t hash_digits = 64;
  Entry entry;
  if (hash.size() != hash_digits || hash.find_first_not_of("0123456789abcdef") != std::string::npos)
    return {Status::not_found, "'" + hash + "' is no hash of an origin: 64 digits 0-9, a-f."};
  CAIRN_HOST_TRY(store_.get(hash_key(hash), entry));
  origin = entry.value;
  return {};
}

Error Registry::events(const std::string& origin, std::vector<DeviceEvent>& out) const {
  out.clear();
  return for_each_entry(store_, prefix_of({"device-event", origin}), [&](const Entry& entry) {
    out.emplace_back();
    return decode_event(entry, out.back());
  });
}

Error Registry::count_frozen(uint64_t& out) const {
  out = 0;
  return for_each_entry(store_, prefix_of({"fork"}), [&](const Entry&) {
    ++out;
    return Error{};
  });
}

Error Registry::fork(const std::string& origin, std::string& file) const {
  Entry entry;
  CAIRN_HOST_TRY(store_.get(fork_key(origin), entry));
  file = std::move(entry.value);
  return {};
}

// The device as it was read, with the next event; what a third party did meanwhile shows in
// `applied`.
Error Registry::update(Device device, DeviceEvent event, std::vector<Write> more, bool& applied) {
  event.number = ++device.events;
  std::vector<Write> writes = {{device_key(device.origin), device.version, encode_device(device)},
                               {event_key(device.origin, event.number), 0, encode_event(event)}};
  for (Write& write : more)
    writes.push_back(std::move(write));
  return apply_change(store_, std::move(writes), applied);
}

Error Registry::change_state(const std::string& origin, DeviceState next, const std::string& actor,
                             const std::string& reason, uint64_t now_s) {
  for (bool applied = false; !applied;) {
    Device device;
    CAIRN_HOST_TRY(find(origin, device));
    const Move* const move = find_move(device.state, next);
    if (move == nullptr)
      return {Status::bad_state, "'" + origin + "' is " + state_name(device.state) +
                                     ": it cannot become " + state_name(next) + "."};
    std::vector<Write> more;
    if (device.state == DeviceState::pending)
      more.push_back({pending_key(origin), 1, std::nullopt});
    if (device.state == DeviceState::pending && next == DeviceState::active)
      add_key_ids(device, more);
    device.state = next;
    device.reason = reason;
    device.since_s = now_s;
    CAIRN_HOST_TRY(update(device, {0, now_s, move->action, actor, reason}, more, applied));
  }
  return {};
}

Error Registry::freeze(const std::string& origin, const host::ForkProof& proof,
                       const std::string& actor, uint64_t now_s) {
  for (bool applied = false; !applied;) {
    Device device;
    CAIRN_HOST_TRY(find(origin, device));
    if (device.state == DeviceState::frozen)
      return {Status::bad_state, "'" + origin + "' is frozen already."};
    CAIRN_HOST_TRY(verify_fork_of(device, proof));
    std::vector<Write> more = {{fork_key(origin), 0, host::format_fork_proof(proof)}};
    if (device.state == DeviceState::pending)
      more.push_back({pending_key(origin), 1, std::nullopt});
    device.state = DeviceState::frozen;
    device.reason = fork_reason;
    device.since_s = now_s;
    CAIRN_HOST_TRY(update(device, {0, now_s, "frozen", actor, device.reason}, more, applied));
  }
  return {};
}

Error Registry::rotate(const std::string& origin, const std::string& vkey, uint64_t size_min,
                       const std::string& actor, uint64_t now_s) {
  for (bool applied = false; !applied;) {
    Device device;
    CAIRN_HOST_TRY(find(origin, device));
    if (is_final(device.state))
      return {Status::bad_state, "'" + origin + "' is " + state_name(device.state) + " for good."};
    CAIRN_HOST_TRY(check_new_key(device, vkey, size_min));
    if (device.keys.size() >= device_keys_max)
      return {Status::bad_state, "'" + origin + "' has " + std::to_string(device_keys_max) +
                                     " keys, and no more fit. Enrol it under another origin."};
    device.keys.back().size_max = size_min - 1;
    device.keys.push_back({vkey, size_min, UINT64_MAX});
    const std::string detail = vkey + " from size " + std::to_string(size_min) + " on";
    std::vector<Write> more;
    if (device.state != DeviceState::pending)
      more.push_back({key_id_key(vkey, origin), 0, std::string()});
    CAIRN_HOST_TRY(update(device, {0, now_s, "rotated", actor, detail}, more, applied));
  }
  return {};
}

}  // namespace cairn::gateway
