// Cosigned notes in a file, one behind the other: the number of its bytes in a line, and the note.
#pragma once

#include <fstream>
#include <mutex>
#include <string>
#include <vector>

namespace load {

/// Writes them; any thread may. Without a file, nothing.
class CosignedNotes {
 public:
  explicit CosignedNotes(const char* path) {
    if (path != nullptr) out_.open(path, std::ios::binary);
  }
  bool wanted() const { return out_.is_open(); }
  void add(const std::string& note) {
    const std::lock_guard<std::mutex> guard(mutex_);
    out_ << note.size() << '\n' << note;
  }

 private:
  std::mutex mutex_;
  std::ofstream out_;
};

inline std::vector<std::string> read_cosigned_notes(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> out;
  for (size_t size = 0; in >> size;) {
    in.get();
    out.emplace_back(size, '\0');
    in.read(&out.back()[0], static_cast<std::streamsize>(size));
  }
  return out;
}

}  // namespace load
