// Timestamps of OpenTimestamps: their form. Real ones are in tests/interop.
#include <cairn/linux/file.hpp>
#include <cairn/linux/opentimestamps.hpp>

#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;

namespace {

const std::string pending = "0083dfe30d2ef90c8e";
const std::string bitcoin = "000588960d73d71901";
const std::string url = "0f0e" + vectors::to_hex(bytes_of(std::string("http://a.b.c/d")));

Status parsed(const std::string& hex, OpenTimestampsFact& fact) {
  const vectors::Bytes bytes = vectors::hex(hex);
  return parse_opentimestamps(vectors::view(bytes), fact);
}
Status parsed(const std::string& hex) {
  OpenTimestampsFact fact;
  return parsed(hex, fact);
}

}  // namespace

TEST_CASE("opentimestamps: promises of calendars and of blocks") {
  OpenTimestampsFact fact;
  REQUIRE(parsed("f003616263"
                 "08" +
                     pending + url,
                 fact) == Status::ok);
  CHECK(fact.calendars == std::vector<std::string>{"http://a.b.c/d"});
  CHECK(fact.bitcoin_heights.empty());
  REQUIRE(parsed("ff" + pending + url +
                     "f10161"
                     "08" +
                     bitcoin + "03a0f736",
                 fact) == Status::ok);
  CHECK(fact.calendars.size() == 1);
  CHECK(fact.bitcoin_heights == std::vector<uint64_t>{900000});
  CHECK(parsed("000102030405060708"
               "0161") == Status::ok);  // of a kind that is not known
}

TEST_CASE("opentimestamps: every truncation, and what is none") {
  const std::string good =
      "f003616263"
      "08" +
      pending + url;
  for (size_t size = 0; size < good.size(); size += 2)
    CHECK(parsed(good.substr(0, size)) == Status::corrupt);
  CHECK(parsed(good + "00") == Status::corrupt);
  CHECK(parsed("07" + pending + url) == Status::corrupt);
  CHECK(parsed("f000" + pending + url) == Status::corrupt);
  CHECK(parsed(bitcoin + "04a0f73600") == Status::corrupt);
  CHECK(parsed(bitcoin + "0affffffffffffffffff01") == Status::corrupt);
  std::string deep;
  for (int i = 0; i < 300; ++i)
    deep += "08";
  CHECK(parsed(deep + pending + url) == Status::corrupt);
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += "ff" + pending + url;
  CHECK(parsed(many + pending + url) == Status::corrupt);
}

TEST_CASE("opentimestamps: the head of a file") {
  const std::string file = format_opentimestamps_file(sha256(literal("x")), literal("stamp"));
  CHECK(vectors::to_hex(bytes_of(file).part(0, 33)) ==
        "004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e892940108");
  CHECK(file.size() == 33 + 32 + 5);
}
