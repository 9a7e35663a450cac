#include "device_json.hpp"

#include <cairn/checkpoint.hpp>
#include <cairn/linux/file.hpp>

namespace service {

namespace {

namespace gateway = cairn::gateway;
using cairn::Status;
using cairn::host::bytes_of;

constexpr size_t cosignature_bytes = 4 + 8 + 64;  // key id, time, Ed25519

/// The time of the first cosignature of a note; 0 when it has none.
uint64_t cosignature_time(const cairn::Note& note) {
  cairn::SignatureLines lines(note);
  cairn::NoteSignature line;
  while (lines.next(line) == Status::ok) {
    uint8_t bytes[256];
    const auto size = cairn::decode_base64(line.base64, {bytes, sizeof bytes});
    if (!size.ok() || size.value != cosignature_bytes) continue;
    uint64_t time = 0;
    for (size_t i = 4; i < 12; ++i)
      time = time << 8 | bytes[i];
    return time;
  }
  return 0;
}

std::string base64_text(const cairn::Digest& digest) {
  uint8_t text[cairn::base64_size(sizeof digest.bytes)];
  const auto size = cairn::encode_base64({digest.bytes, sizeof digest.bytes}, {text, sizeof text});
  return {reinterpret_cast<const char*>(text), size.value};
}

}  // namespace

Json json_of(const gateway::Device& device) {
  Json keys = Json::array();
  for (const gateway::DeviceKey& key : device.keys) {
    Json entry{{"vkey", key.vkey}, {"size_min", key.size_min}};
    if (key.size_max != UINT64_MAX) entry["size_max"] = key.size_max;
    keys.push_back(entry);
  }
  return {{"origin", device.origin},
          {"hash", gateway::origin_hash(device.origin)},
          {"state", gateway::state_name(device.state)},
          {"reason", device.reason},
          {"since", device.since_s},
          {"enrolled", device.enrolled_s},
          {"owner", device.owner},
          {"role", device.role},
          {"kinds", device.kinds},
          {"keys", keys}};
}

Json json_of(const std::vector<gateway::DeviceEvent>& events) {
  Json out = Json::array();
  for (const gateway::DeviceEvent& event : events)
    out.push_back({{"number", event.number},
                   {"time", event.time_s},
                   {"action", event.action},
                   {"actor", event.actor},
                   {"detail", event.detail}});
  return out;
}

Json json_of_head(const std::string& text) {
  cairn::Note note;
  cairn::Checkpoint checkpoint;
  if (cairn::parse_note(bytes_of(text), note) != Status::ok ||
      cairn::parse_checkpoint(note.text, checkpoint) != Status::ok)
    return nullptr;
  Json out{{"size", checkpoint.size}, {"root", base64_text(checkpoint.root)}, {"note", text}};
  if (const uint64_t time = cosignature_time(note); time != 0) out["time"] = time;
  return out;
}

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace service
