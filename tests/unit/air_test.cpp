#include <cairn/checkpoint.hpp>
#include <cstring>
#include <string>

#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::to_hex;

namespace {

AirCheckpoint full(uint64_t size, uint8_t algorithm = CAIRN_ED25519) {
  AirCheckpoint air;
  air.key_id = 0x723486b4;
  air.size = size;
  air.has_root = true;
  std::memset(air.root.bytes, 0xAA, sizeof air.root.bytes);
  air.has_signature = true;
  air.algorithm = algorithm;
  std::memset(air.signature.bytes, 0xBB, sizeof air.signature.bytes);
  return air;
}

Bytes encoded(const AirCheckpoint& air) {
  uint8_t out[air_checkpoint_bytes_max];
  const Result<size_t> size = encode_air_checkpoint(air, MutableBytes(out));
  REQUIRE(size.status == Status::ok);
  return {out, out + size.value};
}

// Accepted bytes are encoded to themselves.
bool accepted(const Bytes& bytes) {
  AirCheckpoint air;
  if (decode_air_checkpoint(vectors::view(bytes), air) != Status::ok) return false;
  REQUIRE(encoded(air) == bytes);
  return true;
}

const std::string root_text(64, 'a');
const std::string signature_text(128, 'b');

}  // namespace

TEST_CASE("air checkpoint: its bytes") {
  CHECK(to_hex(vectors::view(encoded(full(300)))) ==
        "0db486347210ac021a20" + root_text + "2240" + signature_text);
  CHECK(to_hex(vectors::view(encoded(full(300, CAIRN_P256)))) ==
        "0db486347210ac021a20" + root_text + "2a40" + signature_text);
  AirCheckpoint air = full(1);
  air.has_root = false;
  CHECK(to_hex(vectors::view(encoded(air))) ==
        "0db48634721001"
        "2240" +
            signature_text);
  CHECK(encoded({}).empty());
}

TEST_CASE("air checkpoint: everything comes back") {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::p256}) {
    AirCheckpoint air = full(70000, static_cast<uint8_t>(algorithm));
    AirCheckpoint back;
    REQUIRE(decode_air_checkpoint(vectors::view(encoded(air)), back) == Status::ok);
    CHECK(back.key_id == air.key_id);
    CHECK(back.size == air.size);
    CHECK(back.has_root);
    CHECK(back.root == air.root);
    CHECK(back.has_signature);
    CHECK(back.algorithm == air.algorithm);
    CHECK(std::memcmp(back.signature.bytes, air.signature.bytes, 64) == 0);

    air.has_signature = false;
    REQUIRE(decode_air_checkpoint(vectors::view(encoded(air)), back) == Status::ok);
    CHECK_FALSE(back.has_signature);
    CHECK(back.algorithm == 0);
  }
}

TEST_CASE("air checkpoint: its size at every width of the tree size") {
  // 5 + 34 + 66 bytes, and the tree size in groups of seven bits.
  for (unsigned bits = 1; bits <= 63; ++bits) {
    const uint64_t largest = (uint64_t{1} << bits) - 1;
    CAPTURE(bits);
    CHECK(encoded(full(largest)).size() == 106 + (bits + 6) / 7);
    CHECK(encoded(full(largest)).size() <= air_checkpoint_bytes_max);
  }
  CHECK(encoded(full((uint64_t{1} << 63) - 1)).size() == air_checkpoint_bytes_max);
  AirCheckpoint without_root = full((uint64_t{1} << 32) - 1);
  without_root.has_root = false;
  CHECK(encoded(without_root).size() == 77);
}

TEST_CASE("air checkpoint: values outside their range") {
  uint8_t out[200];
  CHECK(encode_air_checkpoint(full(uint64_t{1} << 63), MutableBytes(out)).status ==
        Status::bad_argument);
  CHECK(encode_air_checkpoint(full(1, 3), MutableBytes(out)).status == Status::bad_argument);
  CHECK(encode_air_checkpoint(full(1, 0), MutableBytes(out)).status == Status::bad_argument);
  CHECK_FALSE(accepted(vectors::hex("1080808080808080808001")));  // 2^63
  CHECK(accepted(vectors::hex("10ffffffffffffffff7f")));
}

TEST_CASE("air checkpoint: a buffer that is too small") {
  const size_t size = encoded(full(300)).size();
  for (size_t room = 0; room < size; ++room) {
    Bytes out(room);
    CHECK(encode_air_checkpoint(full(300), {out.data(), room}).status == Status::full);
  }
}

TEST_CASE("air checkpoint: other encodings of the same values are refused") {
  REQUIRE(
      accepted(vectors::hex("0d01000000"
                            "1005")));
  CHECK_FALSE(
      accepted(vectors::hex("1005"
                            "0d01000000")));
  CHECK_FALSE(
      accepted(vectors::hex("0d00000000"
                            "1005")));
  CHECK_FALSE(
      accepted(vectors::hex("0d01000000"
                            "108500")));
  CHECK_FALSE(
      accepted(vectors::hex("0d01000000"
                            "1005"
                            "1005")));
  CHECK_FALSE(
      accepted(vectors::hex("0d01000000"
                            "1005"
                            "3001")));
  CHECK_FALSE(
      accepted(vectors::hex("0d01000000"
                            "1005"
                            "1a00")));
  CHECK_FALSE(
      accepted(vectors::hex("0d01000000"
                            "1005"
                            "1a1f" +
                            root_text.substr(2))));
  CHECK(accepted(vectors::hex("1a20" + root_text)));
  CHECK_FALSE(accepted(vectors::hex("1a21" + root_text + "aa")));
  CHECK_FALSE(accepted(vectors::hex("2240" + signature_text + "2a40" + signature_text)));
  CHECK_FALSE(accepted(vectors::hex("223f" + signature_text.substr(2))));
}

TEST_CASE("air checkpoint: every flip, truncation and appended byte") {
  const Bytes good = encoded(full(70000));
  Bytes bad = good;
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    bad[bit / 8] = static_cast<uint8_t>(bad[bit / 8] ^ (1u << bit % 8));
    accepted(bad);
    bad = good;
  }
  for (size_t size = 0; size < good.size(); ++size)
    accepted(Bytes(good.begin(), good.begin() + static_cast<long>(size)));
  for (unsigned last = 0; last < 256; ++last) {
    bad = good;
    bad.push_back(static_cast<uint8_t>(last));
    CHECK_FALSE(accepted(bad));
  }
}
