#include "connection_watch.hpp"

#include <sys/socket.h>

namespace service {

using Clock = std::chrono::steady_clock;

ConnectionWatch::ConnectionWatch(std::chrono::seconds limit)
    : limit_(limit), thread_([this] { watch(); }) {}

ConnectionWatch::~ConnectionWatch() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

ConnectionWatch::Link* ConnectionWatch::opened(int socket) {
  const std::lock_guard<std::mutex> lock(mutex_);
  links_.push_back({socket, Clock::now(), true});
  return &links_.back();
}

void ConnectionWatch::closed(Link* link) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto i = links_.begin(); i != links_.end(); ++i) {
    if (&*i != link) continue;
    links_.erase(i);
    return;
  }
}

void ConnectionWatch::pause(Link* link) {
  const std::lock_guard<std::mutex> lock(mutex_);
  link->watched = false;
}

void ConnectionWatch::restart(Link* link) {
  const std::lock_guard<std::mutex> lock(mutex_);
  link->since = Clock::now();
  link->watched = true;
}

size_t ConnectionWatch::count() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return links_.size();
}

void ConnectionWatch::watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, std::chrono::milliseconds(500));
    const auto now = Clock::now();
    for (Link& link : links_) {
      if (!link.watched || now - link.since < limit_) continue;
      shutdown(link.socket, SHUT_RDWR);
      link.watched = false;
      ++expired_;
    }
  }
}

}  // namespace service
