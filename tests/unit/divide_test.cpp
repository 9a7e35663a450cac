// Division by hand against that of the machine.
#include "divide.hpp"

#include <cairn/checkpoint.hpp>
#include <cairn/hash.hpp>
#include <string>

#include "support/catch.hpp"

namespace {

// Values around every power of two, and those that a log reaches.
template <class Check>
void for_values(Check check) {
  for (unsigned bit = 0; bit < 64; ++bit)
    for (uint64_t off = 0; off < 3; ++off) {
      check((uint64_t{1} << bit) + off);
      check((uint64_t{1} << bit) - off);
    }
  for (uint64_t value = 0; value < 3000; ++value)
    check(value * 12345678901234567u);
}

}  // namespace

TEST_CASE("remainder() is that of %") {
  for_values([](uint64_t value) {
    for (const uint32_t divisor : {1u, 2u, 3u, 7u, 64u, 256u, 1000u, 65535u, 65536u, 65537u,
                                   0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu})
      if (cairn::remainder(value, divisor) != value % divisor) FAIL(value << " % " << divisor);
  });
}

TEST_CASE("the decimal number of a size has the digits that the C library writes") {
  for_values([](uint64_t value) {
    value &= INT64_MAX;
    cairn::Checkpoint checkpoint;
    checkpoint.origin = cairn::literal("o");
    checkpoint.size = value;
    if (value == 0) checkpoint.root = cairn::sha256({});
    uint8_t text[cairn::signed_checkpoint_bytes_max];
    const auto size = cairn::format_checkpoint(checkpoint, text);
    REQUIRE(size.ok());
    const std::string written(reinterpret_cast<const char*>(text), size.value);
    const std::string expected = "o\n" + std::to_string(value) + "\n";
    if (written.compare(0, expected.size(), expected) != 0) FAIL(written);
  });
}
