#include "leaf_text.hpp"

#include <cairn/control.hpp>
#include <charconv>

#include "text.hpp"

namespace command {

using cairn::ByteView;
using cairn::Kind;
using cairn::Reading;
using cairn::Status;

namespace {

const char* reason_text(cairn::GapReason reason) {
  static const char* const texts[] = {"for an unknown reason", "because a queue was full",
                                      "because the storage was full", "because the storage failed",
                                      "while it was switched off"};
  const auto number = static_cast<size_t>(reason);
  return number < sizeof texts / sizeof texts[0] ? texts[number] : texts[0];
}

std::string decimal_text(int64_t value, unsigned places) {
  std::string digits = std::to_string(value);
  const std::string sign = value < 0 ? "-" : "";
  digits.erase(0, sign.size());
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places != 0) digits.insert(digits.size() - places, ".");
  return sign + digits;
}

std::string real_text(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

std::string key_text(const cairn::PublicKey& key) {
  const size_t size = cairn::public_key_size(key.algorithm);
  return std::string(key.algorithm == CAIRN_P256 ? "p256 " : "ed25519 ") + hex({key.bytes, size});
}

/// A leaf's body in both forms; `json` is null when it does not parse.
struct Description {
  std::string text;
  Json json;
};

Description describe(const cairn::Begin& begin) {
  const std::string origin = text_of(begin.origin);
  std::string text = "begins " + origin + ", key " + key_text(begin.key);
  Json json{{"origin", origin}, {"key", key_text(begin.key)}};
  if (!begin.previous_origin.empty()) {
    const std::string previous = text_of(begin.previous_origin);
    text += ", continues " + previous + " after " + counted(begin.previous_size, "record");
    json["previous"] = {
        {"origin", previous}, {"size", begin.previous_size}, {"root", hex(begin.previous_root)}};
  }
  return {text, json};
}

Description describe(const cairn::Close& close) {
  Json json{{"batch", close.batch},
            {"boot", close.boot},
            {"monotonic_ms", close.monotonic_ms},
            {"time", iso_time_ms(close.time.unix_ms)},
            {"quality", quality_text(close.time.quality)},
            {"key_epoch", close.key_epoch}};
  if (close.has_previous) json["previous"] = hex(close.previous);
  if (close.has_beacon) json["beacon"] = hex(close.beacon);
  return {"closes batch " + std::to_string(close.batch) + " at " + wall_time_text(close.time) +
              ", boot " + std::to_string(close.boot),
          json};
}

Description describe(const cairn::Boot& boot) {
  std::string text = "boot " + std::to_string(boot.boot) + " at " + wall_time_text(boot.time);
  if (boot.torn_bytes != 0)
    text += ", after an interrupted write of " + counted(boot.torn_bytes, "byte");
  return {text,
          {{"boot", boot.boot},
           {"monotonic_ms", boot.monotonic_ms},
           {"time", iso_time_ms(boot.time.unix_ms)},
           {"quality", quality_text(boot.time.quality)},
           {"torn_bytes", boot.torn_bytes}}};
}

Description describe(const cairn::Gap& gap) {
  const std::string many =
      gap.count == 0 ? "an unknown number of records" : counted(gap.count, "record");
  return {many + " lost " + reason_text(gap.reason) + ", noted at " + wall_time_text(gap.time),
          {{"count", gap.count},
           {"reason", reason_text(gap.reason)},
           {"monotonic_ms", gap.monotonic_ms},
           {"time", iso_time_ms(gap.time.unix_ms)},
           {"quality", quality_text(gap.time.quality)}}};
}

Description describe(const cairn::ClockStep& step) {
  return {"the wall clock was stepped by " + std::to_string(step.step_ms) + " ms to " +
              wall_time_text(step.time),
          {{"step_ms", step.step_ms},
           {"monotonic_ms", step.monotonic_ms},
           {"time", iso_time_ms(step.time.unix_ms)},
           {"quality", quality_text(step.time.quality)}}};
}

Description describe(const cairn::Pruned& pruned) {
  return {"the records before number " + std::to_string(pruned.index_min) +
              " had been retired by " + wall_time_text(pruned.time),
          {{"index_min", pruned.index_min},
           {"monotonic_ms", pruned.monotonic_ms},
           {"time", iso_time_ms(pruned.time.unix_ms)},
           {"quality", quality_text(pruned.time.quality)}}};
}

std::string label_of(const cairn::Channel& channel) {
  const std::string name = text_of(channel.name);
  return channel.unit.empty() ? name : name + " [" + text_of(channel.unit) + "]";
}

Description describe(const cairn::Channel& channel) {
  return {"channel " + std::to_string(channel.number) + " is " + printable(label_of(channel)),
          {{"number", channel.number},
           {"name", text_of(channel.name)},
           {"unit", text_of(channel.unit)}}};
}

Description describe_sample(ByteView body, const Channels& channels) {
  static const char* const types[] = {"decimal", "real", "flag", "text"};
  cairn::SampleReader reader;
  if (reader.open(body) != Status::ok) return {};
  std::string text = wall_time_text(reader.time()) + " ";
  Json readings = Json::array();
  Reading reading;
  Status status;
  while ((status = reader.next(reading)) == Status::ok) {
    const std::string label = channels.label(reading.channel);
    text += (readings.empty() ? " " : ", ") + printable(label) + " = " +
            printable(reading_text(reading));
    if (reading.quality != 0) text += " (quality " + std::to_string(reading.quality) + ")";
    Json entry{{"channel", reading.channel},
               {"name", label},
               {"type", types[static_cast<size_t>(reading.type)]},
               {"value", reading_text(reading)}};
    if (reading.quality != 0) entry["quality"] = reading.quality;
    readings.push_back(entry);
  }
  if (status != Status::end) return {};
  return {text,
          {{"time", iso_time_ms(reader.time().unix_ms)},
           {"quality", quality_text(reader.time().quality)},
           {"readings", readings}}};
}

template <size_t count>
const char* name_of(const char* const (&names)[count], size_t number) {
  return number < count ? names[number] : "unknown";
}

/// The fields that every record of a controller has.
Json timed(const cairn::WallTime& time, Json rest) {
  Json json{{"time", iso_time_ms(time.unix_ms)}, {"quality", quality_text(time.quality)}};
  json.update(rest);
  return json;
}

Description describe(const cairn::Event& event) {
  static const char* const categories[] = {
      "other",          "access control",       "request error", "control system",
      "backup restore", "configuration change", "audit log",     "time"};
  static const char* const results[] = {"success", "failure", "denied"};
  const std::string category = name_of(categories, static_cast<size_t>(event.category));
  const std::string result = name_of(results, static_cast<size_t>(event.result));
  std::string text = wall_time_text(event.time) + "  " + category + " event " +
                     std::to_string(event.event_id) + " of source " + std::to_string(event.source) +
                     ", user " + std::to_string(event.user) + ", " + result;
  Json json = timed(event.time, {{"category", category},
                                 {"event", event.event_id},
                                 {"user", event.user},
                                 {"source", event.source},
                                 {"result", result}});
  if (event.has_values) {
    text += ", " + real_text(event.old_value) + " -> " + real_text(event.new_value);
    json.update({{"old", real_text(event.old_value)}, {"new", real_text(event.new_value)}});
  }
  return {text, json};
}

Description describe(const cairn::Correction& correction) {
  const std::string before = real_text(correction.old_value);
  const std::string after = real_text(correction.new_value);
  return {wall_time_text(correction.time) + "  corrects record " +
              std::to_string(correction.index) + ", channel " + std::to_string(correction.channel) +
              ": " + before + " -> " + after + ", user " + std::to_string(correction.user) +
              ", reason " + std::to_string(correction.reason),
          timed(correction.time, {{"index", correction.index},
                                  {"channel", correction.channel},
                                  {"old", before},
                                  {"new", after},
                                  {"user", correction.user},
                                  {"reason", correction.reason}})};
}

Description describe(const cairn::Command& command) {
  static const char* const outcomes[] = {"applied",
                                         "refused: out of order",
                                         "refused: out of its window",
                                         "refused: signature invalid",
                                         "refused: unknown key",
                                         "refused: another is under way",
                                         "refused: unknown channel",
                                         "refused: clock not set"};
  const std::string outcome = name_of(outcomes, static_cast<size_t>(command.outcome));
  const cairn::Order& order = command.order;
  Json keys = Json::array();
  std::string signers;
  for (unsigned i = 0; i < cairn::command_signers_max; ++i) {
    if ((command.signers >> i & 1) == 0) continue;
    keys.push_back(i);
    signers += (signers.empty() ? "" : ", ") + std::to_string(i);
  }
  return {wall_time_text(command.time) + "  command " + std::to_string(order.sequence) +
              ", channel " + std::to_string(order.channel) + " = " + real_text(order.value) + ", " +
              outcome + ", signed by " + (signers.empty() ? "no known key" : "keys " + signers),
          timed(command.time, {{"outcome", outcome},
                               {"channel", order.channel},
                               {"value", real_text(order.value)},
                               {"sequence", order.sequence},
                               {"not_before_ms", order.not_before_ms},
                               {"not_after_ms", order.not_after_ms},
                               {"signers", keys},
                               {"signatures", hex(command.signatures)}})};
}

Description describe(const cairn::Retained& retained) {
  std::string text = wall_time_text(retained.time) + "  retains slot " +
                     std::to_string(retained.slot) + ", version " +
                     std::to_string(retained.version) + ":";
  Json values = Json::array();
  for (const double value : retained.values) {
    text += " " + real_text(value);
    values.push_back(real_text(value));
  }
  return {text,
          timed(retained.time,
                {{"slot", retained.slot}, {"version", retained.version}, {"values", values}})};
}

Description describe_bytes(ByteView body) {
  constexpr size_t shown = 96;
  const std::string all = hex(body);
  Json json;
  if (is_plain_text(body)) json["text"] = text_of(body);
  json["hex"] = all;
  if (is_plain_text(body) && body.size <= 2 * shown) return {text_of(body), json};
  if (body.size <= shown) return {all, json};
  return {all.substr(0, 2 * shown) + "... (" + counted(body.size, "byte") + ")", json};
}

template <typename Type>
Description decoded(ByteView body, Status (*decode)(ByteView, Type&)) {
  Type value{};
  if (decode(body, value) != Status::ok) return {};
  return describe(value);
}

Description describe_body(uint8_t kind, ByteView body, const Channels& channels) {
  switch (static_cast<Kind>(kind)) {
    case Kind::begin:
      return decoded(body, cairn::decode_begin);
    case Kind::close:
      return decoded(body, cairn::decode_close);
    case Kind::boot:
      return decoded(body, cairn::decode_boot);
    case Kind::gap:
      return decoded(body, cairn::decode_gap);
    case Kind::clock:
      return decoded(body, cairn::decode_clock);
    case Kind::pruned:
      return decoded(body, cairn::decode_pruned);
    case Kind::channel:
      return decoded(body, cairn::decode_channel);
    case Kind::event:
      return decoded(body, cairn::decode_event);
    case Kind::correction:
      return decoded(body, cairn::decode_correction);
    case Kind::command:
      return decoded(body, cairn::decode_command);
    case Kind::retained:
      return decoded(body, cairn::decode_retained);
    case Kind::sample:
      return describe_sample(body, channels);
    default:
      return {};
  }
}

Description describe_leaf(ByteView leaf, const Channels& channels) {
  Description description = describe_body(leaf[0], leaf.part(1), channels);
  return description.json.is_null() ? describe_bytes(leaf.part(1)) : description;
}

}  // namespace

void Channels::learn(ByteView leaf) {
  if (leaf.empty() || leaf[0] != static_cast<uint8_t>(Kind::channel)) return;
  cairn::Channel channel{};
  if (cairn::decode_channel(leaf.part(1), channel) == Status::ok)
    labels_[channel.number] = label_of(channel);
}

std::string Channels::label(uint32_t number) const {
  const auto found = labels_.find(number);
  return found == labels_.end() ? "channel " + std::to_string(number) : found->second;
}

std::string reading_text(const Reading& reading) {
  switch (reading.type) {
    case Reading::Type::decimal:
      return decimal_text(reading.decimal, reading.places);
    case Reading::Type::real:
      return real_text(reading.real);
    case Reading::Type::flag:
      return reading.flag ? "true" : "false";
    default:
      return text_of(reading.text);
  }
}

std::string kind_text(uint8_t kind) {
  switch (static_cast<Kind>(kind)) {
    case Kind::begin:
      return "begin";
    case Kind::close:
      return "close";
    case Kind::boot:
      return "boot";
    case Kind::gap:
      return "gap";
    case Kind::clock:
      return "clock";
    case Kind::pruned:
      return "pruned";
    case Kind::opaque:
      return "opaque";
    case Kind::sample:
      return "sample";
    case Kind::channel:
      return "channel";
    case Kind::event:
      return "event";
    case Kind::correction:
      return "correction";
    case Kind::command:
      return "command";
    case Kind::retained:
      return "retained";
  }
  return "kind 0x" + hex({&kind, 1});
}

std::string leaf_text(ByteView leaf, const Channels& channels) {
  if (leaf.empty()) return "(empty leaf)";
  return kind_text(leaf[0]) + "  " + describe_leaf(leaf, channels).text;
}

Json leaf_json(ByteView leaf, const Channels& channels) {
  if (leaf.empty()) return {{"kind", "empty"}};
  Json out{{"kind", kind_text(leaf[0])}};
  out.update(describe_leaf(leaf, channels).json);
  return out;
}

bool is_plain_text(ByteView bytes) {
  for (const uint8_t byte : bytes)
    if (byte < 0x20 || byte == 0x7f) return false;
  // The strict JSON writer refuses what is not UTF-8.
  try {
    return !Json(text_of(bytes)).dump().empty();
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace command
