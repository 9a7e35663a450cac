// ECDSA-Sig-Value (RFC 3279 §2.2.3) of P-256 in DER, both ways. Only the one encoding that DER
// allows is read: nothing that BER would add.
#pragma once

#include "cairn/bytes.hpp"
#include "cairn/sign.hpp"

namespace cairn {

constexpr size_t der_signature_bytes_max = 72;

/// Writes SEQUENCE { INTEGER r, INTEGER s }; returns its size.
size_t signature_to_der(const Signature& signature, uint8_t (&out)[der_signature_bytes_max]);

/// ok, or corrupt: not DER, negative, or longer than 32 bytes.
Status signature_from_der(ByteView der, Signature& out);

}  // namespace cairn
