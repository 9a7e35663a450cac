// Values of texts, and leaves of records.
#include <cairn/linux/file.hpp>
#include <cairn/linux/leaf_buffer.hpp>
#include <cairn/linux/lines_source.hpp>
#include <cairn/linux/platform.hpp>

#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

void check_decimal(const std::string& text, int64_t decimal, uint8_t places) {
  const Reading reading = reading_of_text(text);
  CAPTURE(text);
  REQUIRE(reading.type == Reading::Type::decimal);
  CHECK(reading.decimal == decimal);
  CHECK(reading.places == places);
  CHECK(reading.text.empty());
}

void check_real(const std::string& text, double real) {
  const Reading reading = reading_of_text(text);
  CAPTURE(text);
  REQUIRE(reading.type == Reading::Type::real);
  CHECK(reading.real == real);
}

void check_text(const std::string& text) {
  const Reading reading = reading_of_text(text);
  CAPTURE(text);
  REQUIRE(reading.type == Reading::Type::text);
  CHECK(reading.text.data == bytes_of(text).data);
  CHECK(reading.text.size == text.size());
}

}  // namespace

TEST_CASE("Numbers keep every digit") {
  check_decimal("0", 0, 0);
  check_decimal("-0", 0, 0);
  check_decimal("0.0", 0, 1);
  check_decimal("12", 12, 0);
  check_decimal("-12", -12, 0);
  check_decimal("+12", 12, 0);
  check_decimal("641.82", 64182, 2);
  check_decimal("-0.50", -50, 2);
  check_decimal("0.000", 0, 3);
  check_decimal(".5", 5, 1);
  check_decimal("-.5", -5, 1);
  check_decimal("5.", 5, 0);
  check_decimal("123456789.012345678", 123456789012345678, 9);
  check_decimal("0.000000000000000001", 1, 18);
  check_decimal("9223372036854775807", INT64_MAX, 0);
  check_decimal("-9223372036854775808", INT64_MIN, 0);
}

TEST_CASE("Numbers with an exponent, or more digits than a decimal holds, are real") {
  check_real("1e5", 1e5);
  check_real("-2.5E-3", -2.5e-3);
  check_real("+1e0", 1);
  check_real("0.0000000000000000001", 1e-19);
  check_real("3.14159265358979323846", 3.14159265358979323846);
  check_real("1e308", 1e308);
  check_real("5e-324", 5e-324);
}

TEST_CASE("True and false are flags in any case") {
  for (const char* text : {"true", "TRUE", "True"}) {
    const Reading reading = reading_of_text(text);
    CHECK(reading.type == Reading::Type::flag);
    CHECK(reading.flag);
  }
  for (const char* text : {"false", "FALSE", "False"}) {
    const Reading reading = reading_of_text(text);
    CHECK(reading.type == Reading::Type::flag);
    CHECK_FALSE(reading.flag);
  }
}

TEST_CASE("Everything else is text, as are numbers that would lose something") {
  for (const char* text : {"",
                           " ",
                           "a",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "+.",
                           "..",
                           "1.2.3",
                           "1 2",
                           " 1",
                           "1 ",
                           "12a",
                           "1,5",
                           "--1",
                           "+-1",
                           "-+1",
                           "1.-5",
                           ".-5",
                           "1.+5",
                           "0x10",
                           "1e",
                           "e5",
                           "1e5e",
                           "1e999",
                           "-1e999",
                           "nan",
                           "inf",
                           "-inf",
                           "infinity",
                           "1.5nan",
                           "007",
                           "-012",
                           "00",
                           "00.5",
                           "9223372036854775808",
                           "-9223372036854775809",
                           "89490200001234567890",
                           "truee",
                           "yes",
                           "2026-09-01T00:00:00Z",
                           "10:37",
                           "\xC2\xB0"
                           "C"}) {
    check_text(text);
  }
}

TEST_CASE("Records become leaves: channels first, then the sample") {
  const TemporaryFolder folder;
  write(folder / "in", "");
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  REQUIRE(opened.source != nullptr);

  SourceRecord record;
  record.channels = {{1, "temp", "degC"}, {2, "state", ""}};
  record.time = {1700000000123, TimeQuality::synchronised};
  Reading reading = reading_of_text("21.50");
  reading.channel = 1;
  record.readings.push_back(reading);
  record.texts.push_back("running");
  reading = reading_of_text(record.texts.back());
  reading.channel = 2;
  record.readings.push_back(reading);

  LeafBuffer buffer;
  REQUIRE(buffer.add(record, *opened.source).ok());
  REQUIRE(buffer.count() == 3);
  const std::vector<ByteView> leaves = buffer.leaves();
  REQUIRE(leaves.size() == 3);
  CHECK(leaves[0].size + leaves[1].size + leaves[2].size == buffer.size_bytes());
  CHECK(leaves[0][0] == static_cast<uint8_t>(Kind::channel));
  Channel channel{};
  REQUIRE(decode_channel(leaves[0].part(1), channel) == Status::ok);
  CHECK(channel.number == 1);
  CHECK(string_of(channel.name) == "temp");
  CHECK(string_of(channel.unit) == "degC");
  REQUIRE(decode_channel(leaves[1].part(1), channel) == Status::ok);
  CHECK(string_of(channel.unit).empty());

  CHECK(leaves[2][0] == static_cast<uint8_t>(Kind::sample));
  SampleReader sample;
  REQUIRE(sample.open(leaves[2].part(1)) == Status::ok);
  CHECK(sample.time().unix_ms == 1700000000123);
  REQUIRE(sample.next(reading) == Status::ok);
  CHECK(reading.channel == 1);
  CHECK(reading.decimal == 2150);
  CHECK(reading.places == 2);
  REQUIRE(sample.next(reading) == Status::ok);
  CHECK(string_of(reading.text) == "running");
  CHECK(sample.next(reading) == Status::end);

  record.clear();
  CHECK(record.channels.empty());
  record.kind = Kind::opaque;
  record.opaque = std::string("raw\0bytes", 9);
  REQUIRE(buffer.add(record, *opened.source).ok());
  REQUIRE(buffer.count() == 4);
  CHECK(string_of(buffer.leaves()[3].part(1)) == record.opaque);
  CHECK(buffer.leaves()[3][0] == static_cast<uint8_t>(Kind::opaque));
  buffer.clear();
  CHECK(buffer.count() == 0);
  CHECK(buffer.leaves().empty());
}

TEST_CASE("A sample without readings is a record too") {
  const TemporaryFolder folder;
  write(folder / "in", "");
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  LeafBuffer buffer;
  REQUIRE(buffer.add(SourceRecord(), *opened.source).ok());
  SampleReader sample;
  REQUIRE(sample.open(buffer.leaves()[0].part(1)) == Status::ok);
  Reading reading;
  CHECK(sample.next(reading) == Status::end);
}

TEST_CASE("A record that is too large is refused with its line, and leaves nothing behind") {
  const TemporaryFolder folder;
  write(folder / "in", "");
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  LeafBuffer buffer;
  SourceRecord record;
  record.line = 12;
  record.channels = {{1, "a", ""}};
  record.texts.push_back(std::string(255, 'x'));
  for (uint32_t i = 0; i < 32; ++i) {
    Reading reading = reading_of_text(record.texts.back());
    reading.channel = i;
    record.readings.push_back(reading);
  }
  const Error error = buffer.add(record, *opened.source);
  CHECK(error.status == Status::bad_argument);
  CHECK(mentions(error.message, {folder / "in", "line 12", "8190"}));
  CHECK(buffer.count() == 0);
  CHECK(buffer.size_bytes() == 0);
  record.readings.resize(31);
  CHECK(buffer.add(record, *opened.source).ok());

  buffer.clear();
  record.clear();
  record.kind = Kind::opaque;
  record.opaque.assign(8189, 'x');
  CHECK(buffer.add(record, *opened.source).ok());
  CHECK(buffer.leaves()[0].size == leaf_bytes_max);
  record.opaque.assign(8190, 'x');
  CHECK(buffer.add(record, *opened.source).status == Status::bad_argument);
  CHECK(buffer.count() == 1);
}

TEST_CASE("A reading that cannot be written is refused") {
  const TemporaryFolder folder;
  write(folder / "in", "");
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  LeafBuffer buffer;
  SourceRecord record;
  Reading reading = reading_of_text("1");
  reading.places = 19;
  record.readings.push_back(reading);
  CHECK(buffer.add(record, *opened.source).status == Status::bad_argument);
  CHECK(buffer.count() == 0);
}
