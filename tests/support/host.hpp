// Surroundings for tests of the Linux port: folders, other processes, other users, full disks.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include "support/catch.hpp"

namespace host_tests {

/// A new folder, removed with everything in it at the end of its scope.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(
      const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    path_ = (parent / "cairn-test-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    // Folders that a test made read-only would stay.
    (void)!std::system(("chmod -R u+rwX '" + path_ + "' && rm -rf '" + path_ + "'").c_str());
  }

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline bool exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

inline mode_t mode_of(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) throw std::runtime_error("cannot stat " + path);
  return about.st_mode & 07777;
}

/// True when `message` mentions all of these: what happened, to which file, what to do.
inline bool mentions(const std::string& message, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (message.find(word) == std::string::npos) {
      UNSCOPED_INFO("'" << word << "' is missing in: " << message);
      return false;
    }
  }
  return true;
}

/// Checks, or requires, a cairn::host::Error that is ok; its message shows when it is not.
#define CHECK_OK(expression)                        \
  do {                                              \
    const cairn::host::Error error_ = (expression); \
    INFO(error_.message);                           \
    CHECK(error_.ok());                             \
  } while (false)
#define REQUIRE_OK(expression)                      \
  do {                                              \
    const cairn::host::Error error_ = (expression); \
    INFO(error_.message);                           \
    REQUIRE(error_.ok());                           \
  } while (false)

/// What a part of a test in another process came to: "" when it went well, or what did not.
using Part = std::function<std::string()>;

/// Ends a Part that does not find what it expects.
#define EXPECT(condition)                                                            \
  do {                                                                               \
    if (!(condition)) return "line " + std::to_string(__LINE__) + ": " + #condition; \
  } while (false)

/// Runs a part of a test in a process of its own.
inline std::string in_child(const Part& part) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child < 0) return "no process";
  if (child == 0) {
    std::string text;
    try {
      text = part();
    } catch (const std::exception& error) {
      text = error.what();
    }
    const ssize_t written = ::write(ends[1], text.data(), text.size());
    _exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string text;
  char piece[512];
  for (ssize_t n = 0; (n = read(ends[0], piece, sizeof piece)) > 0;)
    text.append(piece, static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) text += " (the process died)";
  return text;
}

/// The answer of a surrounding that this machine does not allow.
inline const std::string& not_possible() {
  static const std::string text = "not possible here";
  return text;
}

/// Runs a part as a user without rights: root itself may do anything.
inline std::string as_ordinary_user(const Part& part) {
  return in_child([&]() -> std::string {
    constexpr unsigned nobody = 65534;
    if (geteuid() == 0 && (setgid(nobody) != 0 || setuid(nobody) != 0)) return not_possible();
    return part();
  });
}

/// Gives this process mounts of its own. Who is not root becomes it inside.
inline bool own_name_spaces() {
  if (geteuid() == 0) return unshare(CLONE_NEWNS) == 0;
  const std::string user = "0 " + std::to_string(geteuid()) + " 1";
  const std::string group = "0 " + std::to_string(getegid()) + " 1";
  if (unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
  write("/proc/self/setgroups", "deny");
  write("/proc/self/uid_map", user);
  write("/proc/self/gid_map", group);
  return geteuid() == 0;
}

/// Runs a part that gets a folder on a disk of that size, which nobody else sees.
inline std::string on_small_disk(size_t size_bytes,
                                 const std::function<std::string(const std::string&)>& part) {
  const TemporaryFolder folder;
  return in_child([&]() -> std::string {
    if (!own_name_spaces()) return not_possible();
    const std::string options = "size=" + std::to_string(size_bytes);
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return not_possible();
    if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, options.c_str()) != 0) {
      return not_possible();
    }
    return part(folder.path());
  });
}

/// Checks what a part came to; a part that this machine does not allow is reported as left out.
#define CHECK_PART(result)                                                            \
  do {                                                                                \
    const std::string part_result = (result);                                         \
    if (part_result == host_tests::not_possible())                                    \
      WARN("left out: needs the right to change users, or to mount in a name space"); \
    else                                                                              \
      CHECK(part_result == "");                                                       \
  } while (false)

}  // namespace host_tests
