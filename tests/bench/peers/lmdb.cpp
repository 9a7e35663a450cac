// LMDB, one table with the record's number as key, appended to.
#include <lmdb.h>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"

namespace peers {
namespace {

using bench::require;

class Lmdb : public Store {
 public:
  Lmdb(const std::string& folder, size_t bytes) {
    require(mdb_env_create(&environment_) == 0 &&
            mdb_env_set_mapsize(environment_, 4 * bytes + (64 << 20)) == 0 &&
            mdb_env_open(environment_, folder.c_str(), 0, 0644) == 0);
    MDB_txn* transaction = nullptr;
    require(mdb_txn_begin(environment_, nullptr, 0, &transaction) == 0 &&
            mdb_dbi_open(transaction, nullptr, MDB_INTEGERKEY | MDB_CREATE, &table_) == 0 &&
            mdb_txn_commit(transaction) == 0);
  }
  ~Lmdb() override { mdb_env_close(environment_); }

  void commit(uint64_t first, const uint8_t* records, size_t count) override {
    MDB_txn* transaction = nullptr;
    require(mdb_txn_begin(environment_, nullptr, 0, &transaction) == 0);
    for (size_t i = 0; i < count; ++i) {
      size_t number = first + i;
      MDB_val key = {sizeof number, &number};
      MDB_val value = {record_bytes, const_cast<uint8_t*>(records + i * record_bytes)};
      require(mdb_put(transaction, table_, &key, &value, MDB_APPEND) == 0);
    }
    require(mdb_txn_commit(transaction) == 0);
  }

 private:
  MDB_env* environment_ = nullptr;
  MDB_dbi table_ = 0;
};

}  // namespace

StoreKind lmdb() {
  return {"LMDB", [](const std::string& folder, size_t bytes) {
            return std::make_unique<Lmdb>(folder, bytes);
          }};
}

}  // namespace peers
