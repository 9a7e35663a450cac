// PostgreSQL for benchmarks: a primary, and the standby that its commits wait for.
#pragma once

#include <sys/stat.h>

#include "bench/bench.hpp"
#include "support/postgres_server.hpp"

namespace bench {

class PostgresPair {
 public:
  explicit PostgresPair(const std::string& folder)
      : folder_(reachable(folder)),
        pair_(folder_, {"max_wal_size = 4GB", "shared_buffers = 512MB"}) {}

  std::string connection() const { return pair_.primary.connection(); }
  void ask(const std::string& sql) { pair_.primary.ask(sql); }

 private:
  /// The servers run as another user than root, who has to reach their folder.
  static const std::string& reachable(const std::string& folder) {
    require(chmod(folder.c_str(), 0755) == 0);
    return folder;
  }

  const postgres_tests::ServersFolder folder_;
  postgres_tests::Pair pair_;
};

}  // namespace bench
