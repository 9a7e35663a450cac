// A store in one file on this machine: SQLite. The default of a gateway that stands alone.
#pragma once

#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

/// Any number of threads may share one SqliteStore, and any number of processes of this machine one
/// file. The file must lie on a local disk: SQLite shares memory between processes beside it
/// (FILE-wal, FILE-shm), which network file systems do not offer.
///
/// Power loss, kill -9: what was answered is there; a batch is there as a whole or not at all.
/// Cost: one flush of the disk a batch. Memory: 16 MB of cache for writing, 2 MB for each thread
/// that reads at the same time.
///
/// io is returned also when another process has held the file for `busy_ms`; nothing was written
/// then.
class SqliteStore : public Store {
 public:
  SqliteStore();
  ~SqliteStore() override;

  /// Opens a file, and makes it where there is none.
  ///
  /// ok             open
  /// bad_argument   a folder, or a database of another program; it is left as it is
  /// wrong_version  a newer cairn wrote it
  /// corrupt        no SQLite database
  /// damaged        an SQLite database that is broken
  /// not_found      the folder is not there
  /// full, io       as the message says
  Error open(const std::string& path, unsigned busy_ms = 10000);

  Error get(const std::string& key, Entry& out) override;
  Error get_batch(const std::vector<std::string>& keys, std::vector<Entry>& out) override;
  Error cas_batch(std::vector<Change>& changes) override;
  Error scan(const std::string& prefix, const std::string& after, size_t limit,
             std::vector<Entry>& out) override;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace cairn::gateway
