#include <openssl/err.h>
#include <openssl/ts.h>

#include <cairn/gateway/timestamp_anchor.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/timestamp_token.hpp>
#include <cstring>
#include <memory>

#include "http_client.hpp"
#include "random.hpp"

namespace cairn::gateway {
namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Request = std::unique_ptr<TS_REQ, Free<TS_REQ_free>>;
using Response = std::unique_ptr<TS_RESP, Free<TS_RESP_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, Free<TS_MSG_IMPRINT_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Free<X509_ALGOR_free>>;
using Number = std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>>;
using Policy = std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>>;

template <typename T>
std::string der_of(T* object, int (*encode)(const T*, unsigned char**)) {
  unsigned char* bytes = nullptr;
  const int size = encode(object, &bytes);
  std::string der = size > 0 ? std::string(reinterpret_cast<char*>(bytes), size_t(size)) : "";
  OPENSSL_free(bytes);
  return der;
}

Request make_request(const Digest& digest) {
  Request request(TS_REQ_new());
  const Imprint imprint(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  const Number nonce(ASN1_INTEGER_new());
  Digest copy = digest;
  (void)X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  const bool made = TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
                    TS_MSG_IMPRINT_set_msg(imprint.get(), copy.bytes, sizeof copy.bytes) == 1 &&
                    ASN1_INTEGER_set_uint64(nonce.get(), random_number()) == 1 &&
                    TS_REQ_set_version(request.get(), 1) == 1 &&
                    TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
                    TS_REQ_set_nonce(request.get(), nonce.get()) == 1 &&
                    TS_REQ_set_cert_req(request.get(), 1) == 1;
  return made ? std::move(request) : nullptr;
}

// Why the authority did not grant it.
Error refused(const std::string& url, const TS_STATUS_INFO* info, long status) {
  std::string text;
  const STACK_OF(ASN1_UTF8STRING)* lines = TS_STATUS_INFO_get0_text(info);
  for (int i = 0; i < sk_ASN1_UTF8STRING_num(lines); ++i) {
    const ASN1_UTF8STRING* line = sk_ASN1_UTF8STRING_value(lines, i);
    text += ": ";
    text.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(line)),
                static_cast<size_t>(ASN1_STRING_length(line)));
  }
  return {Status::io, url + " refused a time-stamp with status " + std::to_string(status) + text};
}

}  // namespace

Error TimestampAnchor::prepare(const AnchorHead& head, const std::string&, AnchorRequest& out) {
  const Request request = make_request(head.digest);
  if (request == nullptr) return {Status::io, "OpenSSL has no memory for a time-stamp request"};
  if (!options_.policy.empty()) {
    const Policy policy(OBJ_txt2obj(options_.policy.c_str(), 1));
    ERR_clear_error();
    if (policy == nullptr || TS_REQ_set_policy_id(request.get(), policy.get()) != 1)
      return {Status::bad_argument, "'" + options_.policy + "' is not an object identifier"};
  }
  out = {der_of<TS_REQ>(request.get(), i2d_TS_REQ), 1};
  return {};
}

Error TimestampAnchor::submit(const AnchorHead& head, const std::string& request,
                              std::string& receipt) {
  HttpRequest post;
  post.url = options_.url;
  post.body = request;
  post.post = true;
  post.headers = {"Content-Type: application/timestamp-query"};
  post.timeout_s = options_.timeout_s;
  post.ca_file = options_.https_ca_file;
  HttpAnswer answer;
  CAIRN_HOST_TRY(send_request(post, answer));
  if (answer.status != 200)
    return {Status::io, options_.url + " answered " + std::to_string(answer.status)};
  const auto* at = reinterpret_cast<const unsigned char*>(answer.body.data());
  const Response response(d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.body.size())));
  ERR_clear_error();
  if (response == nullptr)
    return {Status::io, options_.url + " answered something that is no time-stamp response"};
  const TS_STATUS_INFO* info = TS_RESP_get_status_info(response.get());
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
    return refused(options_.url, info, status);
  at = reinterpret_cast<const unsigned char*>(request.data());
  const Request asked(d2i_TS_REQ(nullptr, &at, static_cast<long>(request.size())));
  TS_TST_INFO* told = TS_RESP_get_tst_info(response.get());
  const ASN1_INTEGER* nonce = told == nullptr ? nullptr : TS_TST_INFO_get_nonce(told);
  if (asked == nullptr || nonce == nullptr ||
      ASN1_INTEGER_cmp(TS_REQ_get_nonce(asked.get()), nonce) != 0)
    return {Status::bad_state, options_.url + " answered another request"};
  receipt = der_of<PKCS7>(TS_RESP_get_token(response.get()), i2d_PKCS7);
  uint64_t not_after_s = 0;
  const Error error = verify(head.digest, receipt, not_after_s);
  return error.ok() ? error : Error{Status::bad_state, options_.url + ": " + error.message};
}

Error TimestampAnchor::poll(const AnchorHead& head, const std::string& request,
                            std::string& receipt) {
  return submit(head, request, receipt);
}

Error TimestampAnchor::verify(const Digest& digest, const std::string& receipt,
                              uint64_t& not_after_s) const {
  host::Timestamp stamp;
  CAIRN_HOST_TRY(
      host::verify_timestamp(host::bytes_of(receipt), digest, options_.certificates, stamp));
  not_after_s = stamp.not_after_s;
  return {};
}

}  // namespace cairn::gateway
