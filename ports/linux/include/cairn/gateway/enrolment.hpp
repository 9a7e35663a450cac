// What a device, or whoever installs it, sends so that a gateway takes it in: a signed note by the
// device's own key. docs/gateway.md, "Enrolment".
#pragma once

#include <cairn/linux/key_file.hpp>
#include <vector>

namespace cairn::gateway {

using host::Error;

constexpr size_t enrolment_text_bytes_max = 255;  ///< of owner, role and token

struct Enrolment {
  std::string origin;
  std::string vkey;  ///< of the log; its name is the origin
  std::string owner;
  std::string role;
  std::vector<uint8_t> kinds;  ///< kinds of records that it is to report, ascending; empty: all
  std::string token;           ///< one-time token; empty: an operator has to approve
};

/// Signs a request with the device's key, whose name is the origin; `origin` and `vkey` are set
/// from it.
///
/// bad_argument: owner or role that is empty, too long or no text; kinds below 0x40 or out of order
Error sign_enrolment(Enrolment enrolment, const host::KeyFile& key, std::string& out);

/// Takes a request apart and checks its signature by the key that it names.
///
/// ok                 `out` holds what the key's owner asks for
/// corrupt            not exactly what sign_enrolment() writes; the message says what is wrong
/// signature_invalid  signed wrongly, or not by that key
/// unsupported        a key of another type; io: the verifier failed
Error open_enrolment(ByteView signed_request, Enrolment& out);

/// Checks owner, role and kinds, which operators give as well. bad_argument with what is wrong.
Error check_enrolment_fields(const std::string& owner, const std::string& role,
                             const std::vector<uint8_t>& kinds);

}  // namespace cairn::gateway
