// usage: consumer_gateway FOLDER
//
// A gateway in FOLDER that a device reports to, and, so that a missing library shows when this is
// linked, one call into each that cairn::gateway needs.
#include <cairn/gateway/intake.hpp>
#include <cairn/gateway/postgres_store.hpp>
#include <cairn/gateway/sqlite_store.hpp>
#include <cairn/gateway/tile_source.hpp>
#if CAIRN_GATEWAY_WITH_EVM
#include <cairn/gateway/evm_key.hpp>
#endif
#include <cstdio>

using namespace cairn;
using namespace cairn::gateway;

namespace {

bool refuses_nonsense(const std::string& folder) {
  host::KeyFile log_key, witness_key;
  SqliteStore store;
  Registry registry(store);
  AggregateLog log;
  if (!log_key.generate(folder + "/log.key", "gateway.example", Algorithm::ed25519).ok() ||
      !witness_key.generate(folder + "/w.key", "gateway.example/w", Algorithm::ed25519).ok() ||
      !store.open(folder + "/store").ok() || !log.open({folder + "/log", 100}, store, log_key).ok())
    return false;
  Intake intake(store, registry, log, witness_key, {});
  std::string answer;
  return intake.add_checkpoint({"nonsense", 8}, answer) == WitnessAnswer::malformed;
}

// libpq, unless it was left out
bool knows_postgres() {
  const Status status = PostgresStore().open({"nonsense"}).status;
  return status == Status::bad_argument || status == Status::unsupported;
}

// libcurl
bool speaks_http() {
  std::string bytes;
  return TileSource("http://127.0.0.1:1").read("checkpoint", 100, bytes).status == Status::io;
}

// libsecp256k1
bool knows_evm_keys() {
#if CAIRN_GATEWAY_WITH_EVM
  return !EvmKey().load("/nowhere").ok();
#else
  return true;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const bool gateway = refuses_nonsense(argv[1]);
  const bool postgres = knows_postgres();
  const bool http = speaks_http();
  const bool evm = knows_evm_keys();
  std::printf("gateway %d, PostgreSQL %d, HTTP %d, EVM %d\n", gateway, postgres, http, evm);
  return gateway && postgres && http && evm ? 0 : 1;
}
