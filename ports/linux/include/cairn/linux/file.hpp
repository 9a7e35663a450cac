// Files as the rest of the library needs them: whole, or not at all.
#pragma once

#include <sys/types.h>

#include <cairn/bytes.hpp>
#include <cairn/linux/error.hpp>
#include <cstddef>
#include <utility>

namespace cairn::host {

/// The bytes of a string.
inline ByteView bytes_of(const std::string& text) {
  return {text.data(), text.size()};
}
/// A string of the same bytes.
inline std::string string_of(ByteView bytes) {
  return bytes.empty() ? std::string() : std::string(bytes.text(), bytes.size);
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { reset(); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void reset();

 private:
  int number_ = -1;
};

/// Reads a whole file; `-` is standard input.
///
/// ok            `out` holds its bytes
/// not_found     no such file
/// bad_argument  a folder, or longer than `limit_bytes`
/// io            anything else
Error read_file(const std::string& path, size_t limit_bytes, std::string& out);

/// Replaces a file as a whole: writes a temporary file beside it, syncs it, renames it over the
/// old one and syncs the folder. After a power cut the old or the new bytes are there.
/// Statuses as system_error().
Error write_file(const std::string& path, ByteView bytes, mode_t mode = 0644);

/// Makes a file that must not exist yet, and syncs it and its folder.
/// bad_state: there is one already; it is left alone.
Error create_file(const std::string& path, ByteView bytes, mode_t mode);

/// Reads up to `size_bytes` from an open file, fewer only at its end; carries on when interrupted.
/// Returns the number of bytes, or -1 with errno set.
ssize_t read_fully(int descriptor, void* data, size_t size_bytes);
/// Writes all bytes; 0, or -1 with errno set.
int write_fully(int descriptor, const void* data, size_t size_bytes);

/// Makes the entries of the folder that holds `path` durable.
Error sync_folder_of(const std::string& path);

/// `path` from the root, as the file system names it. The last part need not exist.
Error absolute_path(const std::string& path, std::string& out);

}  // namespace cairn::host
