#include "evm_recover.hpp"

#ifdef CAIRN_WITH_SECP256K1
#include <secp256k1_recovery.h>
#endif

#include <algorithm>
#include <cairn/linux/keccak.hpp>

namespace cairn::host {

#ifdef CAIRN_WITH_SECP256K1

Status recover_evm_address(const Digest& digest, ByteView signature, EvmAddress& out) {
  constexpr size_t signature_bytes = 65;
  if (signature.size != signature_bytes) return Status::signature_invalid;
  const uint8_t v = signature[signature_bytes - 1];
  const int recovery_id = v >= 27 ? v - 27 : v;
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_pubkey key;
  const secp256k1_context* const context = secp256k1_context_static;
  if (recovery_id > 1 ||
      secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature.data,
                                                          recovery_id) != 1 ||
      secp256k1_ecdsa_recover(context, &key, &parsed, digest.bytes) != 1) {
    return Status::signature_invalid;
  }
  uint8_t point[65];
  size_t size = sizeof point;
  (void)secp256k1_ec_pubkey_serialize(context, point, &size, &key, SECP256K1_EC_UNCOMPRESSED);
  const Digest hash = keccak256({point + 1, sizeof point - 1});
  std::copy(hash.bytes + digest_bytes - out.size(), hash.bytes + digest_bytes, out.begin());
  return Status::ok;
}

#else

Status recover_evm_address(const Digest&, ByteView, EvmAddress&) {
  return Status::unsupported;
}

#endif

}  // namespace cairn::host
