// Signature lines: what is signed, what is written, and what verifying says about it.
#include <cairn/note.hpp>
#include <cstring>

#include "support/catch.hpp"
#include "support/signing.hpp"
#include "support/vectors.hpp"

using cairn::Note;
using cairn::NoteKey;
using cairn::NoteType;
using cairn::NoteVerdict;
using cairn::Signature;
using cairn::Status;
using vectors::Bytes;
using vectors::view;

namespace {

// A signer that answers a fixed signature, and a verifier that accepts only it, over what the
// signer saw: so that every line can be checked without a cryptographic library.
struct Stamp {
  Bytes signed_message;
  Bytes verified_message;
  int answer = 0;

  cairn::Signer signer(uint8_t algorithm) {
    cairn::Signer out{};
    out.public_key.algorithm = algorithm;
    memset(out.public_key.bytes, 0x77, cairn::public_key_size(algorithm));
    out.user = this;
    out.sign = [](void* user, const uint8_t* message, size_t size, uint8_t* signature) {
      Stamp& self = *static_cast<Stamp*>(user);
      self.signed_message.assign(message, message + size);
      for (size_t i = 0; i < 64; ++i)
        signature[i] = static_cast<uint8_t>(0x40 + i);
      return self.answer;
    };
    return out;
  }
  cairn::Verifier verifier(uint8_t algorithm) {
    return {sizeof(cairn::Verifier), algorithm, this,
            [](void* user, const cairn_public_key*, const uint8_t* message, size_t size,
               const uint8_t* signature) {
              Stamp& self = *static_cast<Stamp*>(user);
              self.verified_message.assign(message, message + size);
              if (self.answer != 0) return self.answer;
              for (size_t i = 0; i < 64; ++i) {
                if (signature[i] != 0x40 + i) return CAIRN_E_SIGNATURE_INVALID;
              }
              return 0;
            }};
  }
};

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

struct Case {
  NoteType type;
  uint8_t algorithm;
  uint64_t time;
};
const Case cases[] = {{NoteType::ed25519, CAIRN_ED25519, 0},
                      {NoteType::ecdsa, CAIRN_P256, 0},
                      {NoteType::cosignature, CAIRN_ED25519, 1783958400}};

// Signs `text`, and returns the line.
std::string sign(Stamp& stamp, const Case& c, const std::string& text) {
  uint8_t out[512];
  const auto size = cairn::sign_note(view(text), cairn::literal("k.example"), c.type,
                                     stamp.signer(c.algorithm), c.time, out);
  REQUIRE(size.ok());
  return {reinterpret_cast<char*>(out), size.value};
}

Status verify(Stamp& stamp, const Case& c, const std::string& note, NoteVerdict* verdict = nullptr,
              const char* name = "k.example") {
  Note parsed;
  REQUIRE(cairn::parse_note(view(note), parsed) == Status::ok);
  const NoteKey key = {view(std::string(name)), c.type, stamp.signer(c.algorithm).public_key};
  const std::string kept = name;
  const cairn::Verifier verifier = stamp.verifier(c.algorithm);
  return cairn::verify_note(parsed, {view(kept), key.type, key.key}, {&verifier, 1}, verdict);
}

// The note with one line, whose blob is given in hex behind the right key id.
std::string note_with_blob(const Case& c, const std::string& text, const std::string& blob_hex) {
  Stamp stamp;
  uint8_t id[4];
  cairn::store_be32(id, cairn::key_id({cairn::literal("k.example"), c.type,
                                       stamp.signer(c.algorithm).public_key}));
  const Bytes blob = vectors::hex(vectors::to_hex(id) + blob_hex);
  uint8_t base64[512];
  const auto size = cairn::encode_base64(view(blob), base64);
  return text + "\n\xE2\x80\x94 k.example " +
         std::string(reinterpret_cast<char*>(base64), size.value) + "\n";
}

const std::string stamp_hex = [] {
  Bytes bytes;
  for (int i = 0; i < 64; ++i)
    bytes.push_back(static_cast<uint8_t>(0x40 + i));
  return vectors::to_hex(view(bytes));
}();

}  // namespace

TEST_CASE("a note's signature covers the text, a cosignature a header and its time too") {
  const std::string text = "o\n5\nroot\n";
  for (const Case& c : cases) {
    Stamp stamp;
    const std::string line = sign(stamp, c, text);
    const std::string expected = c.time == 0 ? text : "cosignature/v1\ntime 1783958400\n" + text;
    CHECK(stamp.signed_message == bytes_of(expected));
    CHECK(line.substr(0, 14) == "\xE2\x80\x94 k.example ");
    CHECK(line.back() == '\n');

    NoteVerdict verdict;
    verdict.time = 1;
    CHECK(verify(stamp, c, text + "\n" + line, &verdict) == Status::ok);
    CHECK(stamp.verified_message == stamp.signed_message);
    CHECK(verdict.time == c.time);
    CHECK(verify(stamp, c, text + "\n" + line) == Status::ok);
  }
}

TEST_CASE("a signature line holds exactly what its type says") {
  const std::string text = "t\n";
  Stamp stamp;
  const std::string time_hex = "000000006a550b80";
  const std::string der =
      "3044"
      "0220" +
      stamp_hex.substr(0, 64) + "0220" + stamp_hex.substr(64);
  CHECK(sign(stamp, cases[0], text) == note_with_blob(cases[0], text, stamp_hex).substr(3));
  CHECK(sign(stamp, cases[1], text) == note_with_blob(cases[1], text, der).substr(3));
  CHECK(sign(stamp, cases[2], text) ==
        note_with_blob(cases[2], text, time_hex + stamp_hex).substr(3));

  const struct {
    const char* what;
    Case c;
    std::string blob;
  } wrong[] = {
      {"63 bytes", cases[0], stamp_hex.substr(2)},
      {"65 bytes", cases[0], stamp_hex + "00"},
      {"one byte", cases[0], "00"},
      {"a time in front", cases[0], time_hex + stamp_hex},
      {"changed", cases[0], "00" + stamp_hex.substr(2)},
      {"very long", cases[0], std::string(300, '0')},
      {"raw r and s", cases[1], stamp_hex},
      {"byte behind the DER", cases[1], der + "00"},
      {"zero in front of r", cases[1],
       "3045022100" + stamp_hex.substr(0, 64) + "0220" + stamp_hex.substr(64)},
      {"one byte", cases[1], "30"},
      {"no time", cases[2], stamp_hex},
      {"only a time", cases[2], time_hex},
      {"half a time", cases[2], time_hex.substr(8)},
      {"byte behind", cases[2], time_hex + stamp_hex + "00"},
      {"time 0", cases[2], std::string(16, '0') + stamp_hex},
      {"time 2^63", cases[2], "8000000000000000" + stamp_hex},
      {"time 2^64-1", cases[2], "ffffffffffffffff" + stamp_hex},
  };
  for (const auto& w : wrong) {
    CAPTURE(w.what);
    CHECK(verify(stamp, w.c, note_with_blob(w.c, text, w.blob)) == Status::signature_invalid);
  }
  const std::string last = "7fffffffffffffff" + stamp_hex;
  NoteVerdict verdict;
  CHECK(verify(stamp, cases[2], note_with_blob(cases[2], text, last), &verdict) == Status::ok);
  CHECK(verdict.time == 9223372036854775807u);
  CHECK(stamp.verified_message == bytes_of("cosignature/v1\ntime 9223372036854775807\nt\n"));
}

TEST_CASE("only the first line of a key counts, and lines of others do not") {
  const std::string text = "t\n";
  const Case& c = cases[0];
  Stamp stamp;
  const std::string good = sign(stamp, c, text);
  const std::string bad = note_with_blob(c, text, "00" + stamp_hex.substr(2)).substr(3);
  const std::string other_id = "\xE2\x80\x94 k.example AAAAAQAA\n";
  CHECK(verify(stamp, c, text + "\n" + good + bad) == Status::ok);
  CHECK(verify(stamp, c, text + "\n" + bad + good) == Status::signature_invalid);
  CHECK(verify(stamp, c, text + "\n" + other_id + good) == Status::ok);
  CHECK(verify(stamp, c, text + "\n" + other_id) == Status::not_found);
  // The same id under another name is another key.
  std::string renamed = good;
  renamed[4] = 'j';
  CHECK(verify(stamp, c, text + "\n" + renamed) == Status::not_found);
  CHECK(verify(stamp, c, text + "\n" + good, nullptr, "j.example") == Status::not_found);
}

TEST_CASE("verifying says why it could not") {
  const std::string text = "t\n";
  Stamp stamp;
  const std::string note = text + "\n" + sign(stamp, cases[0], text);
  Note parsed;
  REQUIRE(cairn::parse_note(view(note), parsed) == Status::ok);
  NoteKey key = {cairn::literal("k.example"), NoteType::ed25519,
                 stamp.signer(CAIRN_ED25519).public_key};
  CHECK(cairn::verify_note(parsed, key, {}) == Status::unsupported);
  const cairn::Verifier other = stamp.verifier(CAIRN_P256);
  CHECK(cairn::verify_note(parsed, key, {&other, 1}) == Status::unsupported);
  stamp.answer = CAIRN_E_IO;
  const cairn::Verifier failing = stamp.verifier(CAIRN_ED25519);
  CHECK(cairn::verify_note(parsed, key, {&failing, 1}) == Status::io);
  stamp.answer = CAIRN_E_SIGNATURE_INVALID;
  CHECK(cairn::verify_note(parsed, key, {&failing, 1}) == Status::signature_invalid);
}

TEST_CASE("a text that is too long to be cosigned is refused on both sides") {
  Stamp stamp;
  const std::string longest = std::string(CAIRN_MAX_NOTE_TEXT_BYTES - 1, 'x') + "\n";
  const std::string longer = "x" + longest;
  CHECK(verify(stamp, cases[2], longest + "\n" + sign(stamp, cases[2], longest)) == Status::ok);
  uint8_t out[512];
  CHECK(cairn::sign_note(view(longer), cairn::literal("k.example"), NoteType::cosignature,
                         stamp.signer(CAIRN_ED25519), 1, out)
            .status == Status::full);
  const std::string blob = "000000006a550b80" + stamp_hex;
  CHECK(verify(stamp, cases[2], note_with_blob(cases[2], longer, blob)) == Status::unsupported);
  // Without a time nothing is copied, and any length will do.
  CHECK(verify(stamp, cases[0], longer + "\n" + sign(stamp, cases[0], longer)) == Status::ok);
  CHECK(verify(stamp, cases[1], longer + "\n" + sign(stamp, cases[1], longer)) == Status::ok);
}

TEST_CASE("nothing is signed that no verifier would read") {
  Stamp stamp;
  uint8_t out[512];
  const auto attempt = [&](const std::string& text, const std::string& name, const Case& c) {
    stamp.signed_message = {1, 2, 3};
    const Status status =
        cairn::sign_note(view(text), view(name), c.type, stamp.signer(c.algorithm), c.time, out)
            .status;
    CHECK((status == Status::ok || stamp.signed_message == Bytes({1, 2, 3})));
    return status;
  };
  for (const Case& c : cases) {
    CHECK(attempt("t\n", "k", c) == Status::ok);
    for (const char* text : {"", "t", "t\r\n", "\xFF\n", "a\tb\n", "\xED\xA0\x80\n"})
      CHECK(attempt(text, "k", c) == Status::bad_argument);
    for (const std::string& name : {std::string(), std::string("a b"), std::string("a+b"),
                                    std::string("a\nb"), std::string(256, 'n')}) {
      CHECK(attempt("t\n", name, c) == Status::bad_argument);
    }
    const uint8_t other = c.algorithm == CAIRN_P256 ? CAIRN_ED25519 : CAIRN_P256;
    CHECK(attempt("t\n", "k", {c.type, other, c.time}) == Status::bad_argument);
    CHECK(attempt("t\n", "k", {c.type, 0, c.time}) == Status::bad_argument);
  }
  CHECK(attempt("t\n", "k", {static_cast<NoteType>(6), CAIRN_ED25519, 1}) == Status::bad_argument);
  CHECK(attempt("t\n", "k", {NoteType::cosignature, CAIRN_ED25519, 0}) == Status::bad_argument);
  CHECK(attempt("t\n", "k", {NoteType::cosignature, CAIRN_ED25519, uint64_t{1} << 63}) ==
        Status::bad_argument);
  stamp.answer = -1;
  CHECK(cairn::sign_note(view(std::string("t\n")), cairn::literal("k"), NoteType::ed25519,
                         stamp.signer(CAIRN_ED25519), 0, out)
            .status == Status::io);
}

TEST_CASE("a signature line needs room, and a proper key") {
  Stamp stamp;
  const Signature signature{};
  const cairn::PublicKey key = stamp.signer(CAIRN_ED25519).public_key;
  uint8_t out[128];
  const NoteKey good = {cairn::literal("k"), NoteType::ed25519, key};
  const auto size = cairn::format_signature_line(good, signature, 0, out);
  REQUIRE(size.ok());
  CHECK(size.value == 4 + 1 + 1 + 92 + 1);
  for (size_t room = 0; room < size.value; ++room)
    REQUIRE(cairn::format_signature_line(good, signature, 0, {out, room}).status == Status::full);
  NoteKey bad = good;
  bad.type = NoteType::ecdsa;
  CHECK(cairn::format_signature_line(bad, signature, 0, out).status == Status::bad_argument);
  bad = good;
  bad.name = cairn::literal("a b");
  CHECK(cairn::format_signature_line(bad, signature, 0, out).status == Status::bad_argument);
}

#if defined(CAIRN_TEST_WITH_SODIUM) && defined(CAIRN_TEST_WITH_PSA)

TEST_CASE("real keys sign notes of every type, and the line verifies") {
  const signing::Ed25519Pair ed25519(1);
  const signing::P256Pair p256(2);
  const std::string text = "o\n5\nroot\n";
  for (const Case& c : cases) {
    const signing::Pair& pair = c.algorithm == CAIRN_P256
                                    ? static_cast<const signing::Pair&>(p256)
                                    : static_cast<const signing::Pair&>(ed25519);
    const std::string note = text + "\n" + signing::line(pair, text, "k", c.type, c.time);
    Note parsed;
    REQUIRE(cairn::parse_note(view(note), parsed) == Status::ok);
    NoteKey key = cairn::note_key(cairn::literal("k"), c.type, pair.signer.public_key);
    NoteVerdict verdict;
    CHECK(cairn::verify_note(parsed, key, signing::verifiers(), &verdict) == Status::ok);
    CHECK(verdict.time == c.time);
    const std::string changed = "p" + note.substr(1);
    REQUIRE(cairn::parse_note(view(changed), parsed) == Status::ok);
    CHECK(cairn::verify_note(parsed, key, signing::verifiers()) == Status::signature_invalid);
  }
}

#endif
