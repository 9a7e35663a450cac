// Checkpoints against those that Go's x/mod signed, and against two other parsers.
#include <cairn/checkpoint.hpp>

#include "support/catch.hpp"
#include "support/json_vectors.hpp"
#include "support/signing.hpp"

using cairn::AirCheckpoint;
using cairn::Checkpoint;
using cairn::NoteKey;
using cairn::Signature;
using cairn::Status;
using nlohmann::json;
using vectors::Bytes;
using vectors::view;

namespace {

std::string str(cairn::ByteView bytes) {
  return {bytes.text(), bytes.size};
}

std::string extensions_of(const json& c) {
  std::string out;
  for (const json& line : c["extension_lines"])
    out += line.get<std::string>() + "\n";
  return out;
}

Signature signature_of(const json& c) {
  const Bytes bytes = vectors::hex(c["signature_hex"]);
  REQUIRE(bytes.size() == cairn::signature_bytes);
  Signature out;
  std::copy(bytes.begin(), bytes.end(), out.bytes);
  return out;
}

// The vkey text that belongs to a case: same name and id.
std::string vkey_of(const json& keys, const json& c) {
  for (const json& key : keys["keys"]) {
    if (key["name"] == c["key_name"] && key["key_id_hex"] == c["key_id_hex"]) return key["vkey"];
  }
  FAIL("no such key");
  return "";
}

}  // namespace

TEST_CASE("checkpoint texts are accepted by the stricter of two parsers") {
  const json file = vectors::json(vectors::own("gomod/checkpoint_parse.json"));
  REQUIRE(file["cases"].size() == 24);
  int accepted = 0;
  for (const json& c : file["cases"]) {
    const std::string name = c["name"];
    CAPTURE(name);
    const Bytes text = vectors::hex(c["text_hex"]);
    // Only an empty origin passes the strict parser and not the specification.
    const bool expected = c["litetlog_accepts"] && name != "empty-origin";
    Checkpoint checkpoint;
    cairn::Fault fault;
    const Status status = cairn::parse_checkpoint(view(text), checkpoint, &fault);
    CHECK(status == (expected ? Status::ok : Status::corrupt));
    if (!expected) continue;
    ++accepted;
    CHECK(str(checkpoint.origin) == c["origin"].get<std::string>());
    CHECK(std::to_string(checkpoint.size) == c["size"].get<std::string>());
    CHECK(vectors::to_hex(checkpoint.root) == c["root_hex"].get<std::string>());
    CHECK(str(checkpoint.extensions) == c.value("extension", ""));
  }
  CHECK(accepted == 5);
}

TEST_CASE("signed checkpoints of x/mod open, and are written again byte for byte") {
  const json file = vectors::json(vectors::own("gomod/checkpoints_ed25519.json"));
  const json keys = vectors::json(vectors::own("gomod/keys_ed25519.json"));
  REQUIRE(file["cases"].size() == 20);
  for (const json& c : file["cases"]) {
    const std::string note = c["signed_note"];
    const std::string text = c["text"];
    const std::string vkey = vkey_of(keys, c);
    CAPTURE(note);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(vkey), key) == Status::ok);

    Checkpoint checkpoint;
#ifdef CAIRN_TEST_WITH_SODIUM
    REQUIRE(cairn::open_checkpoint(view(note), key, signing::verifiers(), checkpoint) ==
            Status::ok);
#else
    REQUIRE(cairn::parse_checkpoint(view(text), checkpoint) == Status::ok);
#endif
    CHECK(str(checkpoint.origin) == c["origin"].get<std::string>());
    CHECK(checkpoint.size == c["size"].get<uint64_t>());
    CHECK(vectors::to_hex(checkpoint.root) == c["root_hex"].get<std::string>());
    CHECK(str(checkpoint.extensions) == extensions_of(c));

    uint8_t out[1024];
    const auto text_size = cairn::format_checkpoint(checkpoint, out);
    REQUIRE(text_size.ok());
    CHECK(str({out, text_size.value}) == text);
    CHECK(cairn::checkpoint_text_size(checkpoint.origin, checkpoint.size) +
              checkpoint.extensions.size ==
          text.size());
    const auto note_size = cairn::format_signed_checkpoint(checkpoint, key, signature_of(c), out);
    REQUIRE(note_size.ok());
    CHECK(str({out, note_size.value}) == note);
    cairn::Digest hash;
    REQUIRE(cairn::checkpoint_hash(checkpoint, hash) == Status::ok);
    CHECK(hash == cairn::sha256(view(text)));
  }
}

TEST_CASE("every checkpoint without extension lines is rebuilt from its compact form") {
  const json file = vectors::json(vectors::own("gomod/checkpoints_ed25519.json"));
  const json keys = vectors::json(vectors::own("gomod/keys_ed25519.json"));
  int rebuilt = 0;
  for (const json& c : file["cases"]) {
    if (!c["extension_lines"].empty()) continue;
    const std::string note = c["signed_note"];
    const std::string vkey = vkey_of(keys, c);
    const std::string origin = c["origin"];
    CAPTURE(note);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(vkey), key) == Status::ok);
    AirCheckpoint air;
    air.key_id = cairn::key_id(key);
    air.size = c["size"].get<uint64_t>();
    air.has_root = true;
    air.root = vectors::digest(c["root_hex"]);
    air.has_signature = true;
    air.algorithm = CAIRN_ED25519;
    air.signature = signature_of(c);
    uint8_t out[cairn::signed_checkpoint_bytes_max];
    auto size = cairn::rebuild_checkpoint(air, view(origin), key, nullptr, out);
    REQUIRE(size.ok());
    CHECK(str({out, size.value}) == note);

    // The receiver's own root serves where the message carries none.
    const cairn::Digest root = air.root;
    air.has_root = false;
    air.root = {};
    size = cairn::rebuild_checkpoint(air, view(origin), key, &root, out);
    REQUIRE(size.ok());
    CHECK(str({out, size.value}) == note);
    ++rebuilt;
  }
  CHECK(rebuilt == 19);
}

TEST_CASE("ECDSA checkpoints are rebuilt from r and s") {
  const json file = vectors::json(vectors::own("gomod/checkpoints_ecdsa_p256.json"));
  REQUIRE(file["signatures"].size() == 7);
  for (const json& s : file["signatures"]) {
    const std::string note = s["note"];
    const std::string vkey = s["vkey"];
    CAPTURE(note);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(vkey), key) == Status::ok);
    const std::string text = note.substr(0, note.find("\n\n") + 1);
    Checkpoint checkpoint;
    REQUIRE(cairn::parse_checkpoint(view(text), checkpoint) == Status::ok);
    const std::string halves = s["r_hex"].get<std::string>() + s["s_hex"].get<std::string>();
    AirCheckpoint air;
    air.key_id = cairn::key_id(key);
    air.size = checkpoint.size;
    air.has_root = true;
    air.root = checkpoint.root;
    air.has_signature = true;
    air.algorithm = CAIRN_P256;
    air.signature = signature_of({{"signature_hex", halves}});
    uint8_t out[cairn::signed_checkpoint_bytes_max];
    const auto size = cairn::rebuild_checkpoint(air, checkpoint.origin, key, nullptr, out);
    REQUIRE(size.ok());
    CHECK(str({out, size.value}) == note);
#ifdef CAIRN_TEST_WITH_PSA
    CHECK(cairn::open_checkpoint(view(note), key, signing::verifiers(), checkpoint) == Status::ok);
#endif
  }
}
