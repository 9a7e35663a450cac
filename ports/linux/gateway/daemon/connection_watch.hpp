// Ends connections whose request does not arrive, or whose answer does not leave, within a time:
// libmicrohttpd's own limit starts again with every byte, so a client that sends one byte a second
// could hold a connection for hours.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace service {

class ConnectionWatch {
 public:
  explicit ConnectionWatch(std::chrono::seconds limit);
  ~ConnectionWatch();
  ConnectionWatch(const ConnectionWatch&) = delete;
  ConnectionWatch& operator=(const ConnectionWatch&) = delete;

  /// One connection.
  struct Link {
    int socket = -1;
    std::chrono::steady_clock::time_point since;
    bool watched = true;
  };

  Link* opened(int socket);
  /// Before the socket is closed: its number may be another connection's afterwards.
  void closed(Link* link);
  /// The request is being answered, which is not the client's fault.
  void pause(Link* link);
  /// From now on it is the client's turn again.
  void restart(Link* link);

  size_t count() const;
  uint64_t expired() const { return expired_; }

 private:
  void watch();

  const std::chrono::seconds limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Link> links_;
  bool stopping_ = false;
  std::atomic<uint64_t> expired_{0};
  std::thread thread_;
};

}  // namespace service
