// Copies of a gateway's log, and what is restored from them: the drill with one store lost, then
// several.
#include "support/gateway_copies.hpp"

using namespace copies_tests;
using test::MemoryStore;

TEST_CASE("a mirror follows, holds all entries, and cosigns what it holds") {
  Plant plant;
  plant.mirror(0);
  for (uint64_t size = 1; size < 400; size += 57) {
    plant.report(size, size + 57);
    plant.mirror(0);
    plant.mirror(0);  // nothing new: the cosignature is renewed, not added to
    const std::string note = content(plant.mirror_folder(0) + "/checkpoint");
    Note parsed;
    REQUIRE(parse_note(host::bytes_of(note), parsed) == Status::ok);
    CHECK(parsed.signature_count == 2);
    NoteVerdict verdict;
    CHECK(verify_note(parsed, plant.mirror_key.cosigner_key().value, host::all_verifiers(),
                      &verdict) == Status::ok);
    CHECK(verdict.time == 1700000000);
    CHECK(note.find(plant.log->head().note) == 0);
    uint64_t entries = 0;
    CHECK_OK(read_all_entries(plant.mirror_folder(0), plant.log->head(), [&](uint64_t, ByteView) {
      ++entries;
      return Error{};
    }));
    CHECK(entries == plant.log->head().size);
  }
}

TEST_CASE("a mirror takes nothing from a source that lies") {
  Plant plant;
  plant.report(1, 100);
  plant.mirror(0);
  const std::string before = content(plant.mirror_folder(0) + "/checkpoint");
  Mirror copy;
  SECTION("an entry is not the leaf") {
    plant.report(100, 200);
    const std::string path = plant.tiles() + "/" + host::entries_path(2, 597 - 512);
    std::string bundle = content(path);
    bundle[bundle.size() - 5] ^= 1;
    write(path, bundle);
    CHECK_OK(copy.open(plant.mirror_folder(0), plant.log_vkey()));
    CHECK(copy.update(TileSource(plant.tiles())).status == Status::proof_invalid);
  }
  SECTION("a bundle is missing") {
    plant.report(100, 200);
    std::filesystem::remove(plant.tiles() + "/" + host::entries_path(1));
    CHECK_OK(copy.open(plant.mirror_folder(0), plant.log_vkey()));
    CHECK(copy.update(TileSource(plant.tiles())).status == Status::not_found);
  }
  SECTION("the log was begun anew with the same key") {
    plant.lose_store();
    std::filesystem::remove_all(plant.tiles());
    plant.start();
    plant.report(50, 400);
    CHECK_OK(copy.open(plant.mirror_folder(0), plant.log_vkey()));
    const Error error = copy.update(TileSource(plant.tiles()));
    CHECK(error.status == Status::proof_invalid);
    CHECK(mentions(error.message, {"rewritten", "Keep both"}));
  }
  SECTION("the same, and shorter") {
    plant.lose_store();
    std::filesystem::remove_all(plant.tiles());
    plant.start();
    plant.report(50, 60);
    CHECK_OK(copy.open(plant.mirror_folder(0), plant.log_vkey()));
    CHECK(copy.update(TileSource(plant.tiles())).status == Status::proof_invalid);
  }
  SECTION("another log's head") {
    host::KeyFile other;
    plant.make(other, "example.net/other");
    CHECK(copy.open(plant.mirror_folder(0), vkey_of(other.log_key())).status == Status::not_found);
  }
  CHECK(content(plant.mirror_folder(0) + "/checkpoint") == before);
  Mirror again;
  copy = Mirror();
  CHECK_OK(again.open(plant.mirror_folder(0), plant.log_vkey()));
  CHECK(again.head().size == 297);
}

TEST_CASE("drill: the store is lost, the tiles are not") {
  Plant plant;
  plant.report(1, 200);
  const AggregateHead head = plant.log->head();
  plant.lose_store();
  AggregateLog log;
  const Error error = log.open({plant.tiles(), 10}, *plant.store, plant.log_key);
  CHECK(error.status == Status::damaged);
  CHECK(mentions(error.message, {"rebuild"}));

  RebuildReport report;
  CHECK_OK(rebuild(plant.options(), *plant.store, report));
  CHECK(report.head.note == head.note);
  CHECK(report.devices == 3);
  CHECK(report.taken_from == plant.tiles());
  plant.start();
  CHECK(plant.log->head().note == head.note);
  for (int i = 0; i < 3; ++i)
    CHECK(plant.head_of(i) == signed_note(plant.devices[i], 199, 1));
  AggregateLeaf leaf;
  CHECK_OK(plant.log->find(plant.devices[1].name(), 150, leaf));
  CHECK(leaf.note == signed_note(plant.devices[1], 150, 1));
  plant.report(200, 300);
  CHECK(plant.log->head().size == 299 * 3);

  CHECK(check_witness_key(*plant.store, plant.witness.cosigner_key().value).status ==
        Status::bad_state);
  CHECK_OK(check_witness_key(*plant.store, plant.mirror_key.cosigner_key().value));
  CHECK(rebuild(plant.options(), *plant.store, report).status == Status::bad_state);
}

TEST_CASE("drill: store and tiles are lost, and one of two mirrors") {
  Plant plant;
  plant.report(1, 150);
  plant.mirror(0);
  plant.report(150, 180);
  plant.mirror(1);
  const AggregateHead head = plant.log->head();
  plant.lose_store();
  std::filesystem::remove_all(plant.tiles());
  RebuildOptions options = plant.options();
  RebuildReport report;
  const KnownHead newest{"the mirror's cosigned head",
                         content(plant.mirror_folder(1) + "/checkpoint")};

  SECTION("nothing is left") {
    const Error error = rebuild(options, *plant.store, report);
    CHECK(error.status == Status::not_found);
  }
  SECTION("only the mirror that lags is left: a known head forbids it") {
    options.mirrors = {TileSource(plant.mirror_folder(0))};
    options.known = {newest};
    const Error error = rebuild(options, *plant.store, report);
    CHECK(error.status == Status::damaged);
    CHECK(mentions(error.message, {"537", "447", "mirror"}));
    CHECK(plant.store->entries().empty());
  }
  SECTION("both are left, or the one that has all") {
    options.mirrors = {TileSource(plant.mirror_folder(0)), TileSource(plant.mirror_folder(1)),
                       TileSource(plant.folder / "gone")};
    options.known = {newest};
    CHECK_OK(rebuild(options, *plant.store, report));
    CHECK(report.taken_from == plant.mirror_folder(1));
    plant.start();
    CHECK(plant.log->head().note == head.note);
    plant.report(180, 181);
    CHECK(plant.log->head().size == 180 * 3);
    plant.mirror(1);  // which goes on with it as if nothing had happened
  }
}

TEST_CASE("a device's own log raises its floor, if a key of ours cosigned it") {
  Plant plant;
  plant.report(1, 50);
  plant.lose_store();
  RebuildOptions options = plant.options();
  options.device_notes = {
      cosigned(signed_note(plant.devices[0], 60, 1), plant.witness),
      cosigned(signed_note(plant.devices[1], 60, 1), plant.mirror_key),
      cosigned(signed_note(plant.devices[2], 40, 1), plant.witness),
      "nonsense",
  };
  RebuildReport report;
  CHECK_OK(rebuild(options, *plant.store, report));
  CHECK(report.raised == 1);
  CHECK(plant.head_of(0) == options.device_notes[0]);
  CHECK(plant.head_of(1) == signed_note(plant.devices[1], 49, 1));
  CHECK(plant.head_of(2) == signed_note(plant.devices[2], 49, 1));
}

TEST_CASE("a rebuilt store is whole or still counts as lost, whichever call of it fails") {
  Plant plant;
  plant.report(1, 600);
  const AggregateHead head = plant.log->head();
  for (uint64_t call = 0; call < 12; ++call) {
    for (const bool applies : {false, true}) {
      CAPTURE(call, applies);
      plant.lose_store();
      plant.store->set_fault({call, applies});
      RebuildReport report;
      const Error error = rebuild(plant.options(), *plant.store, report);
      plant.store->set_fault({});
      AggregateLog log;
      const Error opened = log.open({plant.tiles(), 10}, *plant.store, plant.log_key);
      if (error.ok()) CHECK_OK(opened);
      if (opened.ok()) CHECK(log.head().note == head.note);
      CHECK((opened.ok() || opened.status == Status::damaged));
    }
  }
}

TEST_CASE("without the keys that cosigned for the lost store nothing is rebuilt") {
  Plant plant;
  plant.lose_store();
  RebuildOptions options = plant.options();
  options.witnesses.clear();
  RebuildReport report;
  CHECK(rebuild(options, *plant.store, report).status == Status::bad_argument);
}
