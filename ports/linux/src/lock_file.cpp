#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cairn/linux/lock_file.hpp>
#include <cerrno>
#include <cstdlib>

namespace cairn::host {
namespace {

// "process 4711 (cairn)", as far as the lock file and /proc say so.
std::string holder(int descriptor) {
  char text[32] = {};
  if (pread(descriptor, text, sizeof text - 1, 0) <= 0) return "another process";
  const long pid = std::strtol(text, nullptr, 10);
  if (pid <= 0) return "another process";
  std::string out = "process " + std::to_string(pid);
  std::string name;
  if (!read_file("/proc/" + std::to_string(pid) + "/comm", 256, name).ok()) return out;
  while (!name.empty() && name.back() == '\n')
    name.pop_back();
  return out + " (" + name + ")";
}

int lock(int descriptor, int operation) {
  int result = 0;
  do {
    result = flock(descriptor, operation);
  } while (result != 0 && errno == EINTR);
  return result;
}

}  // namespace

Error LockFile::open(const std::string& path) {
  release();
  path_ = path;
  file_ = Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file_.is_open()) return system_error("lock", path, errno);
  return {};
}

// The number is only for messages, so a full disk is no reason to do without the lock.
void LockFile::sign() {
  const std::string text = std::to_string(getpid()) + "\n";
  if (ftruncate(file_.number(), 0) == 0 && lseek(file_.number(), 0, SEEK_SET) == 0) {
    (void)write_fully(file_.number(), text.data(), text.size());
  }
}

Error LockFile::take(const std::string& path, const std::string& what) {
  CAIRN_HOST_TRY(open(path));
  if (lock(file_.number(), LOCK_EX | LOCK_NB) == 0) {
    sign();
    return {};
  }
  const int number = errno;
  const std::string other = number == EWOULDBLOCK ? holder(file_.number()) : "";
  release();
  if (number != EWOULDBLOCK) return system_error("lock", path, number);
  return {Status::bad_state, what + " is in use by " + other +
                                 ". One process writes at a time: wait until it is done, or stop "
                                 "it."};
}

Error LockFile::wait(const std::string& path) {
  CAIRN_HOST_TRY(open(path));
  if (lock(file_.number(), LOCK_EX) == 0) return {};
  const int number = errno;
  release();
  return system_error("lock", path, number);
}

}  // namespace cairn::host
