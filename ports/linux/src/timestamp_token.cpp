// Some setters of TS_VERIFY_CTX have another name since OpenSSL 3.4, which 3.0 does not know.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <cairn/linux/owned.hpp>
#include <cairn/linux/timestamp_token.hpp>
#include <cstring>
#include <ctime>
#include <memory>

namespace cairn::host {
namespace {

using Token = Owned<PKCS7, PKCS7_free>;
using Info = Owned<TS_TST_INFO, TS_TST_INFO_free>;
using Verification = Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using CertificateStore = Owned<X509_STORE, X509_STORE_free>;
using Certificate = Owned<X509, X509_free>;
using Memory = Owned<BIO, BIO_free>;
struct FreeList {
  void operator()(STACK_OF(X509) * list) const { sk_X509_free(list); }
};
using SignerList = std::unique_ptr<STACK_OF(X509), FreeList>;

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "unknown reason" : reason;
}

// Seconds of a GeneralizedTime; a part of a second counts as a whole one.
bool seconds_of(const ASN1_GENERALIZEDTIME* time, uint64_t& out) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return false;
  const std::time_t seconds = timegm(&parts);
  if (seconds < 0) return false;
  const auto* text = ASN1_STRING_get0_data(time);
  const auto size = static_cast<size_t>(ASN1_STRING_length(time));
  out = static_cast<uint64_t>(seconds) + (std::memchr(text, '.', size) != nullptr ? 1 : 0);
  return true;
}

// The accuracy in seconds, rounded up; 0 when the token states none.
uint64_t accuracy_of(TS_TST_INFO* info) {
  const TS_ACCURACY* accuracy = TS_TST_INFO_get_accuracy(info);
  if (accuracy == nullptr) return 0;
  const ASN1_INTEGER* seconds = TS_ACCURACY_get_seconds(accuracy);
  const bool part =
      TS_ACCURACY_get_millis(accuracy) != nullptr || TS_ACCURACY_get_micros(accuracy) != nullptr;
  uint64_t whole = 0;
  const bool fits = seconds == nullptr || ASN1_INTEGER_get_uint64(&whole, seconds) == 1;
  if (!fits || whole > UINT32_MAX) return UINT32_MAX;
  return whole + (part ? 1 : 0);
}

CertificateStore store_of(const std::string& certificates, std::time_t at) {
  CertificateStore store(X509_STORE_new());
  const Memory text(BIO_new_mem_buf(certificates.data(), static_cast<int>(certificates.size())));
  size_t count = 0;
  for (;;) {
    const Certificate one(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    if (one == nullptr) break;
    if (X509_STORE_add_cert(store.get(), one.get()) == 1) ++count;
  }
  ERR_clear_error();
  if (count == 0) return nullptr;
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), at);
  return store;
}

std::string signer_of(PKCS7* token) {
  const SignerList signers(PKCS7_get0_signers(token, nullptr, 0));
  if (signers == nullptr || sk_X509_num(signers.get()) != 1) return "unnamed";
  const Memory text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(sk_X509_value(signers.get(), 0)), 0,
                     XN_FLAG_RFC2253);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<size_t>(size)};
}

// What OpenSSL's last complaint means.
Error refusal() {
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  const std::string said = openssl_reason();
  ERR_clear_error();
  switch (reason) {
    case TS_R_CERTIFICATE_VERIFY_ERROR:
      return {Status::not_found, "the time-stamp is of an authority that is not trusted here"};
    case TS_R_MESSAGE_IMPRINT_MISMATCH:
      return {Status::proof_invalid, "the time-stamp is of something else"};
    default:
      return {Status::signature_invalid, "the time-stamp's signature is wrong: " + said};
  }
}

Error check(PKCS7* token, const Digest& digest, X509_STORE* trusted) {
  const Verification verification(TS_VERIFY_CTX_new());
  auto* imprint = static_cast<unsigned char*>(OPENSSL_memdup(digest.bytes, sizeof digest.bytes));
  TS_VERIFY_CTX_set_imprint(verification.get(), imprint, sizeof digest.bytes);
  TS_VERIFY_CTX_set_store(verification.get(), trusted);
  TS_VERIFY_CTX_set_flags(verification.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
  if (TS_RESP_verify_token(verification.get(), token) != 1) return refusal();
  return {};
}

// Without an algorithm in the context OpenSSL compares the imprint's bytes alone.
bool is_sha256(TS_TST_INFO* info) {
  const X509_ALGOR* algorithm = TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(info));
  return OBJ_obj2nid(algorithm->algorithm) == NID_sha256;
}

}  // namespace

Error verify_timestamp(ByteView token, const Digest& digest, const std::string& certificates,
                       Timestamp& out) {
  const Error malformed{Status::corrupt, "not a time-stamp token of RFC 3161"};
  const unsigned char* at = token.data;
  const Token parsed(d2i_PKCS7(nullptr, &at, static_cast<long>(token.size)));
  const bool whole = parsed != nullptr && at == token.data + token.size;
  const Info info(whole ? PKCS7_to_TS_TST_INFO(parsed.get()) : nullptr);
  ERR_clear_error();
  if (info == nullptr || !seconds_of(TS_TST_INFO_get_time(info.get()), out.time_s))
    return malformed;
  if (!is_sha256(info.get()))
    return {Status::proof_invalid, "the time-stamp is of a digest that is not SHA-256"};
  CertificateStore store = store_of(certificates, static_cast<std::time_t>(out.time_s));
  if (store == nullptr)
    return {Status::bad_argument,
            "there is no certificate to trust: give the root of the "
            "authority in PEM form"};
  CAIRN_HOST_TRY(check(parsed.get(), digest, store.release()));
  out.not_after_s = out.time_s + accuracy_of(info.get());
  out.authority = signer_of(parsed.get());
  return {};
}

}  // namespace cairn::host
