#include "timestamp_response.hpp"

#include <openssl/err.h>
#include <openssl/ts.h>

#include <cairn/linux/owned.hpp>

namespace cairn::gateway {
namespace {

constexpr size_t message_bytes_max = 200;

using Request = host::Owned<TS_REQ, TS_REQ_free>;
using Response = host::Owned<TS_RESP, TS_RESP_free>;

// All of the bytes, or nothing.
template <typename Owner, typename T>
Owner parsed(const std::string& der, T* parse(T**, const unsigned char**, long)) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* const end = at + der.size();
  Owner out(parse(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  return at == end ? std::move(out) : nullptr;
}

// Why the authority did not grant it.
Error refused(const std::string& where, const TS_STATUS_INFO* info, long status) {
  std::string text;
  const STACK_OF(ASN1_UTF8STRING)* lines = TS_STATUS_INFO_get0_text(info);
  for (int i = 0; i < sk_ASN1_UTF8STRING_num(lines); ++i) {
    const ASN1_UTF8STRING* line = sk_ASN1_UTF8STRING_value(lines, i);
    text += ": ";
    text.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(line)),
                static_cast<size_t>(ASN1_STRING_length(line)));
  }
  return {Status::io, where + " refused a time-stamp with status " + std::to_string(status) +
                          text.substr(0, message_bytes_max)};
}

}  // namespace

Error token_of_response(const std::string& where, const std::string& response,
                        const std::string& request, std::string& token) {
  const auto answer = parsed<Response>(response, d2i_TS_RESP);
  if (answer == nullptr)
    return {Status::io, where + " answered something that is no time-stamp response"};
  const TS_STATUS_INFO* info = TS_RESP_get_status_info(answer.get());
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
    return refused(where, info, status);
  const auto asked = parsed<Request>(request, d2i_TS_REQ);
  TS_TST_INFO* told = TS_RESP_get_tst_info(answer.get());
  const ASN1_INTEGER* nonce = told == nullptr ? nullptr : TS_TST_INFO_get_nonce(told);
  if (asked == nullptr || nonce == nullptr ||
      ASN1_INTEGER_cmp(TS_REQ_get_nonce(asked.get()), nonce) != 0)
    return {Status::bad_state, where + " answered another request"};
  unsigned char* der = nullptr;
  const int size = i2d_PKCS7(TS_RESP_get_token(answer.get()), &der);
  token = size > 0 ? std::string(reinterpret_cast<char*>(der), static_cast<size_t>(size)) : "";
  OPENSSL_free(der);
  return {};
}

}  // namespace cairn::gateway
