// A source of readings that is read in a thread of its own, so that what has arrived can be made
// durable while more is awaited.
#pragma once

#include <cairn/linux/leaf_buffer.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace command {

/// Rows of a source, as leaves.
struct Chunk {
  cairn::host::LeafBuffer leaves;
  uint64_t rows = 0;
  uint64_t bytes_read = 0;  ///< of the input so far
};

class Feed {
 public:
  struct Options {
    uint64_t skip = 0;                       ///< rows to leave out at the beginning
    uint64_t rows_max = 1024;                ///< of one chunk
    std::chrono::milliseconds patience{50};  ///< after the first row of a chunk
  };

  Feed(std::unique_ptr<cairn::host::Source> source, const Options& options);
  /// Does not wait for a source that is blocked in a read.
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  /// Waits for the next chunk, at most a tick. False at the end; `chunk` may be empty otherwise.
  bool next(Chunk& chunk);
  /// Why the source ended early.
  cairn::host::Error error() const;
  /// Size of the input; 0: not known.
  uint64_t bytes_total() const;

 private:
  struct Shared;
  static void read(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
};

}  // namespace command
