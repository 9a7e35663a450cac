// SQLite with a write-ahead log. synchronous=FULL is durable at each commit, NORMAL is not.
#include <sqlite3.h>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"

namespace peers {
namespace {

using bench::require;

class Sqlite : public Store {
 public:
  Sqlite(const std::string& folder, bool full) {
    require(sqlite3_open((folder + "/log.db").c_str(), &database_) == SQLITE_OK);
    run("PRAGMA journal_mode=WAL");
    run(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    run("CREATE TABLE log(number INTEGER PRIMARY KEY, record BLOB)");
    require(sqlite3_prepare_v2(database_, "INSERT INTO log VALUES(?, ?)", -1, &insert_, nullptr) ==
            SQLITE_OK);
  }
  ~Sqlite() override {
    sqlite3_finalize(insert_);
    sqlite3_close(database_);
  }

  void commit(uint64_t first, const uint8_t* records, size_t count) override {
    if (count > 1) run("BEGIN");
    for (size_t i = 0; i < count; ++i) {
      sqlite3_bind_int64(insert_, 1, static_cast<sqlite3_int64>(first + i));
      sqlite3_bind_blob(insert_, 2, records + i * record_bytes, record_bytes, SQLITE_STATIC);
      require(sqlite3_step(insert_) == SQLITE_DONE);
      sqlite3_reset(insert_);
    }
    if (count > 1) run("COMMIT");
  }

 private:
  void run(const char* statement) {
    require(sqlite3_exec(database_, statement, nullptr, nullptr, nullptr) == SQLITE_OK, statement);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace

StoreKind sqlite(bool full) {
  return {
      full ? "SQLite WAL FULL" : "SQLite WAL NORMAL",
      [full](const std::string& folder, size_t) { return std::make_unique<Sqlite>(folder, full); }};
}

}  // namespace peers
