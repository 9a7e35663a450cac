// What a time-stamping authority answers (RFC 3161, TimeStampResp), up to the token in it.
#pragma once

#include <cairn/linux/error.hpp>
#include <string>

namespace cairn::gateway {

using host::Error;

/// Takes the token out of an answer to `request`. `where` is named in messages.
///
/// ok         `token` is DER; who signed it is for verify_timestamp() to say
/// io         not a TimeStampResp, or the authority refuses; the message begins as its does
/// bad_state  the answer to another request
Error token_of_response(const std::string& where, const std::string& response,
                        const std::string& request, std::string& token);

}  // namespace cairn::gateway
