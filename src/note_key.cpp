// Verifier keys: their ids and their text form.
#include "cairn/note.hpp"
#include "mem.hpp"
#include "text.hpp"

namespace cairn {

namespace {

// SubjectPublicKeyInfo of a P-256 key up to its point, which follows as 04 || x || y.
constexpr uint8_t spki_start[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                  0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
                                  0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

// Type byte and key, as they are hashed and as they stand in a vkey.
constexpr size_t encoded_ed25519_bytes = 1 + 32;
constexpr size_t encoded_p256_bytes = 1 + sizeof spki_start + 64;
constexpr size_t encoded_p384_bytes = 1 + 120;
constexpr size_t encoded_p521_bytes = 1 + 158;

struct EncodedKey {
  uint8_t bytes[encoded_p256_bytes];
  size_t size;
};

EncodedKey encode_key(const NoteKey& key) {
  EncodedKey out;
  out.bytes[0] = static_cast<uint8_t>(key.type);
  out.size = 1;
  if (key.type == NoteType::ecdsa) {
    memcpy(out.bytes + out.size, spki_start, sizeof spki_start);
    out.size += sizeof spki_start;
  }
  const size_t size = public_key_size(key.key.algorithm);
  memcpy(out.bytes + out.size, key.key.bytes, size);
  out.size += size;
  return out;
}

// Whether a key of this type and size can be read; `field` is what is wrong if not.
Status check_form(NoteType type, size_t size, Field& field) {
  field = Field::key_type;
  if (size == 0) return Status::corrupt;
  const bool ecdsa = type == NoteType::ecdsa;
  if (ecdsa && (size == encoded_p384_bytes || size == encoded_p521_bytes)) {
    return Status::unsupported;
  }
  if (!ecdsa && type != NoteType::ed25519 && type != NoteType::cosignature) {
    return Status::unsupported;
  }
  field = Field::public_key;
  return size == (ecdsa ? encoded_p256_bytes : encoded_ed25519_bytes) ? Status::ok
                                                                      : Status::corrupt;
}

// Reads type and key of a vkey.
Status parse_key(ByteView base64, NoteKey& out, Field& field) {
  field = Field::public_key;
  const Result<size_t> size = base64_decoded_size(base64);
  CAIRN_TRY(size.status);
  uint8_t start[3] = {};  // of four characters
  CAIRN_TRY(decode_base64(base64.part(0, 4), start).status);
  out.type = static_cast<NoteType>(start[0]);
  CAIRN_TRY(check_form(out.type, size.value, field));

  uint8_t encoded[encoded_p256_bytes];
  CAIRN_TRY(decode_base64(base64, encoded).status);
  ByteView key(encoded + 1, size.value - 1);
  out.key = {CAIRN_ED25519, {}};
  if (out.type == NoteType::ecdsa) {
    out.key.algorithm = CAIRN_P256;
    if (!equal(key.part(0, sizeof spki_start), spki_start)) return Status::corrupt;
    key = key.part(sizeof spki_start);
  }
  memcpy(out.key.bytes, key.data, key.size);
  return Status::ok;
}

bool parse_id(ByteView digits, uint32_t& id) {
  if (digits.size != 8) return false;
  id = 0;
  for (uint8_t c : digits) {
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (c < 'a' || c > 'f')) return false;
    id = id << 4 | (decimal ? c - uint32_t{'0'} : c - uint32_t{'a'} + 10);
  }
  return true;
}

}  // namespace

uint32_t key_id(const NoteKey& key) {
  const EncodedKey encoded = encode_key(key);
  const ByteView bytes(encoded.bytes, encoded.size);
  Sha256 hash;
  if (key.type == NoteType::ecdsa) {
    hash.update(bytes.part(1));
  } else {
    hash.update(key.name);
    hash.update(literal("\n"));
    hash.update(bytes);
  }
  return load_be32(hash.finish().bytes);
}

Status parse_vkey(ByteView text, NoteKey& out, Fault* fault) {
  ByteView rest = text;
  ByteView digits;
  if (!take_until(rest, '+', out.name) || !is_key_name(out.name)) {
    return reject(fault, Field::key_name, 1);
  }
  uint32_t id = 0;
  if (!take_until(rest, '+', digits) || !parse_id(digits, id)) {
    return reject(fault, Field::key_id, 1);
  }
  Field field = Field::none;
  const Status status = parse_key(rest, out, field);
  if (status != Status::ok) {
    if (fault != nullptr) *fault = {field, 1};
    return status;
  }
  return key_id(out) == id ? Status::ok : reject(fault, Field::key_id, 1);
}

Result<size_t> format_vkey(const NoteKey& key, MutableBytes out) {
  static constexpr char hex[] = "0123456789abcdef";
  if (!is_key_name(key.name)) return Status::bad_argument;
  const uint32_t id = key_id(key);
  const EncodedKey encoded = encode_key(key);
  Writer writer(out);
  writer.put(key.name);
  writer.put('+');
  for (unsigned shift = 32; shift > 0; shift -= 4)
    writer.put(hex[id >> (shift - 4) & 15]);
  writer.put('+');
  writer.put_base64({encoded.bytes, encoded.size});
  return writer.finish();
}

NoteKey note_key(ByteView name, NoteType type, const PublicKey& key) {
  return {name, type, key};
}

NoteType log_note_type(const PublicKey& key) {
  return key.algorithm == CAIRN_P256 ? NoteType::ecdsa : NoteType::ed25519;
}

}  // namespace cairn
