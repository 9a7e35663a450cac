// Signing and verifying as interfaces. No algorithm is implemented here: the adapters under
// src/crypto/ wrap libsodium (Ed25519) and PSA Crypto (ECDSA P-256), one file each.
#pragma once

#include "bytes.hpp"
#include "port.h"
#include "status.hpp"

namespace cairn {

using PublicKey = ::cairn_public_key;
using Signer = ::cairn_signer;
using Verifier = ::cairn_verifier;

enum class Algorithm : uint8_t {
  ed25519 = CAIRN_ED25519,  ///< RFC 8032, pure
  p256 = CAIRN_P256,        ///< FIPS 186-5 ECDSA on P-256 with SHA-256; r||s
};

constexpr size_t signature_bytes = CAIRN_SIGNATURE_BYTES;

/// A signature as it is stored and sent: Ed25519 R||S, or ECDSA r||s, big-endian.
struct Signature {
  uint8_t bytes[signature_bytes];
};

/// Size of a public key: 32 for Ed25519, 64 (x||y) for P-256, 0 for an unknown algorithm.
size_t public_key_size(uint8_t algorithm);

/// The verifiers that a caller links, tried by algorithm. Keeps the pointer it is given.
struct Verifiers {
  const Verifier* list = nullptr;
  size_t count = 0;
};

/// Signs `message` with whatever holds the key.
///
/// ok         64 bytes written
/// io         the key's holder failed, or has no signature yet (CAIRN_PENDING): nothing was signed
Status sign(const Signer& signer, ByteView message, Signature& out);
/// As sign(); `status` is what that returns. False: the signature is being made, ask again with the
/// same message.
bool try_sign(const Signer& signer, ByteView message, Signature& out, Status& status);

/// Checks a signature with the verifier of the key's algorithm.
///
/// ok                 the signature is the key's over exactly these bytes
/// signature_invalid  it is not, or the key is not one: no point of its curve
/// unsupported        no verifier of that algorithm was linked
/// io                 the backend failed
Status verify(const Verifiers& verifiers, const PublicKey& key, ByteView message,
              const Signature& signature);

// The adapters. Each lives in an object of its own and is linked only when used.

/// Ed25519 by libsodium. The key stays with the caller for the signer's life.
using Ed25519Key = ::cairn_ed25519_key;
/// Expands a 32-byte seed, which need not be kept. Wipe the key when done. (cairn::sodium)
///
/// ok, bad_argument (not 32 bytes), io (libsodium does not start)
Status ed25519_signer(ByteView seed, Ed25519Key& key, Signer& out);
/// (cairn::sodium)
Verifier ed25519_verifier();

/// ECDSA P-256 by PSA Crypto; deterministic (RFC 6979) where the library offers it. The private key
/// lives in a PSA slot; this handle to it stays with the caller for the signer's life. (cairn::psa)
using P256Key = ::cairn_p256_key;
/// Imports a 32-byte private scalar as a volatile PSA key. Makes one signature to find out whether
/// the library signs deterministically. (cairn::psa)
///
/// ok            call p256_forget() when done
/// bad_argument  not 32 bytes, or not a private key of the curve
/// unsupported   a library without P-256 or ECDSA
/// io            PSA failed: no free slot, no entropy
Status p256_signer(ByteView scalar, P256Key& key, Signer& out);
/// Uses a key that already lies in a PSA slot: TF-M, a secure element, a persistent key. Its policy
/// must permit PSA_KEY_USAGE_SIGN_HASH with ECDSA, deterministic or not, on SHA-256. (cairn::psa)
///
/// ok, not_found (no such slot), unsupported (not a P-256 key pair for ECDSA), io
Status p256_signer_from_slot(uint32_t slot, P256Key& key, Signer& out);
/// Makes a new key; `scalar` receives its 32 private bytes. (cairn::psa)
Status p256_generate(MutableBytes scalar);
/// Removes a key that p256_signer imported. (cairn::psa)
void p256_forget(P256Key& key);
/// (cairn::psa)
Verifier p256_verifier();

}  // namespace cairn

/// Stands outside the namespace, where the struct that C shares does: so that it is always found.
bool operator==(const cairn_public_key& a, const cairn_public_key& b);
