// Bytes on their way into a file, in the order in which they were given.
#pragma once

#include <cairn/bytes.hpp>
#include <vector>

namespace cairn::host {

class FileWrites {
 public:
  /// Adds bytes for the place `at`. What follows the bytes added last joins them: one write.
  void add(uint64_t at, ByteView bytes);
  /// Puts what is on its way over what was read from the file at `at`.
  void overlay(uint64_t at, MutableBytes data) const;
  void clear();

  bool empty() const { return runs_.empty(); }
  size_t size_bytes() const { return bytes_.size(); }

  struct Run {
    uint64_t at;
    ByteView bytes;
  };
  size_t run_count() const { return runs_.size(); }
  Run run(size_t i) const;

 private:
  struct Place {
    uint64_t at;
    size_t begin;  ///< in bytes_; a run ends where the next one begins
  };

  std::vector<Place> runs_;
  std::vector<uint8_t> bytes_;
};

}  // namespace cairn::host
