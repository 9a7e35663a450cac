// A folder for what a fuzz target keeps in files: in memory where Linux has a place for that, since
// a disk would take most of the time for being told to flush. A child waits for the process to end,
// however it does, and removes it.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "fuzz.hpp"

namespace fuzz {

class Folder {
 public:
  Folder() {
    int ends[2];
    check(mkdtemp(name_.data()) != nullptr && pipe2(ends, O_CLOEXEC) == 0);
    child_ = fork();
    check(child_ >= 0);
    if (child_ == 0) remove_at_the_end_of(ends[0]);
    close(ends[0]);
    pipe_ = ends[1];
  }
  ~Folder() {
    close(pipe_);
    waitpid(child_, nullptr, 0);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return name_ + "/" + name; }

 private:
  // Nobody writes to the pipe: reading ends with whoever holds its other end. What interrupts a
  // terminal or waits for output is not for this process.
  [[noreturn]] void remove_at_the_end_of(int pipe) const {
    setsid();
    dup2(pipe, 0);
    close_range(1, ~0U, 0);
    char byte;
    while (read(0, &byte, 1) < 0 && errno == EINTR) {
    }
    std::error_code error;
    std::filesystem::remove_all(name_, error);
    _exit(0);
  }

  std::string name_ =
      (std::filesystem::exists("/dev/shm") ? "/dev/shm"
                                           : std::filesystem::temp_directory_path().string()) +
      "/cairn-fuzz-XXXXXX";
  pid_t child_ = 0;
  int pipe_ = -1;
};

}  // namespace fuzz
