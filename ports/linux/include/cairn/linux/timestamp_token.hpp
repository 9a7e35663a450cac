// Time-stamp tokens (RFC 3161), verified offline by OpenSSL.
#pragma once

#include <cairn/hash.hpp>
#include <cairn/linux/error.hpp>

namespace cairn::host {

/// What a token that was verified says.
struct Timestamp {
  uint64_t time_s = 0;       ///< genTime, POSIX seconds
  uint64_t not_after_s = 0;  ///< genTime and the accuracy that the authority states, rounded up
  std::string authority;     ///< subject of the certificate that signed, "CN=...,O=..."
};

/// Verifies a token over a SHA-256 digest: RFC 3161 §2.4.2, as OpenSSL's TS_RESP_verify_token()
/// does it.
///
/// `certificates` are PEM: the authority's root, and others that its chain needs; certificates in
/// the token are used as well. The chain must have been valid when the token was made: certificates
/// that expired since do no harm, and a revocation since is not seen.
///
/// ok                 signed by an authority under these certificates
/// corrupt            not a token
/// proof_invalid      over another digest
/// signature_invalid  the signature is wrong
/// not_found          signed by an authority that these certificates do not lead to
/// bad_argument       `certificates` holds none
Error verify_timestamp(ByteView token, const Digest& digest, const std::string& certificates,
                       Timestamp& out);

}  // namespace cairn::host
