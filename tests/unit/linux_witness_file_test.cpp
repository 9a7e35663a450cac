// The state of a witness in a file.
#include <cairn/linux/file.hpp>
#include <cairn/linux/log_directory.hpp>
#include <cairn/linux/witness_file.hpp>
#include <cstring>

#include "support/host.hpp"
#include "support/json_vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

// Keys of two logs and of a witness.
struct Keys {
  std::string a;
  std::string b;
  std::string witness;
  std::string origin_a;
  std::string origin_b;

  Keys() {
    const auto all = vectors::json(vectors::own("gomod/keys_ed25519.json")).at("keys");
    for (const auto& key : all) {
      const std::string vkey = key.at("vkey");
      const std::string name = key.at("name");
      if (key.at("signature_type") == 4) {
        witness = vkey;
      } else if (a.empty()) {
        a = vkey;
        origin_a = name;
      } else if (name != origin_a) {
        b = vkey;
        origin_b = name;
      }
    }
  }
};

WitnessState state(uint64_t size, uint8_t fill) {
  WitnessState out;
  out.size = size;
  std::memset(out.root.bytes, fill, digest_bytes);
  return out;
}

Status get(WitnessFile& file, const std::string& origin, WitnessState& out) {
  const WitnessStore store = file.store();
  return store.get(store.user, bytes_of(origin), out);
}

Status set(WitnessFile& file, const std::string& origin, const WitnessState& expected,
           const WitnessState& next, const std::string& checkpoint) {
  const WitnessStore store = file.store();
  return store.compare_and_set(store.user, bytes_of(origin), expected, next, bytes_of(checkpoint));
}

bool same(const WitnessState& a, const WitnessState& b) {
  return a.size == b.size && a.root == b.root;
}

}  // namespace

TEST_CASE("A witness file knows the keys it was given, and no others") {
  const Keys keys;
  const TemporaryFolder folder;
  WitnessFile file;
  REQUIRE(file.open(folder / "state", {keys.a, keys.b}).ok());
  CHECK_FALSE(exists(folder / "state"));
  const WitnessStore store = file.store();
  NoteKey key{};
  REQUIRE(store.key(store.user, bytes_of(keys.origin_b), key) == Status::ok);
  CHECK(vkey_text(key) == keys.b);
  CHECK(store.key(store.user, literal("other.example"), key) == Status::not_found);
  CHECK(mentions(file.last_error().message, {"other.example"}));
}

TEST_CASE("Keys that make no sense are refused") {
  const Keys keys;
  const TemporaryFolder folder;
  WitnessFile file;
  REQUIRE_FALSE(keys.witness.empty());
  CHECK(file.open(folder / "state", {keys.a, keys.a}).status == Status::bad_argument);
  CHECK(file.open(folder / "state", {keys.witness}).status == Status::bad_argument);
  const Error error = file.open(folder / "state", {"nonsense"});
  CHECK(error.status == Status::corrupt);
  CHECK(mentions(error.message, {"nonsense"}));
}

TEST_CASE("States are kept for each origin, durable and with their checkpoints") {
  const Keys keys;
  const TemporaryFolder folder;
  WitnessState read;
  {
    WitnessFile file;
    REQUIRE(file.open(folder / "state", {keys.a, keys.b}).ok());
    REQUIRE(get(file, keys.origin_a, read) == Status::ok);
    CHECK(read.size == 0);
    std::string out;
    CHECK(file.checkpoint(keys.origin_a, out).status == Status::not_found);
    REQUIRE(set(file, keys.origin_a, {}, state(7, 1), "note a\n\n\xE2\x80\x94 x\n") == Status::ok);
    REQUIRE(set(file, keys.origin_b, {}, state(INT64_MAX, 2), "note b") == Status::ok);
    REQUIRE(set(file, keys.origin_a, state(7, 1), state(9, 3), "note c\n") == Status::ok);
  }
  WitnessFile file;
  const Error error = file.open(folder / "state", {keys.a, keys.b});
  CAPTURE(error.message);
  REQUIRE(error.ok());
  REQUIRE(get(file, keys.origin_a, read) == Status::ok);
  CHECK(same(read, state(9, 3)));
  REQUIRE(get(file, keys.origin_b, read) == Status::ok);
  CHECK(same(read, state(INT64_MAX, 2)));
  std::string checkpoint;
  REQUIRE(file.checkpoint(keys.origin_a, checkpoint).ok());
  CHECK(checkpoint == "note c\n");
  // A state of a log whose key is no longer given stays.
  WitnessFile other;
  REQUIRE(other.open(folder / "state", {keys.b}).ok());
  REQUIRE(set(other, keys.origin_b, state(INT64_MAX, 2), state(INT64_MAX, 2), "d") == Status::ok);
  REQUIRE(get(file, keys.origin_a, read) == Status::ok);
  CHECK(same(read, state(9, 3)));
}

TEST_CASE("A state that has moved on is not replaced") {
  const Keys keys;
  const TemporaryFolder folder;
  WitnessFile file;
  REQUIRE(file.open(folder / "state", {keys.a}).ok());
  REQUIRE(set(file, keys.origin_a, {}, state(7, 1), "n") == Status::ok);
  CHECK(set(file, keys.origin_a, {}, state(8, 1), "n") == Status::bad_state);
  CHECK(mentions(file.last_error().message, {keys.origin_a, "another process"}));
  CHECK(set(file, keys.origin_a, state(6, 1), state(8, 1), "n") == Status::bad_state);
  CHECK(set(file, keys.origin_a, state(7, 2), state(8, 1), "n") == Status::bad_state);
  WitnessState read;
  REQUIRE(get(file, keys.origin_a, read) == Status::ok);
  CHECK(same(read, state(7, 1)));
}

TEST_CASE("Several processes never replace one state twice") {
  const Keys keys;
  const TemporaryFolder folder;
  WitnessFile file;
  REQUIRE(file.open(folder / "state", {keys.a}).ok());
  constexpr int processes = 4;
  constexpr int steps = 25;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      WitnessFile own;
      bool ok = own.open(folder / "state", {keys.a}).ok();
      for (int done = 0; ok && done < steps;) {
        WitnessState now;
        ok = get(own, keys.origin_a, now) == Status::ok;
        const WitnessState next = state(now.size + 1, static_cast<uint8_t>(i));
        const Status status = set(own, keys.origin_a, now, next, "n");
        ok = ok && (status == Status::ok || status == Status::bad_state);
        if (status == Status::ok) ++done;
      }
      _exit(ok ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  WitnessState read;
  REQUIRE(get(file, keys.origin_a, read) == Status::ok);
  CHECK(read.size == processes * steps);
}

TEST_CASE("A state file that is torn, changed or of a later version is never taken for empty") {
  const Keys keys;
  const TemporaryFolder folder;
  const std::string path = folder / "state";
  WitnessFile file;
  REQUIRE(file.open(path, {keys.a}).ok());
  REQUIRE(set(file, keys.origin_a, {}, state(7, 1), "n") == Status::ok);
  const std::string good = vectors::slurp(path);
  const auto root = nlohmann::json::parse(good);
  const auto check = [&](const std::string& text, Status status) {
    write(path, text);
    CAPTURE(text);
    WitnessFile other;
    const Error error = other.open(path, {keys.a});
    CHECK(error.status == status);
    CHECK(mentions(error.message, {path}));
    // An open one notices as well, and leaves the file as it is.
    WitnessState read = state(99, 9);
    CHECK(get(file, keys.origin_a, read) == status);
    CHECK(set(file, keys.origin_a, state(7, 1), state(8, 2), "n") == status);
    CHECK(file.last_error().status == status);
    std::string out;
    CHECK(file.checkpoint(keys.origin_a, out).status == status);
    CHECK(vectors::slurp(path) == text);
  };
  const auto with = [&](const std::string& field, const nlohmann::json& value) {
    auto changed = root;
    changed[nlohmann::json::json_pointer(field)] = value;
    return changed.dump();
  };
  const std::string entry = "/logs/" + [&] {
    std::string escaped;
    for (const char c : keys.origin_a)
      escaped += c == '/' ? "~1" : std::string(1, c);
    return escaped;
  }();

  SECTION("torn") {
    for (size_t size = 0; size + 2 < good.size(); size += 7)
      check(good.substr(0, size), Status::corrupt);
  }
  SECTION("changed") {
    check("[]", Status::corrupt);
    check("{}", Status::corrupt);
    check(with("/format", "other"), Status::corrupt);
    check(with("/version", "1"), Status::corrupt);
    check(with("/logs", 7), Status::corrupt);
    check(with(entry, 7), Status::corrupt);
    check(with(entry + "/size", -1), Status::corrupt);
    check(with(entry + "/size", 9223372036854775808ull), Status::corrupt);
    check(with(entry + "/size", "7"), Status::corrupt);
    check(with(entry + "/root", "AAAA"), Status::corrupt);
    check(with(entry + "/root", "!"), Status::corrupt);
    check(with(entry + "/root", 7), Status::corrupt);
    check(with(entry + "/checkpoint", 7), Status::corrupt);
    auto missing = root;
    missing["logs"][keys.origin_a].erase("size");
    check(missing.dump(), Status::corrupt);
  }
  SECTION("later") {
    check(with("/version", 2), Status::wrong_version);
  }
}

TEST_CASE("A state that cannot be written is not given out as stored") {
  const Keys keys;
  SECTION("read-only folder") {
    const TemporaryFolder folder;
    WitnessFile file;
    REQUIRE(file.open(folder / "state", {keys.a}).ok());
    REQUIRE(set(file, keys.origin_a, {}, state(7, 1), "n") == Status::ok);
    REQUIRE(chmod(folder.path().c_str(), 0555) == 0);
    CHECK_PART(as_ordinary_user([&]() -> std::string {
      EXPECT(set(file, keys.origin_a, state(7, 1), state(8, 1), "n") == Status::io);
      EXPECT(mentions(file.last_error().message, {folder / "state", "ls -ld"}));
      WitnessState read;
      EXPECT(get(file, keys.origin_a, read) == Status::ok);
      EXPECT(read.size == 7);
      return "";
    }));
  }
  SECTION("full disk") {
    CHECK_PART(on_small_disk(32 * 1024, [&](const std::string& disk) -> std::string {
      WitnessFile file;
      EXPECT(file.open(disk + "/state", {keys.a}).ok());
      EXPECT(set(file, keys.origin_a, {}, state(7, 1), "n") == Status::ok);
      const std::string large(40 * 1024, 'x');
      EXPECT(set(file, keys.origin_a, state(7, 1), state(8, 1), large) == Status::full);
      WitnessState read;
      EXPECT(get(file, keys.origin_a, read) == Status::ok);
      EXPECT(read.size == 7);
      return "";
    }));
  }
  SECTION("a checkpoint that is not UTF-8") {
    const TemporaryFolder folder;
    WitnessFile file;
    REQUIRE(file.open(folder / "state", {keys.a}).ok());
    CHECK(set(file, keys.origin_a, {}, state(7, 1), "\xFF") == Status::corrupt);
    CHECK_FALSE(exists(folder / "state"));
  }
}

TEST_CASE("A log on disk is witnessed by a state on disk, and keeps the cosignature") {
  const TemporaryFolder folder;
  KeyFile key;
  KeyFile witness;
  REQUIRE(key.generate(folder / "key", "plant.example/a", Algorithm::p256).ok());
  REQUIRE(witness.generate(folder / "w", "witness.example", Algorithm::ed25519).ok());
  LogDirectory log;
  REQUIRE(log.create(folder / "log", folder / "key", {{65536, 8}, {}, false}).ok());
  WitnessFile file;
  REQUIRE(file.open(folder / "state", {log.config().vkey}).ok());

  uint64_t witnessed = 0;
  for (int round = 0; round < 3; ++round) {
    REQUIRE(log.recorder().append(Kind::opaque, literal("x")).ok());
    REQUIRE(log.recorder().seal() == Status::ok);
    std::string note;
    REQUIRE(log.checkpoint(note).ok());
    const uint64_t size = log.log().head()->size;
    Digest hashes[proof_hashes_max];
    ProofBuffer proof = {hashes, proof_hashes_max};
    REQUIRE(build_consistency(witnessed, size, log.log().nodes(), proof) == Status::ok);
    uint8_t body[8192];
    const Result<size_t> body_size = format_add_checkpoint(witnessed, proof, bytes_of(note), body);
    REQUIRE(body_size.ok());
    uint8_t line[512];
    const WitnessReply reply =
        add_checkpoint({body, body_size.value}, file.store(), all_verifiers(), witness.signer(),
                       bytes_of(witness.name()), 1700000000, line);
    CAPTURE(round, file.last_error().message);
    REQUIRE(reply.answer == WitnessAnswer::cosigned);
    REQUIRE(log.add_cosignatures(size, string_of({line, reply.size_bytes})).ok());

    std::string lines;
    REQUIRE(log.cosignatures(size, lines).ok());
    const std::string cosigned = note + lines;
    Note parsed;
    REQUIRE(parse_note(bytes_of(cosigned), parsed) == Status::ok);
    CHECK(parsed.signature_count == 2);
    NoteVerdict verdict;
    const Result<NoteKey> cosigner = witness.cosigner_key();
    REQUIRE(cosigner.ok());
    CHECK(verify_note(parsed, cosigner.value, all_verifiers(), &verdict) == Status::ok);
    CHECK(verdict.time == 1700000000);
    // The same request again: the state has moved on.
    if (round > 0) {
      const WitnessReply again =
          add_checkpoint({body, body_size.value}, file.store(), all_verifiers(), witness.signer(),
                         bytes_of(witness.name()), 1700000001, line);
      CHECK(again.answer == WitnessAnswer::conflict);
      CHECK(again.state.size == size);
    }
    witnessed = size;
  }
  std::string kept;
  REQUIRE(file.checkpoint("plant.example/a", kept).ok());
  std::string newest;
  REQUIRE(log.checkpoint(newest).ok());
  CHECK(kept == newest);
}
