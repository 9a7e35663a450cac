#include "sqlite.hpp"

#include <unistd.h>

namespace cairn::gateway {
namespace {

constexpr unsigned look_again_us = 500;

}  // namespace

// Looks again every half millisecond: other writers hold the file for a flush of the disk, and
// SQLite's own handler would sleep up to 100 ms. By the clock: on a busy machine a sleep takes far
// longer than it is asked to.
int SqliteConnection::wait_for_others(void* self, int looks) {
  SqliteConnection& waiting = *static_cast<SqliteConnection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (looks == 0) waiting.waiting_since_ = now;
  if (now - waiting.waiting_since_ >= std::chrono::milliseconds(waiting.busy_ms_)) return 0;
  usleep(look_again_us);
  return 1;
}

Error SqliteConnection::open(const std::string& path, unsigned busy_ms) {
  path_ = path;
  busy_ms_ = busy_ms;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (handle_ == nullptr) return {Status::io, "cannot open " + path + ": out of memory."};
  if (code != SQLITE_OK) return error(code);
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_handler(handle_, wait_for_others, this);
  return {};
}

// Where two could wait for each other, as when both change the journal's mode, SQLite gives up
// without asking its handler: so that is asked here.
Error SqliteConnection::run(const char* sql) {
  int code = SQLITE_OK;
  int looks = 0;
  do
    code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  while ((code & 0xff) == SQLITE_BUSY && wait_for_others(this, looks++) != 0);
  return code == SQLITE_OK ? Error() : error(code);
}

Error SqliteConnection::pragma(const char* sql, uint64_t& out) {
  Statement statement;
  CAIRN_HOST_TRY(prepare(statement, sql));
  StatementUse use(statement);
  const int code = use.step();
  if (code != SQLITE_ROW) return error(code);
  out = use.number(0);
  return {};
}

Error SqliteConnection::prepare(Statement& statement, const char* sql) {
  const int code = statement.prepare(handle_, sql);
  return code == SQLITE_OK ? Error() : error(code);
}

Error SqliteConnection::error(int code) const {
  const std::string reason = ": " + std::string(sqlite3_errmsg(handle_)) + ". ";
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Status::full, "no space for " + path_ + reason + "Free some space on its disk."};
    case SQLITE_BUSY:
      return {Status::io, path_ + " was locked by another process for " + std::to_string(busy_ms_) +
                              " ms. Look which (fuser " + path_ + ")."};
    case SQLITE_CORRUPT:
      return {Status::damaged, path_ + " is damaged" + reason +
                                   "Restore a backup, or rebuild it (cairn-gateway rebuild)."};
    case SQLITE_NOTADB:
      return {Status::corrupt, path_ + " is no SQLite database. Choose another file."};
    case SQLITE_READONLY:
      return {Status::io, "cannot write " + path_ + reason +
                              "Check who owns it and its mode, and those of its folder (ls -ld)."};
    case SQLITE_CANTOPEN:
      if (const int number = sqlite3_system_errno(handle_); number != 0) {
        return host::system_error("open", path_, number);
      }
      return {Status::io, "cannot open " + path_ + reason + "Check its folder (ls -ld)."};
    default:
      return {Status::io, "SQLite failed with " + path_ + reason +
                              "Look at the disk, its quota, and the kernel's messages (dmesg)."};
  }
}

}  // namespace cairn::gateway
