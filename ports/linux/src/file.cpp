#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cairn/linux/file.hpp>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

namespace cairn::host {
namespace {

std::string folder_of(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Fills and syncs a file that was just made.
Error fill(int descriptor, const std::string& path, ByteView bytes) {
  if (write_fully(descriptor, bytes.data, bytes.size) != 0) {
    return system_error("write", path, errno);
  }
  if (fsync(descriptor) != 0) return system_error("write", path, errno);
  return {};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::reset() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

ssize_t read_fully(int descriptor, void* data, size_t size_bytes) {
  size_t done = 0;
  while (done < size_bytes) {
    const ssize_t n = ::read(descriptor, static_cast<char*>(data) + done, size_bytes - done);
    if (n == 0) break;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    done += static_cast<size_t>(n);
  }
  return static_cast<ssize_t>(done);
}

int write_fully(int descriptor, const void* data, size_t size_bytes) {
  size_t done = 0;
  while (done < size_bytes) {
    const ssize_t n = ::write(descriptor, static_cast<const char*>(data) + done, size_bytes - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    done += static_cast<size_t>(n);
  }
  return 0;
}

Error read_file(const std::string& path, size_t limit_bytes, std::string& out) {
  const bool standard_input = path == "-";
  Descriptor file(standard_input ? dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const std::string name = standard_input ? "standard input" : path;
  if (!file.is_open()) return system_error("open", name, errno);
  out.clear();
  char piece[65536];
  for (;;) {
    const ssize_t n = read_fully(file.number(), piece, sizeof piece);
    if (n < 0) return system_error("read", name, errno);
    out.append(piece, static_cast<size_t>(n));
    if (out.size() > limit_bytes) {
      return {Status::bad_argument, name + " is longer than " + std::to_string(limit_bytes) +
                                        " bytes: this is not the kind of file that is read here."};
    }
    if (static_cast<size_t>(n) < sizeof piece) return {};
  }
}

Error write_file(const std::string& path, ByteView bytes, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return system_error("write", path, errno);
  Error error = fill(file.number(), path, bytes);
  if (error.ok() && fchmod(file.number(), mode) != 0) error = system_error("write", path, errno);
  if (error.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) {
    error = system_error("replace", path, errno);
  }
  if (!error.ok()) {
    unlink(temporary.c_str());
    return error;
  }
  return sync_folder_of(path);
}

Error create_file(const std::string& path, ByteView bytes, mode_t mode) {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  Descriptor file(::open(path.c_str(), flags, mode));
  if (!file.is_open()) return system_error("create", path, errno);
  const Error error = fill(file.number(), path, bytes);
  if (!error.ok()) {
    unlink(path.c_str());
    return error;
  }
  return sync_folder_of(path);
}

Error sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open", folder, errno);
  // EINVAL: a file system that has nothing to sync for a folder.
  if (fsync(file.number()) != 0 && errno != EINVAL) return system_error("sync", folder, errno);
  return {};
}

Error absolute_path(const std::string& path, std::string& out) {
  const std::string folder = folder_of(path);
  char* resolved = realpath(folder.c_str(), nullptr);
  if (resolved == nullptr) return system_error("find", folder, errno);
  out = resolved;
  std::free(resolved);
  const size_t slash = path.find_last_of('/');
  if (out != "/") out += '/';
  out += slash == std::string::npos ? path : path.substr(slash + 1);
  return {};
}

}  // namespace cairn::host
