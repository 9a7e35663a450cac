#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cairn/linux/file.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/platform.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace cairn::host {
namespace {

constexpr size_t secret_bytes = 32;
constexpr char prefix[] = "PRIVATE+KEY+";
constexpr size_t prefix_bytes = sizeof prefix - 1;
constexpr size_t key_id_digits = 8;
constexpr size_t blob_bytes = 1 + secret_bytes;
// prefix, name, '+', key id, '+', base64 of the blob, LF
constexpr size_t key_text_bytes_max =
    prefix_bytes + key_name_bytes_max + 1 + key_id_digits + 1 + base64_size(blob_bytes) + 1;
constexpr size_t vkey_bytes_max = 1024;

// Bytes that are wiped when they go out of scope.
template <size_t N>
struct Secret {
  uint8_t bytes[N] = {};
  ~Secret() { wipe(bytes, N); }
};

bool is_issued_name(const std::string& name) {
  for (const char c : name) {
    if (c < 0x21 || c > 0x7E || c == '+') return false;
  }
  return !name.empty() && name.size() <= key_name_bytes_max;
}

std::string hex_of(uint32_t id) {
  char text[key_id_digits + 1];
  std::snprintf(text, sizeof text, "%08x", id);
  return text;
}

Error not_a_key(const std::string& path, const std::string& what) {
  return {Status::corrupt, path + " is not a private key of cairn: " + what +
                               ". Expected one line PRIVATE+KEY+name+id+base64, as 'cairn keygen' "
                               "writes it."};
}

Error check_mode(int descriptor, const std::string& path) {
  struct stat about {};
  if (fstat(descriptor, &about) != 0) return system_error("examine", path, errno);
  if (!S_ISREG(about.st_mode)) return not_a_key(path, "not a file");
  if ((about.st_mode & 077) == 0) return {};
  return {Status::bad_state, "the private key " + path +
                                 " is open to other users of this machine. Run: chmod 600 " + path};
}

// The text between two bounds, or nothing when it ends early.
ByteView until_plus(ByteView& rest) {
  size_t n = 0;
  while (n < rest.size && rest[n] != '+')
    ++n;
  const ByteView part = rest.part(0, n);
  rest = rest.part(n < rest.size ? n + 1 : n);
  return part;
}

}  // namespace

void KeyFile::forget() {
  if (p256_loaded_) p256_forget(p256_);
  wipe(&ed25519_, sizeof ed25519_);
  p256_ = {};
  signer_ = {};
  name_.clear();
  p256_loaded_ = false;
  loaded_ = false;
}

Error KeyFile::make_signer(Algorithm algorithm, ByteView secret, const std::string& path) {
  const bool p256 = algorithm == Algorithm::p256;
  const Status status =
      p256 ? p256_signer(secret, p256_, signer_) : ed25519_signer(secret, ed25519_, signer_);
  if (status == Status::ok) {
    p256_loaded_ = p256;
    loaded_ = true;
    return {};
  }
  return {status == Status::bad_argument ? Status::corrupt : status,
          std::string("the key in ") + path + " cannot be used: " + status_text(status) + "."};
}

Error KeyFile::load(const std::string& path) {
  forget();
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open the private key", path, errno);
  CAIRN_HOST_TRY(check_mode(file.number(), path));
  Secret<key_text_bytes_max + 1> text;
  const ssize_t n = read_fully(file.number(), text.bytes, sizeof text.bytes);
  if (n < 0) return system_error("read the private key", path, errno);
  if (static_cast<size_t>(n) == sizeof text.bytes) return not_a_key(path, "too long");
  return read({text.bytes, static_cast<size_t>(n)}, path);
}

Error KeyFile::read(ByteView text, const std::string& where) {
  forget();
  const Error error = take(text, where);
  if (!error.ok()) forget();
  return error;
}

// Reads the text form: the key id, which others derive from the public key, guards against typing
// errors and against a name that was changed by hand.
Error KeyFile::take(ByteView text, const std::string& path) {
  if (!text.empty() && text[text.size - 1] == '\n') text = text.part(0, text.size - 1);
  if (!equal(text.part(0, prefix_bytes), literal(prefix))) {
    return not_a_key(path, "it does not begin with PRIVATE+KEY+");
  }
  ByteView rest = text.part(prefix_bytes);
  const ByteView name = until_plus(rest);
  const ByteView id = until_plus(rest);
  if (!is_key_name(name)) return not_a_key(path, "its name is not a key name");
  Secret<blob_bytes + 3> blob;
  const Result<size_t> size = decode_base64(rest, {blob.bytes, sizeof blob.bytes});
  if (!size.ok() || size.value < 1) return not_a_key(path, "its last part is not base64");
  const uint8_t type = blob.bytes[0];
  if (type != static_cast<uint8_t>(NoteType::ed25519) &&
      type != static_cast<uint8_t>(NoteType::ecdsa)) {
    return {Status::unsupported, path + " holds a private key of type " + std::to_string(type) +
                                     ". Supported are 1 (Ed25519) and 2 (ECDSA P-256)."};
  }
  if (size.value != blob_bytes) return not_a_key(path, "the key is not 32 bytes long");
  const Algorithm algorithm = type == 0x01 ? Algorithm::ed25519 : Algorithm::p256;
  CAIRN_HOST_TRY(make_signer(algorithm, {blob.bytes + 1, secret_bytes}, path));
  name_ = string_of(name);
  const std::string expected = hex_of(key_id(log_key()));
  if (string_of(id) == expected) return {};
  return not_a_key(path, "the key id is " + string_of(id) + ", but the key and the name '" + name_ +
                             "' give " + expected);
}

Error KeyFile::generate(const std::string& path, const std::string& name, Algorithm algorithm) {
  forget();
  if (!is_issued_name(name)) {
    return {Status::bad_argument, "'" + name +
                                      "' cannot name a key: 1 to 255 printable ASCII characters "
                                      "without spaces and '+', like plant.example/line-4."};
  }
  const std::string public_path = path + ".vkey";
  if (access(public_path.c_str(), F_OK) == 0) return system_error("create", public_path, EEXIST);
  Secret<blob_bytes> blob;
  blob.bytes[0] =
      static_cast<uint8_t>(algorithm == Algorithm::ed25519 ? NoteType::ed25519 : NoteType::ecdsa);
  const MutableBytes secret(blob.bytes + 1, secret_bytes);
  const Platform& platform = linux_platform();
  const Status status =
      algorithm == Algorithm::p256
          ? p256_generate(secret)
          : static_cast<Status>(platform.entropy(nullptr, secret.data, secret.size));
  if (status != Status::ok) {
    return {status, std::string("no new key could be made: ") + status_text(status) + "."};
  }
  CAIRN_HOST_TRY(make_signer(algorithm, secret, path));
  name_ = name;
  const Error error = write_files(path, public_path, blob.bytes);
  if (!error.ok()) forget();
  return error;
}

Error KeyFile::write_files(const std::string& path, const std::string& public_path,
                           const uint8_t* blob) const {
  Secret<key_text_bytes_max> text;
  const std::string head = prefix + name_ + "+" + hex_of(key_id(log_key())) + "+";
  std::memcpy(text.bytes, head.data(), head.size());
  const MutableBytes rest(text.bytes + head.size(), sizeof text.bytes - head.size());
  const Result<size_t> written = encode_base64({blob, blob_bytes}, rest);
  if (!written.ok()) return {written.status, "the new key could not be written as text."};
  const size_t size = head.size() + written.value;
  text.bytes[size] = '\n';
  CAIRN_HOST_TRY(create_file(path, {text.bytes, size + 1}, 0600));
  const Error error = create_file(public_path, bytes_of(vkey_text(log_key()) + "\n"), 0644);
  if (!error.ok()) unlink(path.c_str());
  return error;
}

NoteKey KeyFile::log_key() const {
  return note_key(bytes_of(name_), log_note_type(signer_.public_key), signer_.public_key);
}

Result<NoteKey> KeyFile::cosigner_key() const {
  if (algorithm() != Algorithm::ed25519) return Status::unsupported;
  return note_key(bytes_of(name_), NoteType::cosignature, signer_.public_key);
}

std::string vkey_text(const NoteKey& key) {
  uint8_t text[vkey_bytes_max];
  const Result<size_t> size = format_vkey(key, text);
  return size.ok() ? string_of({text, size.value}) : std::string();
}

VerifierKey& VerifierKey::operator=(const VerifierKey& other) {
  text = other.text;
  parse_own();
  return *this;
}

// A text that parsed once parses again: only the view into it must follow the copy.
void VerifierKey::parse_own() {
  if (text.empty() || parse_vkey(bytes_of(text), key) != Status::ok) key = {};
}

Error VerifierKey::parse(const std::string& vkey, const std::string& where) {
  text = vkey;
  Fault fault;
  const Status status = parse_vkey(bytes_of(text), key, &fault);
  if (status == Status::ok) return {};
  key = {};
  if (status == Status::unsupported) {
    return {status, where +
                        ": a verifier key of a type that this version does not know. Supported "
                        "are 1 (Ed25519), 2 (ECDSA P-256) and 4 (cosignature)."};
  }
  return {status, where + ": not a verifier key, its " + field_text(fault.field) +
                      " is wrong. Expected name+id+base64, as 'cairn keygen' writes it into the "
                      "file that ends in .vkey."};
}

Error VerifierKey::load(const std::string& path) {
  std::string content;
  CAIRN_HOST_TRY(read_file(path, vkey_bytes_max, content));
  while (!content.empty() && (content.back() == '\n' || content.back() == '\r'))
    content.pop_back();
  return parse(content, path);
}

}  // namespace cairn::host
