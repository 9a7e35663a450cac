// Characters and lines of the text formats (signed notes, checkpoints, policies), and a writer
// into the caller's memory.
#pragma once

#include "cairn/bytes.hpp"
#include "cairn/status.hpp"

namespace cairn {

/// Tells the caller where a parser stopped; returns corrupt.
Status reject(Fault* fault, Field field, size_t position);

/// One character of UTF-8. size_bytes is 0 when the bytes do not start with one: overlong forms,
/// surrogates and values above U+10FFFF are none.
struct Character {
  uint32_t code = 0;
  size_t size_bytes = 0;
};
Character first_character(ByteView text);

/// White_Space of Unicode.
bool is_unicode_space(uint32_t code);

/// The line (from 1) of the first byte that is not UTF-8, or a control character below 0x20 other
/// than LF; 0 when there is none.
size_t find_bad_line(ByteView text);

/// True for the text of a note: UTF-8, no control characters but LF, the last byte an LF.
bool is_note_text(ByteView text);

/// Number of line ends.
size_t count_lines(ByteView text);

/// Takes the first line off `rest`; `line` is left without its LF. False when there is no LF.
bool take_line(ByteView& rest, ByteView& line);

/// Takes everything before the first `mark` off `rest`, and the mark. False when there is none.
bool take_until(ByteView& rest, uint8_t mark, ByteView& before);

/// Checks strict base64; returns the number of bytes that it stands for, or corrupt.
Result<size_t> base64_decoded_size(ByteView text);

/// Appends to the caller's memory. What does not fit is dropped and finish() says full.
class Writer {
 public:
  explicit Writer(MutableBytes out) : out_(out) {}
  void put(ByteView bytes);
  void put(char c);
  void put_decimal(uint64_t value);
  void put_base64(ByteView bytes);
  /// The number of bytes written, or full.
  Result<size_t> finish() const;

 private:
  MutableBytes out_;
  size_t used_ = 0;
  bool full_ = false;
};

}  // namespace cairn
