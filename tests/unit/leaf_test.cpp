#include <cairn/leaf.hpp>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::to_hex;

namespace {

Digest filled(uint8_t byte) {
  Digest d;
  std::memset(d.bytes, byte, sizeof d.bytes);
  return d;
}

const std::string repeated_aa(64, 'a');
const std::string repeated_bb(64, 'b');

// The two directions of each message under one name.
Result<size_t> encode(const Begin& m, MutableBytes out) {
  return encode_begin(m, out);
}
Result<size_t> encode(const Close& m, MutableBytes out) {
  return encode_close(m, out);
}
Result<size_t> encode(const Boot& m, MutableBytes out) {
  return encode_boot(m, out);
}
Result<size_t> encode(const Gap& m, MutableBytes out) {
  return encode_gap(m, out);
}
Result<size_t> encode(const ClockStep& m, MutableBytes out) {
  return encode_clock(m, out);
}
Result<size_t> encode(const Pruned& m, MutableBytes out) {
  return encode_pruned(m, out);
}
Result<size_t> encode(const Channel& m, MutableBytes out) {
  return encode_channel(m, out);
}
Status decode(ByteView b, Begin& m) {
  return decode_begin(b, m);
}
Status decode(ByteView b, Close& m) {
  return decode_close(b, m);
}
Status decode(ByteView b, Boot& m) {
  return decode_boot(b, m);
}
Status decode(ByteView b, Gap& m) {
  return decode_gap(b, m);
}
Status decode(ByteView b, ClockStep& m) {
  return decode_clock(b, m);
}
Status decode(ByteView b, Pruned& m) {
  return decode_pruned(b, m);
}
Status decode(ByteView b, Channel& m) {
  return decode_channel(b, m);
}

template <typename Message>
Bytes body_of(const Message& message) {
  uint8_t out[1024];
  const Result<size_t> size = encode(message, MutableBytes(out));
  REQUIRE(size.status == Status::ok);
  return {out, out + size.value};
}

// Whatever is accepted is encoded to the very same bytes; returns true when it was accepted.
template <typename Message>
bool accepted(const Bytes& bytes) {
  Message message;
  if (decode(vectors::view(bytes), message) != Status::ok) return false;
  REQUIRE(body_of(message) == bytes);
  return true;
}

// Every bit flipped, every truncation, one byte appended, against the one-encoding rule.
template <typename Message>
void attack(const Bytes& good) {
  REQUIRE(accepted<Message>(good));
  Bytes bad = good;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
    accepted<Message>(bad);
    bad = good;
  }
  for (size_t size = 0; size < good.size(); ++size)
    accepted<Message>(Bytes(good.begin(), good.begin() + static_cast<long>(size)));
  for (unsigned last = 0; last < 256; ++last) {
    bad = good;
    bad.push_back(static_cast<uint8_t>(last));
    CHECK_FALSE(accepted<Message>(bad));
  }
}

// Every smaller buffer answers full.
template <typename Message>
void check_full(const Message& message) {
  const size_t size = body_of(message).size();
  for (size_t room = 0; room < size; ++room) {
    Bytes out(room);
    CHECK(encode(message, {out.data(), room}).status == Status::full);
  }
  Bytes out(size);
  const Result<size_t> fits = encode(message, {out.data(), size});
  CHECK(fits.status == Status::ok);
  CHECK(fits.value == size);
}

Begin full_begin() {
  Begin begin{};
  begin.origin = literal("plant.example/line1/d7");
  begin.key.algorithm = CAIRN_ED25519;
  std::memset(begin.key.bytes, 0xAA, 32);
  begin.previous_origin = literal("plant.example/line1/d6");
  begin.previous_size = 1234567;
  begin.previous_root = filled(0xBB);
  return begin;
}

Close full_close() {
  Close close{};
  close.batch = 70000;
  close.boot = 12;
  close.monotonic_ms = 86'400'000;
  close.time = {1'795'162'609'123, TimeQuality::synchronised};
  close.key_epoch = 1;
  close.has_previous = true;
  close.previous = filled(0xAA);
  close.has_beacon = true;
  close.beacon = filled(0xBB);
  return close;
}

}  // namespace

TEST_CASE("begin: its bytes, with and without a predecessor") {
  Begin begin = full_begin();
  CHECK(to_hex(vectors::view(body_of(begin))) ==
        "0a16" + to_hex(begin.origin) + "1220" + repeated_aa + "2216" +
            to_hex(begin.previous_origin) + "2887ad4b" + "3220" + repeated_bb);
  Begin back;
  const Bytes body = body_of(begin);
  REQUIRE(decode_begin(vectors::view(body), back) == Status::ok);
  CHECK(equal(back.origin, begin.origin));
  CHECK(back.origin.data == body.data() + 2);
  CHECK(back.key == begin.key);
  CHECK(equal(back.previous_origin, begin.previous_origin));
  CHECK(back.previous_size == begin.previous_size);
  CHECK(back.previous_root == begin.previous_root);

  begin.previous_origin = {};
  CHECK(to_hex(vectors::view(body_of(begin))) ==
        "0a16" + to_hex(begin.origin) + "1220" + repeated_aa);
  REQUIRE(decode_begin(vectors::view(body_of(begin)), back) == Status::ok);
  CHECK(back.previous_origin.empty());
  CHECK(back.previous_size == 0);
}

TEST_CASE("begin: a P-256 key takes another field") {
  Begin begin{};
  begin.origin = literal("a");
  begin.key.algorithm = CAIRN_P256;
  std::memset(begin.key.bytes, 0xAA, 64);
  CHECK(to_hex(vectors::view(body_of(begin))) == "0a01611a40" + repeated_aa + repeated_aa);
  Begin back;
  REQUIRE(decode_begin(vectors::view(body_of(begin)), back) == Status::ok);
  CHECK(back.key == begin.key);
}

TEST_CASE("begin: values outside their range") {
  uint8_t out[1024];
  Begin begin = full_begin();
  SECTION("no origin") {
    begin.origin = {};
  }
  SECTION("origin too long") {
    begin.origin = vectors::view(Bytes(256, 'x'));
  }
  SECTION("no algorithm") {
    begin.key.algorithm = 0;
  }
  SECTION("unknown algorithm") {
    begin.key.algorithm = 3;
  }
  SECTION("predecessor's name too long") {
    static const Bytes name(256, 'x');
    begin.previous_origin = vectors::view(name);
  }
  SECTION("predecessor's size too large") {
    begin.previous_size = uint64_t{1} << 63;
  }
  static const Bytes long_name(256, 'x');
  if (begin.origin.size == 256) begin.origin = vectors::view(long_name);
  CHECK(encode_begin(begin, MutableBytes(out)).status == Status::bad_argument);
}

TEST_CASE("begin: half a predecessor, two keys, or no key are refused") {
  Begin back;
  const std::string start = "0a0161";
  const std::string key = "1220" + repeated_aa;
  const auto decoded = [&](const std::string& text) {
    return decode_begin(vectors::view(vectors::hex(text)), back);
  };
  CHECK(decoded(start + key) == Status::ok);
  CHECK(decoded(start) == Status::corrupt);
  CHECK(decoded(start + key + "1a40" + repeated_aa + repeated_bb) == Status::corrupt);
  CHECK(decoded(start + "121f" + repeated_aa.substr(2)) == Status::corrupt);
  CHECK(decoded(start + "1a20" + repeated_aa) == Status::corrupt);
  CHECK(decoded(start + key + "2807") == Status::corrupt);
  CHECK(decoded(start + key + "3220" + repeated_bb) == Status::corrupt);
  CHECK(decoded(start + key + "220162") == Status::corrupt);
  CHECK(decoded(start + key + "2201622807") == Status::corrupt);
  CHECK(decoded(start + key + "2201623220" + repeated_bb) == Status::ok);
}

TEST_CASE("no library body is longer than library_body_bytes_max") {
  static const Bytes name(255, 'n');
  Begin begin = full_begin();
  begin.origin = begin.previous_origin = vectors::view(name);
  begin.key.algorithm = CAIRN_P256;
  begin.previous_size = (uint64_t{1} << 63) - 1;
  CHECK(body_of(begin).size() == 626);
  CHECK(body_of(begin).size() <= library_body_bytes_max);
  Close close = full_close();
  close.batch = close.monotonic_ms = UINT64_MAX;
  close.boot = close.key_epoch = UINT32_MAX;
  close.time.unix_ms = INT64_MIN;
  CHECK(body_of(close).size() <= library_body_bytes_max);
}

TEST_CASE("close: its bytes") {
  const Close close = full_close();
  const Bytes body = body_of(close);
  CHECK(to_hex(vectors::view(body)) ==
        "08f0a204"
        "100c"
        "1880b89929"
        "20c6d7bc80bf68"
        "2802"
        "3001"
        "3a20" +
            repeated_aa + "4220" + repeated_bb);
  Close back;
  REQUIRE(decode_close(vectors::view(body), back) == Status::ok);
  CHECK(back.batch == close.batch);
  CHECK(back.boot == close.boot);
  CHECK(back.monotonic_ms == close.monotonic_ms);
  CHECK(back.time.unix_ms == close.time.unix_ms);
  CHECK(back.time.quality == close.time.quality);
  CHECK(back.key_epoch == close.key_epoch);
  CHECK(back.has_previous);
  CHECK(back.previous == close.previous);
  CHECK(back.has_beacon);
  CHECK(back.beacon == close.beacon);
}

TEST_CASE("close: small without a beacon, empty when everything is zero") {
  Close close = full_close();
  close.has_beacon = false;
  close.key_epoch = 0;
  CHECK(body_of(close).size() == 54);
  CHECK(body_of(Close{}).empty());
  Close back = full_close();
  REQUIRE(decode_close({}, back) == Status::ok);
  CHECK(back.batch == 0);
  CHECK_FALSE(back.has_previous);
  CHECK_FALSE(back.has_beacon);
  CHECK(back.previous == filled(0));
}

TEST_CASE("close: a hash of zeros is present when it is") {
  Close close{};
  close.has_beacon = true;
  const Bytes body = body_of(close);
  CHECK(to_hex(vectors::view(body)) == "4220" + std::string(64, '0'));
  Close back;
  REQUIRE(decode_close(vectors::view(body), back) == Status::ok);
  CHECK(back.has_beacon);
}

TEST_CASE("boot, gap, clock, pruned: their bytes and back") {
  Boot boot{};
  boot.boot = 3;
  boot.monotonic_ms = 5;
  boot.time = {-1, TimeQuality::relative};
  boot.torn_bytes = 300;
  CHECK(to_hex(vectors::view(body_of(boot))) ==
        "0803100518012003"
        "28ac02");
  Boot boot_back;
  REQUIRE(decode_boot(vectors::view(body_of(boot)), boot_back) == Status::ok);
  CHECK(boot_back.boot == 3);
  CHECK(boot_back.monotonic_ms == 5);
  CHECK(boot_back.time.unix_ms == -1);
  CHECK(boot_back.time.quality == TimeQuality::relative);
  CHECK(boot_back.torn_bytes == 300);

  Gap gap{};
  gap.count = UINT64_MAX;
  gap.reason = GapReason::switched_off;
  gap.monotonic_ms = 1;
  gap.time = {INT64_MAX, TimeQuality::informative};
  CHECK(to_hex(vectors::view(body_of(gap))) ==
        "08ffffffffffffffffff0110041801"
        "20feffffffffffffffff012801");
  Gap gap_back;
  REQUIRE(decode_gap(vectors::view(body_of(gap)), gap_back) == Status::ok);
  CHECK(gap_back.count == UINT64_MAX);
  CHECK(gap_back.reason == GapReason::switched_off);
  CHECK(gap_back.monotonic_ms == 1);
  CHECK(gap_back.time.unix_ms == INT64_MAX);
  CHECK(gap_back.time.quality == TimeQuality::informative);

  ClockStep step{};
  step.step_ms = INT64_MIN;
  step.time = {7, TimeQuality::synchronised};
  CHECK(to_hex(vectors::view(body_of(step))) == "08ffffffffffffffffff01180e2002");
  ClockStep step_back;
  REQUIRE(decode_clock(vectors::view(body_of(step)), step_back) == Status::ok);
  CHECK(step_back.step_ms == INT64_MIN);
  CHECK(step_back.monotonic_ms == 0);
  CHECK(step_back.time.unix_ms == 7);
  CHECK(step_back.time.quality == TimeQuality::synchronised);

  const Pruned pruned{300, 2, {-2, TimeQuality::informative}};
  CHECK(to_hex(vectors::view(body_of(pruned))) == "08ac02100218032001");
  Pruned pruned_back;
  REQUIRE(decode_pruned(vectors::view(body_of(pruned)), pruned_back) == Status::ok);
  CHECK(pruned_back.index_min == 300);
  CHECK(pruned_back.monotonic_ms == 2);
  CHECK(pruned_back.time.unix_ms == -2);
  CHECK(pruned_back.time.quality == TimeQuality::informative);
}

TEST_CASE("enumerations beyond the last value are refused") {
  uint8_t out[64];
  Boot boot{};
  boot.time.quality = static_cast<TimeQuality>(4);
  CHECK(encode_boot(boot, MutableBytes(out)).status == Status::bad_argument);
  CHECK(decode_boot(vectors::view(vectors::hex("2003")), boot) == Status::ok);
  CHECK(decode_boot(vectors::view(vectors::hex("2004")), boot) == Status::corrupt);
  CHECK(decode_boot(vectors::view(vectors::hex("208302")), boot) == Status::corrupt);
  Gap gap{};
  gap.reason = static_cast<GapReason>(5);
  CHECK(encode_gap(gap, MutableBytes(out)).status == Status::bad_argument);
  CHECK(decode_gap(vectors::view(vectors::hex("1004")), gap) == Status::ok);
  CHECK(decode_gap(vectors::view(vectors::hex("1005")), gap) == Status::corrupt);
}

TEST_CASE("channel: texts of every length, UTF-8 only") {
  Channel channel{7, literal("Kesseltemperatur"),
                  literal("\xC2\xB0"
                          "C")};
  const Bytes body = body_of(channel);
  CHECK(to_hex(vectors::view(body)) ==
        "08071210" + to_hex(channel.name) + "1a03" + to_hex(channel.unit));
  Channel back;
  REQUIRE(decode_channel(vectors::view(body), back) == Status::ok);
  CHECK(back.number == 7);
  CHECK(equal(back.name, channel.name));
  CHECK(equal(back.unit, channel.unit));

  uint8_t out[600];
  const Bytes longest(255, 'x');
  const Bytes too_long(256, 'x');
  channel.name = vectors::view(longest);
  CHECK(encode_channel(channel, MutableBytes(out)).status == Status::ok);
  channel.name = vectors::view(too_long);
  CHECK(encode_channel(channel, MutableBytes(out)).status == Status::bad_argument);
  for (const char* text :
       {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\x80"}) {
    CAPTURE(to_hex({text, std::strlen(text)}));
    channel.name = {text, std::strlen(text)};
    CHECK(encode_channel(channel, MutableBytes(out)).status == Status::bad_argument);
    Bytes raw = {0x12, static_cast<uint8_t>(channel.name.size)};
    raw.insert(raw.end(), channel.name.begin(), channel.name.end());
    CHECK(decode_channel(vectors::view(raw), back) == Status::corrupt);
  }
}

TEST_CASE("one encoding only: other ways to write the same values are refused") {
  Boot boot;
  const auto decoded = [&](const std::string& text) {
    return decode_boot(vectors::view(vectors::hex(text)), boot);
  };
  REQUIRE(decoded("08011002") == Status::ok);
  CHECK(decoded("10020801") == Status::corrupt);      // order
  CHECK(decoded("080108011002") == Status::corrupt);  // twice
  CHECK(decoded("0801080210") == Status::corrupt);    // twice, other value
  CHECK(decoded("0881001002") == Status::corrupt);    // long varint
  CHECK(decoded("088180808080808080800010") == Status::corrupt);
  CHECK(decoded("8800011002") == Status::corrupt);        // long tag
  CHECK(decoded("08001002") == Status::corrupt);          // default value written
  CHECK(decoded("080110021800") == Status::corrupt);      // signed default value written
  CHECK(decoded("080110023001") == Status::corrupt);      // unknown field
  CHECK(decoded("0801100232020101") == Status::corrupt);  // unknown bytes
  CHECK(decoded("0d010000001002") == Status::corrupt);    // wrong wire type
  CHECK(decoded("0a01011002") == Status::corrupt);        // wrong wire type
  CHECK(decoded("0b0c") == Status::corrupt);              // group
  CHECK(decoded("0f") == Status::corrupt);                // no such wire type
  CHECK(decoded("00") == Status::corrupt);                // no such field
  CHECK(decoded("0801100200") == Status::corrupt);
  CHECK(decoded("08ffffffff1f") == Status::corrupt);  // beyond 32 bits
  CHECK(decoded("08ffffffff0f") == Status::ok);
  CHECK(decoded("10ffffffffffffffffff02") == Status::corrupt);  // beyond 64 bits
  CHECK(decoded("10ffffffffffffffffff01") == Status::ok);
  CHECK(decoded("08") == Status::corrupt);
  CHECK(decoded("0880") == Status::corrupt);

  Channel channel;
  CHECK(decode_channel(vectors::view(vectors::hex("120161")), channel) == Status::ok);
  CHECK(decode_channel(vectors::view(vectors::hex("12810061")), channel) == Status::corrupt);
  CHECK(decode_channel(vectors::view(vectors::hex("1200")), channel) == Status::corrupt);
  CHECK(decode_channel(vectors::view(vectors::hex("120261")), channel) == Status::corrupt);
  CHECK(decode_channel(vectors::view(vectors::hex("12ffffffff0f61")), channel) == Status::corrupt);
  CHECK(decode_channel(vectors::view(vectors::hex("12ffffffffffffffffff0161")), channel) ==
        Status::corrupt);
}

TEST_CASE("one encoding only: flips, truncations and appended bytes of every body") {
  attack<Begin>(body_of(full_begin()));
  attack<Close>(body_of(full_close()));
  attack<Boot>(body_of(Boot{1, 1000, {1'700'000'000'000, TimeQuality::synchronised}, 17}));
  attack<Gap>(
      body_of(Gap{12, GapReason::queue_full, 1000, {1'700'000'000'000, TimeQuality::relative}}));
  attack<ClockStep>(body_of(ClockStep{-3'600'000, 77, {1'700'000'000'000, TimeQuality::relative}}));
  attack<Pruned>(body_of(Pruned{1 << 20, 77, {1'700'000'000'000, TimeQuality::relative}}));
  attack<Channel>(body_of(Channel{300, literal("pressure"), literal("bar")}));
}

TEST_CASE("random bytes are refused or have one encoding") {
  std::mt19937 random(1);
  // Tags of the messages are common, so that some inputs get far.
  const Bytes common = {0x08, 0x10, 0x18, 0x20, 0x28, 0x30, 0x0a, 0x12, 0x1a, 0x01, 0x02, 0x03};
  for (int i = 0; i < 20000; ++i) {
    Bytes bytes(random() % 24);
    for (uint8_t& b : bytes)
      b = random() % 2 == 0 ? common[random() % common.size()] : static_cast<uint8_t>(random());
    accepted<Begin>(bytes);
    accepted<Close>(bytes);
    accepted<Boot>(bytes);
    accepted<Gap>(bytes);
    accepted<ClockStep>(bytes);
    accepted<Pruned>(bytes);
    accepted<Channel>(bytes);
  }
}

TEST_CASE("a buffer that is too small") {
  check_full(full_begin());
  check_full(full_close());
  check_full(Boot{1, 1000, {1'700'000'000'000, TimeQuality::synchronised}, 17});
  check_full(Channel{300, literal("pressure"), literal("bar")});
}
