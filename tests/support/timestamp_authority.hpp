// A time-stamping authority in memory (RFC 3161), with a root certificate over its own.
#pragma once

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <cairn/hash.hpp>
#include <stdexcept>
#include <string>

namespace test {

class TimestampAuthority {
 public:
  TimestampAuthority() {
    add_extension(root_, root_, "basicConstraints", "critical,CA:TRUE");
    add_extension(authority_, root_, "keyUsage", "critical,digitalSignature");
    add_extension(authority_, root_, "extendedKeyUsage", "critical,timeStamping");
    require(X509_sign(root_, root_key_, EVP_sha256()) > 0);
    require(X509_sign(authority_, root_key_, EVP_sha256()) > 0);
  }
  TimestampAuthority(const TimestampAuthority&) = delete;
  ~TimestampAuthority() {
    X509_free(authority_);
    X509_free(root_);
    EVP_PKEY_free(key_);
    EVP_PKEY_free(root_key_);
  }

  std::string certificates() const {
    BIO* out = BIO_new(BIO_s_mem());
    require(PEM_write_bio_X509(out, root_) == 1);
    return taken(out);
  }

  /// A token over the digest, with the authority's certificate in it.
  std::string token(const cairn::Digest& digest) const {
    BIO* query = request(digest);
    TS_RESP_CTX* context = responder();
    TS_RESP* response = TS_RESP_create_response(context, query);
    require(response != nullptr && TS_RESP_get_token(response) != nullptr);
    BIO* out = BIO_new(BIO_s_mem());
    require(i2d_PKCS7_bio(out, TS_RESP_get_token(response)) == 1);
    TS_RESP_free(response);
    TS_RESP_CTX_free(context);
    BIO_free(query);
    return taken(out);
  }

 private:
  static void require(bool condition) {
    if (!condition) throw std::runtime_error("OpenSSL refuses to be a time-stamping authority");
  }

  static std::string taken(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    const std::string bytes(data, static_cast<size_t>(size));
    BIO_free(bio);
    return bytes;
  }

  static X509* certificate(EVP_PKEY* key, const char* name, X509* issuer) {
    X509* made = X509_new();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), issuer == nullptr ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(made), -86400);
    X509_gmtime_adj(X509_getm_notAfter(made), 86400);
    X509_NAME* subject = X509_get_subject_name(made);
    for (const auto& [field, value] :
         {std::make_pair("C", "DE"), {"O", "Example Trust Services"}, {"CN", name}})
      require(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_ASC,
                                         reinterpret_cast<const unsigned char*>(value), -1, -1,
                                         0) == 1);
    require(X509_set_issuer_name(made, X509_get_subject_name(issuer == nullptr ? made : issuer)) ==
            1);
    require(X509_set_pubkey(made, key) == 1);
    return made;
  }

  static void add_extension(X509* to, X509* issuer, const char* name, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, OBJ_sn2nid(name), value);
    require(extension != nullptr && X509_add_ext(to, extension, -1) == 1);
    X509_EXTENSION_free(extension);
  }

  static BIO* request(const cairn::Digest& digest) {
    TS_REQ* made = TS_REQ_new();
    TS_MSG_IMPRINT* imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR* algorithm = X509_ALGOR_new();
    cairn::Digest copy = digest;
    X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
    require(TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
            TS_MSG_IMPRINT_set_msg(imprint, copy.bytes, sizeof copy.bytes) == 1 &&
            TS_REQ_set_version(made, 1) == 1 && TS_REQ_set_msg_imprint(made, imprint) == 1 &&
            TS_REQ_set_cert_req(made, 1) == 1);
    BIO* out = BIO_new(BIO_s_mem());
    require(i2d_TS_REQ_bio(out, made) == 1);
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(imprint);
    TS_REQ_free(made);
    return out;
  }

  static ASN1_INTEGER* serial(TS_RESP_CTX*, void*) {
    ASN1_INTEGER* number = ASN1_INTEGER_new();
    ASN1_INTEGER_set(number, 1234567);
    return number;
  }

  TS_RESP_CTX* responder() const {
    TS_RESP_CTX* context = TS_RESP_CTX_new();
    ASN1_OBJECT* policy = OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1);
    require(TS_RESP_CTX_set_signer_cert(context, authority_) == 1 &&
            TS_RESP_CTX_set_signer_key(context, key_) == 1 &&
            TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1 &&
            TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1 &&
            TS_RESP_CTX_set_def_policy(context, policy) == 1 &&
            TS_RESP_CTX_add_md(context, EVP_sha256()) == 1 &&
            TS_RESP_CTX_set_accuracy(context, 1, 0, 0) == 1);
    TS_RESP_CTX_set_serial_cb(context, serial, nullptr);
    ASN1_OBJECT_free(policy);
    return context;
  }

  EVP_PKEY* root_key_ = EVP_EC_gen("P-256");
  EVP_PKEY* key_ = EVP_EC_gen("P-256");
  X509* root_ = certificate(root_key_, "Example Root", nullptr);
  X509* authority_ = certificate(key_, "Example Time-Stamping Authority", root_);
};

}  // namespace test
