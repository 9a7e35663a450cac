// The HTTP server of one address, by libmicrohttpd: a few threads serve all sockets, and what may
// block is answered by the worker pool while its connection is suspended.
//
// Memory is bounded: connections altogether and for each address, the length of a body by route,
// and all bodies together. What is beyond is refused with 413, 503, or by closing.
#pragma once

#include <microhttpd.h>

#include <cairn/linux/file.hpp>
#include <memory>

#include "config.hpp"
#include "connection_watch.hpp"
#include "http.hpp"
#include "http_stats.hpp"
#include "worker_pool.hpp"

namespace service {

/// Opens a listening socket; port 0 takes a free one, which `endpoint` then holds.
Error open_listening_socket(Endpoint& endpoint, cairn::host::Descriptor& out);

class HttpServer {
 public:
  /// `pool` and `stats` must outlive it.
  HttpServer(WorkerPool& pool, HttpStats& stats);
  /// Stops.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Begins to serve those of `routes` that belong to the address, on a socket that stays the
  /// caller's: two servers may share it while one takes over from the other.
  ///
  /// bad_argument  the certificate or its key is of no use
  /// bad_state     a secret that others may read
  /// io            no threads or memory
  Error start(const ListenConfig& config, const HttpLimits& limits, int socket,
              const std::vector<HttpRoute>& routes);

  /// Takes no new connections, answers what has arrived, at most for some seconds, and ends.
  void stop();

  size_t connections() const { return watch_ ? watch_->count() : 0; }
  uint64_t expired() const { return watch_ ? watch_->expired() : 0; }

 private:
  struct Exchange;
  struct Tls;
  static constexpr size_t bodies_bytes_max = 64 << 20;
  static constexpr size_t connection_memory_bytes = 16 << 10;

  static MHD_Result on_access(void* self, MHD_Connection* connection, const char* url,
                              const char* method, const char* version, const char* upload,
                              size_t* upload_bytes, void** exchange);
  static void on_completed(void* self, MHD_Connection* connection, void** exchange,
                           MHD_RequestTerminationCode reason);
  static void on_connection(void* self, MHD_Connection* connection, void** link,
                            MHD_ConnectionNotificationCode code);

  Error load_tls(const TlsServerConfig& config);
  MHD_Result begin(MHD_Connection* connection, const char* url, const char* method, void** out);
  MHD_Result finish(MHD_Connection* connection, Exchange& exchange);
  void take_body(Exchange& exchange, const char* bytes, size_t size);
  void answer(Exchange& exchange);
  MHD_Result send(MHD_Connection* connection, const Exchange& exchange);
  bool is_client_known(MHD_Connection* connection) const;

  WorkerPool& pool_;
  HttpStats& stats_;
  std::vector<HttpRoute> routes_;
  std::unique_ptr<Tls> tls_;
  std::unique_ptr<ConnectionWatch> watch_;
  cairn::host::Descriptor socket_;
  MHD_Daemon* daemon_ = nullptr;
  std::atomic<size_t> exchanges_{0};
  std::atomic<bool> ending_{false};
  std::atomic<size_t> bodies_bytes_{0};
};

}  // namespace service
