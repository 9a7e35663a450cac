// Leaves: kind (1 byte) and body. The exact bytes are what the tree hashes and evidence carries;
// they are never encoded again. See docs/format.md, "Leaves", and src/wire/cairn.proto.
//
// Kinds below 0x40 are the library's own. The recorder alone writes them, so an application can
// never forge one.
#pragma once

#include "hash.hpp"
#include "platform.hpp"
#include "sign.hpp"
#include "status.hpp"

namespace cairn {

enum class Kind : uint8_t {
  begin = 0x01,       ///< first leaf of a log: origin, key, and the log that it continues
  close = 0x02,       ///< last leaf of every batch
  boot = 0x03,        ///< the recorder was opened: after a start, a reset, a power cut
  gap = 0x04,         ///< records that never reached the log, and why
  clock = 0x05,       ///< the wall clock was stepped
  pruned = 0x06,      ///< the oldest records were retired
  opaque = 0x40,      ///< application bytes
  sample = 0x41,      ///< readings taken at one time
  channel = 0x42,     ///< what a channel number means: name, unit
  event = 0x43,       ///< something that happened; this and the next three are in control.hpp
  correction = 0x44,  ///< an earlier record was wrong
  command = 0x45,     ///< what became of an order
  retained = 0x46,    ///< values that a program keeps over a restart
};

constexpr uint8_t application_kind_min = 0x40;
/// Largest leaf: what one frame of the log holds.
constexpr size_t leaf_bytes_max = 8190;
/// No body of a library kind is longer.
constexpr size_t library_body_bytes_max = 640;
/// No body of a library kind but begin, the first leaf, is longer.
constexpr size_t small_body_bytes_max = 115;
constexpr size_t leaf_text_bytes_max = 255;
constexpr uint8_t decimal_places_max = 18;

/// First leaf. (Kind::begin, message Begin)
struct Begin {
  ByteView origin;           ///< 1 to 255 bytes
  PublicKey key;             ///< the log's first key
  ByteView previous_origin;  ///< empty, or the abandoned log that this one continues,
  uint64_t previous_size;    ///< and its last known head (without an origin both are ignored)
  Digest previous_root;
};

/// Last leaf of a batch. (Kind::close, message Close)
struct Close {
  uint64_t batch;         ///< number of this batch, from 0
  uint32_t boot;          ///< boot counter, as in the boot record
  uint64_t monotonic_ms;  ///< since that boot
  WallTime time;
  uint32_t key_epoch;  ///< 0; one more after each key rotation
  bool has_previous;   ///< false in the first batch
  Digest previous;     ///< SHA-256 of the previous checkpoint's text
  bool has_beacon;
  Digest beacon;  ///< SHA-256 of the newest gateway checkpoint text that the device heard
};

/// Start of a recorder. (Kind::boot, message Boot)
struct Boot {
  uint32_t boot;  ///< counts from 1
  uint64_t monotonic_ms;
  WallTime time;
  uint32_t torn_bytes;  ///< unacknowledged bytes that recovery discarded or fenced off
};

enum class GapReason : uint8_t { unknown, queue_full, storage_full, storage_failed, switched_off };

/// Records that were lost before they reached the log. (Kind::gap, message Gap)
struct Gap {
  uint64_t count;  ///< how many; 0: not known
  GapReason reason;
  uint64_t monotonic_ms;
  WallTime time;
};

/// A step of the wall clock against the monotonic one. (Kind::clock, message Clock)
struct ClockStep {
  int64_t step_ms;  ///< new minus expected
  uint64_t monotonic_ms;
  WallTime time;  ///< after the step
};

/// Records that were retired to make room. (Kind::pruned, message Pruned)
struct Pruned {
  uint64_t index_min;  ///< records with a lower index are no more in the log
  uint64_t monotonic_ms;
  WallTime time;
};

/// One reading of a sample: a decimal number without rounding, a floating point number, a flag, or
/// text.
struct Reading {
  enum class Type : uint8_t { decimal, real, flag, text };
  uint32_t channel = 0;
  Type type = Type::decimal;
  int64_t decimal = 0;  ///< value = decimal * 10^-places
  uint8_t places = 0;   ///< 0 to 18; 0 for all types but decimal
  double real = 0;
  bool flag = false;
  ByteView text;         ///< UTF-8, at most 255 bytes
  uint16_t quality = 0;  ///< 0 good; otherwise the application's code
};

/// What a channel number means from here on. (Kind::channel, message Channel)
struct Channel {
  uint32_t number;
  ByteView name;  ///< UTF-8, at most 255 bytes, like
  ByteView unit;  ///< this
};

// Encoders write the body (without the kind byte) and return its size; full when `out` is too
// small, bad_argument for a value outside its stated range. Decoders accept exactly the bytes that
// the encoder writes, and answer corrupt for all others; their views point into `body`.

Result<size_t> encode_begin(const Begin& begin, MutableBytes out);
Result<size_t> encode_close(const Close& close, MutableBytes out);
Result<size_t> encode_boot(const Boot& boot, MutableBytes out);
Result<size_t> encode_gap(const Gap& gap, MutableBytes out);
Result<size_t> encode_clock(const ClockStep& step, MutableBytes out);
Result<size_t> encode_pruned(const Pruned& pruned, MutableBytes out);
Result<size_t> encode_channel(const Channel& channel, MutableBytes out);
Status decode_begin(ByteView body, Begin& out);
Status decode_close(ByteView body, Close& out);
Status decode_boot(ByteView body, Boot& out);
Status decode_gap(ByteView body, Gap& out);
Status decode_clock(ByteView body, ClockStep& out);
Status decode_pruned(ByteView body, Pruned& out);
Status decode_channel(ByteView body, Channel& out);

/// A sample: `time` when the readings were taken, and the readings. (Kind::sample, message Sample)
Result<size_t> encode_sample(WallTime time, const Reading* readings, size_t count,
                             MutableBytes out);

/// Walks the readings of a sample without copying them.
class SampleReader {
 public:
  /// Checks the whole body. corrupt: not a sample's.
  Status open(ByteView body);
  WallTime time() const { return time_; }
  /// ok, or end.
  Status next(Reading& out);

 private:
  ByteView rest_;
  WallTime time_;
};

}  // namespace cairn
