// C API: encoding and decoding leaves.
#include "c_api_leaf.hpp"

static_assert(CAIRN_KIND_BEGIN == static_cast<int>(cairn::Kind::begin));
static_assert(CAIRN_KIND_CLOSE == static_cast<int>(cairn::Kind::close));
static_assert(CAIRN_KIND_BOOT == static_cast<int>(cairn::Kind::boot));
static_assert(CAIRN_KIND_GAP == static_cast<int>(cairn::Kind::gap));
static_assert(CAIRN_KIND_CLOCK == static_cast<int>(cairn::Kind::clock));
static_assert(CAIRN_KIND_PRUNED == static_cast<int>(cairn::Kind::pruned));
static_assert(CAIRN_KIND_OPAQUE == static_cast<int>(cairn::Kind::opaque));
static_assert(CAIRN_KIND_SAMPLE == static_cast<int>(cairn::Kind::sample));
static_assert(CAIRN_KIND_CHANNEL == static_cast<int>(cairn::Kind::channel));
static_assert(CAIRN_LEAF_BYTES_MAX == cairn::leaf_bytes_max);
static_assert(CAIRN_LIBRARY_BODY_BYTES_MAX == cairn::library_body_bytes_max);
static_assert(CAIRN_SMALL_BODY_BYTES_MAX == cairn::small_body_bytes_max);
static_assert(CAIRN_LEAF_TEXT_BYTES_MAX == cairn::leaf_text_bytes_max);
static_assert(CAIRN_DECIMAL_PLACES_MAX == cairn::decimal_places_max);
static_assert(CAIRN_KIND_OPAQUE == cairn::application_kind_min);

namespace cairn::c_api {

// Arrays of readings pass from C as they are, once their types and flags are known to be good.
static_assert(sizeof(Reading) == sizeof(cairn_reading) &&
              offsetof(Reading, channel) == offsetof(cairn_reading, channel) &&
              offsetof(Reading, type) == offsetof(cairn_reading, type) &&
              offsetof(Reading, decimal) == offsetof(cairn_reading, decimal) &&
              offsetof(Reading, places) == offsetof(cairn_reading, places) &&
              offsetof(Reading, real) == offsetof(cairn_reading, real) &&
              offsetof(Reading, flag) == offsetof(cairn_reading, flag) &&
              offsetof(Reading, text) == offsetof(cairn_reading, text) &&
              offsetof(Reading, quality) == offsetof(cairn_reading, quality));
static_assert(CAIRN_READING_DECIMAL == static_cast<int>(Reading::Type::decimal));
static_assert(CAIRN_READING_REAL == static_cast<int>(Reading::Type::real));
static_assert(CAIRN_READING_FLAG == static_cast<int>(Reading::Type::flag));
static_assert(CAIRN_READING_TEXT == static_cast<int>(Reading::Type::text));
static_assert(sizeof(bool) == 1);

static bool usable(const cairn_reading* readings, size_t count) {
  if (!readable(readings, count)) return false;
  for (size_t i = 0; i < count; ++i) {
    if (readings[i].type > CAIRN_READING_TEXT || readings[i].flag > 1) return false;
    if (!readable(readings[i].text.data, readings[i].text.size)) return false;
  }
  return true;
}

static cairn_reading to_c(const Reading& reading) {
  return {reading.channel,    static_cast<uint8_t>(reading.type),
          reading.decimal,    reading.places,
          reading.real,       flag(reading.flag),
          to_c(reading.text), reading.quality};
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_encode_begin(const cairn_begin* begin, void* out, size_t capacity) {
  if (!usable(begin) || !readable(out, capacity)) return bad_argument;
  return size_of(encode_begin(from_c(*begin), room(out, capacity)));
}

int cairn_encode_close(const cairn_close* close, void* out, size_t capacity) {
  if (close == nullptr || !usable(close->time) || close->has_previous > 1 ||
      close->has_beacon > 1 || !readable(out, capacity)) {
    return bad_argument;
  }
  const Close made{close->batch,
                   close->boot,
                   close->monotonic_ms,
                   from_c(close->time),
                   close->key_epoch,
                   close->has_previous != 0,
                   *from_c(&close->previous),
                   close->has_beacon != 0,
                   *from_c(&close->beacon)};
  return size_of(encode_close(made, room(out, capacity)));
}

int cairn_encode_boot(const cairn_boot* boot, void* out, size_t capacity) {
  if (boot == nullptr || !usable(boot->time) || !readable(out, capacity)) return bad_argument;
  const Boot made{boot->boot, boot->monotonic_ms, from_c(boot->time), boot->torn_bytes};
  return size_of(encode_boot(made, room(out, capacity)));
}

int cairn_encode_gap(const cairn_gap* gap, void* out, size_t capacity) {
  if (gap == nullptr || !usable(gap->time) || gap->reason > CAIRN_GAP_SWITCHED_OFF ||
      !readable(out, capacity)) {
    return bad_argument;
  }
  const Gap made{gap->count, static_cast<GapReason>(gap->reason), gap->monotonic_ms,
                 from_c(gap->time)};
  return size_of(encode_gap(made, room(out, capacity)));
}

int cairn_encode_clock(const cairn_clock_step* step, void* out, size_t capacity) {
  if (step == nullptr || !usable(step->time) || !readable(out, capacity)) return bad_argument;
  const ClockStep made{step->step_ms, step->monotonic_ms, from_c(step->time)};
  return size_of(encode_clock(made, room(out, capacity)));
}

int cairn_encode_pruned(const cairn_pruned* pruned, void* out, size_t capacity) {
  if (pruned == nullptr || !usable(pruned->time) || !readable(out, capacity)) return bad_argument;
  const Pruned made{pruned->index_min, pruned->monotonic_ms, from_c(pruned->time)};
  return size_of(encode_pruned(made, room(out, capacity)));
}

int cairn_encode_channel(const cairn_channel* channel, void* out, size_t capacity) {
  if (channel == nullptr || !readable(channel->name.data, channel->name.size) ||
      !readable(channel->unit.data, channel->unit.size) || !readable(out, capacity)) {
    return bad_argument;
  }
  const Channel made{channel->number, view(channel->name), view(channel->unit)};
  return size_of(encode_channel(made, room(out, capacity)));
}

int cairn_decode_begin(const void* body, size_t size, cairn_begin* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  Begin begin{};
  const Status status = decode_begin(view(body, size), begin);
  if (status == Status::ok) {
    *out = {to_c(begin.origin), begin.key, to_c(begin.previous_origin), begin.previous_size,
            to_c(begin.previous_root)};
  }
  return number(status);
}

int cairn_decode_close(const void* body, size_t size, cairn_close* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  Close close{};
  const Status status = decode_close(view(body, size), close);
  if (status == Status::ok) *out = to_c(close);
  return number(status);
}

int cairn_decode_boot(const void* body, size_t size, cairn_boot* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  Boot boot{};
  const Status status = decode_boot(view(body, size), boot);
  if (status == Status::ok) {
    *out = {boot.monotonic_ms, to_c(boot.time), boot.boot, boot.torn_bytes};
  }
  return number(status);
}

int cairn_decode_gap(const void* body, size_t size, cairn_gap* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  Gap gap{};
  const Status status = decode_gap(view(body, size), gap);
  if (status == Status::ok) {
    *out = {gap.count, gap.monotonic_ms, to_c(gap.time), static_cast<uint8_t>(gap.reason)};
  }
  return number(status);
}

int cairn_decode_clock(const void* body, size_t size, cairn_clock_step* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  ClockStep step{};
  const Status status = decode_clock(view(body, size), step);
  if (status == Status::ok) *out = {step.step_ms, step.monotonic_ms, to_c(step.time)};
  return number(status);
}

int cairn_decode_pruned(const void* body, size_t size, cairn_pruned* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  Pruned pruned{};
  const Status status = decode_pruned(view(body, size), pruned);
  if (status == Status::ok) *out = {pruned.index_min, pruned.monotonic_ms, to_c(pruned.time)};
  return number(status);
}

int cairn_decode_channel(const void* body, size_t size, cairn_channel* out) {
  if (!readable(body, size) || out == nullptr) return bad_argument;
  Channel channel{};
  const Status status = decode_channel(view(body, size), channel);
  if (status == Status::ok) *out = {to_c(channel.name), to_c(channel.unit), channel.number};
  return number(status);
}

int cairn_encode_sample(cairn_wall_time time, const cairn_reading* readings, size_t count,
                        void* out, size_t capacity) {
  if (!usable(time) || !usable(readings, count) || !readable(out, capacity)) return bad_argument;
  return size_of(encode_sample(from_c(time), reinterpret_cast<const Reading*>(readings), count,
                               room(out, capacity)));
}

int cairn_sample_reader_open(cairn_sample_reader* reader, const void* body, size_t size,
                             cairn_wall_time* time_out) {
  if (reader == nullptr || !readable(body, size) || time_out == nullptr) return bad_argument;
  SampleReader& made = make<SampleReader>(reader);
  const Status status = made.open(view(body, size));
  if (status == Status::ok) *time_out = to_c(made.time());
  return number(status);
}

int cairn_sample_reader_next(cairn_sample_reader* reader, cairn_reading* out) {
  if (reader == nullptr || out == nullptr) return bad_argument;
  Reading reading;
  const Status status = in<SampleReader>(reader).next(reading);
  if (status == Status::ok) *out = to_c(reading);
  return number(status);
}
