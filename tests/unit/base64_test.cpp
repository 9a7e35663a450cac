// Base64 and decimal numbers: one text for each value, every other text refused.
#include <cairn/note.hpp>
#include <limits>

#include "support/catch.hpp"
#include "support/vectors.hpp"

using cairn::Status;
using vectors::Bytes;
using vectors::view;

namespace {

std::string encode(const Bytes& bytes) {
  uint8_t out[512];
  const auto size = cairn::encode_base64(view(bytes), out);
  REQUIRE(size.ok());
  return {reinterpret_cast<char*>(out), size.value};
}

Status decode(const std::string& text) {
  uint8_t out[512];
  return cairn::decode_base64(view(text), out).status;
}

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("base64 gives the texts of RFC 4648") {
  CHECK(encode({}) == "");
  CHECK(encode(bytes_of("f")) == "Zg==");
  CHECK(encode(bytes_of("fo")) == "Zm8=");
  CHECK(encode(bytes_of("foo")) == "Zm9v");
  CHECK(encode(bytes_of("foob")) == "Zm9vYg==");
  CHECK(encode(bytes_of("fooba")) == "Zm9vYmE=");
  CHECK(encode(bytes_of("foobar")) == "Zm9vYmFy");
  CHECK(encode({0xFB, 0xEF, 0xFF}) == "++//");
}

TEST_CASE("base64 comes back, for every byte at every place") {
  for (size_t size = 0; size <= 12; ++size) {
    for (unsigned value = 0; value < 256; ++value) {
      for (size_t at = 0; at < size; ++at) {
        Bytes bytes(size, 0x3C);
        bytes[at] = static_cast<uint8_t>(value);
        const std::string text = encode(bytes);
        REQUIRE(text.size() == cairn::base64_size(size));
        uint8_t out[16];
        const auto back = cairn::decode_base64(view(text), out);
        REQUIRE(back.ok());
        REQUIRE(Bytes(out, out + back.value) == bytes);
      }
    }
  }
}

TEST_CASE("base64 takes no character outside its alphabet") {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (unsigned c = 0; c < 256; ++c) {
    CAPTURE(c);
    const bool good = alphabet.find(static_cast<char>(c)) != std::string::npos;
    for (size_t at = 0; at < 4; ++at) {
      // Behind three good characters '=' pads.
      if (c == '=' && at == 3) continue;
      std::string text = "AAAA";
      text[at] = static_cast<char>(c);
      CHECK((decode(text) == Status::ok) == good);
    }
  }
}

TEST_CASE("base64 has exactly one form of padding") {
  for (const char* bad : {"Z",    "Zg",     "Zg=",   "Zm8",      "Zm9vY",    "Zg===",    "====",
                          "A===", "=",      "==",    "Zg==Zg==", "Zm8=Zm8=", "=AAA",     "A=AA",
                          "AA=A", "Zg==\n", "Zg ==", "Zm9v\n",   "\nZm9v",   "Zm9vAA=\n"}) {
    CAPTURE(bad);
    CHECK(decode(bad) == Status::corrupt);
  }
}

TEST_CASE("base64 refuses bits that stand for no byte") {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t digit = 0; digit < 64; ++digit) {
    CHECK((decode(std::string("A") + alphabet[digit] + "==") == Status::ok) == (digit % 16 == 0));
    CHECK((decode(std::string("AA") + alphabet[digit] + "=") == Status::ok) == (digit % 4 == 0));
  }
}

TEST_CASE("base64 needs room") {
  uint8_t out[8] = {};
  CHECK(cairn::encode_base64(view(bytes_of("foob")), {out, 7}).status == Status::full);
  CHECK(cairn::encode_base64(view(bytes_of("foob")), {out, 8}).ok());
  CHECK(cairn::decode_base64(cairn::literal("Zm9vYg=="), {out, 3}).status == Status::full);
  CHECK(cairn::decode_base64(cairn::literal("Zm9vYg=="), {out, 4}).ok());
  CHECK(cairn::decode_base64({}, {}).value_or(9) == 0);
  CHECK(cairn::encode_base64({}, {}).value_or(9) == 0);
}

TEST_CASE("decimal numbers are written and read") {
  const struct {
    uint64_t value;
    const char* text;
  } cases[] = {
      {0, "0"},
      {9, "9"},
      {10, "10"},
      {1783958400, "1783958400"},
      {999999999999999999, "999999999999999999"},
      {1000000000000000000, "1000000000000000000"},
      {9223372036854775807, "9223372036854775807"},
  };
  for (const auto& c : cases) {
    uint8_t out[cairn::decimal_bytes_max];
    const size_t size = cairn::format_decimal(c.value, out);
    CHECK(std::string(reinterpret_cast<char*>(out), size) == c.text);
    CHECK(cairn::parse_decimal(view(std::string(c.text))).value_or(1) == c.value);
  }
  uint8_t out[cairn::decimal_bytes_max];
  const size_t size = cairn::format_decimal(std::numeric_limits<uint64_t>::max(), out);
  CHECK(std::string(reinterpret_cast<char*>(out), size) == "18446744073709551615");
}

TEST_CASE("decimal numbers have one form and stay below 2^63") {
  for (const char* bad : {"",
                          "00",
                          "01",
                          "+1",
                          "-1",
                          " 1",
                          "1 ",
                          "1\n",
                          "0x1",
                          "1e3",
                          "1_0",
                          "a",
                          "/",
                          ":",
                          "1:",
                          "9223372036854775808",
                          "9223372036854775809",
                          "9999999999999999999",
                          "10000000000000000000",
                          "18446744073709551615",
                          "18446744073709551616",
                          "99999999999999999999999999"}) {
    CAPTURE(bad);
    CHECK(cairn::parse_decimal(view(std::string(bad))).status == Status::corrupt);
  }
  CHECK(cairn::parse_decimal({"1\0", 2}).status == Status::corrupt);
}
