#include <cairn/bytes.hpp>
#include <vector>

#include "support/catch.hpp"

using namespace cairn;

TEST_CASE("a part never leaves its range") {
  const uint8_t bytes[] = {1, 2, 3, 4, 5};
  const ByteView all(bytes);
  CHECK(all.part(0).size == 5);
  CHECK(all.part(2).size == 3);
  CHECK(all.part(2)[0] == 3);
  CHECK(all.part(2, 2).size == 2);
  CHECK(all.part(5).empty());
  CHECK(all.part(6).empty());
  CHECK(all.part(SIZE_MAX, SIZE_MAX).empty());
  CHECK(all.part(1, SIZE_MAX).size == 4);
  CHECK(ByteView().part(0).empty());
  CHECK(ByteView().part(1, 1).empty());
}

TEST_CASE("a literal leaves its final zero out") {
  CHECK(literal("").empty());
  CHECK(literal("abc").size == 3);
  CHECK(literal("a\0b").size == 3);
  CHECK(equal(literal("abc"), ByteView("abcd", 3)));
}

TEST_CASE("comparisons look at every byte and at the size") {
  for (const auto same : {equal, equal_constant_time}) {
    CHECK(same({}, {}));
    CHECK(same({}, literal("")));
    CHECK(same(literal("cairn"), literal("cairn")));
    CHECK_FALSE(same(literal("cairn"), literal("cairns")));
    CHECK_FALSE(same(literal("cairn"), {}));
    std::vector<uint8_t> a(40, 0x5a);
    for (size_t i = 0; i < a.size(); ++i) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        std::vector<uint8_t> b = a;
        b[i] = static_cast<uint8_t>(b[i] ^ 1u << bit);
        CHECK_FALSE(same({a.data(), a.size()}, {b.data(), b.size()}));
      }
    }
  }
}

TEST_CASE("wipe clears its range and nothing else") {
  uint8_t bytes[] = {1, 2, 3, 4, 5};
  wipe(bytes + 1, 3);
  const uint8_t expected[] = {1, 0, 0, 0, 5};
  CHECK(equal(bytes, expected));
  wipe(bytes, 0);
  CHECK(bytes[0] == 1);
}

TEST_CASE("integers are stored in the order that the name says") {
  uint8_t p[8];
  store_le16(p, 0x1234);
  CHECK(equal({p, 2}, literal("\x34\x12")));
  CHECK(load_le16(p) == 0x1234);
  store_le32(p, 0x89abcdef);
  CHECK(equal({p, 4}, literal("\xef\xcd\xab\x89")));
  CHECK(load_le32(p) == 0x89abcdef);
  store_be32(p, 0x89abcdef);
  CHECK(equal({p, 4}, literal("\x89\xab\xcd\xef")));
  CHECK(load_be32(p) == 0x89abcdef);
  store_le64(p, 0xfedcba9876543210);
  CHECK(equal(p, literal("\x10\x32\x54\x76\x98\xba\xdc\xfe")));
  CHECK(load_le64(p) == 0xfedcba9876543210);
  store_be64(p, 0xfedcba9876543210);
  CHECK(equal(p, literal("\xfe\xdc\xba\x98\x76\x54\x32\x10")));
  CHECK(load_be64(p) == 0xfedcba9876543210);
}

TEST_CASE("integers need no alignment and touch no byte more") {
  uint8_t p[16];
  for (size_t offset = 1; offset < 8; ++offset) {
    for (uint8_t& b : p)
      b = 0x77;
    store_be64(p + offset, UINT64_MAX);
    CHECK(p[offset - 1] == 0x77);
    CHECK(p[offset + 8] == 0x77);
    CHECK(load_le64(p + offset) == UINT64_MAX);
    store_le32(p + offset, 0);
    CHECK(load_be64(p + offset) == 0xffffffff);
  }
}

TEST_CASE("bits are counted over all 64") {
  CHECK(count_bits(0) == 0);
  CHECK(bit_length(0) == 0);
  CHECK(trailing_zeros(0) == 64);
  CHECK(count_bits(UINT64_MAX) == 64);
  CHECK(bit_length(UINT64_MAX) == 64);
  CHECK(trailing_zeros(UINT64_MAX) == 0);
  for (unsigned i = 0; i < 64; ++i) {
    const uint64_t power = uint64_t{1} << i;
    CHECK(count_bits(power) == 1);
    CHECK(bit_length(power) == i + 1);
    CHECK(trailing_zeros(power) == i);
    CHECK(count_bits(power - 1) == i);
    CHECK(bit_length(power - 1) == i);
    CHECK(trailing_zeros(power | uint64_t{1} << 63) == i);
  }
}
