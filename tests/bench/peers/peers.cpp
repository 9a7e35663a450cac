#include "bench/peers/peers.hpp"

#include <fcntl.h>
#include <psa/crypto.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "bench/bench.hpp"

namespace peers {

using bench::keep;
using bench::require;

// ---- hashes ------------------------------------------------------------------------------------

namespace {

void sodium_once(const uint8_t* message, size_t size, uint8_t* out) {
  crypto_hash_sha256(out, message, size);
}

void psa_once(const uint8_t* message, size_t size, uint8_t* out) {
  size_t written = 0;
  require(psa_hash_compute(PSA_ALG_SHA_256, message, size, out, 32, &written) == PSA_SUCCESS);
}

}  // namespace

std::vector<Hash> hashes() {
  require(sodium_init() >= 0 && psa_crypto_init() == PSA_SUCCESS);
  std::vector<Hash> out = {{"libsodium", sodium_once}, {"mbedTLS", psa_once}};
#ifdef BENCH_WITH_OPENSSL
  for (const Hash& hash : openssl_hashes())
    out.push_back(hash);
#endif
  return out;
}

// ---- signatures --------------------------------------------------------------------------------

namespace {

Signatures sodium_ed25519(const std::string& text) {
  struct State {
    std::string message;
    uint8_t public_key[32], secret_key[64], signature[64];
  };
  const auto s = std::make_shared<State>();
  s->message = text;
  const auto message = [s] { return reinterpret_cast<const uint8_t*>(s->message.data()); };
  crypto_sign_keypair(s->public_key, s->secret_key);
  Signatures out = {"libsodium", "Ed25519", {}, {}};
  out.sign = [s, message] {
    crypto_sign_detached(s->signature, nullptr, message(), s->message.size(), s->secret_key);
    keep(s->signature);
  };
  out.verify = [s, message] {
    require(crypto_sign_verify_detached(s->signature, message(), s->message.size(),
                                        s->public_key) == 0);
  };
  out.sign();
  return out;
}

Signatures psa_p256(const std::string& message) {
  struct State {
    psa_key_id_t key = 0, public_key = 0;
    psa_algorithm_t algorithm = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    std::string message;
    uint8_t digest[32], signature[64];
  };
  const auto s = std::make_shared<State>();
  s->message = message;
  const auto type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_set_key_type(&attributes, type);
  psa_set_key_bits(&attributes, 256);
  psa_set_key_algorithm(&attributes, s->algorithm);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
  require(psa_generate_key(&attributes, &s->key) == PSA_SUCCESS);
  uint8_t point[65];
  size_t size = 0;
  require(psa_export_public_key(s->key, point, sizeof point, &size) == PSA_SUCCESS);
  psa_set_key_type(&attributes, PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type));
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
  require(psa_import_key(&attributes, point, size, &s->public_key) == PSA_SUCCESS);
  const auto hash = [s] {
    psa_once(reinterpret_cast<const uint8_t*>(s->message.data()), s->message.size(), s->digest);
  };
  Signatures out = {"mbedTLS", "P-256", {}, {}};
  out.sign = [s, hash] {
    hash();
    size_t written = 0;
    require(psa_sign_hash(s->key, s->algorithm, s->digest, 32, s->signature, 64, &written) ==
            PSA_SUCCESS);
  };
  out.verify = [s, hash] {
    hash();
    require(psa_verify_hash(s->public_key, s->algorithm, s->digest, 32, s->signature, 64) ==
            PSA_SUCCESS);
  };
  out.sign();
  return out;
}

}  // namespace

std::vector<Signatures> signatures(const std::string& message) {
  require(sodium_init() >= 0 && psa_crypto_init() == PSA_SUCCESS);
  std::vector<Signatures> out = {sodium_ed25519(message), psa_p256(message)};
#ifdef BENCH_WITH_OPENSSL
  for (const Signatures& of : openssl_signatures(message))
    out.push_back(of);
#endif
  return out;
}

// ---- stores ------------------------------------------------------------------------------------

std::vector<StoreKind> stores() {
  std::vector<StoreKind> out;
#ifdef BENCH_WITH_SQLITE
  out.push_back(sqlite(true));
  out.push_back(sqlite(false));
#endif
#ifdef BENCH_WITH_LMDB
  out.push_back(lmdb());
#endif
#ifdef BENCH_WITH_ROCKSDB
  out.push_back(rocksdb());
#endif
#ifdef BENCH_WITH_URING
  out.push_back(uring());
#endif
  return out;
}

// ---- programs ----------------------------------------------------------------------------------

Program::Program(const std::vector<std::string>& command) {
  int to[2], from[2];
  require(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0, "no pipe");
  process_ = fork();
  require(process_ >= 0, "no process");
  if (process_ == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    std::vector<char*> arguments;
    for (const std::string& word : command)
      arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  requests_ = to[1];
  answers_ = from[0];
  name_ = read_line();
}

Program::~Program() {
  close(requests_);
  close(answers_);
  waitpid(process_, nullptr, 0);
}

std::string Program::read_line() {
  std::string out;
  char c = 0;
  while (read(answers_, &c, 1) == 1 && c != '\n')
    out += c;
  return out;
}

double Program::ask(const std::string& request) {
  const std::string line = request + "\n";
  require(write(requests_, line.data(), line.size()) == static_cast<ssize_t>(line.size()),
          "a peer has ended");
  const double out = std::atof(read_line().c_str());
  require(out > 0, "a peer gave no figure");
  return out;
}

std::vector<std::unique_ptr<Program>> programs(bench::Report& report) {
  const std::string& folder = report.options().peers;
  const std::pair<std::string, std::vector<std::string>> known[] = {
      {tlog_name, {folder + "/tlog"}},
      {"merkletreejs", {"node", folder + "/merkletreejs.js"}},
  };
  std::vector<std::unique_ptr<Program>> out;
  for (const auto& [name, command] : known) {
    std::unique_ptr<Program> program;
    if (access(command.back().c_str(), R_OK) == 0) program = std::make_unique<Program>(command);
    if (program == nullptr || program->name().empty()) {
      report.no_peer(name, "not built, or what it needs is not installed");
    } else {
      out.push_back(std::move(program));
    }
  }
  return out;
}

}  // namespace peers
