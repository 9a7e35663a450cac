#include <openssl/crypto.h>
#include <secp256k1_recovery.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cairn/gateway/evm_key.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/keccak.hpp>
#include <cairn/linux/owned.hpp>
#include <cerrno>

namespace cairn::gateway {
namespace {

using Context = host::Owned<secp256k1_context, secp256k1_context_destroy>;

// Blinded by fresh random bytes, against whoever measures the processor. Without them it signs as
// well.
Context signing_context() {
  Context context(secp256k1_context_create(SECP256K1_CONTEXT_NONE));
  uint8_t seed[32];
  const bool blinded = getrandom(seed, sizeof seed, 0) == static_cast<ssize_t>(sizeof seed) &&
                       secp256k1_context_randomize(context.get(), seed) == 1;
  static_cast<void>(blinded);
  OPENSSL_cleanse(seed, sizeof seed);
  return context;
}

}  // namespace

void EvmKey::forget() {
  OPENSSL_cleanse(secret_.data(), secret_.size());
  loaded_ = false;
}

Error EvmKey::generate(const std::string& path) {
  Digest secret;
  const Context context = signing_context();
  do {
    if (getrandom(secret.bytes, sizeof secret.bytes, 0) != static_cast<ssize_t>(digest_bytes))
      return host::system_error("read random bytes for", path, errno);
  } while (secp256k1_ec_seckey_verify(context.get(), secret.bytes) != 1);
  std::string text = host::evm_hash_text(secret).substr(2) + "\n";
  OPENSSL_cleanse(secret.bytes, sizeof secret.bytes);
  Error error = host::create_file(path, host::bytes_of(text), 0600);
  if (error.ok()) error = read(text, path);
  OPENSSL_cleanse(text.data(), text.size());
  return error;
}

Error EvmKey::load(const std::string& path) {
  constexpr size_t file_bytes_max = 128;
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) return host::system_error("open", path, errno);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return {Status::bad_state, path +
                                   ": others than its owner may use this private key. Run "
                                   "`chmod 600 " +
                                   path + "`."};
  std::string text;
  CAIRN_HOST_TRY(host::read_file(path, file_bytes_max, text));
  const Error error = read(text, path);
  OPENSSL_cleanse(text.data(), text.size());
  return error;
}

Error EvmKey::read(const std::string& text, const std::string& path) {
  forget();
  std::string digits = text.substr(0, text.find_first_of("\r\n"));
  if (digits.rfind("0x", 0) != 0) digits = "0x" + digits;
  Digest secret;
  const Status status = host::parse_evm_hash(digits, secret);
  OPENSSL_cleanse(digits.data(), digits.size());
  const Context context = signing_context();
  secp256k1_pubkey key;
  if (status != Status::ok || secp256k1_ec_pubkey_create(context.get(), &key, secret.bytes) != 1)
    return {Status::corrupt, path + ": not a private key of an EVM account: 64 hexadecimal digits"};
  uint8_t point[65];
  size_t size = sizeof point;
  (void)secp256k1_ec_pubkey_serialize(context.get(), point, &size, &key, SECP256K1_EC_UNCOMPRESSED);
  const Digest hash = host::keccak256({point + 1, sizeof point - 1});
  std::copy(hash.bytes + digest_bytes - address_.size(), hash.bytes + digest_bytes,
            address_.begin());
  std::copy(secret.bytes, secret.bytes + digest_bytes, secret_.begin());
  OPENSSL_cleanse(secret.bytes, sizeof secret.bytes);
  loaded_ = true;
  return {};
}

Error EvmKey::sign(const Digest& digest, std::array<uint8_t, 65>& out) const {
  const Context context = signing_context();
  secp256k1_ecdsa_recoverable_signature signature;
  int recovery_id = 0;
  if (!loaded_ || secp256k1_ecdsa_sign_recoverable(context.get(), &signature, digest.bytes,
                                                   secret_.data(), nullptr, nullptr) != 1)
    return {Status::io, "no key of an EVM account is loaded"};
  (void)secp256k1_ecdsa_recoverable_signature_serialize_compact(context.get(), out.data(),
                                                                &recovery_id, &signature);
  out[64] = static_cast<uint8_t>(recovery_id);
  return {};
}

}  // namespace cairn::gateway
