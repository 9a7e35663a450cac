// A lock between processes: a file that one of them holds (flock).
// The system releases it when the process ends, however it ends. The file itself stays.
#pragma once

#include <cairn/linux/file.hpp>

namespace cairn::host {

class LockFile {
 public:
  /// Takes the lock at once and writes the process's number into it, or says who has it. `what`
  /// names what it guards: "the log /x/y".
  /// bad_state: another process holds it. Others as system_error().
  Error take(const std::string& path, const std::string& what);

  /// Takes the lock, and waits for it as long as another process has it.
  Error wait(const std::string& path);

  void release() { file_.reset(); }

 private:
  Error open(const std::string& path);
  void sign();

  Descriptor file_;
  std::string path_;
};

}  // namespace cairn::host
