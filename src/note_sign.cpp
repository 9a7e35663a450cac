// Signature lines: checking, writing and making them.
#include "cairn/note.hpp"
#include "der.hpp"
#include "mem.hpp"
#include "note_lines.hpp"
#include "text.hpp"

namespace cairn {

namespace {

constexpr size_t time_bytes = 8;
// Key id, then a DER signature or a time with a plain one: no line that is read here holds more.
constexpr size_t blob_bytes_max = key_id_bytes + der_signature_bytes_max;
static_assert(blob_bytes_max == key_id_bytes + time_bytes + signature_bytes, "both are 76 bytes");

bool is_pair(NoteType type, uint8_t algorithm) {
  switch (type) {
    case NoteType::ed25519:
    case NoteType::cosignature:
      return algorithm == CAIRN_ED25519;
    case NoteType::ecdsa:
      return algorithm == CAIRN_P256;
  }
  return false;
}

// What a cosigner signs: a header, its time, and the text of the note.
struct Cosigned {
  uint8_t bytes[CAIRN_MAX_NOTE_TEXT_BYTES + 48];
  size_t size;
};

bool compose(Cosigned& message, uint64_t time, ByteView text) {
  Writer writer(message.bytes);
  writer.put(literal("cosignature/v1\ntime "));
  writer.put_decimal(time);
  writer.put('\n');
  writer.put(text);
  const Result<size_t> size = writer.finish();
  message.size = size.value;
  return size.ok() && text.size <= CAIRN_MAX_NOTE_TEXT_BYTES;
}

// This one and verify_cosignature() hold a copy of the text. Kept out of their callers, so that
// whoever only signs or verifies a log's own line does not have it on the stack.
[[gnu::noinline]] Status sign_cosignature(const Signer& signer, uint64_t time, ByteView text,
                                          Signature& out) {
  Cosigned message;
  if (!compose(message, time, text)) return Status::full;
  return sign(signer, {message.bytes, message.size}, out);
}

// The bytes of a signature line behind the key id.
bool decode_signature(ByteView blob, NoteType type, Signature& signature, uint64_t& time) {
  if (type == NoteType::ecdsa) return signature_from_der(blob, signature) == Status::ok;
  if (type == NoteType::cosignature) {
    if (blob.size < time_bytes) return false;
    time = load_be64(blob.data);
    blob = blob.part(time_bytes);
  }
  if (blob.size != signature_bytes) return false;
  memcpy(signature.bytes, blob.data, signature_bytes);
  return true;
}

}  // namespace

[[gnu::noinline]] Status verify_cosignature(uint64_t time, const Signature& signature,
                                            ByteView text, const PublicKey& key,
                                            const Verifiers& verifiers) {
  if (time == 0 || time >> 63 != 0) return Status::signature_invalid;
  Cosigned message;
  if (!compose(message, time, text)) return Status::unsupported;
  return verify(verifiers, key, {message.bytes, message.size}, signature);
}

Status verify_line(const NoteSignature& line, ByteView text, const NoteKey& key,
                   const Verifiers& verifiers, NoteVerdict* verdict) {
  if (!is_pair(key.type, key.key.algorithm)) return Status::unsupported;
  uint8_t blob[blob_bytes_max];
  const Result<size_t> size = decode_base64(line.base64, blob);
  if (!size.ok() || size.value < key_id_bytes) return Status::signature_invalid;
  Signature signature;
  uint64_t time = 0;
  const ByteView rest(blob + key_id_bytes, size.value - key_id_bytes);
  if (!decode_signature(rest, key.type, signature, time)) return Status::signature_invalid;
  if (key.type == NoteType::cosignature) {
    CAIRN_TRY(verify_cosignature(time, signature, text, key.key, verifiers));
  } else {
    CAIRN_TRY(verify(verifiers, key.key, text, signature));
  }
  if (verdict != nullptr) verdict->time = time;
  return Status::ok;
}

Status verify_note(const Note& note, const NoteKey& key, const Verifiers& verifiers,
                   NoteVerdict* verdict) {
  const uint32_t id = key_id(key);
  SignatureLines lines(note);
  NoteSignature line;
  Status status = lines.next(line);
  for (; status == Status::ok; status = lines.next(line)) {
    if (line.key_id != id || !equal(line.name, key.name)) continue;
    return verify_line(line, note.text, key, verifiers, verdict);
  }
  return status == Status::end ? Status::not_found : status;
}

Result<size_t> format_signature_line(const NoteKey& key, const Signature& signature, uint64_t time,
                                     MutableBytes out) {
  if (!is_key_name(key.name) || !is_pair(key.type, key.key.algorithm)) return Status::bad_argument;
  uint8_t blob[blob_bytes_max];
  size_t size = key_id_bytes;
  store_be32(blob, key_id(key));
  if (key.type == NoteType::ecdsa) {
    uint8_t der[der_signature_bytes_max];
    const size_t der_size = signature_to_der(signature, der);
    memcpy(blob + size, der, der_size);
    size += der_size;
  } else {
    if (key.type == NoteType::cosignature) {
      store_be64(blob + size, time);
      size += time_bytes;
    }
    memcpy(blob + size, signature.bytes, signature_bytes);
    size += signature_bytes;
  }
  Writer writer(out);
  writer.put(literal(signature_line_start));
  writer.put(key.name);
  writer.put(' ');
  writer.put_base64({blob, size});
  writer.put('\n');
  return writer.finish();
}

Result<size_t> sign_note(ByteView text, ByteView name, NoteType type, const Signer& signer,
                         uint64_t time, MutableBytes out) {
  const bool timed = type == NoteType::cosignature;
  if (!is_key_name(name) || !is_note_text(text)) return Status::bad_argument;
  if (!is_pair(type, signer.public_key.algorithm)) return Status::bad_argument;
  if (timed && (time == 0 || time >> 63 != 0)) return Status::bad_argument;
  Signature signature;
  const Status status =
      timed ? sign_cosignature(signer, time, text, signature) : sign(signer, text, signature);
  if (status != Status::ok) return status;
  return format_signature_line(note_key(name, type, signer.public_key), signature, time, out);
}

}  // namespace cairn
