// Private keys and verifier keys in files.
#include <cairn/linux/file.hpp>
#include <cairn/linux/key_file.hpp>
#include <cstring>

#include "support/host.hpp"
#include "support/json_vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

constexpr char origin[] = "plant.example/line-4";

void write_key(const std::string& path, const std::string& text) {
  write(path, text);
  REQUIRE(chmod(path.c_str(), 0600) == 0);
}

// Signs a checkpoint's text with a key as a log, and returns what verifying it with `vkey` says.
Status sign_and_verify(const KeyFile& key, const VerifierKey& vkey) {
  const std::string text = key.name() + "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  uint8_t line[512];
  const Result<size_t> size =
      sign_note(bytes_of(text), bytes_of(key.name()), key.log_key().type, key.signer(), 0, line);
  if (!size.ok()) return size.status;
  const std::string bytes = text + "\n" + string_of({line, size.value});
  Note note;
  const Status parsed = parse_note(bytes_of(bytes), note);
  return parsed == Status::ok ? verify_note(note, vkey.key, all_verifiers()) : parsed;
}

}  // namespace

TEST_CASE("A generated key is private, has its verifier key beside it, and signs") {
  const Algorithm algorithm = GENERATE(Algorithm::ed25519, Algorithm::p256);
  CAPTURE(static_cast<int>(algorithm));
  const TemporaryFolder folder;
  KeyFile made;
  REQUIRE(made.generate(folder / "key", origin, algorithm).ok());
  CHECK(made.is_loaded());
  CHECK(mode_of(folder / "key") == 0600);
  CHECK(mode_of(folder / "key.vkey") == 0644);

  KeyFile loaded;
  const Error error = loaded.load(folder / "key");
  CAPTURE(error.message);
  REQUIRE(error.ok());
  CHECK(loaded.name() == origin);
  CHECK(loaded.algorithm() == algorithm);
  CHECK(loaded.signer().public_key == made.signer().public_key);
  const bool p256 = algorithm == Algorithm::p256;
  CHECK(loaded.log_key().type == (p256 ? NoteType::ecdsa : NoteType::ed25519));
  CHECK(string_of(loaded.log_key().name) == origin);

  VerifierKey vkey;
  REQUIRE(vkey.load(folder / "key.vkey").ok());
  CHECK(vkey.text == vkey_text(loaded.log_key()));
  CHECK(sign_and_verify(loaded, vkey) == Status::ok);

  KeyFile other;
  REQUIRE(other.generate(folder / "other", origin, algorithm).ok());
  CHECK_FALSE(other.signer().public_key == made.signer().public_key);
  CHECK(sign_and_verify(other, vkey) == Status::not_found);
}

TEST_CASE("An Ed25519 key is a witness's key too, a P-256 key is not") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "a", "witness.example", Algorithm::ed25519).ok());
  const Result<NoteKey> cosigner = key.cosigner_key();
  REQUIRE(cosigner.ok());
  CHECK(cosigner.value.type == NoteType::cosignature);
  CHECK(cosigner.value.key == key.signer().public_key);
  CHECK(key_id(cosigner.value) != key_id(key.log_key()));
  VerifierKey vkey;
  REQUIRE(vkey.parse(vkey_text(cosigner.value), "test").ok());
  CHECK(vkey.key.type == NoteType::cosignature);

  REQUIRE(key.generate(folder / "b", "witness.example", Algorithm::p256).ok());
  CHECK(key.cosigner_key().status == Status::unsupported);
}

TEST_CASE("Keys that Go's note package wrote are read, and give its verifier keys") {
  const TemporaryFolder folder;
  const auto keys = vectors::json(vectors::own("gomod/keys_ed25519.json")).at("keys");
  REQUIRE(keys.size() > 3);
  for (const auto& expected : keys) {
    for (const char* end : {"", "\n"}) {
      write_key(folder / "key", expected.at("skey").get<std::string>() + end);
      KeyFile key;
      const Error error = key.load(folder / "key");
      CAPTURE(expected.at("name"), error.message);
      if (expected.at("signature_type") != 1) {
        CHECK(error.status == Status::unsupported);
        continue;
      }
      REQUIRE(error.ok());
      CHECK(key.name() == expected.at("name").get<std::string>());
      CHECK(vkey_text(key.log_key()) == expected.at("vkey").get<std::string>());
      CHECK(vectors::to_hex({key.signer().public_key.bytes, 32}) == expected.at("public_hex"));
    }
  }
}

TEST_CASE("A written key has the form of Go's note package") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  const std::string text = vectors::slurp(folder / "key");
  const std::string vkey = vectors::slurp(folder / "key.vkey");
  // Prefix, name and key id, as in the verifier key.
  const std::string start = std::string("PRIVATE+KEY+") + vkey.substr(0, std::strlen(origin) + 10);
  CHECK(text.substr(0, start.size()) == start);
  CHECK(text.size() == start.size() + 44 + 1);
  CHECK(text[start.size()] == 'A');
  CHECK(text.back() == '\n');
  CHECK(vkey.back() == '\n');
}

TEST_CASE("A key that others can read is refused, with the command that helps") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  for (const mode_t mode : {0644u, 0640u, 0620u, 0602u, 0601u, 0660u, 0777u}) {
    REQUIRE(chmod((folder / "key").c_str(), mode) == 0);
    const Error error = key.load(folder / "key");
    CAPTURE(mode);
    CHECK(error.status == Status::bad_state);
    CHECK(mentions(error.message, {"chmod 600 " + (folder / "key")}));
    CHECK_FALSE(key.is_loaded());
  }
  REQUIRE(chmod((folder / "key").c_str(), 0400) == 0);
  CHECK(key.load(folder / "key").ok());
}

TEST_CASE("A key never takes the place of another file") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "a", origin, Algorithm::ed25519).ok());
  const std::string text = vectors::slurp(folder / "a");
  REQUIRE(unlink((folder / "a.vkey").c_str()) == 0);
  CHECK(key.generate(folder / "a", origin, Algorithm::ed25519).status == Status::bad_state);
  CHECK_FALSE(key.is_loaded());
  CHECK(vectors::slurp(folder / "a") == text);

  write(folder / "b.vkey", "mine");
  const Error error = key.generate(folder / "b", origin, Algorithm::ed25519);
  CHECK(error.status == Status::bad_state);
  CHECK(mentions(error.message, {folder / "b.vkey"}));
  CHECK_FALSE(exists(folder / "b"));
  CHECK(vectors::slurp(folder / "b.vkey") == "mine");

  CHECK(key.generate(folder / "none/c", origin, Algorithm::ed25519).status == Status::not_found);
}

TEST_CASE("A key that does not fit on the disk leaves nothing behind") {
  CHECK_PART(on_small_disk(16 * 1024, [](const std::string& disk) -> std::string {
    // Room for one file of the two that belong to a key.
    write(disk + "/filler", std::string(12 * 1024, 'x'));
    KeyFile key;
    const Error error = key.generate(disk + "/key", origin, Algorithm::ed25519);
    EXPECT(error.status == Status::full);
    EXPECT(!key.is_loaded());
    EXPECT(!exists(disk + "/key"));
    EXPECT(!exists(disk + "/key.vkey"));
    return "";
  }));
}

TEST_CASE("Names that a key cannot have are refused before anything is written") {
  const TemporaryFolder folder;
  KeyFile key;
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a+b"),
                                  std::string("a\tb"), std::string("a\nb"), std::string("\xC3\xA4"),
                                  std::string("a\x7F"), std::string(256, 'x')}) {
    const Error error = key.generate(folder / "key", name, Algorithm::ed25519);
    CAPTURE(name);
    CHECK(error.status == Status::bad_argument);
    CHECK(mentions(error.message, {"printable ASCII"}));
  }
  CHECK_FALSE(exists(folder / "key"));
  CHECK(key.generate(folder / "key", std::string(255, 'x'), Algorithm::ed25519).ok());
  CHECK(key.load(folder / "key").ok());
}

TEST_CASE("What is not a private key says what is wrong with it") {
  const TemporaryFolder folder;
  const std::string path = folder / "key";
  KeyFile key;
  REQUIRE(key.generate(path, "d.example", Algorithm::ed25519).ok());
  const std::string good = vectors::slurp(path);
  const auto check = [&](const std::string& text, Status status, const std::string& words) {
    write_key(path, text);
    const Error error = key.load(path);
    CAPTURE(text);
    CHECK(error.status == status);
    CHECK(mentions(error.message, {path, words}));
    CHECK_FALSE(key.is_loaded());
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string blob = good.substr(good.rfind('+', good.size() - 46) + 1, 44);
  REQUIRE(good.size() == std::strlen("PRIVATE+KEY+d.example+") + 8 + 1 + 44 + 1);
  const std::string start = good.substr(0, good.size() - 45);

  check("", Status::corrupt, "PRIVATE+KEY+");
  check("\n", Status::corrupt, "PRIVATE+KEY+");
  check(with("PRIVATE", "private"), Status::corrupt, "PRIVATE+KEY+");
  check(with("d.example", "e.example"), Status::corrupt, "key id");
  check(with("d.example", ""), Status::corrupt, "name");
  check(with("d.example", "d example"), Status::corrupt, "name");
  check(start + "!" + good.substr(start.size() + 1), Status::corrupt, "base64");
  check(good + "\n", Status::corrupt, "base64");
  check(start, Status::corrupt, "base64");
  check(start + "AQ==\n", Status::corrupt, "32 bytes");
  check(start + "AQ" + std::string(41, 'A') + "=\n", Status::corrupt, "32 bytes");
  check(good + std::string(1000, 'x'), Status::corrupt, "too long");
  check("PRIVATE+KEY+d.example+00000000+" + good.substr(start.size()), Status::corrupt, "key id");
  // Types that are not private keys of logs: 0x04, 0x06, 0xff.
  for (const char* type : {"BA", "Bg", "/w"}) {
    check(start + type + good.substr(start.size() + 2), Status::unsupported, "Supported are");
  }
  // No scalar of P-256: zero, and the group's order or more.
  check(start + "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", Status::corrupt,
        "cannot be used");
  check(start + "Av//////////////////////////////////////////\n", Status::corrupt,
        "cannot be used");
}

TEST_CASE("Private keys that are no files, or not to be read, are refused") {
  const TemporaryFolder folder;
  KeyFile key;
  CHECK(key.load(folder / "none").status == Status::not_found);
  REQUIRE(mkdir((folder / "d").c_str(), 0700) == 0);
  CHECK(key.load(folder / "d").status == Status::corrupt);
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
  if (geteuid() == 0) {
    CHECK_PART(as_ordinary_user([&]() -> std::string {
      KeyFile other;
      const Error error = other.load(folder / "key");
      EXPECT(error.status == Status::io);
      EXPECT(mentions(error.message, {folder / "key", "ls -ld"}));
      return "";
    }));
  }
}

TEST_CASE("Forgetting a key wipes it") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  const auto* secret = static_cast<const Ed25519Key*>(key.signer().user);
  REQUIRE(secret != nullptr);
  const uint8_t zeros[sizeof secret->secret] = {};
  CHECK(std::memcmp(secret->secret, zeros, sizeof zeros) != 0);
  key.forget();
  CHECK(std::memcmp(secret->secret, zeros, sizeof zeros) == 0);
  CHECK_FALSE(key.is_loaded());
  CHECK(key.name().empty());
  CHECK(key.signer().sign == nullptr);
}

TEST_CASE("Verifier keys are parsed with the place they came from, and copied with their text") {
  const TemporaryFolder folder;
  const auto keys = vectors::json(vectors::own("gomod/keys_ed25519.json")).at("keys");
  const std::string text = keys[0].at("vkey");
  VerifierKey key;
  REQUIRE(key.parse(text, "--log").ok());
  VerifierKey copy = key;
  key.text.assign(key.text.size(), '?');
  CHECK(string_of(copy.key.name) == keys[0].at("name").get<std::string>());
  CHECK(copy.key.name.data == bytes_of(copy.text).data);
  VerifierKey assigned;
  assigned = copy;
  CHECK(assigned.key.name.data == bytes_of(assigned.text).data);
  CHECK(VerifierKey(VerifierKey()).key.name.empty());

  const Error error = key.parse("nonsense", "--log");
  CHECK(error.status == Status::corrupt);
  CHECK(mentions(error.message, {"--log", "name+id+base64"}));
  CHECK(key.key.name.empty());
  std::string changed = text;
  changed[text.find('+') + 1] ^= 1;
  CHECK(mentions(key.parse(changed, "--log").message, {"--log", "key id"}));
  // Type 0xff, with an id that belongs to it or not: not supported.
  CHECK(key.parse("a+00000000+/w==", "--log").status != Status::ok);

  for (const char* end : {"", "\n", "\r\n"}) {
    write(folder / "a.vkey", text + end);
    CHECK(key.load(folder / "a.vkey").ok());
    CHECK(key.text == text);
  }
  write(folder / "a.vkey", text + "\n" + text + "\n");
  CHECK(mentions(key.load(folder / "a.vkey").message, {folder / "a.vkey"}));
  write(folder / "a.vkey", std::string(5000, 'x'));
  CHECK(key.load(folder / "a.vkey").status == Status::bad_argument);
  CHECK(key.load(folder / "none").status == Status::not_found);
}
