// Verifier keys: what is read, and which part of a malformed one is named.
#include <cairn/note.hpp>
#include <cctype>

#include "support/catch.hpp"
#include "support/vectors.hpp"

using cairn::Fault;
using cairn::Field;
using cairn::NoteKey;
using cairn::NoteType;
using cairn::Status;
using vectors::Bytes;
using vectors::view;

namespace {

const std::string spki = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
const std::string point = "04" + std::string(64, '1') + std::string(64, '2');

std::string base64(const Bytes& bytes) {
  std::string out(cairn::base64_size(bytes.size()), 0);
  REQUIRE(
      cairn::encode_base64(view(bytes), {reinterpret_cast<uint8_t*>(&out[0]), out.size()}).ok());
  return out;
}

uint32_t start_of(const Bytes& message) {
  return cairn::load_be32(cairn::sha256(view(message)).bytes);
}

std::string hex8(uint32_t id) {
  uint8_t bytes[4];
  cairn::store_be32(bytes, id);
  return vectors::to_hex(bytes);
}

// A vkey with the right id over type and key, given in hex.
std::string vkey_of(const std::string& name, const std::string& key_hex) {
  const Bytes key = vectors::hex(key_hex);
  Bytes hashed(name.begin(), name.end());
  hashed.push_back('\n');
  hashed.insert(hashed.end(), key.begin(), key.end());
  if (!key.empty() && key[0] == 2) hashed.assign(key.begin() + 1, key.end());
  return name + "+" + hex8(start_of(hashed)) + "+" + base64(key);
}

// The same verifier key with its id in capital letters.
std::string capitals(std::string vkey) {
  const std::string before = vkey;
  for (size_t i = vkey.find('+') + 1; vkey[i] != '+'; ++i)
    vkey[i] = static_cast<char>(std::toupper(vkey[i]));
  REQUIRE(vkey != before);
  return vkey;
}

const std::string ed25519_hex = "01" + std::string(64, '7');
const std::string ecdsa_hex = "02" + spki + point;
const std::string cosigner_hex = "04" + std::string(64, '7');

}  // namespace

TEST_CASE("a verifier key of each type is read and written back") {
  const struct {
    std::string hex;
    NoteType type;
    uint8_t algorithm;
    size_t size;
  } cases[] = {{ed25519_hex, NoteType::ed25519, CAIRN_ED25519, 32},
               {ecdsa_hex, NoteType::ecdsa, CAIRN_P256, 64},
               {cosigner_hex, NoteType::cosignature, CAIRN_ED25519, 32}};
  for (const auto& c : cases) {
    const std::string text = vkey_of("log.example/\xC3\xA9", c.hex);
    CAPTURE(text);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(text), key) == Status::ok);
    CHECK(key.type == c.type);
    CHECK(key.key.algorithm == c.algorithm);
    CHECK(vectors::to_hex({key.key.bytes, c.size}) == c.hex.substr(c.hex.size() - 2 * c.size));
    CHECK(key.name.data == view(text).data);

    uint8_t out[256];
    const auto size = cairn::format_vkey(key, out);
    REQUIRE(size.ok());
    CHECK(std::string(reinterpret_cast<char*>(out), size.value) == text);
    for (size_t room = 0; room < size.value; ++room)
      REQUIRE(cairn::format_vkey(key, {out, room}).status == Status::full);
  }
}

TEST_CASE("the id of an ECDSA key does not depend on its name") {
  NoteKey key{cairn::literal("a"), NoteType::ecdsa, {CAIRN_P256, {1}}};
  const uint32_t id = cairn::key_id(key);
  key.name = cairn::literal("b");
  CHECK(cairn::key_id(key) == id);
  key.type = NoteType::ed25519;
  key.key.algorithm = CAIRN_ED25519;
  const uint32_t other = cairn::key_id(key);
  key.name = cairn::literal("a");
  CHECK(cairn::key_id(key) != other);
}

TEST_CASE("a malformed verifier key is refused with the field") {
  const std::string good = vkey_of("a.example", ed25519_hex);
  REQUIRE(good.size() == 9 + 1 + 8 + 1 + 44);
  const std::string id = good.substr(10, 8);
  const std::string key = good.substr(19);
  const struct {
    const char* what;
    std::string vkey;
    Status status;
    Field field;
  } cases[] = {
      {"empty", "", Status::corrupt, Field::key_name},
      {"only a name", "a.example", Status::corrupt, Field::key_name},
      {"no name", "+" + id + "+" + key, Status::corrupt, Field::key_name},
      {"space in the name", "a b+" + id + "+" + key, Status::corrupt, Field::key_name},
      {"name of 256 bytes", vkey_of(std::string(256, 'n'), ed25519_hex), Status::corrupt,
       Field::key_name},
      {"no key", "a.example+" + id, Status::corrupt, Field::key_id},
      {"id of 7 digits", "a.example+" + id.substr(1) + "+" + key, Status::corrupt, Field::key_id},
      {"id of 9 digits", "a.example+0" + id + "+" + key, Status::corrupt, Field::key_id},
      {"no id", "a.example++" + key, Status::corrupt, Field::key_id},
      {"id not in hex", "a.example+0000000g+" + key, Status::corrupt, Field::key_id},
      {"id in capitals", capitals(vkey_of("log.example", ecdsa_hex)), Status::corrupt,
       Field::key_id},
      {"id of another key", "a.example+00000000+" + key, Status::corrupt, Field::key_id},
      {"id of another name", "b.example+" + id + "+" + key, Status::corrupt, Field::key_id},
      {"empty key", "a.example+" + id + "+", Status::corrupt, Field::key_type},
      {"no base64", "a.example+" + id + "+" + key + "=", Status::corrupt, Field::public_key},
      {"trailing space", good + " ", Status::corrupt, Field::public_key},
      {"trailing line end", good + "\n", Status::corrupt, Field::public_key},
      {"only a type", vkey_of("a", "01"), Status::corrupt, Field::public_key},
      {"31 bytes", vkey_of("a", ed25519_hex.substr(2)), Status::unsupported, Field::key_type},
      {"short key", vkey_of("a", ed25519_hex.substr(0, 64)), Status::corrupt, Field::public_key},
      {"long key", vkey_of("a", ed25519_hex + "00"), Status::corrupt, Field::public_key},
      {"long cosigner", vkey_of("a", cosigner_hex + "00"), Status::corrupt, Field::public_key},
      {"type 0", vkey_of("a", "00" + std::string(64, '7')), Status::unsupported, Field::key_type},
      {"type 5", vkey_of("a", "05" + spki + point), Status::unsupported, Field::key_type},
      {"ML-DSA", vkey_of("a", "06" + std::string(2624, '7')), Status::unsupported, Field::key_type},
      {"type 255", vkey_of("a", "ff" + std::string(64, '7')), Status::unsupported, Field::key_type},
      {"P-384", vkey_of("a", "02" + std::string(240, '3')), Status::unsupported, Field::key_type},
      {"P-521", vkey_of("a", "02" + std::string(316, '3')), Status::unsupported, Field::key_type},
      {"P-256 point alone", vkey_of("a", "02" + point), Status::corrupt, Field::public_key},
      {"compressed point", vkey_of("a", "02" + spki + "02" + std::string(64, '1')), Status::corrupt,
       Field::public_key},
      {"hybrid point", vkey_of("a", "02" + spki + "06" + point.substr(2)), Status::corrupt,
       Field::public_key},
      {"other curve", vkey_of("a", "02" + spki.substr(0, 44) + "08034200" + point), Status::corrupt,
       Field::public_key},
      {"byte behind the SPKI", vkey_of("a", ecdsa_hex + "00"), Status::corrupt, Field::public_key},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    NoteKey out;
    Fault fault;
    CHECK(cairn::parse_vkey(view(c.vkey), out, &fault) == c.status);
    CHECK(std::string(cairn::field_text(fault.field)) == cairn::field_text(c.field));
    CHECK(fault.position == 1);
    CHECK(cairn::parse_vkey(view(c.vkey), out) == c.status);
  }
}

TEST_CASE("no changed character of a verifier key is accepted") {
  for (const std::string& hex : {ed25519_hex, ecdsa_hex, cosigner_hex}) {
    const std::string good = vkey_of("a.example", hex);
    for (size_t at = 0; at < good.size(); ++at) {
      for (unsigned value = 0; value < 256; ++value) {
        std::string bad = good;
        bad[at] = static_cast<char>(value);
        if (bad == good) continue;
        NoteKey key;
        const Status status = cairn::parse_vkey(view(bad), key);
        // The id of an ECDSA key does not cover the name.
        if (hex == ecdsa_hex && at < 9 && status == Status::ok) continue;
        REQUIRE(status != Status::ok);
      }
    }
  }
}

TEST_CASE("a verifier key is not written under a name that cannot be read") {
  uint8_t out[256];
  const cairn::PublicKey key{CAIRN_ED25519, {}};
  for (const char* name : {"", "a b", "a+b", "a\n"}) {
    CHECK(cairn::format_vkey(cairn::note_key(view(std::string(name)), NoteType::ed25519, key), out)
              .status == Status::bad_argument);
  }
}

TEST_CASE("a log signs with the type of its key") {
  CHECK(cairn::log_note_type({CAIRN_ED25519, {}}) == NoteType::ed25519);
  CHECK(cairn::log_note_type({CAIRN_P256, {}}) == NoteType::ecdsa);
}
