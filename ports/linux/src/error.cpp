#include <cairn/linux/error.hpp>
#include <cerrno>
#include <cstring>

namespace cairn::host {
namespace {

Status status_of(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Status::full;
    case ENOENT:
      return Status::not_found;
    case EEXIST:
      return Status::bad_state;
    case EISDIR:
    case ENOTDIR:
      return Status::bad_argument;
    default:
      return Status::io;
  }
}

// What to do about it; empty when the reason says all there is to say.
const char* advice(int number) {
  switch (number) {
    case ENOSPC:
      return " Free some space, then try again.";
    case EDQUOT:
      return " Free some of your quota, then try again.";
    case EFBIG:
      return " Raise the limit of file sizes (ulimit -f), then try again.";
    case EROFS:
      return " Remount it writable, or use a copy elsewhere.";
    case EACCES:
    case EPERM:
      return " Check who owns it and its mode (ls -ld).";
    case ENOENT:
      return " Check the spelling of the path.";
    case EEXIST:
      return " Choose another name, or remove it first.";
    case EIO:
      return " The disk failed: look at the kernel's messages (dmesg).";
    case EMFILE:
    case ENFILE:
      return " Raise the limit of open files (ulimit -n).";
    default:
      return "";
  }
}

}  // namespace

Error system_error(const std::string& action, const std::string& path, int number) {
  return {status_of(number),
          "cannot " + action + " " + path + ": " + std::strerror(number) + "." + advice(number)};
}

}  // namespace cairn::host
