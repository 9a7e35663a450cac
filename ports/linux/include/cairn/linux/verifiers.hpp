// What verifies signatures on Linux.
#pragma once

#include <cairn/sign.hpp>

namespace cairn::host {

/// ECDSA P-256 by OpenSSL: the answers of p256_verifier(), which goes through PSA Crypto, about
/// twenty-five times as fast as mbedTLS gives them. Any number of threads may call it.
/// io: OpenSSL has no memory, or was built without the curve.
Verifier openssl_p256_verifier();

/// The verifiers of all algorithms: Ed25519 by libsodium, P-256 by OpenSSL.
const Verifiers& all_verifiers();

}  // namespace cairn::host
