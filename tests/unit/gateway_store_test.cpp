// The suite of stores over SQLite.
#include <cairn/gateway/sqlite_store.hpp>

#include "support/host.hpp"
#include "support/store_suite.hpp"

using namespace cairn;
using namespace cairn::gateway;

namespace {

struct Stores {
  host_tests::TemporaryFolder folder;
  std::string path = folder / "state.sqlite";
  store_suite::Open open = [this]() -> std::unique_ptr<Store> {
    auto store = std::make_unique<SqliteStore>();
    const Error error = store->open(path);
    if (!error.ok()) throw std::runtime_error(error.message);
    return store;
  };
};

}  // namespace

TEST_CASE("A write happens when the version is what its caller believes") {
  store_suite::expectations(Stores().open);
}

TEST_CASE("Changes of a batch see those before them, and happen as a whole or not at all") {
  store_suite::batches(Stores().open);
}

TEST_CASE("Ranges of keys are in the order of bytes, in pages") {
  store_suite::scans(Stores().open);
}

TEST_CASE("Any bytes are values, and what goes beyond a limit is refused") {
  store_suite::values_and_limits(Stores().open);
}
