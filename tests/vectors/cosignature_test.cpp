// Timestamped cosignatures against those of transparency-dev/formats.
#include <cairn/note.hpp>

#include "support/catch.hpp"
#include "support/json_vectors.hpp"
#include "support/signing.hpp"

#ifdef CAIRN_TEST_WITH_SODIUM

using cairn::Note;
using cairn::NoteKey;
using cairn::NoteType;
using cairn::NoteVerdict;
using cairn::Signature;
using cairn::Status;
using nlohmann::json;
using vectors::Bytes;
using vectors::view;

namespace {

// The text of the note that was cosigned: what stands behind the two lines of the header.
std::string note_text(const json& c) {
  const std::string message = c["signed_message"];
  const size_t time = message.find('\n') + 1;
  return message.substr(message.find('\n', time) + 1);
}

}  // namespace

TEST_CASE("published cosignatures verify, with their time") {
  const json file = vectors::json(vectors::own("gomod/cosignatures_v1.json"));
  REQUIRE(file["cosignatures"].size() == 5);
  for (const json& c : file["cosignatures"]) {
    const std::string line = c["signature_line"];
    const std::string vkey = c["cosigner_vkey"];
    CAPTURE(line);
    NoteKey key;
    REQUIRE(cairn::parse_vkey(view(vkey), key) == Status::ok);
    REQUIRE(key.type == NoteType::cosignature);
    const std::string note = note_text(c) + "\n" + line;
    Note parsed;
    REQUIRE(cairn::parse_note(view(note), parsed) == Status::ok);
    NoteVerdict verdict;
    CHECK(cairn::verify_note(parsed, key, signing::verifiers(), &verdict) == Status::ok);
    CHECK(verdict.time == c["timestamp"].get<uint64_t>());

    // The signature is over exactly the published message.
    const Bytes blob = vectors::hex(c["timestamped_signature_hex"]);
    REQUIRE(blob.size() == 72);
    Signature signature;
    std::copy(blob.begin() + 8, blob.end(), signature.bytes);
    const std::string message = c["signed_message"];
    CHECK(cairn::verify(signing::verifiers(), key.key, view(message), signature) == Status::ok);
    uint8_t out[256];
    const auto size = cairn::format_signature_line(key, signature, verdict.time, out);
    REQUIRE(size.ok());
    CHECK(std::string(reinterpret_cast<char*>(out), size.value) == line);
  }
}

TEST_CASE("a cosigner whose key is known makes the published lines again") {
  const json file = vectors::json(vectors::own("gomod/cosignatures_v1.json"));
  const json keys = vectors::json(vectors::own("gomod/keys_ed25519.json"));
  int made = 0;
  for (const json& c : file["cosignatures"]) {
    for (const json& key : keys["keys"]) {
      if (key["vkey"] != c["cosigner_vkey"]) continue;
      const signing::Ed25519Pair pair(vectors::hex(key["seed_hex"]));
      CHECK(signing::line(pair, note_text(c), key["name"], NoteType::cosignature, c["timestamp"]) ==
            c["signature_line"].get<std::string>());
      ++made;
    }
  }
  CHECK(made == 5);
}

#endif
