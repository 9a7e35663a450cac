// RLP: published examples, and that only the shortest form is read.
#include <cairn/linux/file.hpp>
#include <cairn/linux/rlp.hpp>

#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;

namespace {

std::string hex_of(const std::string& bytes) {
  return vectors::to_hex(bytes_of(bytes));
}
Status parsed(const std::string& hex) {
  const vectors::Bytes bytes = vectors::hex(hex);
  rlp::Item item;
  return rlp::parse(vectors::view(bytes), item);
}

}  // namespace

TEST_CASE("rlp: the examples of Ethereum's documentation") {
  CHECK(hex_of(rlp::string(literal("dog"))) == "83646f67");
  CHECK(hex_of(rlp::string({})) == "80");
  CHECK(hex_of(rlp::string(literal("\x0f"))) == "0f");
  CHECK(hex_of(rlp::string(literal("\x80"))) == "8180");
  CHECK(hex_of(rlp::number(0)) == "80");
  CHECK(hex_of(rlp::number(15)) == "0f");
  CHECK(hex_of(rlp::number(1024)) == "820400");
  CHECK(hex_of(rlp::number(UINT64_MAX)) == "88ffffffffffffffff");
  CHECK(hex_of(rlp::list({})) == "c0");
  CHECK(hex_of(rlp::list({rlp::string(literal("cat")), rlp::string(literal("dog"))})) ==
        "c88363617483646f67");
  CHECK(hex_of(rlp::list({rlp::list({}), rlp::list({rlp::list({})})})) == "c3c0c1c0");
  const std::string lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";
  CHECK(hex_of(rlp::string(bytes_of(lorem))) == "b838" + hex_of(lorem));
  CHECK(hex_of(rlp::string(bytes_of(std::string(1024, 'a')))).substr(0, 6) == "b90400");
  CHECK(hex_of(rlp::list({rlp::string(bytes_of(std::string(300, 'a')))})).substr(0, 12) ==
        "f9012fb9012c");
}

TEST_CASE("rlp: what was written is read") {
  const std::string bytes = rlp::list({rlp::number(7), rlp::string(bytes_of(std::string(60, 'x'))),
                                       rlp::list({rlp::string(literal("in"))})});
  rlp::Item item;
  std::vector<rlp::Item> items, inner;
  REQUIRE(rlp::parse(bytes_of(bytes), item) == Status::ok);
  REQUIRE(rlp::items_of(item, items) == Status::ok);
  REQUIRE(items.size() == 3);
  CHECK(rlp::number_of(items[0]).value == 7);
  CHECK(items[1].payload.size == 60);
  CHECK(rlp::number_of(items[1]).status == Status::corrupt);
  CHECK(rlp::number_of(items[2]).status == Status::corrupt);
  REQUIRE(rlp::items_of(items[2], inner) == Status::ok);
  REQUIRE(inner.size() == 1);
  CHECK(equal(inner[0].payload, literal("in")));
  CHECK(rlp::items_of(items[0], inner) == Status::corrupt);
}

TEST_CASE("rlp: one encoding only") {
  for (const char* good : {"00", "7f", "8180", "80", "c0", "c101", "88ffffffffffffffff"})
    CHECK(parsed(good) == Status::ok);
  for (const char* bad :
       {"", "8100", "817f", "82", "8201", "8000", "c1", "c1c1", "b800", "b90037", "b838", "f800",
        "f90037", "b9003800", "bfffffffffffffffff", "ffffffffffffffffff", "0000"}) {
    CAPTURE(bad);
    rlp::Item item;
    std::vector<rlp::Item> items;
    const vectors::Bytes bytes = vectors::hex(bad);
    Status status = rlp::parse(vectors::view(bytes), item);
    if (status == Status::ok) status = rlp::items_of(item, items);
    CHECK(status == Status::corrupt);
  }
}
