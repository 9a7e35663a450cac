// Fields of protobuf messages, one after the other in ascending order, over nanopb's streams.
//
// FieldWriter and FieldReader have the same members, so that one function names the fields of a
// message for both directions. The reader encodes every field again and compares: it accepts
// exactly what the writer writes. Errors stick; ask for them once, at the end.
#pragma once

#include <pb_decode.h>
#include <pb_encode.h>

#include "cairn/bytes.hpp"
#include "cairn/status.hpp"

namespace cairn::wire {

class FieldWriter {
 public:
  explicit FieldWriter(MutableBytes out) : out_(pb_ostream_from_buffer(out.data, out.size)) {}
  /// Writes nothing, only counts.
  FieldWriter() : out_(PB_OSTREAM_SIZING) {}

  // Left out when they hold the default value: 0, or no bytes.
  void number(uint32_t field, uint64_t value);
  void zigzag(uint32_t field, int64_t value);
  void fixed32(uint32_t field, uint32_t value);
  void view(uint32_t field, ByteView bytes);
  /// An enumerator, from the one with number 0 to `last`.
  template <typename Enum>
  void choice(uint32_t field, Enum value, Enum last) {
    require(value <= last);
    number(field, static_cast<uint64_t>(value));
  }

  // Written when they are present, whatever they hold.
  void zigzag_if(bool present, uint32_t field, int64_t value);
  void double_if(bool present, uint32_t field, const double& value);
  void flag_if(bool present, uint32_t field, bool value);
  void view_if(bool present, uint32_t field, ByteView bytes);
  void block_if(bool present, uint32_t field, const uint8_t* bytes, size_t size);

  /// What stands in front of the bytes of a string, bytes or message field.
  void head(uint32_t field, size_t size);

  /// A condition that the values must meet.
  void require(bool valid) {
    if (!valid) fail(Status::bad_argument);
  }
  /// ok, bad_argument, or full.
  Status status() const { return status_; }
  size_t size_bytes() const { return out_.bytes_written; }

 private:
  void tag(uint32_t field, pb_wire_type_t type);
  void check(bool written) {
    if (!written) fail(Status::full);
  }
  void fail(Status reason) {
    if (status_ == Status::ok) status_ = reason;
  }

  pb_ostream_t out_;
  Status status_ = Status::ok;
};

class FieldReader {
 public:
  explicit FieldReader(ByteView bytes)
      : bytes_(bytes), in_(pb_istream_from_buffer(bytes.data, bytes.size)) {}

  void number(uint32_t field, uint64_t& value);
  void number(uint32_t field, uint32_t& value) { narrow(field, value, UINT32_MAX); }
  void number(uint32_t field, uint16_t& value) { narrow(field, value, UINT16_MAX); }
  void number(uint32_t field, uint8_t& value) { narrow(field, value, UINT8_MAX); }
  void zigzag(uint32_t field, int64_t& value);
  void fixed32(uint32_t field, uint32_t& value);
  void view(uint32_t field, ByteView& bytes);
  template <typename Enum>
  void choice(uint32_t field, Enum& value, Enum last) {
    uint8_t number = 0;
    narrow(field, number, static_cast<uint64_t>(last));
    value = static_cast<Enum>(number);
  }

  void zigzag_if(bool& present, uint32_t field, int64_t& value);
  void double_if(bool& present, uint32_t field, double& value);
  void flag_if(bool& present, uint32_t field, bool& value);
  void view_if(bool& present, uint32_t field, ByteView& bytes);
  void block_if(bool& present, uint32_t field, uint8_t* bytes, size_t size);

  void require(bool valid) { failed_ = failed_ || !valid; }
  /// corrupt as soon as a field was not as the writer writes it.
  Status status() const { return failed_ ? Status::corrupt : Status::ok; }
  /// ok when in addition nothing is left.
  Status done() const { return failed_ || position_ != bytes_.size ? Status::corrupt : Status::ok; }
  /// Offset of the next field, or of the one that failed.
  size_t position() const { return position_; }
  ByteView rest() const { return bytes_.part(position_); }

 private:
  // One field encoded again.
  struct Again {
    uint8_t bytes[16];
    FieldWriter writer{MutableBytes(bytes)};
  };

  template <typename T>
  void narrow(uint32_t field, T& value, uint64_t max) {
    uint64_t wide = 0;
    number(field, wide);
    require(wide <= max);
    value = static_cast<T>(wide);
  }
  bool begins(uint32_t field, pb_wire_type_t type);
  void finish(bool decoded, const Again& again);

  ByteView bytes_;
  pb_istream_t in_;
  size_t position_ = 0;
  uint32_t tag_ = 0;
  pb_wire_type_t type_ = PB_WT_VARINT;
  bool tag_read_ = false;
  bool failed_ = false;
};

/// Encodes a message whose fields `fields` names.
template <typename Message>
Result<size_t> encode(const Message& message, void (*fields)(FieldWriter&, Message&),
                      MutableBytes out) {
  Message copy = message;
  FieldWriter writer(out);
  fields(writer, copy);
  if (writer.status() != Status::ok) return writer.status();
  return writer.size_bytes();
}

/// The counterpart of encode().
template <typename Message>
Status decode(ByteView bytes, void (*fields)(FieldReader&, Message&), Message& out) {
  out = Message{};
  FieldReader reader(bytes);
  fields(reader, out);
  return reader.done();
}

}  // namespace cairn::wire
