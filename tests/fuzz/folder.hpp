// A folder for what a fuzz target keeps in files, gone with the process: in memory where Linux has
// a place for that, since a disk would take most of the time for being told to flush.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "fuzz.hpp"

namespace fuzz {

class Folder {
 public:
  Folder() { check(mkdtemp(name_.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(name_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return name_ + "/" + name; }

 private:
  std::string name_ =
      (std::filesystem::exists("/dev/shm") ? "/dev/shm"
                                           : std::filesystem::temp_directory_path().string()) +
      "/cairn-fuzz-XXXXXX";
};

}  // namespace fuzz
