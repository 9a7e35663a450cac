#include "cairn/sign.hpp"

#include "mem.hpp"

namespace cairn {

size_t public_key_size(uint8_t algorithm) {
  switch (algorithm) {
    case CAIRN_ED25519:
      return 32;
    case CAIRN_P256:
      return 64;
    default:
      return 0;
  }
}

bool try_sign(const Signer& signer, ByteView message, Signature& out, Status& status) {
  const int result = signer.sign(signer.user, message.data, message.size, out.bytes);
  status = result == 0 ? Status::ok : Status::io;
  if (result != 0) memset(out.bytes, 0, signature_bytes);
  return result != CAIRN_PENDING;
}

Status sign(const Signer& signer, ByteView message, Signature& out) {
  Status status;
  (void)try_sign(signer, message, out, status);
  return status;
}

Status verify(const Verifiers& verifiers, const PublicKey& key, ByteView message,
              const Signature& signature) {
  for (size_t i = 0; i < verifiers.count; ++i) {
    const Verifier& verifier = verifiers.list[i];
    if (verifier.algorithm != key.algorithm) continue;
    const int result =
        verifier.verify(verifier.user, &key, message.data, message.size, signature.bytes);
    if (result == 0) return Status::ok;
    const bool wrong = result == static_cast<int>(Status::signature_invalid);
    return wrong ? Status::signature_invalid : Status::io;
  }
  return Status::unsupported;
}

}  // namespace cairn

bool operator==(const cairn_public_key& a, const cairn_public_key& b) {
  const size_t size = cairn::public_key_size(a.algorithm);
  return a.algorithm == b.algorithm && cairn::equal({a.bytes, size}, {b.bytes, size});
}
