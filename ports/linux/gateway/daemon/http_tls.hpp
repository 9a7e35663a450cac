// Certificates of a listening address, and of its clients.
#pragma once

#include <microhttpd.h>

#include "http_server.hpp"

namespace service {

/// PEM texts, which libmicrohttpd reads when it starts.
struct HttpServer::Tls {
  std::string certificate;
  std::string key;
  std::string client_ca;

  ~Tls() { cairn::wipe(&key[0], key.size()); }
};

/// Checks that a certificate and a key belong together, before a server fails without a reason.
Error check_certificate(const std::string& certificate, const std::string& key,
                        const std::string& where);

/// Whether the client of a TLS connection has shown a certificate of the server's client CA.
bool is_certified(MHD_Connection* connection);

}  // namespace service
