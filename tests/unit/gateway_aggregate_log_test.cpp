// The gateway's own log: what becomes a leaf, what is found again, and what stays when the store
// fails, or the process dies, between any two steps.
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <functional>

#include "support/host.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace host_tests;
using test::MemoryStore;

namespace {

const std::string log_name = "example.com/gateway";

DeviceCheckpoint checkpoint_of(const std::string& origin, uint64_t size) {
  return {origin, size, origin + "\n" + std::to_string(size) + "\nroot\n\n— signature\n"};
}

// A gateway's log in a folder, with its key.
struct World {
  TemporaryFolder folder;
  MemoryStore store;
  host::KeyFile key;

  World() { REQUIRE(key.generate(folder / "key", log_name, Algorithm::ed25519).ok()); }
  AggregateOptions options() const { return {folder / "log", 1000}; }
  Error open(AggregateLog& log) { return log.open(options(), store, key); }
};

// What a head says: signed by the key, over the tree that the tiles hold.
Checkpoint opened(const World& world, const AggregateHead& head) {
  Checkpoint checkpoint;
  REQUIRE(open_checkpoint(host::bytes_of(head.note), world.key.log_key(), host::all_verifiers(),
                          checkpoint) == Status::ok);
  host::TileFolder tiles;
  REQUIRE(tiles.open(world.options().folder, checkpoint.size).ok());
  Digest root;
  REQUIRE(build_root(checkpoint.size, tiles.nodes(), root) == Status::ok);
  CHECK(root == checkpoint.root);
  CHECK(head.size == checkpoint.size);
  CHECK(head.root == checkpoint.root);
  return checkpoint;
}

std::string shown(const World& world) {
  std::string note;
  CHECK_OK(host::read_file(world.options().folder + "/checkpoint", 4096, note));
  return note;
}

}  // namespace

TEST_CASE("an empty log is signed as such") {
  World world;
  AggregateLog log;
  CHECK_OK(world.open(log));
  CHECK(opened(world, log.head()).size == 0);
  CHECK(shown(world) == log.head().note);
  CHECK(log.integrate().ok());
  CHECK(log.head().size == 0);
}

TEST_CASE("checkpoints become leaves in their order, once each") {
  World world;
  AggregateLog log;
  CHECK_OK(world.open(log));
  for (uint64_t i = 1; i <= 300; ++i)
    CHECK_OK(log.add(checkpoint_of(i % 2 != 0 ? "a" : "a/b", i)));
  CHECK_OK(log.add(checkpoint_of("a", 1)));
  CHECK(log.queued() == 300);
  CHECK_OK(log.integrate());
  CHECK(log.queued() == 0);
  CHECK(opened(world, log.head()).size == 300);
  CHECK(shown(world) == log.head().note);

  CHECK_OK(log.add(checkpoint_of("a", 7)));  // a leaf since long
  CHECK_OK(log.integrate());
  CHECK(log.head().size == 300);

  AggregateLeaf leaf;
  CHECK_OK(log.find("a", 0, leaf));
  CHECK(leaf.index == 0);
  CHECK_OK(log.find("a", 8, leaf));
  CHECK(leaf.device_size == 9);
  CHECK(leaf.index == 8);
  CHECK(leaf.note == checkpoint_of("a", 9).note);
  CHECK_OK(log.find("a/b", 300, leaf));
  CHECK(leaf.index == 299);
  CHECK(log.find("a", 300, leaf).status == Status::not_found);
  CHECK(log.find("b", 0, leaf).status == Status::not_found);

  bool is_leaf = false;
  CHECK_OK(log.is_leaf("a", 299, is_leaf));
  CHECK(is_leaf);
  CHECK_OK(log.is_leaf("a", 300, is_leaf));
  CHECK_FALSE(is_leaf);
  CHECK_OK(log.add(checkpoint_of("a", 301)));
  CHECK_OK(log.is_leaf("a", 301, is_leaf));
  CHECK(is_leaf);
  CHECK(log.find("a", 300, leaf).status == Status::not_found);  // not signed yet
}

TEST_CASE("the store keeps no leaf that is in a signed tree") {
  World world;
  AggregateLog log;
  CHECK_OK(world.open(log));
  CHECK_OK(log.add(checkpoint_of("a", 5)));
  CHECK_OK(log.integrate());
  for (const auto& [key, entry] : world.store.entries())
    CHECK(key.rfind("leaf ", 0) == std::string::npos);
}

TEST_CASE("earlier heads are signed again with the same bytes") {
  World world;
  AggregateLog log;
  CHECK_OK(world.open(log));
  std::vector<AggregateHead> heads{log.head()};
  for (uint64_t i = 1; i <= 40; ++i) {
    for (uint64_t k = 0; k < i; ++k)
      CHECK_OK(log.add(checkpoint_of("a", 100 * i + k)));
    CHECK_OK(log.integrate());
    heads.push_back(log.head());
  }
  for (const AggregateHead& head : heads) {
    AggregateHead again;
    CHECK_OK(log.head_at(head.size, again));
    CHECK(again.note == head.note);
  }
  AggregateHead none;
  CHECK(log.head_at(log.head().size + 1, none).status == Status::not_found);
}

TEST_CASE("a full queue is said, and nothing of it is lost") {
  World world;
  AggregateLog log;
  AggregateOptions options = world.options();
  options.queued_max = 2;
  CHECK_OK(log.open(options, world.store, world.key));
  CHECK_OK(log.add(checkpoint_of("a", 1)));
  CHECK_OK(log.add(checkpoint_of("b", 1)));
  CHECK(log.add(checkpoint_of("c", 1)).status == Status::full);
  CHECK_OK(log.integrate());
  CHECK_OK(log.add(checkpoint_of("c", 1)));
  CHECK_OK(log.integrate());
  CHECK(log.head().size == 3);
}

// Runs a few integrations with a store that fails at `fault`, and then with one that works: what
// waited is in the log, and no two heads that were shown conflict.
void run_with_fault(MemoryStore::Fault fault, bool restarts) {
  CAPTURE(fault.call, fault.applies, restarts);
  World world;
  std::vector<AggregateHead> heads;
  {
    AggregateLog log;
    CHECK_OK(world.open(log));
    CHECK_OK(log.add(checkpoint_of("a", 1)));
    CHECK_OK(log.integrate());
    heads.push_back(log.head());
    world.store.set_fault(fault);
    for (uint64_t i = 2; i <= 4; ++i) {
      CHECK_OK(log.add(checkpoint_of("a", i)));
      CHECK_OK(log.add(checkpoint_of("b", i)));
      (void)log.integrate();
      heads.push_back(log.head());
    }
    world.store.set_fault({});
    if (!restarts) {
      CHECK_OK(log.integrate());
      heads.push_back(log.head());
      CHECK(log.head().size == 7);
    }
  }
  AggregateLog log;
  CHECK_OK(world.open(log));
  for (uint64_t i = 1; i <= 4; ++i) {
    CHECK_OK(log.add(checkpoint_of("a", i)));
    if (i >= 2) CHECK_OK(log.add(checkpoint_of("b", i)));
  }
  CHECK_OK(log.integrate());
  CHECK(log.head().size == 7);
  CHECK(shown(world) == log.head().note);
  opened(world, log.head());
  for (const AggregateHead& head : heads) {
    AggregateHead again;
    CHECK_OK(log.head_at(head.size, again));
    CHECK(again.note == head.note);
  }
}

TEST_CASE("whichever call of the store fails, nothing is lost and no heads conflict") {
  for (uint64_t call = 0; call < 30; ++call) {
    for (const bool applies : {false, true}) {
      run_with_fault({call, applies}, false);
      run_with_fault({call, applies}, true);
    }
  }
}

TEST_CASE("files that a cut left behind without a signed head are gone on from") {
  World world;
  {
    AggregateLog log;
    CHECK_OK(world.open(log));
    CHECK_OK(log.add(checkpoint_of("a", 1)));
    CHECK_OK(log.integrate());
    world.store.set_fault({2, false});  // numbers are stored, tiles published, the head is not
    for (uint64_t i = 2; i < 400; ++i)
      CHECK_OK(log.add(checkpoint_of("a", i)));
    CHECK(log.integrate().status == Status::io);
    world.store.set_fault({});
  }
  AggregateLog log;
  CHECK_OK(world.open(log));
  CHECK_OK(log.add(checkpoint_of("b", 1)));
  CHECK_OK(log.integrate());
  opened(world, log.head());
  AggregateLeaf leaf;
  CHECK_OK(log.find("b", 1, leaf));
  CHECK(leaf.index + 1 == log.head().size);
}

TEST_CASE("an old copy of the store is known by the head that was shown, and refused") {
  World world;
  const std::string path = world.folder / "store.sqlite", copy = world.folder / "copy.sqlite";
  const auto with_store = [&](const std::function<void(AggregateLog&, const Error&)>& act) {
    SqliteStore store;
    REQUIRE_OK(store.open(path));
    AggregateLog log;
    const Error error = log.open(world.options(), store, world.key);
    act(log, error);
  };
  const auto grow = [&](uint64_t size) {
    with_store([&](AggregateLog& log, const Error& error) {
      REQUIRE_OK(error);
      REQUIRE_OK(log.add(checkpoint_of("a", size)));
      REQUIRE_OK(log.integrate());
    });
  };
  grow(1);
  std::filesystem::copy_file(path, copy);
  grow(2);
  const std::string note = shown(world);
  std::filesystem::copy_file(copy, path, std::filesystem::copy_options::overwrite_existing);
  with_store([&](AggregateLog&, const Error& error) {
    CHECK(error.status == Status::damaged);
    CHECK(mentions(error.message, {"/checkpoint", "2", "1", "old copy", "cairn-gateway rebuild"}));
  });
  CHECK(shown(world) == note);  // what proves it stays
  // A file that says nothing of this log is written anew.
  write(world.options().folder + "/checkpoint", "nonsense");
  grow(2);
  CHECK(shown(world) == note);
}

TEST_CASE("what cannot be this log's is refused with what to do") {
  World world;
  {
    AggregateLog log;
    CHECK_OK(world.open(log));
    for (uint64_t i = 1; i <= 300; ++i)
      CHECK_OK(log.add(checkpoint_of("a", i)));
    CHECK_OK(log.integrate());

    AggregateLog second;
    const Error busy = world.open(second);
    CHECK(busy.status == Status::bad_state);
    CHECK(mentions(busy.message, {log_name}));
  }
  AggregateLog log;
  SECTION("the folder was lost") {
    std::filesystem::remove_all(world.options().folder);
    const Error error = world.open(log);
    CHECK(error.status == Status::damaged);
    CHECK(mentions(error.message, {world.options().folder, "rebuild"}));
  }
  SECTION("a tile was changed") {
    write(world.options().folder + "/" + host::tile_path(1, 0, 1), std::string(32, 'x'));
    CHECK(world.open(log).status == Status::damaged);
  }
  SECTION("another key of the same name") {
    host::KeyFile other;
    REQUIRE(other.generate(world.folder / "other", log_name, Algorithm::ed25519).ok());
    const Error error = log.open(world.options(), world.store, other);
    CHECK(error.status == Status::corrupt);
    CHECK(mentions(error.message, {log_name, "key"}));
  }
  SECTION("a key of another type") {
    host::KeyFile other;
    REQUIRE(other.generate(world.folder / "other", log_name, Algorithm::p256).ok());
    CHECK(log.open(world.options(), world.store, other).status == Status::bad_argument);
  }
}
