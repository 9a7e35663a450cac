// Checkpoints: what is read, what is refused in which line, and what is never written.
#include <cairn/checkpoint.hpp>
#include <cstring>

#include "support/catch.hpp"
#include "support/signing.hpp"
#include "support/vectors.hpp"

using cairn::AirCheckpoint;
using cairn::Checkpoint;
using cairn::Digest;
using cairn::Fault;
using cairn::Field;
using cairn::NoteKey;
using cairn::NoteType;
using cairn::Signature;
using cairn::Status;
using vectors::view;

namespace {

const std::string root64 = "BAObMt6XsWzhlguTrYgYc0qgjKTEWuKpmTLfPyO+3CE=";
const std::string good = "o.example\n70\n" + root64 + "\n";

std::string str(cairn::ByteView bytes) {
  return {bytes.text(), bytes.size};
}

Checkpoint checkpoint_of(const std::string& text) {
  Checkpoint out;
  REQUIRE(cairn::parse_checkpoint(view(text), out) == Status::ok);
  return out;
}

NoteKey key_of(const char* name, uint8_t algorithm, NoteType type) {
  NoteKey key = {{name, strlen(name)}, type, {algorithm, {}}};
  memset(key.key.bytes, 0x33, cairn::public_key_size(algorithm));
  return key;
}

}  // namespace

TEST_CASE("a malformed checkpoint is refused with the field and the line") {
  const std::string head = "o\n70\n";
  const struct {
    const char* what;
    std::string text;
    Field field;
    uint32_t line;
  } cases[] = {
      {"empty", "", Field::origin, 1},
      {"no line end at all", "o", Field::encoding, 1},
      {"empty origin", "\n70\n" + root64 + "\n", Field::origin, 1},
      {"origin of 256 bytes", std::string(256, 'o') + good.substr(9), Field::origin, 1},
      {"tab in the origin", "a\tb\n70\n" + root64 + "\n", Field::encoding, 1},
      {"carriage return", "o\r\n70\n" + root64 + "\n", Field::encoding, 1},
      {"origin not UTF-8", "\xC0\xAF\n70\n" + root64 + "\n", Field::encoding, 1},
      {"origin only", "o\n", Field::size, 2},
      {"empty size", "o\n\n" + root64 + "\n", Field::size, 2},
      {"leading zero", "o\n070\n" + root64 + "\n", Field::size, 2},
      {"plus", "o\n+70\n" + root64 + "\n", Field::size, 2},
      {"2^63", "o\n9223372036854775808\n" + root64 + "\n", Field::size, 2},
      {"space behind the size", "o\n70 \n" + root64 + "\n", Field::size, 2},
      {"no root", head, Field::root, 3},
      {"empty root", head + "\n", Field::root, 3},
      {"root without line end", head + root64, Field::encoding, 3},
      {"31 bytes", head + "BAObMt6XsWzhlguTrYgYc0qgjKTEWuKpmTLfPyO+3A==\n", Field::root, 3},
      {"33 bytes", head + "BAObMt6XsWzhlguTrYgYc0qgjKTEWuKpmTLfPyO+3CEB\n", Field::root, 3},
      {"30 bytes", head + root64.substr(0, 40) + "\n", Field::root, 3},
      {"no padding", head + root64.substr(0, 43) + "\n", Field::root, 3},
      {"trailing bits", head + root64.substr(0, 42) + "F=\n", Field::root, 3},
      {"space behind the root", head + root64 + " \n", Field::root, 3},
      {"URL-safe root", head + "-" + root64.substr(1) + "\n", Field::root, 3},
      {"empty extension line", good + "\n", Field::extension, 4},
      {"empty second extension", good + "x\n\n", Field::extension, 5},
      {"extension before an empty one", good + "\nx\n", Field::extension, 4},
      {"extension without line end", good + "x\ny", Field::encoding, 5},
      {"tab in an extension", good + "x\ny\tz\n", Field::encoding, 5},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    Checkpoint out;
    Fault fault;
    REQUIRE(cairn::parse_checkpoint(view(c.text), out, &fault) == Status::corrupt);
    CHECK(std::string(cairn::field_text(fault.field)) == cairn::field_text(c.field));
    CHECK(fault.position == c.line);
    CHECK(cairn::parse_checkpoint(view(c.text), out) == Status::corrupt);
  }
}

TEST_CASE("what parses is written back byte for byte") {
  for (const std::string& text :
       {good, good + "x\n", good + "time 5\nÜ —\n", std::string(255, 'o') + good.substr(9),
        "a b+c\n0\n" + root64 + "\n", "\x7F\n9223372036854775807\n" + root64 + "\n"}) {
    CAPTURE(text);
    const Checkpoint checkpoint = checkpoint_of(text);
    uint8_t out[512];
    const auto size = cairn::format_checkpoint(checkpoint, out);
    REQUIRE(size.ok());
    CHECK(str({out, size.value}) == text);
    for (size_t room = 0; room < text.size(); ++room)
      REQUIRE(cairn::format_checkpoint(checkpoint, {out, room}).status == Status::full);
    Digest hash;
    REQUIRE(cairn::checkpoint_hash(checkpoint, hash) == Status::ok);
    CHECK(hash == cairn::sha256(view(text)));
    CHECK(cairn::checkpoint_text_size(checkpoint.origin, checkpoint.size) ==
          text.size() - checkpoint.extensions.size);
  }
}

TEST_CASE("every changed byte of a checkpoint is refused or means something else") {
  const std::string text = good + "ext\n";
  for (size_t at = 0; at < text.size(); ++at) {
    for (unsigned value = 0; value < 256; ++value) {
      std::string changed = text;
      changed[at] = static_cast<char>(value);
      Checkpoint out;
      if (cairn::parse_checkpoint(view(changed), out) != Status::ok) continue;
      uint8_t bytes[128];
      const auto size = cairn::format_checkpoint(out, bytes);
      REQUIRE(size.ok());
      REQUIRE(str({bytes, size.value}) == changed);
    }
  }
}

TEST_CASE("a checkpoint that would be refused is not written") {
  const Checkpoint fine = checkpoint_of(good);
  const auto refused = [](const Checkpoint& c) {
    uint8_t out[1024];
    Digest hash;
    const NoteKey key = key_of("k", CAIRN_ED25519, NoteType::ed25519);
    return cairn::format_checkpoint(c, out).status == Status::bad_argument &&
           cairn::checkpoint_hash(c, hash) == Status::bad_argument &&
           cairn::format_signed_checkpoint(c, key, Signature{}, out).status == Status::bad_argument;
  };
  CHECK_FALSE(refused(fine));
  const std::string long_origin(256, 'o');
  for (const std::string& origin : {std::string(), std::string("a\nb"), std::string("a\n"),
                                    std::string("a\tb"), std::string("\xFF"), long_origin}) {
    CAPTURE(origin);
    Checkpoint c = fine;
    c.origin = view(origin);
    CHECK(refused(c));
  }
  Checkpoint c = fine;
  c.size = uint64_t{1} << 63;
  CHECK(refused(c));
  for (const std::string extensions : {"x", "\n", "x\n\n", "x\ny", "a\tb\n", "\xFF\n"}) {
    CAPTURE(extensions);
    c = fine;
    c.extensions = view(extensions);
    CHECK(refused(c));
  }
}

TEST_CASE("the longest signed checkpoint fits where its size says") {
  const std::string name(255, 'n');
  const std::string text = name + "\n9223372036854775807\n" + root64 + "\n";
  const Checkpoint checkpoint = checkpoint_of(text);
  Signature longest;
  memset(longest.bytes, 0xFF, sizeof longest.bytes);
  const NoteKey key = key_of(name.c_str(), CAIRN_P256, NoteType::ecdsa);
  uint8_t out[cairn::signed_checkpoint_bytes_max];
  const auto size = cairn::format_signed_checkpoint(checkpoint, key, longest, out);
  REQUIRE(size.ok());
  CHECK(size.value <= sizeof out);
  CHECK(size.value >= sizeof out - 1);  // a size of 19 digits
  for (size_t room = 0; room < size.value; ++room) {
    REQUIRE(cairn::format_signed_checkpoint(checkpoint, key, longest, {out, room}).status ==
            Status::full);
  }
}

TEST_CASE("a signed checkpoint is not written for a key that has no such line") {
  const Checkpoint checkpoint = checkpoint_of(good);
  uint8_t out[512];
  for (const NoteKey& key : {key_of("k", CAIRN_ED25519, NoteType::cosignature),
                             key_of("a b", CAIRN_ED25519, NoteType::ed25519),
                             key_of("k", CAIRN_ED25519, NoteType::ecdsa)}) {
    CHECK(cairn::format_signed_checkpoint(checkpoint, key, Signature{}, out).status ==
          Status::bad_argument);
  }
}

TEST_CASE("a checkpoint is rebuilt only for the key that its compact form names") {
  const NoteKey key = key_of("o.example", CAIRN_ED25519, NoteType::ed25519);
  const Digest root = checkpoint_of(good).root;
  AirCheckpoint air;
  air.key_id = cairn::key_id(key);
  air.size = 70;
  air.has_root = true;
  air.root = root;
  air.has_signature = true;
  air.algorithm = CAIRN_ED25519;
  const cairn::ByteView origin = cairn::literal("o.example");
  uint8_t out[cairn::signed_checkpoint_bytes_max];
  const auto status = [&](const AirCheckpoint& a, const Digest* own = nullptr) {
    return cairn::rebuild_checkpoint(a, origin, key, own, out).status;
  };
  CHECK(status(air) == Status::ok);
  AirCheckpoint bad = air;
  bad.key_id ^= 1;
  CHECK(status(bad) == Status::bad_argument);
  bad = air;
  bad.has_signature = false;
  CHECK(status(bad) == Status::bad_argument);
  bad = air;
  bad.algorithm = CAIRN_P256;
  CHECK(status(bad) == Status::bad_argument);
  bad = air;
  bad.size = uint64_t{1} << 63;
  CHECK(status(bad) == Status::bad_argument);
  bad = air;
  bad.has_root = false;
  CHECK(status(bad) == Status::bad_argument);
  CHECK(status(bad, &root) == Status::ok);

  // A root in the message goes before the receiver's own.
  const Digest other{};
  const auto size = cairn::rebuild_checkpoint(air, origin, key, &other, out);
  REQUIRE(size.ok());
  CHECK(str({out, size.value}).substr(0, good.size()) == good);

  NoteKey cosigner = key;
  cosigner.type = NoteType::cosignature;
  air.key_id = cairn::key_id(cosigner);
  CHECK(cairn::rebuild_checkpoint(air, origin, cosigner, nullptr, out).status ==
        Status::bad_argument);
  air.key_id = cairn::key_id(key);
  CHECK(cairn::rebuild_checkpoint(air, {}, key, nullptr, out).status == Status::bad_argument);
  CHECK(cairn::rebuild_checkpoint(air, origin, key, nullptr, {out, 50}).status == Status::full);
}

#ifdef CAIRN_TEST_WITH_SODIUM

TEST_CASE("opening a checkpoint tells form, key and signature apart") {
  const signing::Ed25519Pair pair(1), other(2);
  const NoteKey key =
      cairn::note_key(cairn::literal("o.example"), NoteType::ed25519, pair.signer.public_key);
  const std::string line = signing::line(pair, good, "o.example", NoteType::ed25519);
  const auto open = [&](const std::string& note, Fault* fault = nullptr) {
    Checkpoint out;
    const Status status = cairn::open_checkpoint(view(note), key, signing::verifiers(), out, fault);
    CHECK((status == Status::ok) == (out.size == 70));  // nothing unsigned is handed out
    return status;
  };
  CHECK(open(good + "\n" + line) == Status::ok);
  CHECK(open(good + "\n" + signing::line(other, good, "o.example", NoteType::ed25519)) ==
        Status::not_found);
  std::string changed = good + "\n" + line;
  changed[10] = '8';
  CHECK(open(changed) == Status::signature_invalid);

  Fault fault;
  CHECK(open(good + line, &fault) == Status::corrupt);
  CHECK(fault.field == Field::separator);
  const std::string bad_size = "o.example\n070\n" + root64 + "\n";
  CHECK(open(bad_size + "\n" + signing::line(pair, bad_size, "o.example", NoteType::ed25519),
             &fault) == Status::corrupt);
  CHECK((fault.field == Field::size && fault.position == 2));
  // An empty line inside: a note, but not a checkpoint.
  const std::string empty_line = good + "\nx\n";
  CHECK(open(empty_line + "\n" + signing::line(pair, empty_line, "o.example", NoteType::ed25519),
             &fault) == Status::corrupt);
  CHECK((fault.field == Field::extension && fault.position == 4));

  Checkpoint out;
  const std::string note = good + "\n" + line;
  CHECK(cairn::open_checkpoint(view(note), key, {}, out) == Status::unsupported);
}

#endif
