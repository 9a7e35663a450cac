// What must stand in the log, as the core's own encoders make it. A leaf is compared without its
// time, and the time by itself, since not every time is known to the scan.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "support/plc.hpp"

namespace plc::model {

using namespace cairn;
using Bytes = std::vector<uint8_t>;

/// The blocks, or the log, are not as the page says.
struct Difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename A, typename B>
void same(const char* what, const A& is, const B& wanted) {
  if (is == A(wanted)) return;
  throw Difference(std::string(what) + " is " + std::to_string(is) + ", not " +
                   std::to_string(A(wanted)));
}
inline void holds(const char* what, bool is) {
  if (!is) throw Difference(std::string("not so: ") + what);
}

struct Clock {
  int64_t base = 0;  // Unix time at monotonic 0
  TimeQuality quality = TimeQuality::unsynchronised;

  bool is_set() const { return quality != TimeQuality::unsynchronised; }
  WallTime at(uint64_t now_ms) const { return {is_set() ? base + int64_t(now_ms) : 0, quality}; }
};

struct Record {
  Bytes leaf;  // kind and body, the time left out
  WallTime time{};
  bool timed = true;      // false: the pump's time, which the scan does not know
  bool optional = false;  // nothing has said yet that it is kept
  bool absent = false;    // a block has said that it is not
  uint64_t index = 0;     // that a block has shown
};
using RecordPtr = std::shared_ptr<Record>;

template <typename Message>
Bytes leaf_of(Kind kind, const Message& message,
              Result<size_t> (*encode)(const Message&, MutableBytes)) {
  Bytes out(1024);
  out[0] = uint8_t(kind);
  const Result<size_t> size = encode(message, {out.data() + 1, out.size() - 1});
  holds("the model can encode its record", size.ok());
  out.resize(1 + size.value);
  return out;
}

inline Bytes sample_leaf(uint32_t channel, double value, uint16_t quality) {
  Reading reading;
  reading.channel = channel;
  reading.type = Reading::Type::real;
  reading.real = value;
  reading.quality = quality;
  Bytes out(64);
  out[0] = uint8_t(Kind::sample);
  out.resize(1 + encode_sample({}, &reading, 1, {out.data() + 1, out.size() - 1}).value);
  return out;
}

inline Bytes event_leaf(EventCategory category, uint32_t id, uint32_t user, uint32_t source,
                        EventResult result, double before, double after) {
  return leaf_of<Event>(Kind::event, {{}, category, id, user, source, result, true, before, after},
                        encode_event);
}

inline Bytes gap_leaf(uint64_t count, GapReason reason) {
  return leaf_of<Gap>(Kind::gap, {count, reason, 0, {}}, encode_gap);
}

/// A leaf taken apart: what Record has of it, and the task that its numbers name.
struct Read {
  Bytes leaf;
  WallTime time{};
  uint32_t task = 0;
  Gap gap{};
};

template <typename Message>
Message without_time(const Bytes& leaf, Read& out, Status (*decode)(ByteView, Message&)) {
  Message message = decoded(leaf, decode);
  out.time = message.time;
  message.time = {};
  return message;
}

/// Channels and sources of task n begin at 1000 n.
inline Read read_leaf(const Bytes& leaf) {
  Read out;
  switch (Kind(leaf[0])) {
    case Kind::sample: {
      SampleReader reader;
      holds("a sample can be read", reader.open({leaf.data() + 1, leaf.size() - 1}) == Status::ok);
      out.time = reader.time();
      const Reading reading = reading_of(leaf);
      out.leaf = sample_leaf(reading.channel, reading.real, reading.quality);
      out.task = reading.channel / 1000;
      break;
    }
    case Kind::event: {
      const Event event = without_time<Event>(leaf, out, decode_event);
      out.leaf = leaf_of(Kind::event, event, encode_event);
      out.task = event.source / 1000;
      break;
    }
    case Kind::correction: {
      const Correction correction = without_time<Correction>(leaf, out, decode_correction);
      out.leaf = leaf_of(Kind::correction, correction, encode_correction);
      out.task = correction.channel / 1000;
      break;
    }
    case Kind::command:
      out.leaf =
          leaf_of(Kind::command, without_time<Command>(leaf, out, decode_command), encode_command);
      break;
    case Kind::retained:
      out.leaf = leaf_of(Kind::retained, without_time<Retained>(leaf, out, decode_retained),
                         encode_retained);
      break;
    case Kind::gap:
      out.gap = without_time<Gap>(leaf, out, decode_gap);
      out.leaf = gap_leaf(out.gap.count, out.gap.reason);
      break;
    default:
      break;
  }
  return out;
}

}  // namespace plc::model
