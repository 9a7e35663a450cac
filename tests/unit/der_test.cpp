// ECDSA-Sig-Value in DER: the one encoding, and every other one refused.
#include "../../src/der.hpp"

#include <cstring>

#include "support/catch.hpp"
#include "support/vectors.hpp"

using cairn::Signature;
using cairn::Status;
using vectors::Bytes;
using vectors::view;

namespace {

// r and s as numbers of up to 32 bytes in hex.
Signature signature_of(const std::string& r, const std::string& s) {
  Signature out{};
  const Bytes a = vectors::hex(r);
  const Bytes b = vectors::hex(s);
  std::copy(a.begin(), a.end(), out.bytes + 32 - a.size());
  std::copy(b.begin(), b.end(), out.bytes + 64 - b.size());
  return out;
}

Status parse(const std::string& hex) {
  Signature ignored;
  return cairn::signature_from_der(view(vectors::hex(hex)), ignored);
}

}  // namespace

TEST_CASE("a signature in DER is as short as its numbers, and comes back") {
  const std::string high(64, 'f');
  const struct {
    std::string r, s, der;
  } cases[] = {
      {"01", "02", "3006020101020102"},
      {"", "", "3006020100020100"},
      {"7f", "80", "300702017f02020080"},
      {"ff00", "0100", "3009020300ff0002020100"},
      {high, high, "3046022100" + high + "022100" + high},
      {"7f" + high.substr(2), "01", "302502207f" + high.substr(2) + "020101"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.der);
    const Signature signature = signature_of(c.r, c.s);
    uint8_t der[cairn::der_signature_bytes_max];
    const size_t size = cairn::signature_to_der(signature, der);
    CHECK(vectors::to_hex({der, size}) == c.der);
    Signature back;
    REQUIRE(cairn::signature_from_der({der, size}, back) == Status::ok);
    CHECK(memcmp(back.bytes, signature.bytes, 64) == 0);
  }
}

TEST_CASE("DER that is not the only encoding is refused") {
  REQUIRE(parse("3006020101020102") == Status::ok);
  const std::string zeros(64, '0');
  const struct {
    const char* what;
    std::string der;
  } cases[] = {
      {"empty", ""},
      {"only a tag", "30"},
      {"no numbers", "3000"},
      {"one number", "3003020101"},
      {"a third number", "3009020101020102020103"},
      {"trailing byte", "300602010102010200"},
      {"trailing byte inside", "300702010102010200"},
      {"length too small", "3005020101020102"},
      {"length too large", "3007020101020102"},
      {"length in two bytes", "308106020101020102"},
      {"indefinite length", "30800201010201020000"},
      {"number's length in two bytes", "300702810101020102"},
      {"not a sequence", "3106020101020102"},
      {"first is no integer", "3006030101020102"},
      {"second is no integer", "3006020101040102"},
      {"empty first number", "30050200020102"},
      {"empty second number", "30050201010200"},
      {"negative first number", "3006020181020102"},
      {"negative second number", "3006020101020180"},
      {"leading zero", "300702020001020102"},
      {"leading zero of the second", "300702010102020002"},
      {"two leading zeros", "30080203000080020102"},
      {"33 bytes", "3026022101" + zeros + "020102"},
      {"34 bytes", "302702220001" + zeros + "020102"},
      {"number longer than the sequence", "3006020101020202"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    CHECK(parse(c.der) == Status::corrupt);
  }
}

TEST_CASE("no truncation of a signature in DER parses") {
  uint8_t der[cairn::der_signature_bytes_max];
  const size_t size =
      cairn::signature_to_der(signature_of(std::string(64, 'f'), std::string(64, '7')), der);
  Signature ignored;
  for (size_t n = 0; n < size; ++n)
    CHECK(cairn::signature_from_der({der, n}, ignored) == Status::corrupt);
}
