// C API: verifier keys, signed notes.
#include "c_api.hpp"

using namespace cairn;
using namespace cairn::c_api;

static_assert(CAIRN_NOTE_ED25519 == static_cast<int>(NoteType::ed25519));
static_assert(CAIRN_NOTE_ECDSA == static_cast<int>(NoteType::ecdsa));
static_assert(CAIRN_NOTE_COSIGNATURE == static_cast<int>(NoteType::cosignature));
static_assert(CAIRN_KEY_NAME_BYTES_MAX == key_name_bytes_max);
static_assert(CAIRN_NOTE_SIGNATURES_MAX == note_signatures_max);

int cairn_is_key_name(const void* name, size_t size) {
  return readable(name, size) && is_key_name(view(name, size)) ? 1 : 0;
}

int cairn_make_note_key(const void* name, size_t name_size, uint8_t type,
                        const cairn_public_key* key, cairn_note_key* out) {
  if (key == nullptr || out == nullptr || cairn_is_key_name(name, name_size) == 0) {
    return bad_argument;
  }
  const uint8_t algorithm = type == CAIRN_NOTE_ECDSA ? CAIRN_P256 : CAIRN_ED25519;
  if (!is_note_type(type) || key->algorithm != algorithm) return bad_argument;
  *out = to_c(note_key(view(name, name_size), static_cast<NoteType>(type), *key));
  return CAIRN_OK;
}

uint8_t cairn_log_note_type(const cairn_public_key* key) {
  return static_cast<uint8_t>(log_note_type(*key));
}

int cairn_key_id(const cairn_note_key* key, uint32_t* out) {
  if (!usable(key) || out == nullptr) return bad_argument;
  *out = key_id(from_c(*key));
  return CAIRN_OK;
}

int cairn_parse_vkey(const void* text, size_t size, cairn_note_key* out, cairn_fault* fault) {
  if (!readable(text, size) || out == nullptr) return bad_argument;
  FaultOut at(fault);
  NoteKey key;
  const Status status = parse_vkey(view(text, size), key, at);
  if (status == Status::ok) *out = to_c(key);
  return number(status);
}

int cairn_format_vkey(const cairn_note_key* key, void* out, size_t capacity) {
  if (!usable(key) || !readable(out, capacity)) return bad_argument;
  return size_of(format_vkey(from_c(*key), room(out, capacity)));
}

int cairn_parse_note(const void* note, size_t size, cairn_note* out, cairn_fault* fault) {
  if (!readable(note, size) || out == nullptr) return bad_argument;
  FaultOut at(fault);
  Note parsed;
  const Status status = parse_note(view(note, size), parsed, at);
  if (status == Status::ok) {
    *out = {to_c(parsed.text), to_c(parsed.signatures), parsed.signature_count};
  }
  return number(status);
}

int cairn_signature_lines_open(cairn_signature_lines* lines, const void* text, size_t size) {
  if (lines == nullptr || !readable(text, size)) return bad_argument;
  make<SignatureLines>(lines, view(text, size));
  return CAIRN_OK;
}

int cairn_signature_lines_next(cairn_signature_lines* lines, cairn_note_signature* out,
                               cairn_fault* fault) {
  if (lines == nullptr || out == nullptr) return bad_argument;
  FaultOut at(fault);
  NoteSignature found;
  const Status status = in<SignatureLines>(lines).next(found, at);
  if (status == Status::ok) {
    *out = {to_c(found.line), to_c(found.name), found.key_id, to_c(found.base64)};
  }
  return number(status);
}

int cairn_verify_note(const cairn_note* note, const cairn_note_key* key,
                      const cairn_verifier* verifiers, size_t verifier_count,
                      uint64_t* time_s_out) {
  if (note == nullptr || !usable(key) || !usable(verifiers, verifier_count)) return bad_argument;
  const Note parsed{view(note->text), view(note->signatures), note->signature_count};
  NoteVerdict verdict;
  const Status status = verify_note(parsed, from_c(*key), {verifiers, verifier_count}, &verdict);
  if (status == Status::ok && time_s_out != nullptr) *time_s_out = verdict.time;
  return number(status);
}

int cairn_sign_note(const void* text, size_t text_size, const void* name, size_t name_size,
                    uint8_t type, const cairn_signer* signer, uint64_t time_s, void* out,
                    size_t capacity) {
  if (!readable(text, text_size) || !readable(name, name_size) || !is_note_type(type) ||
      !usable(signer) || !readable(out, capacity)) {
    return bad_argument;
  }
  return size_of(sign_note(view(text, text_size), view(name, name_size),
                           static_cast<NoteType>(type), *signer, time_s, room(out, capacity)));
}

int cairn_format_signature_line(const cairn_note_key* key, const cairn_signature* signature,
                                uint64_t time_s, void* out, size_t capacity) {
  if (!usable(key) || signature == nullptr || !readable(out, capacity)) return bad_argument;
  return size_of(
      format_signature_line(from_c(*key), from_c(*signature), time_s, room(out, capacity)));
}
