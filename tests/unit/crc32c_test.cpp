// CRC-32C: the portable code against the definition, and every other one against it.
#include "crc32c.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace cairn;

namespace {

uint32_t by_definition(ByteView data, uint32_t crc) {
  crc = ~crc;
  for (uint8_t byte : data) {
    crc ^= byte;
    for (int i = 0; i < 8; ++i)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
  }
  return ~crc;
}

using Function = uint32_t (*)(ByteView, uint32_t);
const Function functions[] = {crc32c, crc32c_portable,
#ifdef CAIRN_TEST_WITH_ACCELERATED
                              crc32c_accelerated
#endif
};

std::vector<uint8_t> random_bytes(size_t size) {
  std::mt19937_64 random(40);
  std::vector<uint8_t> bytes(size);
  for (uint8_t& b : bytes)
    b = static_cast<uint8_t>(random());
  return bytes;
}

}  // namespace

TEST_CASE("the check value of CRC-32C") {
  for (Function crc : functions) {
    CHECK(crc(literal("123456789"), 0) == 0xe3069283);
    CHECK(crc({}, 0) == 0);
    CHECK(crc({}, 0x12345678) == 0x12345678);
  }
}

TEST_CASE("all agree at every length, address and seed") {
  const std::vector<uint8_t> bytes = random_bytes(320);
  for (size_t shift = 0; shift < 16; ++shift) {
    for (size_t size = 0; size <= 300; ++size) {
      const ByteView data(bytes.data() + shift, size);
      const uint32_t seed = static_cast<uint32_t>(0x9e3779b9u * size);
      const uint32_t expected = by_definition(data, seed);
      for (Function crc : functions)
        if (crc(data, seed) != expected) FAIL(shift << ", " << size);
    }
  }
}

TEST_CASE("all agree on long inputs, whole and in two pieces") {
  const std::vector<uint8_t> bytes = random_bytes(20000);
  for (size_t size : {1000u, 3071u, 3072u, 3073u, 6143u, 6144u, 10007u, 20000u}) {
    const ByteView data(bytes.data(), size);
    const uint32_t expected = by_definition(data, 7);
    for (Function crc : functions) {
      CHECK(crc(data, 7) == expected);
      for (size_t at = 0; at <= size; at += 997)
        CHECK(crc(data.part(at), crc(data.part(0, at), 7)) == expected);
    }
  }
}
