// RocksDB with a synced write-ahead log, uncompressed. What its own threads do is not counted.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <cairn/bytes.hpp>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"

namespace peers {
namespace {

using bench::require;

class RocksDb : public Store {
 public:
  explicit RocksDb(const std::string& folder) {
    ::rocksdb::Options options;
    options.create_if_missing = true;
    options.compression = ::rocksdb::kNoCompression;
    ::rocksdb::DB* database = nullptr;
    require(::rocksdb::DB::Open(options, folder, &database).ok());
    database_.reset(database);
    write_.sync = true;
  }

  void commit(uint64_t first, const uint8_t* records, size_t count) override {
    ::rocksdb::WriteBatch batch;
    for (size_t i = 0; i < count; ++i) {
      uint8_t key[8];
      cairn::store_be64(key, first + i);
      batch.Put({reinterpret_cast<const char*>(key), sizeof key},
                {reinterpret_cast<const char*>(records + i * record_bytes), record_bytes});
    }
    require(database_->Write(write_, &batch).ok());
  }

 private:
  std::unique_ptr<::rocksdb::DB> database_;
  ::rocksdb::WriteOptions write_;
};

}  // namespace

StoreKind rocksdb() {
  return {"RocksDB",
          [](const std::string& folder, size_t) { return std::make_unique<RocksDb>(folder); }};
}

}  // namespace peers
