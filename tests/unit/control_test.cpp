// Leaves of controllers: their bytes, one encoding only, and the messages of cairn.proto as
// nanopb's own engine makes them.
#include <pb_encode.h>

#include <cairn/control.hpp>
#include <cstring>
#include <random>

#include "support/vectors.hpp"
#include "wire/cairn.pb.h"

using namespace cairn;
using vectors::Bytes;
using vectors::to_hex;

namespace {

const WallTime noon{1700000000000, TimeQuality::synchronised};

template <typename Message>
Bytes bytes_of(Result<size_t> (*encode)(const Message&, MutableBytes), const Message& message) {
  Bytes out(1024);
  const Result<size_t> size = encode(message, {out.data(), out.size()});
  REQUIRE(size.status == Status::ok);
  out.resize(size.value);
  return out;
}

Bytes by_nanopb(const pb_msgdesc_t* fields, const void* message) {
  Bytes out(1024);
  pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
  REQUIRE(pb_encode(&stream, fields, message));
  out.resize(stream.bytes_written);
  return out;
}

// Every cut, every flipped bit and every byte behind: refused, or the one encoding of other values.
template <typename Message>
void check_one_encoding(const Bytes& body, Status (*decode)(ByteView, Message&),
                        Result<size_t> (*encode)(const Message&, MutableBytes)) {
  const auto try_bytes = [&](const Bytes& bytes) {
    Message message{};
    if (decode(vectors::view(bytes), message) != Status::ok) return false;
    CHECK(bytes_of(encode, message) == bytes);
    return true;
  };
  REQUIRE(try_bytes(body));
  for (size_t i = 0; i < body.size() * 8; ++i) {
    Bytes flipped = body;
    flipped[i / 8] ^= static_cast<uint8_t>(1u << (i % 8));
    try_bytes(flipped);
  }
  for (size_t size = 0; size < body.size(); ++size)
    try_bytes(Bytes(body.begin(), body.begin() + static_cast<ptrdiff_t>(size)));
  Bytes longer = body;
  longer.push_back(0);
  CHECK_FALSE(try_bytes(longer));
}

Command command_of(const Bytes& signatures, uint8_t signers) {
  return {noon,
          {{}, 4, 80.5, 12, 1000, 2000},
          CommandOutcome::applied,
          signers,
          vectors::view(signatures)};
}

}  // namespace

TEST_CASE("event: its bytes and back, with and without values") {
  Event event{noon, EventCategory::configuration_change, 7, 3, 9, EventResult::denied, false, 0, 0};
  const Bytes plain = bytes_of(encode_event, event);
  CHECK(to_hex(vectors::view(plain)) ==
        "0880a0abfef96210021805200728033009"
        "3802");
  event.has_values = true;
  event.old_value = 1;
  event.new_value = -2;
  const Bytes body = bytes_of(encode_event, event);
  CHECK(to_hex(vectors::view(body)) ==
        "0880a0abfef962100218052007280330093802"
        "41000000000000f03f"
        "4900000000000000c0");
  Event back{};
  REQUIRE(decode_event(vectors::view(body), back) == Status::ok);
  CHECK(back.time.unix_ms == noon.unix_ms);
  CHECK(back.category == EventCategory::configuration_change);
  CHECK(back.event_id == 7);
  CHECK(back.user == 3);
  CHECK(back.source == 9);
  CHECK(back.result == EventResult::denied);
  CHECK(back.has_values);
  CHECK(back.old_value == 1);
  CHECK(back.new_value == -2);
  check_one_encoding(plain, decode_event, encode_event);
  check_one_encoding(body, decode_event, encode_event);
  // Only one of the two values.
  CHECK(decode_event(ByteView(body.data(), body.size() - 9), back) == Status::corrupt);
}

TEST_CASE("correction: what was recorded stays visible") {
  const Correction correction{noon, 300, 5, 20.5, 21.5, 2, 77};
  const Bytes body = bytes_of(encode_correction, correction);
  Correction back{};
  REQUIRE(decode_correction(vectors::view(body), back) == Status::ok);
  CHECK(back.index == 300);
  CHECK(back.channel == 5);
  CHECK(back.old_value == 20.5);
  CHECK(back.new_value == 21.5);
  CHECK(back.user == 2);
  CHECK(back.reason == 77);
  check_one_encoding(body, decode_correction, encode_correction);
}

TEST_CASE("command: as many signatures as signers") {
  const Bytes two(128, 0x5a);
  const Bytes body = bytes_of(encode_command, command_of(two, 0x05));
  Command back{};
  REQUIRE(decode_command(vectors::view(body), back) == Status::ok);
  CHECK(back.signers == 5);
  CHECK(back.order.value == 80.5);
  CHECK(back.order.sequence == 12);
  CHECK(back.order.not_after_ms == 2000);
  CHECK(equal(back.signatures, vectors::view(two)));
  check_one_encoding(body, decode_command, encode_command);
  uint8_t out[512];
  CHECK(encode_command(command_of(two, 0x01), out).status == Status::bad_argument);
  CHECK(encode_command(command_of(two, 0x15), out).status == Status::bad_argument);
  CHECK(encode_command(command_of({}, 0x00), out).status == Status::ok);
}

TEST_CASE("retained: eight values, zeros included") {
  Retained retained{noon, 3, 17, {0, 1, -1, 0.5, 1e300, 0, 0, 8}};
  const Bytes body = bytes_of(encode_retained, retained);
  Retained back{};
  REQUIRE(decode_retained(vectors::view(body), back) == Status::ok);
  CHECK(back.slot == 3);
  CHECK(back.version == 17);
  CHECK(std::memcmp(back.values, retained.values, sizeof back.values) == 0);
  check_one_encoding(body, decode_retained, encode_retained);
}

TEST_CASE("order: what is signed begins with its own line and names the log") {
  const Order order{literal("plant-1"), 4, 80.5, 12, 1000, 2000};
  const Bytes bytes = bytes_of(encode_order, order);
  CHECK(to_hex(vectors::view(bytes)) ==
        "636169726e206f726465722f76310a"
        "0a07706c616e742d31"
        "1004"
        "190000000000205440"
        "200c"
        "28e807"
        "30d00f");
  uint8_t out[order_bytes_max];
  const Bytes longest(255, 'o');
  const Order largest{
      vectors::view(longest), UINT32_MAX, -1e300, UINT64_MAX, UINT64_MAX, UINT64_MAX};
  CHECK(encode_order(largest, out).ok());
  CHECK(encode_order({{}, 4, 80.5, 12, 0, 0}, out).status == Status::bad_argument);
  const Bytes too_long(256, 'o');
  CHECK(encode_order({vectors::view(too_long), 1, 1, 1, 0, 0}, out).status == Status::bad_argument);
  for (size_t size = 0; size < bytes.size(); ++size)
    CHECK(encode_order(order, {out, size}).status == Status::full);
}

TEST_CASE(
    "events, corrections, commands and retained values are what nanopb makes of cairn.proto") {
  std::mt19937_64 random(3);
  const auto number = [&] { return random() >> (random() % 64); };
  const auto small = [&] { return static_cast<uint32_t>(number()); };
  for (int i = 0; i < 300; ++i) {
    const WallTime time{static_cast<int64_t>(number() >> 1),
                        static_cast<TimeQuality>(random() % 4)};
    const auto quality = static_cast<cairn_TimeQuality>(time.quality);
    const double before = static_cast<double>(small()), after = -static_cast<double>(small()) / 8;
    const Event event{time,    static_cast<EventCategory>(i % 8), small(),    small(),
                      small(), static_cast<EventResult>(i % 3),   i % 2 == 0, before,
                      after};
    const cairn_Event their_event{time.unix_ms,
                                  quality,
                                  static_cast<cairn_EventCategory>(i % 8),
                                  event.event_id,
                                  event.user,
                                  event.source,
                                  static_cast<cairn_EventResult>(i % 3),
                                  event.has_values,
                                  before,
                                  event.has_values,
                                  after};
    CHECK(bytes_of(encode_event, event) == by_nanopb(cairn_Event_fields, &their_event));

    const Correction correction{time, number(), small(), before, after, small(), small()};
    const cairn_Correction their_correction{
        time.unix_ms, quality, correction.index, correction.channel, true, before,
        true,         after,   correction.user,  correction.reason};
    CHECK(bytes_of(encode_correction, correction) ==
          by_nanopb(cairn_Correction_fields, &their_correction));

    const Bytes signatures(i % 2 == 0 ? 64 : 0, 0x77);
    const Order order{{}, small(), before, number(), number(), number()};
    const Command command{time, order, static_cast<CommandOutcome>(i % 8),
                          static_cast<uint8_t>(i % 2 == 0 ? 0x40 : 0), vectors::view(signatures)};
    cairn_Command their_command = cairn_Command_init_zero;
    their_command = {time.unix_ms,
                     quality,
                     static_cast<cairn_CommandOutcome>(i % 8),
                     order.channel,
                     true,
                     before,
                     order.sequence,
                     order.not_before_ms,
                     order.not_after_ms,
                     command.signers,
                     {}};
    their_command.signatures.size = static_cast<pb_size_t>(signatures.size());
    std::copy(signatures.begin(), signatures.end(), their_command.signatures.bytes);
    CHECK(bytes_of(encode_command, command) == by_nanopb(cairn_Command_fields, &their_command));

    const Retained retained{time, small(), number(), {before, after, 0, 1, 2, 3, 4, before}};
    const cairn_Retained their_retained{time.unix_ms, quality, retained.slot, retained.version,
                                        true,         before,  true,          after,
                                        true,         0,       true,          1,
                                        true,         2,       true,          3,
                                        true,         4,       true,          before};
    CHECK(bytes_of(encode_retained, retained) == by_nanopb(cairn_Retained_fields, &their_retained));
  }
}
