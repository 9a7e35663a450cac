#include "sequencer.hpp"

namespace service {

using Clock = std::chrono::steady_clock;

void Sequencer::start(std::chrono::milliseconds interval) {
  interval_ = interval;
  ended_ = Clock::now();
  thread_ = std::thread([this] { run(); });
}

void Sequencer::set_interval(std::chrono::milliseconds interval) {
  const std::lock_guard<std::mutex> lock(mutex_);
  interval_ = interval;
}

std::chrono::milliseconds Sequencer::interval() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return interval_;
}

void Sequencer::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

double Sequencer::idle_seconds() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::chrono::duration<double>(Clock::now() - ended_).count();
}

Error Sequencer::last() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_;
}

void Sequencer::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (bool last = false; !last;) {
    last = changed_.wait_for(lock, interval_, [this] { return stopping_; });
    lock.unlock();
    perform();
    lock.lock();
  }
}

void Sequencer::perform() {
  const Error error = round_();
  ++rounds_;
  if (!error.ok()) ++failures_;
  const std::lock_guard<std::mutex> lock(mutex_);
  // What goes on failing is said once.
  if (!error.ok() && error.message != last_.message) report_error("sequencer.failed", error);
  if (error.ok() && !last_.ok()) report(Severity::info, "sequencer.recovered");
  last_ = error;
  ended_ = Clock::now();
}

}  // namespace service
