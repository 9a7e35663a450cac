#include "der.hpp"

#include "mem.hpp"

namespace cairn {

namespace {

constexpr uint8_t tag_sequence = 0x30;
constexpr uint8_t tag_integer = 0x02;
constexpr size_t half = signature_bytes / 2;

// Writes one half of a signature as the shortest positive INTEGER; returns its size.
size_t put_integer(const uint8_t* number, uint8_t* out) {
  size_t skip = 0;
  while (skip < half - 1 && number[skip] == 0)
    ++skip;
  const size_t sign = number[skip] >= 0x80 ? 1 : 0;
  const size_t size = half - skip;
  out[0] = tag_integer;
  out[1] = static_cast<uint8_t>(sign + size);
  out[2] = 0;
  memcpy(out + 2 + sign, number + skip, size);
  return 2 + sign + size;
}

// Takes one INTEGER off `rest` into the 32 bytes at `out`.
bool take_integer(ByteView& rest, uint8_t* out) {
  if (rest.size < 3 || rest[0] != tag_integer) return false;
  const size_t size = rest[1];
  if (size == 0 || size > half + 1 || size > rest.size - 2) return false;
  ByteView number = rest.part(2, size);
  rest = rest.part(2 + size);
  if (number[0] >= 0x80) return false;  // negative
  if (number[0] == 0 && size > 1) {
    if (number[1] < 0x80) return false;  // not the shortest
    number = number.part(1);
  }
  if (number.size > half) return false;
  memset(out, 0, half - number.size);
  memcpy(out + half - number.size, number.data, number.size);
  return true;
}

}  // namespace

size_t signature_to_der(const Signature& signature, uint8_t (&out)[der_signature_bytes_max]) {
  size_t size = 2;
  size += put_integer(signature.bytes, out + size);
  size += put_integer(signature.bytes + half, out + size);
  out[0] = tag_sequence;
  out[1] = static_cast<uint8_t>(size - 2);
  return size;
}

Status signature_from_der(ByteView der, Signature& out) {
  if (der.size < 2 || der[0] != tag_sequence || der[1] != der.size - 2) return Status::corrupt;
  ByteView rest = der.part(2);
  if (!take_integer(rest, out.bytes) || !take_integer(rest, out.bytes + half) || !rest.empty()) {
    return Status::corrupt;
  }
  return Status::ok;
}

}  // namespace cairn
