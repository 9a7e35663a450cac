// The messages as cairn streams them, against nanopb's own engine with the descriptors that it
// generates from cairn.proto.
#include <pb_decode.h>
#include <pb_encode.h>

#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/leaf.hpp>
#include <cairn/report.hpp>
#include <cstring>
#include <random>

#include "support/vectors.hpp"
#include "wire/cairn.pb.h"

using namespace cairn;
using vectors::Bytes;

namespace {

std::mt19937_64& random_bits() {
  static std::mt19937_64 generator(7);
  return generator;
}
// Numbers of all widths, zero included.
uint64_t any_number(unsigned bits = 64) {
  const uint64_t wide = random_bits()();
  return random_bits()() % 8 == 0 ? 0 : wide >> (64 - bits + random_bits()() % bits);
}
int64_t any_signed() {
  const int64_t v = static_cast<int64_t>(any_number(63));
  return random_bits()() % 2 == 0 ? v : -v;
}
WallTime any_time() {
  return {any_signed(), static_cast<TimeQuality>(random_bits()() % 4)};
}
void fill(uint8_t* bytes, size_t size) {
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<uint8_t>(random_bits()());
}
Bytes any_text() {
  Bytes text(random_bits()() % 40);
  for (uint8_t& c : text)
    c = static_cast<uint8_t>('a' + random_bits()() % 26);
  return text;
}

Bytes by_nanopb(const pb_msgdesc_t* fields, const void* message) {
  Bytes out(2048);
  pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
  REQUIRE(pb_encode(&stream, fields, message));
  out.resize(stream.bytes_written);
  return out;
}

template <typename Message>
Bytes by_cairn(Result<size_t> (*encode)(const Message&, MutableBytes), const Message& message) {
  Bytes out(2048);
  const Result<size_t> size = encode(message, {out.data(), out.size()});
  REQUIRE(size.status == Status::ok);
  out.resize(size.value);
  return out;
}

// Encoder of a callback field that holds bytes.
bool write_bytes(pb_ostream_t* stream, const pb_field_t* field, void* const* arg) {
  const Bytes& bytes = *static_cast<const Bytes*>(*arg);
  if (bytes.empty()) return true;
  return pb_encode_tag_for_field(stream, field) &&
         pb_encode_string(stream, bytes.data(), bytes.size());
}
pb_callback_t from(Bytes& bytes) {
  pb_callback_t callback;
  callback.funcs.encode = write_bytes;
  callback.arg = &bytes;
  return callback;
}

// Encoder of the readings of a sample.
bool write_readings(pb_ostream_t* stream, const pb_field_t* field, void* const* arg) {
  for (const cairn_Reading& r : *static_cast<const std::vector<cairn_Reading>*>(*arg)) {
    if (!pb_encode_tag_for_field(stream, field)) return false;
    if (!pb_encode_submessage(stream, cairn_Reading_fields, &r)) return false;
  }
  return true;
}

template <typename Theirs>
void set_time(Theirs& theirs, const WallTime& time) {
  theirs.unix_ms = time.unix_ms;
  theirs.time_quality = static_cast<cairn_TimeQuality>(time.quality);
}

constexpr int rounds = 300;

}  // namespace

TEST_CASE("close, boot, gap, clock and pruned are what nanopb makes of cairn.proto") {
  for (int i = 0; i < rounds; ++i) {
    Close close{any_number(),
                static_cast<uint32_t>(any_number(32)),
                any_number(),
                any_time(),
                static_cast<uint32_t>(any_number(32)),
                any_number(1) != 0,
                {},
                any_number(1) != 0,
                {}};
    fill(close.previous.bytes, 32);
    fill(close.beacon.bytes, 32);
    cairn_Close theirs = cairn_Close_init_zero;
    theirs.batch = close.batch;
    theirs.boot = close.boot;
    theirs.monotonic_ms = close.monotonic_ms;
    set_time(theirs, close.time);
    theirs.key_epoch = close.key_epoch;
    theirs.has_previous = close.has_previous;
    std::memcpy(theirs.previous, close.previous.bytes, 32);
    theirs.has_beacon = close.has_beacon;
    std::memcpy(theirs.beacon, close.beacon.bytes, 32);
    CHECK(by_cairn(encode_close, close) == by_nanopb(cairn_Close_fields, &theirs));

    const Boot boot = {static_cast<uint32_t>(any_number(32)), any_number(), any_time(),
                       static_cast<uint32_t>(any_number(32))};
    cairn_Boot their_boot = cairn_Boot_init_zero;
    their_boot.boot = boot.boot;
    their_boot.monotonic_ms = boot.monotonic_ms;
    set_time(their_boot, boot.time);
    their_boot.torn_bytes = boot.torn_bytes;
    CHECK(by_cairn(encode_boot, boot) == by_nanopb(cairn_Boot_fields, &their_boot));

    const Gap gap = {any_number(), static_cast<GapReason>(random_bits()() % 5), any_number(),
                     any_time()};
    cairn_Gap their_gap = cairn_Gap_init_zero;
    their_gap.count = gap.count;
    their_gap.reason = static_cast<cairn_GapReason>(gap.reason);
    their_gap.monotonic_ms = gap.monotonic_ms;
    set_time(their_gap, gap.time);
    CHECK(by_cairn(encode_gap, gap) == by_nanopb(cairn_Gap_fields, &their_gap));

    const ClockStep step = {any_signed(), any_number(), any_time()};
    cairn_Clock their_step = cairn_Clock_init_zero;
    their_step.step_ms = step.step_ms;
    their_step.monotonic_ms = step.monotonic_ms;
    set_time(their_step, step.time);
    CHECK(by_cairn(encode_clock, step) == by_nanopb(cairn_Clock_fields, &their_step));

    const Pruned pruned = {any_number(), any_number(), any_time()};
    cairn_Pruned their_pruned = cairn_Pruned_init_zero;
    their_pruned.index_min = pruned.index_min;
    their_pruned.monotonic_ms = pruned.monotonic_ms;
    set_time(their_pruned, pruned.time);
    CHECK(by_cairn(encode_pruned, pruned) == by_nanopb(cairn_Pruned_fields, &their_pruned));
  }
}

TEST_CASE("begin and channel are what nanopb makes of cairn.proto") {
  for (int i = 0; i < rounds; ++i) {
    Bytes origin = any_text();
    Bytes previous = any_text();
    origin.push_back('o');
    Begin begin{};
    begin.origin = vectors::view(origin);
    begin.key.algorithm = i % 2 == 0 ? CAIRN_ED25519 : CAIRN_P256;
    const size_t key_size = i % 2 == 0 ? 32 : 64;
    fill(begin.key.bytes, key_size);
    begin.previous_origin = vectors::view(previous);
    begin.previous_size = any_number(63);
    fill(begin.previous_root.bytes, 32);

    cairn_Begin theirs = cairn_Begin_init_zero;
    theirs.origin = from(origin);
    theirs.which_key = i % 2 == 0 ? cairn_Begin_ed25519_tag : cairn_Begin_p256_tag;
    std::memcpy(&theirs.key, begin.key.bytes, key_size);
    theirs.previous_origin = from(previous);
    theirs.previous_size = previous.empty() ? 0 : begin.previous_size;
    theirs.has_previous_root = !previous.empty();
    std::memcpy(theirs.previous_root, begin.previous_root.bytes, 32);
    CHECK(by_cairn(encode_begin, begin) == by_nanopb(cairn_Begin_fields, &theirs));

    const Channel channel = {static_cast<uint32_t>(any_number(32)), begin.origin,
                             begin.previous_origin};
    cairn_Channel their_channel = cairn_Channel_init_zero;
    their_channel.number = channel.number;
    std::copy(origin.begin(), origin.end(), their_channel.name);
    std::copy(previous.begin(), previous.end(), their_channel.unit);
    CHECK(by_cairn(encode_channel, channel) == by_nanopb(cairn_Channel_fields, &their_channel));
  }
}

TEST_CASE("samples are what nanopb makes of cairn.proto") {
  for (int i = 0; i < rounds; ++i) {
    std::vector<Reading> readings(random_bits()() % 5);
    std::vector<cairn_Reading> theirs;
    std::vector<Bytes> texts(readings.size());
    for (size_t n = 0; n < readings.size(); ++n) {
      Reading& r = readings[n];
      cairn_Reading t = cairn_Reading_init_zero;
      t.channel = r.channel = static_cast<uint32_t>(any_number(32));
      t.quality = r.quality = static_cast<uint16_t>(any_number(16));
      r.type = static_cast<Reading::Type>(random_bits()() % 4);
      t.which_value = static_cast<pb_size_t>(cairn_Reading_decimal_tag + static_cast<int>(r.type));
      if (r.type == Reading::Type::decimal) {
        t.value.decimal = r.decimal = any_signed();
        t.places = r.places = static_cast<uint8_t>(random_bits()() % 19);
      }
      if (r.type == Reading::Type::real) {
        t.value.real = r.real = static_cast<double>(any_signed()) / 1000;
      }
      if (r.type == Reading::Type::flag) t.value.flag = r.flag = any_number(1) != 0;
      if (r.type == Reading::Type::text) {
        texts[n] = any_text();
        r.text = vectors::view(texts[n]);
        std::copy(texts[n].begin(), texts[n].end(), t.value.text);
      }
      theirs.push_back(t);
    }
    const WallTime time = any_time();
    cairn_Sample their_sample = cairn_Sample_init_zero;
    set_time(their_sample, time);
    their_sample.readings.funcs.encode = write_readings;
    their_sample.readings.arg = &theirs;

    Bytes ours(2048);
    const Result<size_t> size =
        encode_sample(time, readings.data(), readings.size(), {ours.data(), ours.size()});
    REQUIRE(size.status == Status::ok);
    ours.resize(size.value);
    CHECK(ours == by_nanopb(cairn_Sample_fields, &their_sample));
  }
}

TEST_CASE("air checkpoints are what nanopb makes of cairn.proto, and the other way round") {
  for (int i = 0; i < rounds; ++i) {
    AirCheckpoint air;
    air.key_id = static_cast<uint32_t>(any_number(32));
    air.size = any_number(63);
    air.has_root = i % 2 == 0;
    fill(air.root.bytes, 32);
    air.has_signature = i % 3 != 0;
    air.algorithm = i % 4 < 2 ? CAIRN_ED25519 : CAIRN_P256;
    fill(air.signature.bytes, 64);

    cairn_AirCheckpoint theirs = cairn_AirCheckpoint_init_zero;
    theirs.key_id = air.key_id;
    theirs.size = air.size;
    theirs.has_root = air.has_root;
    std::memcpy(theirs.root, air.root.bytes, 32);
    if (air.has_signature) {
      theirs.which_signature = air.algorithm == CAIRN_ED25519 ? cairn_AirCheckpoint_ed25519_tag
                                                              : cairn_AirCheckpoint_p256_tag;
    }
    std::memcpy(&theirs.signature, air.signature.bytes, 64);
    const Bytes ours = by_cairn(encode_air_checkpoint, air);
    CHECK(ours == by_nanopb(cairn_AirCheckpoint_fields, &theirs));

    cairn_AirCheckpoint back = cairn_AirCheckpoint_init_zero;
    pb_istream_t stream = pb_istream_from_buffer(ours.data(), ours.size());
    REQUIRE(pb_decode(&stream, cairn_AirCheckpoint_fields, &back));
    CHECK(back.size == air.size);
    CHECK(back.key_id == air.key_id);
    CHECK(back.which_signature == theirs.which_signature);
  }
}

TEST_CASE("reports are what nanopb makes of cairn.proto") {
  for (int i = 0; i < rounds; ++i) {
    Bytes content(32 * (1 + random_bits()() % 3));
    fill(content.data(), content.size());
    const bool piece = i % 2 == 0;
    Report report;
    report.checkpoint.key_id = static_cast<uint32_t>(any_number(32));
    report.checkpoint.size = piece ? 1 + any_number(62) : 0;
    report.first = piece ? 0 : any_number(62);
    report.offset = 0;
    report.content = piece ? ReportContent::head : ReportContent::hashes;
    report.bytes = vectors::view(content);

    cairn_Report theirs = cairn_Report_init_zero;
    theirs.has_checkpoint = true;
    theirs.checkpoint.key_id = report.checkpoint.key_id;
    theirs.checkpoint.size = report.checkpoint.size;
    theirs.first = report.first;
    theirs.which_content = piece ? cairn_Report_head_tag : cairn_Report_hashes_tag;
    theirs.content.head = from(content);
    CHECK(by_cairn(encode_report, report) == by_nanopb(cairn_Report_fields, &theirs));
  }
}

TEST_CASE("answers to reports are what nanopb makes of cairn.proto") {
  for (int i = 0; i < rounds; ++i) {
    ReportAnswer answer;
    answer.code = i % 2 == 0 ? ReportCode::conflict : ReportCode::accepted;
    answer.size = any_number(63);
    answer.held = any_number(63);
    answer.offset = static_cast<uint32_t>(any_number(12));
    answer.has_root = i % 3 == 0;
    fill(answer.root.bytes, 32);
    answer.has_cosignature = i % 5 < 2;
    fill(answer.cosignature.bytes, 64);
    if (answer.has_cosignature) {
      answer.key_id = static_cast<uint32_t>(any_number(32));
      answer.time = 1 + any_number(62);
    }
    answer.has_beacon = i % 7 < 3;
    fill(answer.beacon.bytes, 32);

    cairn_ReportAnswer theirs = cairn_ReportAnswer_init_zero;
    theirs.status = static_cast<uint32_t>(answer.code);
    theirs.size = answer.size;
    theirs.held = answer.held;
    theirs.offset = answer.offset;
    theirs.has_root = answer.has_root;
    std::memcpy(theirs.root, answer.root.bytes, 32);
    theirs.key_id = answer.key_id;
    theirs.time = answer.time;
    theirs.has_cosignature = answer.has_cosignature;
    std::memcpy(theirs.cosignature, answer.cosignature.bytes, 64);
    theirs.has_beacon = answer.has_beacon;
    std::memcpy(theirs.beacon, answer.beacon.bytes, 32);
    CHECK(by_cairn(encode_report_answer, answer) == by_nanopb(cairn_ReportAnswer_fields, &theirs));
  }
}
