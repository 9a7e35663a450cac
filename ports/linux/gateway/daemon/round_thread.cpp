#include "round_thread.hpp"

#include <cairn/gateway/stoppable_requests.hpp>

namespace service {

void RoundThread::start(Round round) {
  thread_ = std::thread([this, round = std::move(round)] { run(round); });
}

void RoundThread::tell() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void RoundThread::stop() {
  tell();
  if (thread_.joinable()) thread_.join();
}

void RoundThread::run(const Round& round) {
  const cairn::gateway::StoppableRequests stoppable(stopping_);
  while (!stopping_) {
    const auto pause = round();
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, pause, [this] { return stopping_.load(); });
  }
}

}  // namespace service
