#include "fork_text.hpp"

#include <algorithm>

namespace cairn::host {
namespace {

constexpr char header[] = "cairn fork v1";
constexpr char key_word[] = "key ";
constexpr char root_word[] = "root ";
constexpr char hash_word[] = "hash ";

std::string base64_of(const Digest& digest) {
  uint8_t text[base64_size(digest_bytes)];
  const Result<size_t> size = encode_base64(digest, text);
  return size.ok() ? string_of({text, size.value}) : std::string();
}

// The lines of the file, and how far they have been read.
class Lines {
 public:
  explicit Lines(ByteView file) : rest_(file) {}

  /// The next line without its end, when it begins with `word`; `rest` is what follows the word.
  bool take(const std::string& word, std::string& rest) {
    const uint8_t* end = std::find(rest_.begin(), rest_.end(), uint8_t{'\n'});
    const std::string line = string_of({rest_.data, static_cast<size_t>(end - rest_.data)});
    if (end == rest_.end() || line.compare(0, word.size(), word) != 0) return false;
    rest = line.substr(word.size());
    rest_ = rest_.part(line.size() + 1);
    ++number_;
    return true;
  }
  bool take_digest(const std::string& word, Digest& out) {
    std::string text;
    if (!take(word, text)) return false;
    const Result<size_t> size = decode_base64(bytes_of(text), out.bytes);
    return size.ok() && size.value == digest_bytes;
  }
  /// A note: lines up to and with the empty one, and one signature line.
  bool take_note(std::string& out) {
    std::string line = "?";
    out.clear();
    while (!line.empty()) {
      if (!take("", line)) return false;
      out += line + "\n";
    }
    if (!take("", line)) return false;
    out += line + "\n";
    return true;
  }
  bool at_end() const { return rest_.empty(); }
  Error fault(const std::string& expected) const {
    return {Status::corrupt, "line " + std::to_string(number_ + 1) + " is not " + expected + "."};
  }

 private:
  ByteView rest_;
  size_t number_ = 0;
};

Error parse_head_lines(Lines& lines, ForkProof& out) {
  std::string text;
  if (!lines.take(header, text) || !text.empty())
    return lines.fault(std::string("'") + header + "', with which such a file begins");
  while (out.vkeys.size() < 2 && lines.take(key_word, text))
    out.vkeys.push_back(text);
  if (out.vkeys.empty()) return lines.fault("the log's key");
  Digest hash;
  if (lines.take_digest(root_word, out.root)) {
    while (out.consistency.size() < proof_hashes_max && lines.take_digest(hash_word, hash))
      out.consistency.push_back(hash);
  }
  return lines.take("", text) && text.empty() ? Error() : lines.fault("the empty one");
}

}  // namespace

std::string with_one_line(const Note& note, const NoteKey& key) {
  SignatureLines lines(note);
  NoteSignature line;
  while (lines.next(line) == Status::ok) {
    if (line.key_id != key_id(key) || !equal(line.name, key.name)) continue;
    return string_of(note.text) + "\n" + string_of(line.line) + "\n";
  }
  return {};
}

std::string format_fork_proof(const ForkProof& proof) {
  std::string text = std::string(header) + "\n";
  for (const std::string& vkey : proof.vkeys)
    text += key_word + vkey + "\n";
  if (!proof.consistency.empty()) text += root_word + base64_of(proof.root) + "\n";
  for (const Digest& hash : proof.consistency)
    text += hash_word + base64_of(hash) + "\n";
  return text + "\n" + proof.first + "\n" + proof.second;
}

Error parse_fork_proof(ByteView file, ForkProof& out) {
  out = {};
  if (file.size > fork_file_bytes_max) return {Status::corrupt, "it is too long."};
  Lines lines(file);
  CAIRN_HOST_TRY(parse_head_lines(lines, out));
  std::string text;
  if (!lines.take_note(out.first)) return lines.fault("that of a signed checkpoint");
  if (!lines.take("", text) || !text.empty()) return lines.fault("the empty one");
  if (!lines.take_note(out.second)) return lines.fault("that of a signed checkpoint");
  if (!lines.at_end()) return lines.fault("to be there: the file has ended");
  // One form only: whoever holds two files that differ holds two proofs.
  if (format_fork_proof(out) != string_of(file))
    return {Status::corrupt, "it is not in the one form that such a file has."};
  return {};
}

}  // namespace cairn::host
