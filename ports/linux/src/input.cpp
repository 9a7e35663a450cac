#include "input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cairn::host {

constexpr size_t buffer_bytes = 64 * 1024;

Error Input::open(const std::string& path) {
  const bool standard_input = path == "-";
  name_ = standard_input ? "standard input" : path;
  file_ = Descriptor(standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                    : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file_.is_open()) return system_error("open", name_, errno);
  struct stat about {};
  if (fstat(file_.number(), &about) != 0) return system_error("examine", name_, errno);
  if (S_ISDIR(about.st_mode)) return system_error("read", name_, EISDIR);
  bytes_total_ = S_ISREG(about.st_mode) ? static_cast<uint64_t>(about.st_size) : 0;
  buffer_.resize(buffer_bytes);
  return {};
}

Status Input::read() {
  size_ = 0;
  ssize_t n = 0;
  do {
    n = ::read(file_.number(), buffer_.data(), buffer_.size());
  } while (n < 0 && errno == EINTR);
  if (n < 0) {
    error_ = system_error("read", name_, errno);
    return error_.status;
  }
  if (n == 0) return Status::end;
  size_ = static_cast<size_t>(n);
  bytes_read_ += size_;
  return Status::ok;
}

Status LineInput::next(std::string& line) {
  line.clear();
  ++number_;
  bool begun = false;
  for (;;) {
    if (rest_.empty()) {
      const Status status = input_.read();
      if (status == Status::end && begun) return Status::ok;
      if (status != Status::ok) return status;
      rest_ = input_.data();
    }
    begun = true;
    const void* found = std::memchr(rest_.data, '\n', rest_.size);
    const size_t size = found == nullptr
                            ? rest_.size
                            : static_cast<size_t>(static_cast<const uint8_t*>(found) - rest_.data);
    if (size > line_bytes_max_ - line.size()) return Status::full;
    line.append(rest_.text(), size);
    rest_ = rest_.part(found == nullptr ? size : size + 1);
    if (found != nullptr) return Status::ok;
  }
}

}  // namespace cairn::host
