#include "http_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "http_tls.hpp"
#include "journal.hpp"

namespace service {

using Clock = std::chrono::steady_clock;

/// A request while it is on this server.
struct HttpServer::Exchange {
  MHD_Connection* connection = nullptr;
  ConnectionWatch::Link* link = nullptr;
  const HttpRoute* route = nullptr;
  HttpRequest request;
  HttpAnswer answer;
  Clock::time_point whole;            ///< when its last byte had arrived
  bool too_long = false;              ///< more than the route takes
  bool no_room = false;               ///< more than the server holds
  std::atomic<bool> answered{false};  ///< set by a worker
};

namespace {

ConnectionWatch::Link* link_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == nullptr ? nullptr : static_cast<ConnectionWatch::Link*>(info->socket_context);
}

std::string header_of(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? "" : value;
}

MHD_Result add_argument(void* query, MHD_ValueKind, const char* name, const char* value) {
  (*static_cast<std::map<std::string, std::string>*>(query))[name] = value == nullptr ? "" : value;
  return MHD_YES;
}

HttpAnswer busy_answer() {
  return text_answer(503, "busy: try again in a second");
}

HttpAnswer too_long_answer(size_t limit) {
  return text_answer(
      413, "the body is longer than the " + std::to_string(limit) + " bytes that are taken here");
}

Error socket_error(const std::string& action, const Endpoint& endpoint) {
  const int number = errno;
  std::string remedy;
  if (number == EADDRINUSE) remedy = " Another program listens there: stop it, or choose a port.";
  if (number == EACCES) remedy = " Ports below 1024 need AmbientCapabilities=CAP_NET_BIND_SERVICE.";
  if (number == EADDRNOTAVAIL) remedy = " This machine has no such address.";
  return {Status::io,
          action + " " + endpoint_text(endpoint) + ": " + std::strerror(number) + "." + remedy};
}

}  // namespace

Error open_listening_socket(Endpoint& endpoint, cairn::host::Descriptor& out) {
  sockaddr_storage address{};
  socklen_t size = sizeof(sockaddr_in);
  auto* ipv4 = reinterpret_cast<sockaddr_in*>(&address);
  auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&address);
  if (inet_pton(AF_INET, endpoint.host.c_str(), &ipv4->sin_addr) == 1) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = htons(endpoint.port);
  } else if (inet_pton(AF_INET6, endpoint.host.c_str(), &ipv6->sin6_addr) == 1) {
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons(endpoint.port);
    size = sizeof(sockaddr_in6);
  } else {
    return {Status::bad_argument, "'" + endpoint.host + "' is no address to listen on."};
  }
  cairn::host::Descriptor file(
      socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!file.is_open()) return socket_error("cannot open a socket for", endpoint);
  const int yes = 1;
  setsockopt(file.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(file.number(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(file.number(), SOMAXCONN) != 0)
    return socket_error("cannot listen on", endpoint);
  if (getsockname(file.number(), reinterpret_cast<sockaddr*>(&address), &size) == 0)
    endpoint.port = ntohs(address.ss_family == AF_INET ? ipv4->sin_port : ipv6->sin6_port);
  out = std::move(file);
  return {};
}

HttpServer::HttpServer(WorkerPool& pool, HttpStats& stats) : pool_(pool), stats_(stats) {}

HttpServer::~HttpServer() {
  stop();
}

Error HttpServer::start(const ListenConfig& config, const HttpLimits& limits, int socket,
                        const std::vector<HttpRoute>& routes) {
  for (const HttpRoute& route : routes)
    if (route.group.empty() ||
        std::find(config.serve.begin(), config.serve.end(), route.group) != config.serve.end())
      routes_.push_back(route);
  if (config.tls) CAIRN_HOST_TRY(load_tls(*config.tls));
  watch_ = std::make_unique<ConnectionWatch>(std::chrono::seconds(limits.request_seconds));
  socket_ = cairn::host::Descriptor(fcntl(socket, F_DUPFD_CLOEXEC, 0));
  if (!socket_.is_open()) return socket_error("cannot share the socket of", config.endpoint);

  std::vector<MHD_OptionItem> options = {
      {MHD_OPTION_LISTEN_SOCKET, socket_.number(), nullptr},
      {MHD_OPTION_THREAD_POOL_SIZE, limits.threads, nullptr},
      {MHD_OPTION_CONNECTION_LIMIT, limits.connections_max, nullptr},
      {MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits.connections_per_address_max, nullptr},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory_bytes, nullptr},
      {MHD_OPTION_NOTIFY_COMPLETED, reinterpret_cast<intptr_t>(&on_completed), this},
      {MHD_OPTION_NOTIFY_CONNECTION, reinterpret_cast<intptr_t>(&on_connection), this}};
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  if (tls_) {
    flags |= MHD_USE_TLS;
    options.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, &tls_->certificate[0]});
    options.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, &tls_->key[0]});
    if (!tls_->client_ca.empty())
      options.push_back({MHD_OPTION_HTTPS_MEM_TRUST, 0, &tls_->client_ca[0]});
  }
  options.push_back({MHD_OPTION_END, 0, nullptr});
  daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, &on_access, this, MHD_OPTION_ARRAY,
                             options.data(), MHD_OPTION_END);
  if (daemon_ == nullptr)
    return {Status::io, "the HTTP server of " + endpoint_text(config.endpoint) +
                            " did not start: too few file descriptors, threads or memory?"};
  return {};
}

void HttpServer::stop() {
  if (daemon_ == nullptr) return;
  ending_ = true;
  MHD_quiesce_daemon(daemon_);
  // Who was let in last may not have asked yet.
  if (watch_->count() != 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  for (int i = 0; i < 1000 && exchanges_ != 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  MHD_stop_daemon(daemon_);
  daemon_ = nullptr;
}

void HttpServer::on_connection(void* self, MHD_Connection* connection, void** link,
                               MHD_ConnectionNotificationCode code) {
  ConnectionWatch& watch = *static_cast<HttpServer*>(self)->watch_;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
    watch.closed(static_cast<ConnectionWatch::Link*>(*link));
    return;
  }
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  const int yes = 1;
  setsockopt(info->connect_fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  *link = watch.opened(info->connect_fd);
}

MHD_Result HttpServer::on_access(void* self, MHD_Connection* connection, const char* url,
                                 const char* method, const char*, const char* upload,
                                 size_t* upload_bytes, void** exchange) {
  HttpServer& server = *static_cast<HttpServer*>(self);
  if (*exchange == nullptr) return server.begin(connection, url, method, exchange);
  Exchange& current = *static_cast<Exchange*>(*exchange);
  if (*upload_bytes == 0) return server.finish(connection, current);
  server.take_body(current, upload, *upload_bytes);
  *upload_bytes = 0;
  return MHD_YES;
}

/// The head of a request is there: refuse now what can be refused without its body.
MHD_Result HttpServer::begin(MHD_Connection* connection, const char* url, const char* method,
                             void** out) {
  auto* exchange = new Exchange;
  *out = exchange;
  ++exchanges_;
  exchange->connection = connection;
  exchange->link = link_of(connection);
  exchange->whole = Clock::now();
  exchange->request.path = url;
  RouteMatch match = match_route(routes_, method, url);
  exchange->route = match.route;
  exchange->request.parameters = std::move(match.parameters);
  HttpAnswer& answer = exchange->answer;
  if (!is_client_known(connection)) {
    answer = text_answer(403, "this address asks for a client certificate of its authority");
  } else if (match.route == nullptr) {
    answer = text_answer(match.status, match.status == 405 ? "use " + match.allow : "not found");
    if (match.status == 405) answer.headers.emplace_back("Allow", match.allow);
  } else {
    const size_t limit = match.route->body_bytes_max;
    const std::string length = header_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (length.empty() || std::strtoull(length.c_str(), nullptr, 10) <= limit) {
      exchange->request.if_none_match = header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
      MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &add_argument,
                                &exchange->request.query);
      return MHD_YES;
    }
    answer = too_long_answer(limit);
  }
  return send(connection, *exchange);
}

void HttpServer::take_body(Exchange& exchange, const char* bytes, size_t size) {
  std::string& body = exchange.request.body;
  if (exchange.too_long || exchange.no_room) return;
  exchange.too_long = body.size() + size > exchange.route->body_bytes_max;
  exchange.no_room = bodies_bytes_ + size > bodies_bytes_max;
  if (exchange.too_long || exchange.no_room) return;
  bodies_bytes_ += size;
  body.append(bytes, size);
}

/// The request is whole, or a worker has answered it.
MHD_Result HttpServer::finish(MHD_Connection* connection, Exchange& exchange) {
  if (exchange.answered) return send(connection, exchange);
  exchange.whole = Clock::now();
  if (exchange.too_long) {
    exchange.answer = too_long_answer(exchange.route->body_bytes_max);
    return send(connection, exchange);
  }
  if (exchange.no_room) {
    exchange.answer = busy_answer();
    return send(connection, exchange);
  }
  watch_->pause(exchange.link);
  // libmicrohttpd ends the process when it is stopped while a connection is suspended. An exchange
  // is counted before this, so stop() waits for it, or it is seen here that it no longer may be.
  if (!exchange.route->blocks || ending_) {
    answer(exchange);
    return send(connection, exchange);
  }
  MHD_suspend_connection(connection);
  const bool taken = pool_.offer([this, &exchange] {
    answer(exchange);
    exchange.answered = true;
    MHD_resume_connection(exchange.connection);
  });
  if (taken) return MHD_YES;
  exchange.answer = busy_answer();
  exchange.answered = true;
  MHD_resume_connection(connection);
  return MHD_YES;
}

void HttpServer::answer(Exchange& exchange) {
  try {
    exchange.answer = exchange.route->answer(exchange.request);
  } catch (const std::exception& error) {
    report(Severity::error, "http.failed",
           {{"path", exchange.request.path}, {"message", error.what()}});
    exchange.answer = text_answer(500, "this should not have happened; see the service's log");
  }
}

MHD_Result HttpServer::send(MHD_Connection* connection, const Exchange& exchange) {
  watch_->restart(exchange.link);
  const HttpAnswer& answer = exchange.answer;
  MHD_Response* response = MHD_create_response_from_buffer(
      answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.type.c_str());
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  if (answer.status == 503 || answer.status == 429)
    MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
  for (const auto& [name, value] : answer.headers)
    MHD_add_response_header(response, name.c_str(), value.c_str());
  const MHD_Result result = MHD_queue_response(connection, answer.status, response);
  MHD_destroy_response(response);
  return result;
}

void HttpServer::on_completed(void* self, MHD_Connection*, void** exchange,
                              MHD_RequestTerminationCode) {
  HttpServer& server = *static_cast<HttpServer*>(self);
  std::unique_ptr<Exchange> ended(static_cast<Exchange*>(*exchange));
  *exchange = nullptr;
  if (!ended) return;
  const std::chrono::duration<double> took = Clock::now() - ended->whole;
  server.stats_.count(ended->route == nullptr ? "" : ended->route->path, ended->answer.status,
                      took.count());
  server.bodies_bytes_ -= ended->request.body.size();
  server.watch_->restart(ended->link);
  --server.exchanges_;
}

}  // namespace service
