// Private keys in files, in the text form of the Go note tools:
// "PRIVATE+KEY+name+hex8+base64(type || 32 secret bytes)\n", type 0x01 Ed25519 (seed), 0x02 P-256
// (scalar). And verifier keys ("vkeys"), the public half, in the form of docs/format.md.
#pragma once

#include <cairn/linux/error.hpp>
#include <cairn/linux/verifiers.hpp>
#include <cairn/note.hpp>

namespace cairn::host {

/// A private key that was read from its file, ready to sign. Wiped on destruction.
class KeyFile {
 public:
  KeyFile() = default;
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;
  ~KeyFile() { forget(); }

  /// Makes a new key and writes it to `path` (mode 0600, never over an existing file) and its
  /// verifier key to `path`.vkey; then holds it. `name` is the log's origin or the witness's name:
  /// printable ASCII without spaces and '+', 1 to 255 characters.
  ///
  /// ok            written and loaded
  /// bad_argument  the name
  /// bad_state     one of the files exists already
  /// full, io, not_found  as system_error()
  Error generate(const std::string& path, const std::string& name, Algorithm algorithm);

  /// Reads a key.
  ///
  /// ok           loaded
  /// not_found    no such file
  /// bad_state    others than the owner may read or write the file; the message says chmod 600
  /// corrupt      not a private key, or its key id does not belong to it
  /// unsupported  a key of another type
  /// io           not readable
  Error load(const std::string& path);

  /// Takes a key from its text, which somebody else has read from where it is kept: systemd's
  /// credentials, a vault. `where` is named in messages. corrupt, unsupported as load().
  Error read(ByteView text, const std::string& where);

  /// Wipes the key from memory.
  void forget();

  bool is_loaded() const { return loaded_; }
  const std::string& name() const { return name_; }
  /// Valid, at this address, as long as the key is loaded.
  const Signer& signer() const { return signer_; }
  Algorithm algorithm() const { return static_cast<Algorithm>(signer_.public_key.algorithm); }

  /// The key as a log's: type 0x01 or 0x02. Its name is a view into this object.
  NoteKey log_key() const;
  /// The key as a witness's: type 0x04. unsupported for a P-256 key.
  Result<NoteKey> cosigner_key() const;

 private:
  Error take(ByteView text, const std::string& path);
  Error make_signer(Algorithm algorithm, ByteView secret, const std::string& path);
  Error write_files(const std::string& path, const std::string& public_path,
                    const uint8_t* blob) const;

  std::string name_;
  Signer signer_{};
  Ed25519Key ed25519_{};
  P256Key p256_{};
  bool p256_loaded_ = false;
  bool loaded_ = false;
};

/// The text of a verifier key, without a line end.
std::string vkey_text(const NoteKey& key);

/// A verifier key with the text that it points into.
struct VerifierKey {
  std::string text;
  NoteKey key{};  ///< its name is a view into `text`

  VerifierKey() = default;
  VerifierKey(const VerifierKey& other) : text(other.text) { parse_own(); }
  VerifierKey& operator=(const VerifierKey& other);

  /// Parses a vkey given as text. `where` (a file, an option) is named in the message.
  Error parse(const std::string& vkey, const std::string& where);
  /// Reads a file that holds one vkey line.
  Error load(const std::string& path);

 private:
  void parse_own();
};

}  // namespace cairn::host
