// Signed notes and verifier keys against those of Go's x/mod and of other implementations.
#include "support/json_vectors.hpp"
#include "support/notes.hpp"

#include <cairn/note.hpp>
#include <set>

#include "support/catch.hpp"

#if defined(CAIRN_TEST_WITH_SODIUM) && defined(CAIRN_TEST_WITH_PSA)

namespace {

using cairn::NoteKey;
using cairn::NoteType;
using cairn::Status;
using nlohmann::json;
using vectors::view;

vectors::Bytes note_bytes(const json& c) {
  if (c.contains("note_hex")) return vectors::hex(c["note_hex"]);
  const std::string note = c["note"];
  return {note.begin(), note.end()};
}

std::string text_of(const json& c) {
  if (!c.contains("text_hex")) return c["text"];
  const vectors::Bytes bytes = vectors::hex(c["text_hex"]);
  return {bytes.begin(), bytes.end()};
}

// Checks one case of a file of notes; `expected` is whether it must be accepted.
void check_case(const json& c, bool expected) {
  const std::string name = c["name"];
  CAPTURE(name);
  const vectors::Bytes bytes = note_bytes(c);
  const notes::Opened opened = notes::open(view(bytes), c["vkeys"].get<std::vector<std::string>>());
  CHECK(opened.accepted == expected);
  if (!expected) return;
  if (c.contains("text")) CHECK(opened.text == text_of(c));
  if (!c.contains("verified")) return;
  // x/mod lists a key once for each line; a key that is checked once is in here once.
  const auto listed = c["verified"].get<std::set<std::string>>();
  CHECK(std::set<std::string>(opened.verified.begin(), opened.verified.end()) == listed);
}

void check_file(const json& file, size_t count, const std::set<std::string>& stricter = {}) {
  REQUIRE(file["cases"].size() == count);
  for (const json& c : file["cases"])
    check_case(c, c["ok"] && stricter.count(c["name"]) == 0);
}

}  // namespace

TEST_CASE("notes of x/mod are accepted and refused as there") {
  // cairn's base64 is strict: bits that stand for no byte must be zero.
  check_file(vectors::json(vectors::own("gomod/notes.json")), 42,
             {"noncanonical-b64-trailing-bits"});
}

TEST_CASE("cosigned notes are accepted and refused as by transparency-dev/formats") {
  check_file(vectors::json(vectors::own("gomod/cosignatures_v1.json")), 9);
}

TEST_CASE("ECDSA notes are accepted and refused as by transparency-dev/formats") {
  check_file(vectors::json(vectors::own("gomod/checkpoints_ecdsa_p256.json")), 11);
}

TEST_CASE("notes from the world are accepted") {
  const std::string path = vectors::third_party("real_world_notes.json");
  REQUIRE_VECTORS(path);
  check_file(vectors::json(path), 4);
}

TEST_CASE("Ed25519 verifier keys are read, written and have the ids of x/mod") {
  const json file = vectors::json(vectors::own("gomod/keys_ed25519.json"));
  REQUIRE(file["keys"].size() == 8);
  for (const json& k : file["keys"]) {
    const std::string vkey = k["vkey"];
    const std::string name = k["name"];
    CAPTURE(vkey);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(vkey), key) == Status::ok);
    CHECK(std::string(key.name.text(), key.name.size) == name);
    CHECK(static_cast<int>(key.type) == k["signature_type"].get<int>());
    CHECK(vectors::to_hex({key.key.bytes, 32}) == k["public_hex"].get<std::string>());
    CHECK(cairn::key_id(key) == std::stoul(k["key_id_hex"].get<std::string>(), nullptr, 16));

    const signing::Ed25519Pair pair(vectors::hex(k["seed_hex"]));
    CHECK(pair.signer.public_key == key.key);
    CHECK(signing::vkey(pair, name, key.type) == vkey);
  }
}

TEST_CASE("ECDSA verifier keys and signature lines are those of transparency-dev/formats") {
  const json file = vectors::json(vectors::own("gomod/checkpoints_ecdsa_p256.json"));
  REQUIRE(file["signatures"].size() == 7);
  for (const json& s : file["signatures"]) {
    const std::string vkey = s["vkey"];
    const std::string name = s["name"];
    const std::string note = s["note"];
    CAPTURE(note);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(vkey), key) == Status::ok);
    CHECK(key.type == NoteType::ecdsa);
    CHECK(cairn::key_id(key) == std::stoul(s["key_id_hex"].get<std::string>(), nullptr, 16));
    const std::string spki = s["spki_der_hex"];
    CHECK(vectors::to_hex({key.key.bytes, 64}) == spki.substr(spki.size() - 128));

    const signing::P256Pair pair(vectors::hex(s["private_scalar_hex"]));
    CHECK(pair.signer.public_key == key.key);
    CHECK(signing::vkey(pair, name, NoteType::ecdsa) == vkey);

    // r and s give the very line: minimal DER is the only encoding.
    cairn::Signature signature;
    const vectors::Bytes r = vectors::hex(s["r_hex"]);
    const vectors::Bytes t = vectors::hex(s["s_hex"]);
    REQUIRE((r.size() == 32 && t.size() == 32));
    std::copy(r.begin(), r.end(), signature.bytes);
    std::copy(t.begin(), t.end(), signature.bytes + 32);
    uint8_t line[256];
    const auto size = cairn::format_signature_line(key, signature, 0, line);
    REQUIRE(size.ok());
    CHECK(std::string(reinterpret_cast<char*>(line), size.value) ==
          note.substr(note.find("\n\n") + 2));
  }
}

#endif
