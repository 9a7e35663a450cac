#include <openssl/err.h>
#include <openssl/ts.h>

#include <cairn/gateway/timestamp_anchor.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/owned.hpp>
#include <cairn/linux/timestamp_token.hpp>

#include "http_client.hpp"
#include "random.hpp"
#include "timestamp_response.hpp"

namespace cairn::gateway {
namespace {

using Request = host::Owned<TS_REQ, TS_REQ_free>;
using Imprint = host::Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using Algorithm = host::Owned<X509_ALGOR, X509_ALGOR_free>;
using Number = host::Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using PolicyId = host::Owned<ASN1_OBJECT, ASN1_OBJECT_free>;

std::string der_of(const TS_REQ* request) {
  unsigned char* bytes = nullptr;
  const int size = i2d_TS_REQ(request, &bytes);
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

}  // namespace

Error TimestampAnchor::prepare(const AnchorHead& head, const std::string&, AnchorRequest& out) {
  const Request request = make_request(head.digest);
  if (request == nullptr) return {Status::io, "OpenSSL has no memory for a time-stamp request"};
  if (!options_.policy.empty()) {
    const PolicyId policy(OBJ_txt2obj(options_.policy.c_str(), 1));
    ERR_clear_error();
    if (policy == nullptr || TS_REQ_set_policy_id(request.get(), policy.get()) != 1)
      return {Status::bad_argument, "'" + options_.policy + "' is not an object identifier"};
  }
  out = {der_of(request.get()), 1};
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
  CAIRN_HOST_TRY(token_of_response(options_.url, answer.body, request, receipt));
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
