// Takes the place of PostgresStore in a build without libpq.

#include <cairn/gateway/postgres_store.hpp>

namespace cairn::gateway {
namespace {

Error left_out() {
  return {Status::unsupported,
          "this build is without PostgreSQL: libpq was not there. Build it again with libpq-dev."};
}

}  // namespace

struct PostgresStore::Inside {};

PostgresStore::PostgresStore() = default;
PostgresStore::~PostgresStore() = default;

Error check_connection(const std::string&) {
  return left_out();
}
Error PostgresStore::open(const PostgresOptions&) {
  return left_out();
}
Error PostgresStore::get(const std::string&, Entry&) {
  return left_out();
}
Error PostgresStore::cas_batch(std::vector<Change>&) {
  return left_out();
}
Error PostgresStore::scan(const std::string&, const std::string&, size_t, std::vector<Entry>&) {
  return left_out();
}
Error PostgresStore::replication(Replication&) {
  return left_out();
}

}  // namespace cairn::gateway
