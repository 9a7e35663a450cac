// The suite of stores over PostgreSQL, what a server must be like, and one that is lost.
#include <cairn/gateway/postgres_store.hpp>

#include "support/postgres_server.hpp"
#include "support/store_races.hpp"

using namespace cairn;
using namespace cairn::gateway;
using host_tests::mentions;
using postgres_tests::Server;
using postgres_tests::ServersFolder;
using std::chrono::milliseconds;

namespace {

bool no_server() {
  if (!postgres_tests::programs().empty()) return false;
  WARN("left out: no PostgreSQL server is installed");
  return true;
}

PostgresOptions options_of(const std::string& connection) {
  PostgresOptions options;
  options.connection = connection;
  options.answer_ms = 60000;  // also on a machine that has much else to do
  return options;
}

store_suite::Open opening(const PostgresOptions& options) {
  return [options]() -> std::unique_ptr<Store> {
    auto store = std::make_unique<PostgresStore>();
    const Error error = store->open(options);
    if (!error.ok()) throw std::runtime_error(error.message);
    return store;
  };
}

Error opened(const PostgresOptions& options) {
  return PostgresStore().open(options);
}

std::vector<Change> one_put(const std::string& key, uint64_t expected, const std::string& value) {
  return {store_suite::change({store_suite::put(key, expected, value)})};
}

const std::string standby_is_attached =
    "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";

}  // namespace

TEST_CASE("PostgreSQL with a synchronous standby is a store like any other") {
  if (no_server()) return;
  const ServersFolder folder;
  Server a(folder, "a"), b(folder, "b");
  a.make({});
  b.follow(a, {});
  a.configure({"synchronous_standby_names = 'b'"});
  a.wait_for(standby_is_attached, "1");
  const store_suite::Open open = opening(options_of(a.connection()));
  const auto anew = [&]() -> const store_suite::Open& {
    (void)open();
    a.ask("TRUNCATE cairn_entry");
    return open;
  };
  store_suite::expectations(anew());
  store_suite::batches(anew());
  store_suite::reads_of_several(anew());
  store_suite::scans(anew());
  store_suite::values_and_limits(anew());
  store_suite::settles(anew());
  store_suite::race(anew(), 3, 3, milliseconds(1500));
  store_suite::kill_writers(anew(), 10);

  PostgresStore store;
  REQUIRE(store.open(options_of(a.connection())).ok());
  Replication replication;
  REQUIRE(store.replication(replication).ok());
  CHECK(replication.server == a.host() + ":5432");
  CHECK(replication.synchronous);
  CHECK(replication.standbys == 1);
  CHECK(replication.standbys_other == 0);
  // What one batch said is on the standby's disk when it returns.
  REQUIRE(store_suite::apply(store, one_put("there", 0, "x")) == store_suite::Applied{true});
  b.wait_for("SELECT convert_from(value, 'UTF8') FROM cairn_entry WHERE key = 'there'", "x");
}

TEST_CASE("A password for PostgreSQL stands beside the connection string") {
  if (no_server()) return;
  const ServersFolder folder;
  Server a(folder, "a");
  a.make({});
  a.ask("CREATE ROLE gateway LOGIN SUPERUSER PASSWORD 'a word'");
  const std::string access = folder.path() + "/a/data/pg_hba.conf";
  host_tests::write(access, "local all gateway scram-sha-256\nlocal all cairn trust\n");
  a.configure({});
  a.wait_for("SELECT count(*) FROM pg_hba_file_rules", "2");
  PostgresOptions options = options_of("host=" + a.host() + " user=gateway dbname=postgres");
  options.single = true;
  CHECK(check_connection(options.connection).ok());
  CHECK(opened(options).status == Status::io);
  options.password = "another";
  const Error refused = opened(options);
  CHECK(mentions(refused.message, {"password authentication failed"}));
  CHECK(refused.message.find("another") == std::string::npos);
  options.password = "a word";
  CHECK(opened(options).ok());
  CHECK(check_connection(options.connection + " password=x").status == Status::bad_argument);
}

TEST_CASE("A server that would forget is refused with the reason") {
  if (no_server()) return;
  const ServersFolder folder;
  Server a(folder, "a"), b(folder, "b");
  a.make({});
  PostgresOptions options = options_of(a.connection() + " password=secret");
  options.answer_ms = 1500;
  PostgresOptions single = options;
  single.single = true;

  CHECK(opened(options_of("host")).status == Status::bad_argument);
  const Error nobody = opened(options_of("host=" + folder.path() + " password=secret"));
  CHECK(nobody.status == Status::io);
  CHECK(mentions(nobody.message, {"no PostgreSQL server", folder.path()}));
  CHECK(nobody.message.find("secret") == std::string::npos);

  Error error = opened(options);
  CHECK(error.status == Status::bad_state);
  CHECK(mentions(error.message, {a.host(), "no standby", "single = true"}));
  CHECK(opened(single).ok());

  a.configure({"fsync = off"});
  a.wait_for("SHOW fsync", "off");
  CHECK(opened(single).status == Status::bad_state);
  CHECK(mentions(opened(single).message, {"fsync"}));

  // The default that loses answers is not what the store uses.
  a.configure({"synchronous_commit = off"});
  b.follow(a, {});
  a.wait_for("SELECT count(*) FROM pg_stat_replication WHERE application_name = 'b'", "1");
  for (const PostgresOptions& one : {options, single}) {
    error = opened(one);
    CHECK(error.status == Status::bad_state);
    CHECK(mentions(error.message, {a.host(), "asynchronously", "synchronous_standby_names"}));
    CHECK(error.message.find("secret") == std::string::npos);
  }

  const postgres_tests::Settings synchronous = {"synchronous_commit = off",
                                                "synchronous_standby_names = 'b'"};
  a.configure(synchronous);
  a.wait_for(standby_is_attached, "1");
  PostgresStore store;
  REQUIRE(store.open(options).ok());
  REQUIRE(store_suite::apply(store, one_put("k", 0, "one")) == store_suite::Applied{true});

  // Without the standby nothing is answered, and nobody is let in; with it the outcome is found.
  b.stop();
  std::vector<Change> changes = one_put("k", 1, "two");
  error = store.cas_batch(changes);
  CHECK(error.status == Status::io);
  CHECK(mentions(error.message, {a.host(), "in time", "pg_stat_replication"}));
  CHECK_FALSE(changes[0].applied);
  error = opened(options);
  CHECK(error.status == Status::io);
  CHECK(mentions(error.message, {a.host(), "attached"}));
  b.start();
  CHECK(store_suite::apply(store, one_put("k", 1, "again")) == store_suite::Applied{false});
  CHECK(store_suite::stored(store, "k") == "2 two");
  b.stop();
  changes = one_put("k", 2, "three");
  std::thread settling([&]() { error = settle_batch(store, changes, 20000); });
  std::this_thread::sleep_for(milliseconds(2 * options.answer_ms));
  b.start();
  settling.join();
  CHECK(error.ok());
  CHECK(changes[0].applied);
  CHECK(store_suite::stored(store, "k") == "3 three");

  // It stops replicating under a store that is open: the commit that waited for its standby is let
  // go without one, and shows to everybody. No connection tells of it, not one that lay idle.
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i)
    readers.emplace_back([&]() {
      Entry entry;
      for (int j = 0; j < 50; ++j)
        (void)store.get("k", entry);
    });
  for (std::thread& reader : readers)
    reader.join();
  b.stop();
  changes = one_put("k", 3, "four");
  std::thread emptying([&]() {
    std::this_thread::sleep_for(milliseconds(300));
    a.configure({});
  });
  error = store.cas_batch(changes);
  emptying.join();
  CHECK(error.status == Status::io);
  CHECK(mentions(error.message, {a.host(), "stopped", "synchronous_standby_names"}));
  CHECK(a.ask("SELECT version FROM cairn_entry WHERE key = 'k'") == "4");
  Entry entry;
  std::vector<Entry> entries;
  for (int i = 0; i < 4; ++i)
    CHECK(store.get("k", entry).status == Status::io);
  CHECK(store.scan("k", "", 1, entries).status == Status::io);
  b.start();
  a.wait_for("SELECT count(*) FROM pg_stat_replication", "1");
  error = store.cas_batch(changes);
  CHECK(error.status == Status::io);
  CHECK(mentions(error.message, {a.host(), "asynchronously"}));

  a.configure(synchronous);
  a.wait_for(standby_is_attached, "1");
  CHECK(store_suite::stored(store, "k") == "4 four");
  a.ask("UPDATE cairn_store SET schema_version = 2 RETURNING 1");
  error = opened(options);
  CHECK(error.status == Status::wrong_version);
  CHECK(mentions(error.message, {a.host(), "version 2"}));
}

TEST_CASE("A primary is killed, its standby promoted: nothing that was answered is lost") {
  if (no_server()) return;
  const ServersFolder folder;
  Server a(folder, "a"), b(folder, "b"), c(folder, "c");
  a.make({});
  b.follow(a, {"synchronous_standby_names = 'c'"});
  c.follow(a, {});
  a.configure({"synchronous_standby_names = 'FIRST 1 (b, c)'"});
  a.wait_for(standby_is_attached, "1");
  PostgresOptions options = options_of("host=" + a.host() + "," + b.host() + "," + c.host() +
                                       " user=cairn dbname=postgres");
  options.answer_ms = 15000;
  const store_suite::Open open = opening(options);
  (void)open();

  std::string trouble;
  double stall_s = 0;
  uint64_t before = 0, after = 0;
  std::thread accident([&]() {
    try {
      const std::string versions = "SELECT sum(version) FROM cairn_entry WHERE key <> 'probe'";
      std::this_thread::sleep_for(milliseconds(1500));
      const auto store = open();
      before = std::stoull(a.ask(versions));
      const auto lost = store_suite::Clock::now();
      a.kill();
      std::this_thread::sleep_for(milliseconds(200));  // for somebody to notice
      b.ask("SELECT pg_promote(true, 10)");
      c.configure({}, &b);
      std::vector<Change> probe = one_put("probe", 0, "x");
      const Error error = settle_batch(*store, probe, 20000);
      if (!error.ok() || !probe[0].applied) throw std::runtime_error(error.message);
      stall_s = std::chrono::duration<double>(store_suite::Clock::now() - lost).count();
      std::this_thread::sleep_for(milliseconds(1500));
      after = std::stoull(b.ask(versions));
    } catch (const std::exception& error) {
      trouble = error.what();
    }
  });
  // Two gateways of three threads each write all the while, each version of each entry once.
  store_suite::race(open, 2, 3, milliseconds(5500));
  accident.join();
  REQUIRE(trouble == "");
  CHECK(after > before + 20);
  WARN("writes before the primary was killed: " << before << ", behind it: " << after - before
                                                << "; longest stall " << stall_s << " s");
}
