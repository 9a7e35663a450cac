#include "http_tls.hpp"

#include <gnutls/gnutls.h>

namespace service {

namespace {

constexpr size_t pem_bytes_max = 1 << 20;

gnutls_datum_t datum_of(const std::string& text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

}  // namespace

Error check_certificate(const std::string& certificate, const std::string& key,
                        const std::string& where) {
  gnutls_certificate_credentials_t credentials = nullptr;
  if (gnutls_certificate_allocate_credentials(&credentials) != GNUTLS_E_SUCCESS)
    return {Status::io, "no memory for certificates."};
  const gnutls_datum_t certificate_text = datum_of(certificate);
  const gnutls_datum_t key_text = datum_of(key);
  const int result = gnutls_certificate_set_x509_key_mem(credentials, &certificate_text, &key_text,
                                                         GNUTLS_X509_FMT_PEM);
  gnutls_certificate_free_credentials(credentials);
  if (result >= 0) return {};
  return {Status::bad_argument,
          where + " cannot be used: " + gnutls_strerror(result) +
              " tls_certificate and tls_key must be PEM and belong together."};
}

bool is_certified(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  if (info == nullptr || info->tls_session == nullptr) return false;
  const auto session = static_cast<gnutls_session_t>(info->tls_session);
  unsigned status = 0;
  unsigned count = 0;
  return gnutls_certificate_get_peers(session, &count) != nullptr && count != 0 &&
         gnutls_certificate_verify_peers2(session, &status) == GNUTLS_E_SUCCESS && status == 0;
}

Error HttpServer::load_tls(const TlsServerConfig& config) {
  tls_ = std::make_unique<Tls>();
  CAIRN_HOST_TRY(cairn::host::read_file(config.certificate, pem_bytes_max, tls_->certificate));
  CAIRN_HOST_TRY(read_secret(config.key, tls_->key));
  if (!config.client_ca.empty())
    CAIRN_HOST_TRY(cairn::host::read_file(config.client_ca, pem_bytes_max, tls_->client_ca));
  return check_certificate(tls_->certificate, tls_->key, config.certificate);
}

bool HttpServer::is_client_known(MHD_Connection* connection) const {
  return tls_ == nullptr || tls_->client_ca.empty() || is_certified(connection);
}

}  // namespace service
