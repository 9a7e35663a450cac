// What outlives a gateway's store beside its tiles: receipts, cosignatures of further witnesses,
// proofs of forks; and how they come back.
#include <cairn/gateway/archive_fill.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/outbox.hpp>

#include "support/archive_files.hpp"
#include "support/evidence_files.hpp"
#include "support/gateway_copies.hpp"
#include "support/hex.hpp"

using namespace copies_tests;
using test::archive_files;
using test::MemoryStore;

namespace {

// A ledger that stamps whatever it is given, at once.
class Stamps : public Anchor {
 public:
  static std::string of(const Digest& digest) {
    return "stamp of " + hexadecimal::encode({digest.bytes, digest_bytes});
  }
  uint8_t kind() const override { return 77; }
  const char* cost_unit() const override { return "stamps"; }
  Error prepare(const AnchorHead& head, const std::string&, AnchorRequest& out) override {
    out = {std::to_string(head.size), 1};
    return {};
  }
  Error submit(const AnchorHead& head, const std::string&, std::string& receipt) override {
    receipt = of(head.digest);
    return {};
  }
  Error poll(const AnchorHead&, const std::string&, std::string&) override {
    return {Status::not_found, "not yet"};
  }
  Error verify(const Digest& digest, const std::string& receipt,
               uint64_t& not_after_s) const override {
    not_after_s = 4000;
    return receipt == of(digest) ? Error{} : Error{Status::proof_invalid, "another stamp"};
  }
};

host::ForkProof fork_of(const host::KeyFile& key, uint64_t size) {
  const std::string one = signed_note(key, size, 1), other = signed_note(key, size, 2);
  host::ForkProof proof;
  CHECK_OK(host::make_fork_proof(host::bytes_of(one), key.log_key(), host::bytes_of(other),
                                 key.log_key(), {}, proof));
  return proof;
}

// A plant whose heads are anchored and cosigned by others.
struct Anchored : Plant {
  Stamps stamps;
  host::KeyFile upper;

  explicit Anchored(const std::string& name = "example.com/gateway") : Plant(name) {
    make(upper, "example.net/upper");
  }
  void anchor() {
    OutboxOptions options;
    options.name = "stamps";
    options.log = log->origin();
    options.interval_s = 0;
    options.archive = &log->archive();
    Outbox outbox(*store, stamps, options);
    REQUIRE_OK(outbox.open());
    AnchorHead head;
    REQUIRE_OK(anchor_head(log->origin(), log->head(), head));
    for (uint64_t now_s = 5000; outbox.state().anchored_size != head.size; ++now_s)
      REQUIRE_OK(outbox.step(head, now_s));
  }
  void keep(ArchiveKind kind, const std::string& bytes) {
    CHECK_OK(log->archive().keep(kind, bytes));
  }
  void cosign() { keep(ArchiveKind::cosigned, cosigned(log->head().note, upper)); }
  RebuildOptions trusting() {
    RebuildOptions out = options();
    out.anchors["stamps"] = &stamps;
    out.further_witnesses = {vkey_of(upper.cosigner_key().value)};
    return out;
  }
  bool is_frozen(int device) {
    Device found;
    return Registry(*store).find(devices[device].name(), found).ok() &&
           found.state == DeviceState::frozen;
  }
  std::string entry(std::initializer_list<std::string> parts) {
    Entry found;
    (void)store->get(key_of(parts), found);
    return found.value;
  }
};

}  // namespace

TEST_CASE("archive: files are numbered as they come, and none is replaced") {
  TemporaryFolder folder;
  std::vector<std::string> all;
  for (int i = 0; i < 70; ++i) {
    Archive archive(folder.path());  // which finds the end, wherever it is
    all.push_back("file " + std::to_string(i));
    REQUIRE_OK(archive.keep(ArchiveKind::fork, all.back()));
    REQUIRE(archive_files(folder.path(), ArchiveKind::fork) == all);
  }
  CHECK(mode_of(folder / "archive/fork/069") == 0644);
  CHECK(archive_files(folder.path(), ArchiveKind::receipt).empty());
  CHECK(archive_path(ArchiveKind::cosigned, 1234) == "archive/cosigned/x001/234");
  // A copy that was made while files came, and lacks some in between.
  for (const int lost : {1, 5, 30, 64}) {
    std::filesystem::remove(folder / archive_path(ArchiveKind::fork, static_cast<uint64_t>(lost)));
    all[static_cast<size_t>(lost)] = "new " + std::to_string(lost);
  }
  Archive archive(folder.path());
  for (int i = 0; i < 5; ++i)
    CHECK_OK(archive.keep(ArchiveKind::fork, "more"));
  for (uint64_t i = 0; i < all.size(); ++i) {
    const std::string path = folder / archive_path(ArchiveKind::fork, i);
    if (all[i][0] == 'f') CHECK(content(path) == all[i]);
  }
}

TEST_CASE("archive: a copy follows its source, and takes what it lacks when numbers differ") {
  TemporaryFolder source, copy, restored;
  Archive from(source.path());
  std::vector<std::string> all;
  {
    Archive to(copy.path());
    for (int i = 0; i < 6; ++i) {
      CHECK_OK(to.copy(TileSource(source.path())));
      REQUIRE(archive_files(copy.path(), ArchiveKind::receipt) == all);
      all.push_back("receipt " + std::to_string(i));
      CHECK_OK(from.keep(ArchiveKind::receipt, all.back()));
    }
  }
  Archive to(copy.path());  // another process
  CHECK_OK(to.copy(TileSource(source.path())));
  CHECK(archive_files(copy.path(), ArchiveKind::receipt) == all);
  // The source was restored from copies that lagged, and has gone on since.
  Archive again(restored.path());
  for (const char* file : {"receipt 0", "receipt 1", "new 2", "receipt 4"})
    CHECK_OK(again.keep(ArchiveKind::receipt, file));
  for (int round = 0; round < 2; ++round)
    CHECK_OK(to.copy(TileSource(restored.path())));
  all.push_back("new 2");
  CHECK(archive_files(copy.path(), ArchiveKind::receipt) == all);
  CHECK_OK(again.keep(ArchiveKind::receipt, "new 4"));
  CHECK_OK(to.copy(TileSource(restored.path())));
  all.push_back("new 4");
  CHECK(archive_files(copy.path(), ArchiveKind::receipt) == all);
  CHECK_OK(Archive(restored / "none").copy(TileSource(restored / "nothing")));
}

TEST_CASE("drill: receipts, cosignatures and frozen devices outlive the store") {
  Anchored plant;
  plant.report(1, 50);
  plant.anchor();
  plant.cosign();
  plant.report(50, 60);
  plant.anchor();
  plant.keep(ArchiveKind::fork, host::format_fork_proof(fork_of(plant.devices[1], 20)));
  plant.mirror(0);
  std::map<std::string, std::string> before;
  for (const auto& [key, entry] : plant.store->entries())
    if (key.rfind("receipt ", 0) == 0) before[key] = entry.value;
  REQUIRE(before.size() == 2);
  const std::string cosigned_note = archive_files(plant.tiles(), ArchiveKind::cosigned).at(0);
  plant.lose_store();
  RebuildOptions options = plant.trusting();
  SECTION("the folder is left") {}
  SECTION("a mirror is left") {
    std::filesystem::remove_all(plant.tiles());
    options.mirrors = {TileSource(plant.folder / "gone"), TileSource(plant.mirror_folder(0))};
  }
  RebuildReport report;
  REQUIRE_OK(rebuild(options, *plant.store, report));
  CHECK(report.receipts == 2);
  CHECK(report.cosignatures == 1);
  CHECK(report.frozen == 1);
  for (const auto& [key, value] : before)
    CHECK(plant.entry({key}) == value);
  CHECK(plant.entry({"cosignatures", "example.com/gateway", key_number(147)}) == cosigned_note);
  CHECK(plant.is_frozen(1));
  CHECK_FALSE(plant.is_frozen(0));
  std::string file;
  CHECK_OK(Registry(*plant.store).fork(plant.devices[1].name(), file));
  CHECK(file == archive_files(plant.tiles(), ArchiveKind::fork).at(0));
  Device device;
  device.origin = plant.devices[1].name();
  device.keys = {{host::vkey_text(plant.devices[1].log_key()), 0, UINT64_MAX}};
  device.owner = device.role = "press";
  CHECK(Registry(*plant.store).enrol(device, "ada", 6000).status == Status::bad_state);
  // The anchor goes on behind what it has.
  plant.start();
  plant.report(60, 61);
  plant.anchor();
  CHECK(archive_files(plant.tiles(), ArchiveKind::receipt).size() == 3);
}

TEST_CASE("what does not verify is left out, and said") {
  Anchored plant;
  plant.report(1, 10);
  AnchorHead head;
  REQUIRE_OK(anchor_head(plant.log->origin(), plant.log->head(), head));
  plant.anchor();
  const std::string receipt = archive_files(plant.tiles(), ArchiveKind::receipt).at(0);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string out = receipt;
    out.replace(out.find(from), from.size(), to);
    return out;
  };
  plant.keep(ArchiveKind::receipt, "nonsense");
  plant.keep(ArchiveKind::receipt, changed("\"stamps\"", "\"others\""));
  plant.keep(ArchiveKind::receipt, changed("\"body\":\"", "\"body\":\"AAAA"));
  plant.keep(ArchiveKind::receipt, receipt);  // a second time
  const std::string note = plant.log->head().note;
  host::KeyFile stranger, same_name;
  plant.make(stranger, "example.net/stranger");
  REQUIRE(same_name.generate(plant.folder / "same", "example.net/upper", Algorithm::ed25519).ok());
  plant.keep(ArchiveKind::cosigned, cosigned(note, stranger));
  plant.keep(ArchiveKind::cosigned, cosigned(note, same_name));
  plant.keep(ArchiveKind::cosigned, cosigned(signed_note(stranger, 9, 1), plant.upper));
  std::string wrong = cosigned(note, plant.upper);
  wrong[wrong.size() - 8] = wrong[wrong.size() - 8] == 'A' ? 'B' : 'A';
  plant.keep(ArchiveKind::cosigned, wrong);
  plant.cosign();
  // Anybody can make a key with a device's name.
  REQUIRE(
      same_name.generate(plant.folder / "press", plant.devices[0].name(), Algorithm::ed25519).ok());
  const std::string forged = host::format_fork_proof(fork_of(same_name, 5));
  plant.keep(ArchiveKind::fork, forged);
  plant.keep(ArchiveKind::fork, forged);
  plant.keep(ArchiveKind::fork, forged.substr(0, forged.size() - 9));
  plant.lose_store();
  RebuildReport report;
  REQUIRE_OK(rebuild(plant.trusting(), *plant.store, report));
  CHECK(report.receipts == 1);
  CHECK(report.cosignatures == 1);
  CHECK(report.frozen == 0);
  CHECK_FALSE(plant.is_frozen(0));
  uint64_t count = 0;
  std::string reasons;
  for (const auto& [why, times] : report.left_out) {
    count += times;
    reasons += why + "\n";
  }
  INFO(reasons);
  CHECK(count == 9);
  CHECK(mentions(reasons, {"did not write", "'others', which is not configured", "another stamp",
                           "'example.net/stranger', which witnesses.policy", "none of this log",
                           "upper' that is wrong", "signed nothing in this log", "does not hold"}));
  const std::string lines =
      plant.entry({"cosignatures", plant.log_key.name(), key_number(27)}).substr(note.size());
  CHECK(lines == cosigned(note, plant.upper).substr(note.size()));
}

TEST_CASE("cosignatures of one head come together, in whatever order the files have") {
  Anchored plant;
  host::KeyFile second;
  plant.make(second, "example.net/second");
  plant.report(1, 10);
  const std::string early = plant.log->head().note;
  plant.cosign();
  plant.report(10, 20);
  plant.cosign();
  plant.keep(ArchiveKind::cosigned, cosigned(early, second));
  plant.keep(ArchiveKind::cosigned, cosigned(early, plant.upper, 2000));
  plant.lose_store();
  RebuildOptions options = plant.trusting();
  options.further_witnesses.push_back(vkey_of(second.cosigner_key().value));
  RebuildReport report;
  REQUIRE_OK(rebuild(options, *plant.store, report));
  CHECK(report.cosignatures == 3);
  CHECK(plant.entry({"cosignatures", plant.log_key.name(), key_number(27)}) ==
        cosigned(cosigned(early, plant.upper), second));
  // What came from the archive does not go into it again, put together.
  plant.start();
  ArchiveFillOptions filling;
  filling.log = plant.log_key.name();
  uint64_t written = 1;
  CHECK_OK(fill_archive(*plant.store, plant.log->archive(), filling, written));
  CHECK(written == 0);
}

TEST_CASE("what the archive is about forbids to restore less") {
  Anchored plant;
  plant.report(1, 20);
  plant.mirror(0);
  plant.report(20, 30);
  Status expected = Status::damaged;
  std::vector<std::string> words = {"archive", "87", "57"};
  SECTION("by a receipt") {
    plant.anchor();
  }
  SECTION("by a cosigned head") {
    plant.cosign();
  }
  SECTION("and another history") {
    plant.keep(ArchiveKind::cosigned, cosigned(signed_note(plant.log_key, 30, 9), plant.upper));
    expected = Status::proof_invalid;
    words = {"archive", "30", "two histories"};
  }
  plant.lose_store();
  std::filesystem::remove_all(plant.tiles() + "/tile");
  std::filesystem::remove(plant.tiles() + "/checkpoint");
  RebuildOptions options = plant.trusting();
  options.mirrors = {TileSource(plant.mirror_folder(0))};
  RebuildReport report;
  const Error error = rebuild(options, *plant.store, report);
  CHECK(error.status == expected);
  CHECK(mentions(error.message, words));
  CHECK(plant.store->entries().empty());
}

TEST_CASE("a floor is proved by a checkpoint, by evidence, or by a receipt") {
  const signing::Ed25519Pair key(3), other(4);
  const evidence_files::Log log{"example.com/gateway", &key, NoteType::ed25519, {"a", "b", "c"}};
  const std::string note = log.note();
  evidence_files::Maker maker;
  maker.add(log, {{1, 1}}, note);
  const auto made = maker.bytes();
  const std::string evidence(made.begin(), made.end());
  host::VerifierKey trusted, wrong;
  REQUIRE_OK(trusted.parse(log.vkey(), "a key"));
  REQUIRE_OK(wrong.parse(signing::vkey(other, log.origin, NoteType::ed25519), "a key"));
  std::string in_json = note;
  for (size_t at = 0; (at = in_json.find('\n', at)) != std::string::npos; at += 2)
    in_json.replace(at, 1, "\\n");
  for (const std::string& bytes : {note, evidence, "{\"note\":\"" + in_json + "\"}"}) {
    std::vector<KnownHead> known;
    CHECK_OK(known_heads(bytes, "a file", trusted, known));
    REQUIRE(known.size() == 1);
    CHECK(known[0].note == note);
    CHECK(known_heads(bytes, "a file", wrong, known).status == Status::not_found);
    CHECK(known.size() == 1);
  }
  std::vector<KnownHead> known;
  for (const std::string bytes : {"", "{}", "[1]", "{\"note\":5}", "nonsense"})
    CHECK(known_heads(bytes, "a file", trusted, known).status == Status::not_found);
  std::string damaged = evidence;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  CHECK(known_heads(damaged, "a file", trusted, known).status == Status::not_found);
}

TEST_CASE("drill: a fleet's store is lost, and filled from the logs of all of its gateways") {
  Anchored north("example.com/north"), south("example.com/south");
  const auto add = [](Plant& to, const host::KeyFile& device, uint64_t size) {
    CHECK_OK(to.log->add({device.name(), size, signed_note(device, size, 1)}));
    CHECK_OK(to.log->integrate());
  };
  north.report(1, 100);
  north.anchor();
  add(south, north.devices[0], 250);
  add(south, north.devices[2], 40);
  south.cosign();
  // South saw the fork of a device whose checkpoints are in north's log.
  south.keep(ArchiveKind::fork, host::format_fork_proof(fork_of(north.devices[1], 120)));
  north.lose_store();
  south.lose_store();
  south.store = north.store;
  Plant* order[] = {&north, &south};
  SECTION("north first") {}
  SECTION("south first") {
    std::swap(order[0], order[1]);
  }
  uint64_t frozen = 0;
  for (Plant* plant : order) {
    RebuildReport report;
    REQUIRE_OK(rebuild(static_cast<Anchored*>(plant)->trusting(), *north.store, report));
    frozen += report.frozen;
    CHECK(rebuild(plant->options(), *north.store, report).status == Status::bad_state);
  }
  CHECK(north.head_of(0) == signed_note(north.devices[0], 250, 1));
  CHECK(north.head_of(1) == signed_note(north.devices[1], 99, 1));
  CHECK(north.head_of(2) == signed_note(north.devices[2], 99, 1));
  CHECK(frozen == 1);
  CHECK(north.is_frozen(1));
  CHECK_FALSE(north.entry({"receipt", "example.com/north", key_number(297), "stamps"}).empty());
  CHECK_FALSE(north.entry({"cosignatures", "example.com/south", key_number(2)}).empty());
  north.start();
  south.start();
  CHECK(north.log->head().size == 297);
  CHECK(south.log->head().size == 2);
}

TEST_CASE("no log is brought into a store from which devices are cosigned again") {
  Anchored north("example.com/north"), south("example.com/south");
  north.report(1, 10);
  south.report(1, 10);
  north.lose_store();
  RebuildReport report;
  REQUIRE_OK(rebuild(north.options(), *north.store, report));
  Device device;
  device.origin = north.devices[0].name();
  device.keys = {{host::vkey_text(north.devices[0].log_key()), 0, UINT64_MAX}};
  device.owner = device.role = "press";
  Registry registry(*north.store);
  REQUIRE_OK(registry.enrol(device, "ada", 6000));
  south.lose_store();
  Error error = rebuild(south.options(), *north.store, report);
  CHECK(error.status == Status::bad_state);
  CHECK(mentions(error.message, {"not empty", "press-0"}));
  // Frozen, it is cosigned no more.
  REQUIRE_OK(registry.freeze(device.origin, fork_of(north.devices[0], 20), "ada", 6000));
  CHECK_OK(rebuild(south.options(), *north.store, report));
}
