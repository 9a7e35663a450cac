#include <fcntl.h>

#include <cairn/linux/shared_flush.hpp>
#include <cerrno>

namespace cairn::host {

SharedFlush::SharedFlush(const std::string& folder, int (*sync)(int))
    : folder_name_(folder),
      sync_(sync),
      folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!folder_.is_open()) failure_ = system_error("open", folder, errno);
}

uint64_t SharedFlush::failures() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return failures_;
}

void SharedFlush::flush_for_all(std::unique_lock<std::mutex>& lock) {
  ++begun_;
  lock.unlock();
  const int result = sync_(folder_.number());
  const int number = errno;
  lock.lock();
  if (result != 0) {
    ++failures_;
    failure_ = system_error("sync", folder_name_, number);
  }
  ended_ = begun_;
  ended_one_[ended_ % 2].notify_all();
  ended_one_[(ended_ + 1) % 2].notify_one();  // one of those who need the next begins it
}

Error SharedFlush::flush(uint64_t failures_before) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!folder_.is_open()) return failure_;
  const uint64_t own = begun_ + 1;
  while (ended_ < own) {
    if (begun_ == ended_) {
      flush_for_all(lock);
    } else {
      ended_one_[own % 2].wait(lock);
    }
  }
  return failures_ == failures_before ? Error{} : failure_;
}

}  // namespace cairn::host
