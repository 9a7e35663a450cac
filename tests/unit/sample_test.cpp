#include <cairn/leaf.hpp>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::to_hex;

namespace {

Reading decimal(uint32_t channel, int64_t value, uint8_t places) {
  Reading r;
  r.channel = channel;
  r.decimal = value;
  r.places = places;
  return r;
}
Reading real(uint32_t channel, double value) {
  Reading r;
  r.channel = channel;
  r.type = Reading::Type::real;
  r.real = value;
  return r;
}
Reading flag(uint32_t channel, bool value) {
  Reading r;
  r.channel = channel;
  r.type = Reading::Type::flag;
  r.flag = value;
  return r;
}
Reading text(uint32_t channel, ByteView value) {
  Reading r;
  r.channel = channel;
  r.type = Reading::Type::text;
  r.text = value;
  return r;
}

const WallTime noon = {1'795'162'609'123, TimeQuality::informative};

Bytes body_of(const std::vector<Reading>& readings, WallTime time = noon) {
  uint8_t out[4096];
  const Result<size_t> size =
      encode_sample(time, readings.data(), readings.size(), MutableBytes(out));
  REQUIRE(size.status == Status::ok);
  return {out, out + size.value};
}

Status encoded(const Reading& reading) {
  uint8_t out[1024];
  return encode_sample(noon, &reading, 1, MutableBytes(out)).status;
}

// Accepted bytes are encoded to themselves.
bool accepted(const Bytes& bytes) {
  SampleReader reader;
  if (reader.open(vectors::view(bytes)) != Status::ok) return false;
  std::vector<Reading> readings;
  Reading reading;
  Status status = Status::ok;
  while ((status = reader.next(reading)) == Status::ok)
    readings.push_back(reading);
  REQUIRE(status == Status::end);
  REQUIRE(body_of(readings, reader.time()) == bytes);
  return true;
}

bool opens(const std::string& text) {
  return accepted(vectors::hex(text));
}

}  // namespace

TEST_CASE("sample: its bytes") {
  CHECK(to_hex(vectors::view(body_of({decimal(1, -2150, 2)}))) ==
        "08c6d7bc80bf68"
        "1001"
        "1a07"
        "0801"
        "10cb21"
        "3002");
  CHECK(to_hex(vectors::view(body_of({real(0, 1.5)}, {}))) == "1a0919000000000000f83f");
  CHECK(to_hex(vectors::view(body_of({flag(2, false), flag(3, true)}, {}))) ==
        "1a0408022000"
        "1a0408032001");
  CHECK(to_hex(vectors::view(body_of({text(4, literal("ok")), decimal(0, 0, 0)}, {}))) ==
        "1a0608042a026f6b"
        "1a021000");
}

TEST_CASE("sample: readings of all types come back") {
  std::vector<Reading> readings = {decimal(1, INT64_MIN, 18),
                                   decimal(2, INT64_MAX, 0),
                                   real(3, -0.0),
                                   real(4, std::numeric_limits<double>::infinity()),
                                   real(5, std::numeric_limits<double>::denorm_min()),
                                   flag(6, false),
                                   flag(UINT32_MAX, true),
                                   text(8, {}),
                                   text(9, literal("\xE2\x82\xAC"))};
  readings[5].quality = 65535;
  const Bytes body = body_of(readings);
  SampleReader reader;
  REQUIRE(reader.open(vectors::view(body)) == Status::ok);
  CHECK(reader.time().unix_ms == noon.unix_ms);
  CHECK(reader.time().quality == noon.quality);
  for (const Reading& expected : readings) {
    Reading r;
    REQUIRE(reader.next(r) == Status::ok);
    CHECK(r.channel == expected.channel);
    CHECK(r.type == expected.type);
    CHECK(r.decimal == expected.decimal);
    CHECK(r.places == expected.places);
    CHECK(std::memcmp(&r.real, &expected.real, sizeof r.real) == 0);
    CHECK(r.flag == expected.flag);
    CHECK(equal(r.text, expected.text));
    CHECK(r.quality == expected.quality);
  }
  Reading r;
  CHECK(reader.next(r) == Status::end);
  CHECK(reader.next(r) == Status::end);
}

TEST_CASE("sample: a NaN keeps its bits") {
  const uint64_t bits = 0x7FF8'0000'1234'5678;
  Reading nan = real(1, 0);
  std::memcpy(&nan.real, &bits, sizeof bits);
  const Bytes body = body_of({nan});
  SampleReader reader;
  REQUIRE(reader.open(vectors::view(body)) == Status::ok);
  Reading back;
  REQUIRE(reader.next(back) == Status::ok);
  CHECK(std::isnan(back.real));
  CHECK(std::memcmp(&back.real, &bits, sizeof bits) == 0);
}

TEST_CASE("sample: none, and many readings") {
  CHECK(body_of({}, {}).empty());
  CHECK(accepted({}));
  CHECK(accepted(body_of({})));
  std::vector<Reading> readings;
  for (uint32_t i = 0; i < 300; ++i)
    readings.push_back(decimal(i, i * 7, 1));
  CHECK(accepted(body_of(readings)));
}

TEST_CASE("sample: values outside their range") {
  CHECK(encoded(decimal(1, 5, 18)) == Status::ok);
  CHECK(encoded(decimal(1, 5, 19)) == Status::bad_argument);
  Reading r = real(1, 2);
  r.places = 1;
  CHECK(encoded(r) == Status::bad_argument);
  r = decimal(1, 5, 0);
  r.type = static_cast<Reading::Type>(4);
  CHECK(encoded(r) == Status::bad_argument);
  const Bytes longest(255, 'x');
  const Bytes too_long(256, 'x');
  CHECK(encoded(text(1, vectors::view(longest))) == Status::ok);
  CHECK(encoded(text(1, vectors::view(too_long))) == Status::bad_argument);
  CHECK(encoded(text(1, literal("\xC3("))) == Status::bad_argument);
  uint8_t out[64];
  CHECK(encode_sample({0, static_cast<TimeQuality>(9)}, nullptr, 0, MutableBytes(out)).status ==
        Status::bad_argument);
}

TEST_CASE("sample: a buffer that is too small") {
  const std::vector<Reading> readings = {decimal(1, 2150, 2), text(2, literal("running"))};
  const size_t size = body_of(readings).size();
  for (size_t room = 0; room < size; ++room) {
    Bytes out(room);
    CHECK(encode_sample(noon, readings.data(), 2, {out.data(), room}).status == Status::full);
  }
}

TEST_CASE("sample: other encodings of the same readings are refused") {
  REQUIRE(opens("1a0408022001"));
  CHECK_FALSE(opens("1a0420010802"));      // order within the reading
  CHECK_FALSE(opens("1a05080220013000"));  // length too short
  CHECK_FALSE(opens("1a06080220013000"));  // default value written
  CHECK_FALSE(opens("1a0408022002"));      // a flag of 2
  CHECK_FALSE(opens("1a020802"));          // no value
  CHECK_FALSE(opens("1a06080210022001"));  // two values
  CHECK_FALSE(opens("1a06080220012001"));  // one value twice
  CHECK_FALSE(opens("1a06080220013001"));  // places of a flag
  CHECK_FALSE(
      opens("1a0608021002"
            "3013"));  // 19 places
  CHECK(
      opens("1a0608021002"
            "3012"));
  CHECK_FALSE(
      opens("1a0808021002"
            "38808004"));      // quality beyond 16 bits
  CHECK_FALSE(opens("1a00"));  // an empty reading
  CHECK_FALSE(
      opens("1a84000802"
            "2001"));                      // long length
  CHECK_FALSE(opens("1a04080220010802"));  // a field behind the readings
  CHECK_FALSE(
      opens("10011a0408022001"
            "1001"));
  CHECK_FALSE(opens("0800"));
  CHECK_FALSE(opens("1004"));
  CHECK_FALSE(opens("1a09190000000000f83f"));  // truncated number
  CHECK_FALSE(
      opens("1a052a03c32861"
            ""));  // not UTF-8
}

TEST_CASE("sample: every flip and truncation") {
  const Bytes good = body_of({decimal(1, -2150, 2), real(2, 0.1), flag(3, true),
                              text(4, literal("door")), decimal(5, 0, 0)});
  REQUIRE(accepted(good));
  Bytes bad = good;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
    accepted(bad);
    bad = good;
  }
  for (size_t size = 0; size < good.size(); ++size)
    accepted(Bytes(good.begin(), good.begin() + static_cast<long>(size)));
}

TEST_CASE("sample: a reader whose body was refused gives nothing") {
  SampleReader reader;
  const Bytes bytes = vectors::hex("1a04080220011a00");
  REQUIRE(reader.open(vectors::view(bytes)) == Status::corrupt);
  Reading reading;
  CHECK(reader.next(reading) == Status::end);
}
