#include "wire/fields.hpp"

#include "mem.hpp"

namespace cairn::wire {

void FieldWriter::tag(uint32_t field, pb_wire_type_t type) {
  check(pb_encode_tag(&out_, type, field));
}

void FieldWriter::number(uint32_t field, uint64_t value) {
  if (value == 0) return;
  tag(field, PB_WT_VARINT);
  check(pb_encode_varint(&out_, value));
}

void FieldWriter::zigzag(uint32_t field, int64_t value) {
  zigzag_if(value != 0, field, value);
}

void FieldWriter::fixed32(uint32_t field, uint32_t value) {
  if (value == 0) return;
  tag(field, PB_WT_32BIT);
  check(pb_encode_fixed32(&out_, &value));
}

void FieldWriter::view(uint32_t field, ByteView bytes) {
  view_if(!bytes.empty(), field, bytes);
}

void FieldWriter::zigzag_if(bool present, uint32_t field, int64_t value) {
  if (!present) return;
  tag(field, PB_WT_VARINT);
  check(pb_encode_svarint(&out_, value));
}

void FieldWriter::double_if(bool present, uint32_t field, const double& value) {
  static_assert(sizeof(double) == 8, "a double has 64 bits on the wire");
  if (!present) return;
  tag(field, PB_WT_64BIT);
  check(pb_encode_fixed64(&out_, &value));
}

void FieldWriter::flag_if(bool present, uint32_t field, bool value) {
  if (!present) return;
  tag(field, PB_WT_VARINT);
  check(pb_encode_varint(&out_, value ? 1 : 0));
}

void FieldWriter::view_if(bool present, uint32_t field, ByteView bytes) {
  if (!present) return;
  head(field, bytes.size);
  check(pb_write(&out_, bytes.data, bytes.size));
}

void FieldWriter::block_if(bool present, uint32_t field, const uint8_t* bytes, size_t size) {
  view_if(present, field, {bytes, size});
}

void FieldWriter::head(uint32_t field, size_t size) {
  tag(field, PB_WT_STRING);
  check(pb_encode_varint(&out_, size));
}

bool FieldReader::begins(uint32_t field, pb_wire_type_t type) {
  if (!tag_read_) {
    bool end = false;
    if (!pb_decode_tag(&in_, &type_, &tag_, &end)) tag_ = 0;
    tag_read_ = true;
  }
  return !failed_ && tag_ == field && type_ == type;
}

void FieldReader::finish(bool decoded, const Again& again) {
  const size_t end = bytes_.size - in_.bytes_left;
  const ByteView was = bytes_.part(position_, end - position_);
  require(decoded && again.writer.status() == Status::ok &&
          equal(was, {again.bytes, again.writer.size_bytes()}));
  if (!failed_) position_ = end;
  tag_read_ = false;
}

void FieldReader::number(uint32_t field, uint64_t& value) {
  value = 0;
  if (!begins(field, PB_WT_VARINT)) return;
  const bool decoded = pb_decode_varint(&in_, &value);
  Again again;
  again.writer.number(field, value);
  finish(decoded, again);
}

void FieldReader::zigzag(uint32_t field, int64_t& value) {
  value = 0;
  bool present = false;
  zigzag_if(present, field, value);
  require(present == (value != 0));
}

void FieldReader::fixed32(uint32_t field, uint32_t& value) {
  value = 0;
  if (!begins(field, PB_WT_32BIT)) return;
  const bool decoded = pb_decode_fixed32(&in_, &value);
  Again again;
  again.writer.fixed32(field, value);
  finish(decoded, again);
}

void FieldReader::view(uint32_t field, ByteView& bytes) {
  bytes = {};
  bool present = false;
  view_if(present, field, bytes);
  require(present == !bytes.empty());
}

void FieldReader::zigzag_if(bool& present, uint32_t field, int64_t& value) {
  present = begins(field, PB_WT_VARINT);
  if (!present) return;
  const bool decoded = pb_decode_svarint(&in_, &value);
  Again again;
  again.writer.zigzag_if(true, field, value);
  finish(decoded, again);
}

void FieldReader::double_if(bool& present, uint32_t field, double& value) {
  present = begins(field, PB_WT_64BIT);
  if (!present) return;
  const bool decoded = pb_decode_fixed64(&in_, &value);
  Again again;
  again.writer.double_if(true, field, value);
  finish(decoded, again);
}

void FieldReader::flag_if(bool& present, uint32_t field, bool& value) {
  present = begins(field, PB_WT_VARINT);
  if (!present) return;
  const bool decoded = pb_decode_bool(&in_, &value);
  Again again;
  again.writer.flag_if(true, field, value);
  finish(decoded, again);
}

// The bytes themselves need no comparison: they are the view.
void FieldReader::view_if(bool& present, uint32_t field, ByteView& bytes) {
  present = begins(field, PB_WT_STRING);
  if (!present) return;
  uint32_t size = 0;
  const bool decoded = pb_decode_varint32(&in_, &size) && size <= in_.bytes_left;
  Again again;
  again.writer.head(field, size);
  finish(decoded, again);
  if (failed_) return;
  require(pb_read(&in_, nullptr, size));
  bytes = bytes_.part(position_, size);
  position_ += size;
}

void FieldReader::block_if(bool& present, uint32_t field, uint8_t* bytes, size_t size) {
  ByteView view;
  view_if(present, field, view);
  if (!present) return;
  require(view.size == size);
  if (!failed_) copy(bytes, view.data, size);
}

}  // namespace cairn::wire
