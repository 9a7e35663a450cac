// The suite of stores over SQLite.
#include <sqlite3.h>
#include <sys/resource.h>

#include <cairn/gateway/sqlite_store.hpp>
#include <csignal>

#include "support/host.hpp"
#include "support/store_races.hpp"

using namespace cairn;
using namespace cairn::gateway;

namespace {

struct Stores {
  host_tests::TemporaryFolder folder;
  std::string path = folder / "state.sqlite";
  store_suite::Open open = [this]() -> std::unique_ptr<Store> {
    auto store = std::make_unique<SqliteStore>();
    // Long, for a disk that many tests flush at the same time.
    const Error error = store->open(path, 60000);
    if (!error.ok()) throw std::runtime_error(error.message);
    return store;
  };
};

/// Another program's connection to the file.
class Foreign {
 public:
  explicit Foreign(const std::string& path) { REQUIRE(sqlite3_open(path.c_str(), &handle_) == 0); }
  Foreign(const Foreign&) = delete;
  Foreign& operator=(const Foreign&) = delete;
  ~Foreign() { sqlite3_close(handle_); }
  void run(const std::string& sql) {
    CAPTURE(sql, sqlite3_errmsg(handle_));
    REQUIRE(run_unchecked(sql) == SQLITE_OK);
  }
  int run_unchecked(const std::string& sql) {
    return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  }

 private:
  sqlite3* handle_ = nullptr;
};

Error opened(const std::string& path) {
  return SqliteStore().open(path);
}

/// Puts entries of `size` bytes, one a batch, until it does not go on. The error, and how many.
std::pair<Error, size_t> fill(Store& store, size_t size, size_t limit) {
  for (size_t count = 0; count < limit; ++count) {
    std::vector<Change> changes = {store_suite::change({store_suite::put(
        "k " + key_number(count), 0, std::string(size, static_cast<char>(count)))})};
    const Error error = store.cas_batch(changes);
    if (error.ok() != changes[0].applied) throw std::runtime_error("applied, and not");
    if (!error.ok()) return {error, count};
  }
  return {Error(), limit};
}

}  // namespace

TEST_CASE("A write happens when the version is what its caller believes") {
  store_suite::expectations(Stores().open);
}

TEST_CASE("Changes of a batch see those before them, and happen as a whole or not at all") {
  store_suite::batches(Stores().open);
}

TEST_CASE("Ranges of keys are in the order of bytes, in pages") {
  store_suite::reads_of_several(Stores().open);
  store_suite::scans(Stores().open);
}

TEST_CASE("Any bytes are values, and what goes beyond a limit is refused") {
  store_suite::values_and_limits(Stores().open);
}

TEST_CASE("An unanswered batch is settled") {
  store_suite::settles(Stores().open);
}

TEST_CASE("Threads and processes race for the same entries, and each version has one writer") {
  store_suite::race(Stores().open, 3, 3, std::chrono::milliseconds(500));
}

TEST_CASE("Writers that are killed lose nothing that was answered") {
  store_suite::kill_writers(Stores().open, 25);
}

TEST_CASE("Processes may make the file at the same time") {
  for (int i = 0; i < 5; ++i) {
    Stores stores;
    std::vector<pid_t> children;
    for (const char* key : {"a", "b", "c", "d", "e", "f"}) {
      children.push_back(store_suite::start([&]() {
        std::vector<Change> changes = {store_suite::change({store_suite::put(key, 0, "x")})};
        if (!stores.open()->cas_batch(changes).ok()) _exit(1);
      }));
    }
    for (const pid_t child : children)
      CHECK(store_suite::wait_for(child) == 0);
    CHECK(store_suite::keys(*stores.open(), "", 10).size() == 6);
  }
}

TEST_CASE("What is no store is refused with the reason, and stays as it is") {
  using host_tests::mentions;
  host_tests::TemporaryFolder folder;
  const std::string other = folder / "other.sqlite";
  Foreign(other).run("CREATE TABLE invoices(number INTEGER)");
  CHECK(opened(other).status == Status::bad_argument);
  CHECK(mentions(opened(other).message, {other, "another program"}));
  Foreign(other).run("SELECT number FROM invoices");
  const std::string text = folder / "text";
  host_tests::write(text, std::string(5000, 'x'));
  CHECK(opened(text).status == Status::corrupt);
  CHECK(mentions(opened(text).message, {text, "no SQLite database"}));
  CHECK(opened(folder.path()).status == Status::bad_argument);
  CHECK(opened(folder / "nowhere/state").status == Status::not_found);

  Stores stores;
  CHECK(
      store_suite::apply(*stores.open(), {store_suite::change({store_suite::put("a", 0, "a")})}) ==
      store_suite::Applied{true});
  Foreign(stores.path).run("PRAGMA user_version=2");
  CHECK(opened(stores.path).status == Status::wrong_version);
  CHECK(mentions(opened(stores.path).message, {stores.path, "newer cairn", "version 2"}));
  Foreign(stores.path).run("PRAGMA user_version=1");
  CHECK(store_suite::stored(*stores.open(), "a") == "1 a");

  host_tests::write(folder / "empty", "");
  CHECK(opened(folder / "empty").ok());
}

TEST_CASE("A damaged file is told from an empty one") {
  Stores stores;
  std::vector<Change> many;
  for (size_t i = 0; i < 200; ++i)
    many.push_back(
        store_suite::change({store_suite::put("k " + key_number(i), 0, std::string(300, 'v'))}));
  REQUIRE(stores.open()->cas_batch(many).ok());
  const auto size = std::filesystem::file_size(stores.path);
  REQUIRE(size > 8 * 4096);
  {
    std::fstream file(stores.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    for (auto left = size - 4096; left != 0; --left)
      file.put('\xff');
  }
  SqliteStore store;
  Error error = store.open(stores.path);
  Entry entry;
  if (error.ok()) error = store.get("k " + key_number(3), entry);
  CAPTURE(error.message);
  CHECK(error.status == Status::damaged);
  CHECK(host_tests::mentions(error.message, {stores.path, "rebuild"}));
}

TEST_CASE("A writer waits for another process, and says so when that takes too long") {
  Stores stores;
  const auto store = stores.open();
  SqliteStore hasty;
  REQUIRE(hasty.open(stores.path, 50).ok());
  Foreign other(stores.path);
  other.run("BEGIN IMMEDIATE");
  std::vector<Change> changes = {store_suite::change({store_suite::put("a", 0, "a")})};
  const Error error = hasty.cas_batch(changes);
  CHECK(error.status == Status::io);
  CHECK(host_tests::mentions(error.message, {stores.path, "locked", "50 ms"}));
  CHECK(store_suite::stored(hasty, "a") == "none");
  std::thread waiting([&]() { (void)store->cas_batch(changes); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  other.run("COMMIT");
  waiting.join();
  CHECK(changes[0].applied);
}

TEST_CASE("Opening waits for who looks at a file that is yet to be changed to WAL") {
  Stores stores;
  (void)stores.open();
  Foreign other(stores.path);
  other.run("PRAGMA journal_mode=DELETE");
  other.run("BEGIN; SELECT count(*) FROM entry");
  SqliteStore hasty;
  CHECK(hasty.open(stores.path, 50).status == Status::io);
  std::thread looking([&]() {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    (void)other.run_unchecked("COMMIT");
  });
  CHECK(opened(stores.path).ok());
  looking.join();
}

TEST_CASE("A file that may not be written is refused with the reason") {
  Stores stores;
  CHECK(fill(*stores.open(), 10, 1).first.ok());
  REQUIRE(chmod(stores.folder.path().c_str(), 0555) == 0);
  REQUIRE(chmod(stores.path.c_str(), 0444) == 0);
  CHECK_PART(host_tests::as_ordinary_user([&]() -> std::string {
    const Error error = opened(stores.path);
    EXPECT(error.status == Status::io);
    EXPECT(host_tests::mentions(error.message, {stores.path, "mode"}));
    return "";
  }));
}

TEST_CASE("A full disk says so, loses nothing, and goes on when there is space") {
  CHECK_PART(host_tests::on_small_disk(4 << 20, [](const std::string& folder) -> std::string {
    host_tests::write(folder + "/ballast", std::string(1 << 20, 'b'));
    SqliteStore store;
    EXPECT(store.open(folder + "/state").ok());
    const auto [error, count] = fill(store, 3000, 5000);
    EXPECT(error.status == Status::full);
    EXPECT(host_tests::mentions(error.message, {folder + "/state", "Free some space"}));
    EXPECT(count > 100);
    EXPECT(store_suite::keys(store, "", 1000).size() == count);
    EXPECT(store_suite::stored(store, "k " + key_number(count)) == "none");
    SqliteStore again;
    EXPECT(again.open(folder + "/state").ok());
    EXPECT(store_suite::keys(again, "", 1000).size() == count);
    EXPECT(std::filesystem::remove(folder + "/ballast"));
    std::vector<Change> changes = {
        store_suite::change({store_suite::put("k " + key_number(count), 0, "goes on")})};
    EXPECT(store.cas_batch(changes).ok() && changes[0].applied);
    return "";
  }));
}

TEST_CASE("A limit of file sizes stops the writer, and loses nothing") {
  Stores stores;
  CHECK(host_tests::in_child([&]() -> std::string {
          (void)std::signal(SIGXFSZ, SIG_IGN);
          const rlimit limit = {1 << 20, 1 << 20};
          EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
          const auto store = stores.open();
          const auto [error, count] = fill(*store, 3000, 5000);
          EXPECT(error.status == Status::io);
          EXPECT(host_tests::mentions(error.message, {stores.path, "quota"}));
          EXPECT(count > 20);
          EXPECT(store_suite::keys(*store, "", 1000).size() == count);
          return "";
        }) == "");
  CHECK(store_suite::keys(*stores.open(), "", 1000).size() > 20);
}
