// SQLite as the store uses it: connections and statements that close themselves, errors in words.
#pragma once

#include <sqlite3.h>

#include <chrono>

#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

/// A prepared statement; reset at the end of each use, see StatementUse.
class Statement {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(handle_); }

  int prepare(sqlite3* connection, const char* sql) {
    return sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  }
  sqlite3_stmt* handle() const { return handle_; }

 private:
  sqlite3_stmt* handle_ = nullptr;
};

/// One run of a statement: binds in the order of its parameters, steps, and gives it back. What is
/// bound must live until then.
class StatementUse {
 public:
  explicit StatementUse(const Statement& statement) : handle_(statement.handle()) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }

  StatementUse& bind(const std::string& bytes) {
    // A null pointer would bind NULL: an empty string still has an address.
    sqlite3_bind_blob64(handle_, ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC);
    return *this;
  }
  StatementUse& bind(uint64_t number) {
    sqlite3_bind_int64(handle_, ++bound_, static_cast<sqlite3_int64>(number));
    return *this;
  }

  /// SQLITE_ROW, SQLITE_DONE, or an error.
  int step() { return sqlite3_step(handle_); }

  uint64_t number(int column) const {
    return static_cast<uint64_t>(sqlite3_column_int64(handle_, column));
  }
  std::string bytes(int column) const {
    const void* data = sqlite3_column_blob(handle_, column);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(handle_, column));
    return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
  }

 private:
  sqlite3_stmt* handle_;
  int bound_ = 0;
};

/// A connection to one file.
class SqliteConnection {
 public:
  SqliteConnection() = default;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection() { sqlite3_close_v2(handle_); }

  /// Waits up to `busy_ms` for other processes, then and in every later call.
  Error open(const std::string& path, unsigned busy_ms);
  sqlite3* handle() const { return handle_; }

  /// Runs statements that have no parameters; their rows are left out.
  Error run(const char* sql);
  /// The number that a pragma returns.
  Error pragma(const char* sql, uint64_t& out);
  Error prepare(Statement& statement, const char* sql);
  /// What SQLite's code means, in words that a person can act on.
  Error error(int code) const;

 private:
  sqlite3* handle_ = nullptr;
  std::string path_;
  static int wait_for_others(void* self, int looks);

  unsigned busy_ms_ = 0;
  std::chrono::steady_clock::time_point waiting_since_;
};

}  // namespace cairn::gateway
