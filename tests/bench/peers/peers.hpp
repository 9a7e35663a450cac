// What others need for the same work. libsodium and mbedTLS are always there; the others are built
// in where tests/bench/run has found them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench.hpp"

namespace peers {

/// SHA-256 of one message.
struct Hash {
  std::string name;
  void (*once)(const uint8_t* message, size_t size_bytes, uint8_t* out);
};
std::vector<Hash> hashes();

/// One key of somebody else's, with one message that it has signed.
struct Signatures {
  std::string name;
  std::string algorithm;
  std::function<void()> sign;
  std::function<void()> verify;
};
std::vector<Signatures> signatures(const std::string& message);

constexpr size_t record_bytes = 64;  ///< of what stores store

/// A store that makes such records durable, a group with each commit.
class Store {
 public:
  virtual ~Store() = default;
  /// Records first, first + 1, ..., one behind the other. Durable when it returns.
  virtual void commit(uint64_t first, const uint8_t* records, size_t count) = 0;
  /// That many commits of `count` records each, one behind the other.
  virtual void burst(uint64_t first, const uint8_t* records, size_t count, size_t commits) {
    for (size_t i = 0; i < commits; ++i)
      commit(first + i * count, records + i * count * record_bytes, count);
  }
};

struct StoreKind {
  std::string name;
  /// `folder` exists and is empty; `bytes` will be stored at most.
  std::function<std::unique_ptr<Store>(const std::string& folder, size_t bytes)> open;
};
std::vector<StoreKind> stores();

/// A peer that is a program of its own, and measures itself: for each line that it is sent it
/// answers the nanoseconds of CPU time that one operation took. Runs on the caller's CPU.
class Program {
 public:
  explicit Program(const std::vector<std::string>& command);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// What it calls itself; empty when it does not start.
  const std::string& name() const { return name_; }
  double ask(const std::string& request);

 private:
  std::string read_line();

  int requests_ = -1;
  int answers_ = -1;
  int process_ = -1;
  std::string name_;
};

/// Go's x/mod sumdb/tlog and merkletreejs, as tests/bench/run has built them into the folder that
/// the options name. Tells the report what is missing.
std::vector<std::unique_ptr<Program>> programs(bench::Report& report);
constexpr char tlog_name[] = "x/mod tlog";  ///< how its name begins

#ifdef BENCH_WITH_OPENSSL
std::vector<Hash> openssl_hashes();
std::vector<Signatures> openssl_signatures(const std::string& message);
#endif
#ifdef BENCH_WITH_SQLITE
StoreKind sqlite(bool full);
#endif
#ifdef BENCH_WITH_LMDB
StoreKind lmdb();
#endif
#ifdef BENCH_WITH_ROCKSDB
StoreKind rocksdb();
#endif
#ifdef BENCH_WITH_URING
StoreKind uring();
#endif

}  // namespace peers
