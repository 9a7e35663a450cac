// The bytes and the lines of a file or of standard input, in constant memory.
#pragma once

#include <cairn/linux/file.hpp>
#include <vector>

namespace cairn::host {

/// A file that is read from its beginning to its end; `-` is standard input.
class Input {
 public:
  Error open(const std::string& path);

  /// Reads what is there, at most one buffer: a pipe gives each line as soon as it is written.
  /// ok with bytes in data(), end, or io with error().
  Status read();
  ByteView data() const { return {buffer_.data(), size_}; }

  const Error& error() const { return error_; }
  const std::string& name() const { return name_; }
  uint64_t bytes_read() const { return bytes_read_; }
  uint64_t bytes_total() const { return bytes_total_; }

 private:
  Descriptor file_;
  std::string name_;
  std::vector<uint8_t> buffer_;
  size_t size_ = 0;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_total_ = 0;
  Error error_;
};

/// The lines of an input.
class LineInput {
 public:
  explicit LineInput(size_t line_bytes_max) : line_bytes_max_(line_bytes_max) {}

  Error open(const std::string& path) { return input_.open(path); }

  /// Gives the next line without its LF. A last line without LF counts.
  /// ok, end, full (longer than allowed), or io.
  Status next(std::string& line);

  const Input& input() const { return input_; }
  /// Number of the line that next() gave, or stumbled over.
  uint64_t number() const { return number_; }

 private:
  Input input_;
  ByteView rest_;
  size_t line_bytes_max_;
  uint64_t number_ = 0;
};

}  // namespace cairn::host
