// A store from before there was an archive: what others gave about the log comes into one, once.
#include <algorithm>
#include <cairn/gateway/archive_fill.hpp>

#include "support/archive_files.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using namespace host_tests;

namespace {

using Files = std::multiset<std::string>;

const std::string log_name = "example.com/gateway";
constexpr int receipts = 70;  // more than are scanned at a time
constexpr int entries = 2 * receipts + 3;

// A store as gateways left it, and the folder of the log of one of them.
struct Upgraded {
  TemporaryFolder folder;
  test::MemoryStore store;
  std::unique_ptr<Archive> archive = std::make_unique<Archive>(folder.path());
  Files expected[std::size(archive_kinds)];
  ArchiveFillOptions options;
  uint64_t written = 0;

  Upgraded() {
    options.log = log_name;
    for (uint64_t i = 0; i < receipts; ++i) {
      put({"receipt", log_name, key_number(i), "stamps"}, "receipt " + std::to_string(i),
          ArchiveKind::receipt);
      put({"cosignatures", log_name, key_number(i)}, "head " + std::to_string(i),
          ArchiveKind::cosigned);
      store_entry({"receipt", "example.com/other", key_number(i), "stamps"}, "of another log");
    }
    for (const char* device : {"a", "b", "c"})
      put({"fork", device}, std::string("fork of ") + device, ArchiveKind::fork);
    store_entry({"head", "a"}, "none of this");
  }
  void store_entry(std::initializer_list<std::string> key, const std::string& value) {
    std::vector<Change> changes{{{{key_of(key), 0, value}}}};
    REQUIRE_OK(store.cas_batch(changes));
    REQUIRE(changes[0].applied);
  }
  void put(std::initializer_list<std::string> key, const std::string& value, ArchiveKind kind) {
    store_entry(key, value);
    expected[static_cast<size_t>(kind)].insert(value);
  }
  Error fill() { return fill_archive(store, *archive, options, written); }
  void die() { archive = std::make_unique<Archive>(folder.path()); }
  Files files(ArchiveKind kind) const {
    const std::vector<std::string> all = test::archive_files(folder.path(), kind);
    return {all.begin(), all.end()};
  }
  bool is_whole() const {
    return std::all_of(std::begin(archive_kinds), std::end(archive_kinds), [&](ArchiveKind kind) {
      return files(kind) == expected[static_cast<size_t>(kind)];
    });
  }
};

}  // namespace

TEST_CASE("a store from before there was an archive fills it, once") {
  Upgraded gateway;
  REQUIRE_OK(gateway.fill());
  CHECK(gateway.written == entries);
  CHECK(gateway.is_whole());
  gateway.die();
  gateway.store.set_fault({});
  REQUIRE_OK(gateway.fill());
  CHECK(gateway.written == 0);
  CHECK(gateway.store.calls() == std::size(archive_kinds));
  // What comes after that is in the archive before it is in the store.
  gateway.store_entry({"fork", "d"}, "fork of d");
  REQUIRE_OK(gateway.fill());
  CHECK(gateway.is_whole());
}

TEST_CASE("what the archive has is not written again, however few hashes are in memory") {
  Upgraded gateway;
  gateway.options.entries_at_once = GENERATE(size_t{1}, size_t{100}, size_t{1} << 14);
  for (int i = 0; i < receipts; i += 3)
    CHECK_OK(gateway.archive->keep(ArchiveKind::receipt, "receipt " + std::to_string(i)));
  CHECK_OK(gateway.archive->keep(ArchiveKind::fork, "fork of b"));
  REQUIRE_OK(gateway.fill());
  CHECK(gateway.written == entries - (receipts + 2) / 3 - 1);
  CHECK(gateway.is_whole());
}

TEST_CASE("filling goes on wherever it was stopped, or the store failed") {
  Upgraded gateway;
  gateway.options.entries_at_once = 50;
  uint64_t asked = 0, tries = 0, written = 0;
  SECTION("stopped") {
    gateway.options.is_stopped = [&] { return ++asked % 41 == 0; };
  }
  SECTION("the store fails, with what was asked or without it") {
    asked = GENERATE(uint64_t{0}, uint64_t{1});
  }
  for (bool is_whole = false; !is_whole; ++tries) {
    REQUIRE(tries < 100);
    if (!gateway.options.is_stopped) gateway.store.set_fault({tries, asked == 1});
    (void)gateway.fill();
    written += gateway.written;
    gateway.die();
    gateway.store.set_fault({});
    Entry last;
    is_whole = gateway.store.get(archived_key(log_name, ArchiveKind::fork), last).ok() &&
               last.value.empty();
  }
  CHECK(tries > 3);
  CHECK(written == entries);
  CHECK(gateway.is_whole());
}

TEST_CASE("a folder that takes no files loses nothing") {
  Upgraded gateway;
  write(gateway.folder / "archive", "in its place");
  const Error error = gateway.fill();
  CHECK_FALSE(error.ok());
  CHECK(gateway.written == 0);
  std::filesystem::remove(gateway.folder / "archive");
  REQUIRE_OK(gateway.fill());
  CHECK(gateway.is_whole());
}
