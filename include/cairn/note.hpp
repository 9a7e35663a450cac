// Signed notes (c2sp.org/signed-note@v1.0.0) and verifier keys: parsing without copies, key ids,
// signature lines. See docs/format.md, "Signed note".
#pragma once

#include "hash.hpp"
#include "sign.hpp"
#include "status.hpp"

namespace cairn {

/// Signature types of a note.
enum class NoteType : uint8_t {
  ed25519 = 0x01,
  ecdsa = 0x02,
  cosignature = 0x04,  ///< timestamped Ed25519 cosignature, c2sp.org/tlog-cosignature
};

constexpr size_t key_name_bytes_max = 255;
constexpr size_t note_signatures_max = 100;

/// True for a name that a note may carry: UTF-8, not empty, no Unicode space, no '+', at most 255
/// bytes.
bool is_key_name(ByteView name);

/// A verifier key: name, type and public key, as in the text "name+hash+key".
struct NoteKey {
  ByteView name;  ///< points into the text it was parsed from, or to what the caller set
  NoteType type;
  PublicKey key;
};

/// First four bytes of SHA-256(name || 0x0A || type || key); for ecdsa of SHA-256(SPKI).
uint32_t key_id(const NoteKey& key);

/// Parses "name+xxxxxxxx+base64". Keeps a view of the name. Whether the key is a point of its curve
/// shows when a signature is checked with it.
///
/// ok           parsed; the key id in the text is the key's
/// corrupt      malformed, or the id does not belong to the key; `fault` names the field
/// unsupported  a type other than 0x01, 0x02 (P-256) and 0x04
Status parse_vkey(ByteView text, NoteKey& out, Fault* fault = nullptr);

/// Writes the text form; returns its size, full, or bad_argument for a name that is not a key name.
Result<size_t> format_vkey(const NoteKey& key, MutableBytes out);

/// One signature line, taken apart.
struct NoteSignature {
  ByteView line;  ///< the whole line without its line end
  ByteView name;
  uint32_t key_id;
  ByteView base64;  ///< of key id and signature
};

/// A parsed note. Views into the caller's bytes.
struct Note {
  ByteView text;        ///< what is signed: all lines, with the final line end
  ByteView signatures;  ///< the signature lines, with the final line end
  size_t signature_count = 0;
};

/// Takes a note apart and checks its form, not its signatures.
///
/// ok       well-formed: UTF-8, no control characters but LF, an empty line before the signatures,
///          1 to 100 well-formed signature lines
/// corrupt  anything else; `fault` names the field and the line
Status parse_note(ByteView bytes, Note& out, Fault* fault = nullptr);

/// Walks the signature lines of a note that parse_note() accepted.
class SignatureLines {
 public:
  explicit SignatureLines(const Note& note) : rest_(note.signatures) {}
  /// Also for lines without a text: the answer of a witness. corrupt for a malformed line.
  explicit SignatureLines(ByteView lines) : rest_(lines) {}
  /// ok, end, or corrupt: the walk ends, and `fault` counts lines from the first signature line.
  Status next(NoteSignature& out, Fault* fault = nullptr);

 private:
  ByteView rest_;
  uint32_t line_ = 0;
};

/// What verifying one key against a note found out.
struct NoteVerdict {
  uint64_t time = 0;  ///< cosignatures: POSIX seconds at which the witness signed; else 0
};

/// Checks the first signature line of `key` in the note; later lines of the same key do not count.
///
/// ok                 the key signed this text
/// not_found          no line of this key (name and id)
/// signature_invalid  the key's line is wrong: reject the whole note. A cosignature of time 0 is.
/// unsupported        no verifier of that algorithm, or a text longer than
///                    CAIRN_MAX_NOTE_TEXT_BYTES under a cosignature
/// io                 the verifier failed
Status verify_note(const Note& note, const NoteKey& key, const Verifiers& verifiers,
                   NoteVerdict* verdict = nullptr);

/// Writes the signature line of `signature` over a note, "— name base64\n"; returns its size.
/// For ecdsa the 64 bytes r||s become minimal DER; for cosignature `time` goes in front.
/// full, or bad_argument: a name that is not a key name, type and key differ.
Result<size_t> format_signature_line(const NoteKey& key, const Signature& signature, uint64_t time,
                                     MutableBytes out);

/// Signs a note's text as `type` and writes the signature line. `time` (POSIX seconds, not 0) is
/// used for cosignatures only.
///
/// ok            the line is written; its size is in the result
/// bad_argument  a name that is not a key name; a text that is not UTF-8, has a control character
/// or
///               no final line end; cosignature with time 0 or from 2^63; type and key differ
/// full          `out` too small, or a text longer than CAIRN_MAX_NOTE_TEXT_BYTES to be cosigned
/// io            the signer failed
Result<size_t> sign_note(ByteView text, ByteView name, NoteType type, const Signer& signer,
                         uint64_t time, MutableBytes out);

/// The verifier key of a signer under a name.
NoteKey note_key(ByteView name, NoteType type, const PublicKey& key);
/// Ed25519 or ecdsa, by the key's algorithm: the type of a log's own signature.
NoteType log_note_type(const PublicKey& key);

// Base64 of RFC 4648 §4, strict: canonical padding, no other characters, zero trailing bits.

constexpr size_t base64_size(size_t bytes) {
  return (bytes + 2) / 3 * 4;
}
/// Writes base64_size(data.size) characters; full when `out` is smaller.
Result<size_t> encode_base64(ByteView data, MutableBytes out);
/// Returns the number of bytes; corrupt, or full.
Result<size_t> decode_base64(ByteView text, MutableBytes out);

// Decimal without leading zeros, below 2^63.

constexpr size_t decimal_bytes_max = 20;
size_t format_decimal(uint64_t value, uint8_t (&out)[decimal_bytes_max]);
Result<uint64_t> parse_decimal(ByteView text);

}  // namespace cairn
