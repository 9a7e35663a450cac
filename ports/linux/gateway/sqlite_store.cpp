// One table. One connection writes; each thread that reads has one for the time of its call, so
// reading never waits for a flush.

#include <cairn/gateway/sqlite_store.hpp>
#include <mutex>

#include "sqlite.hpp"
#include "store_checks.hpp"

namespace cairn::gateway {
namespace {

// "carn", so that file(1) and SQLite's own tools see whose database it is.
constexpr uint64_t application_id = 0x6361726e;
constexpr uint64_t schema_version = 1;

// synchronous=FULL flushes the log of changes at each commit: an answer means durable.
constexpr const char* settings =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=4000;";
constexpr const char* writer_cache = "PRAGMA cache_size=-16000;";
// Each commit empties it: more would be memory for nothing.
constexpr const char* reader_cache = "PRAGMA cache_size=-256;";

constexpr const char* schema =
    "CREATE TABLE entry(key BLOB PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL)"
    " WITHOUT ROWID;"
    "PRAGMA application_id=1667330670;"
    "PRAGMA user_version=1;";

/// The statements that write.
struct Writer {
  SqliteConnection connection;
  Statement version, insert, update, remove;

  Error open(const std::string& path, unsigned busy_ms);
  Error adopt(const std::string& path);
  Error apply(std::vector<Change>& changes);
  Error apply(Change& change);
  Error expected(const Write& write, bool& as_expected);
  Error write(const Write& write);
};

/// The statements that read.
struct Reader {
  SqliteConnection connection;
  Statement begin, get, scan, end;

  Error open(const std::string& path, unsigned busy_ms);
  Error read(const std::string& key, Entry& out);
  Error run(const Statement& statement);
};

Error Writer::open(const std::string& path, unsigned busy_ms) {
  CAIRN_HOST_TRY(connection.open(path, busy_ms));
  // Before anything is changed: what is there must be ours, or nothing.
  CAIRN_HOST_TRY(connection.run("BEGIN IMMEDIATE"));
  const Error adopted = adopt(path);
  if (!adopted.ok()) {
    (void)connection.run("ROLLBACK");
    return adopted;
  }
  CAIRN_HOST_TRY(connection.run("COMMIT"));
  CAIRN_HOST_TRY(connection.run(settings));
  CAIRN_HOST_TRY(connection.run(writer_cache));
  CAIRN_HOST_TRY(connection.prepare(version, "SELECT version FROM entry WHERE key=?"));
  CAIRN_HOST_TRY(connection.prepare(insert, "INSERT INTO entry(key,version,value) VALUES(?,1,?)"));
  CAIRN_HOST_TRY(
      connection.prepare(update, "UPDATE entry SET version=version+1, value=? WHERE key=?"));
  return connection.prepare(remove, "DELETE FROM entry WHERE key=?");
}

Error Writer::adopt(const std::string& path) {
  uint64_t application = 0, version_found = 0, pages = 0;
  CAIRN_HOST_TRY(connection.pragma("PRAGMA application_id", application));
  CAIRN_HOST_TRY(connection.pragma("PRAGMA user_version", version_found));
  CAIRN_HOST_TRY(connection.pragma("SELECT count(*) FROM sqlite_schema", pages));
  if (pages == 0 && application == 0) return connection.run(schema);
  if (application != application_id) {
    return {Status::bad_argument,
            path + " is a database of another program. Choose another file for the store."};
  }
  if (version_found > schema_version) {
    return {Status::wrong_version, path + " was written by a newer cairn (version " +
                                       std::to_string(version_found) +
                                       " of its table, this one "
                                       "knows " +
                                       std::to_string(schema_version) + "). Use that one."};
  }
  return {};
}

Error Writer::expected(const Write& write, bool& as_expected) {
  StatementUse use(version);
  const int code = use.bind(write.key).step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return connection.error(code);
  as_expected = write.expected == (code == SQLITE_ROW ? use.number(0) : 0);
  return {};
}

Error Writer::write(const Write& write) {
  int code = SQLITE_DONE;
  if (!write.value.has_value()) {
    code = StatementUse(remove).bind(write.key).step();
  } else if (write.expected == 0) {
    code = StatementUse(insert).bind(write.key).bind(*write.value).step();
  } else {
    code = StatementUse(update).bind(*write.value).bind(write.key).step();
  }
  return code == SQLITE_DONE ? Error() : connection.error(code);
}

Error Writer::apply(Change& change) {
  bool as_expected = true;
  for (const Write& one : change.writes) {
    CAIRN_HOST_TRY(expected(one, as_expected));
    if (!as_expected) return {};
  }
  for (const Write& one : change.writes)
    CAIRN_HOST_TRY(write(one));
  change.applied = true;
  return {};
}

Error Writer::apply(std::vector<Change>& changes) {
  CAIRN_HOST_TRY(connection.run("BEGIN IMMEDIATE"));
  Error error;
  for (Change& change : changes) {
    error = apply(change);
    if (!error.ok()) break;
  }
  if (error.ok()) error = connection.run("COMMIT");
  if (error.ok()) return error;
  // Some failures have rolled back already; then there is nothing to roll back, which is well.
  (void)connection.run("ROLLBACK");
  for (Change& change : changes)
    change.applied = false;
  return error;
}

Error Reader::open(const std::string& path, unsigned busy_ms) {
  CAIRN_HOST_TRY(connection.open(path, busy_ms));
  CAIRN_HOST_TRY(connection.run(reader_cache));
  CAIRN_HOST_TRY(connection.prepare(begin, "BEGIN"));
  CAIRN_HOST_TRY(connection.prepare(end, "COMMIT"));
  CAIRN_HOST_TRY(connection.prepare(get, "SELECT version, value FROM entry WHERE key=?"));
  return connection.prepare(scan,
                            "SELECT key, version, value FROM entry WHERE key>=? AND key<?"
                            " ORDER BY key LIMIT ?");
}

// Version 0: no such entry.
Error Reader::read(const std::string& key, Entry& out) {
  StatementUse use(get);
  const int code = use.bind(key).step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return connection.error(code);
  out = {key, 0, ""};
  if (code == SQLITE_ROW) out = {key, use.number(0), use.bytes(1)};
  return {};
}

Error Reader::run(const Statement& statement) {
  const int code = StatementUse(statement).step();
  return code == SQLITE_DONE ? Error() : connection.error(code);
}

}  // namespace

struct SqliteStore::Inside {
  std::string path;
  unsigned busy_ms = 0;
  std::mutex writing;
  Writer writer;
  std::mutex mutex;  ///< guards `idle`
  std::vector<std::unique_ptr<Reader>> idle;

  Error take(std::unique_ptr<Reader>& reader);
  void give_back(std::unique_ptr<Reader> reader);
};

Error SqliteStore::Inside::take(std::unique_ptr<Reader>& reader) {
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!idle.empty()) {
      reader = std::move(idle.back());
      idle.pop_back();
      return {};
    }
  }
  reader = std::make_unique<Reader>();
  return reader->open(path, busy_ms);
}

void SqliteStore::Inside::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard<std::mutex> lock(mutex);
  idle.push_back(std::move(reader));
}

SqliteStore::SqliteStore() = default;
SqliteStore::~SqliteStore() = default;

Error SqliteStore::open(const std::string& path, unsigned busy_ms) {
  auto inside = std::make_unique<Inside>();
  inside->path = path;
  inside->busy_ms = busy_ms;
  CAIRN_HOST_TRY(inside->writer.open(path, busy_ms));
  inside_ = std::move(inside);
  return {};
}

Error SqliteStore::get(const std::string& key, Entry& out) {
  std::unique_ptr<Reader> reader;
  CAIRN_HOST_TRY(inside_->take(reader));
  Entry found;
  const Error error = reader->read(key, found);
  inside_->give_back(std::move(reader));
  CAIRN_HOST_TRY(error);
  if (found.version == 0)
    return {Status::not_found, "no entry '" + key + "' in " + inside_->path + "."};
  out = std::move(found);
  return {};
}

// In one transaction, so that what the way to the entries has in common is read once.
Error SqliteStore::get_batch(const std::vector<std::string>& keys, std::vector<Entry>& out) {
  out.resize(keys.size());
  std::unique_ptr<Reader> reader;
  CAIRN_HOST_TRY(inside_->take(reader));
  Error error = reader->run(reader->begin);
  for (size_t i = 0; error.ok() && i < keys.size(); ++i)
    error = reader->read(keys[i], out[i]);
  const Error ended = reader->run(reader->end);
  if (error.ok()) error = ended;
  // A connection that is still in a transaction would read what was, for ever.
  if (ended.ok()) inside_->give_back(std::move(reader));
  return error;
}

Error SqliteStore::cas_batch(std::vector<Change>& changes) {
  CAIRN_HOST_TRY(check_batch(changes));
  const std::lock_guard<std::mutex> lock(inside_->writing);
  return inside_->writer.apply(changes);
}

Error SqliteStore::scan(const std::string& prefix, const std::string& after, size_t limit,
                        std::vector<Entry>& out) {
  out.clear();
  std::unique_ptr<Reader> reader;
  CAIRN_HOST_TRY(inside_->take(reader));
  const KeyRange range = range_of(prefix, after);
  Error error;
  {
    StatementUse use(reader->scan);
    use.bind(range.first).bind(range.end).bind(uint64_t{limit});
    int code = SQLITE_ROW;
    while ((code = use.step()) == SQLITE_ROW)
      out.push_back({use.bytes(0), use.number(1), use.bytes(2)});
    if (code != SQLITE_DONE) error = reader->connection.error(code);
  }
  inside_->give_back(std::move(reader));
  return error;
}

}  // namespace cairn::gateway
