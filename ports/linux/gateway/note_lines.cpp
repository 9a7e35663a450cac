#include "note_lines.hpp"

#include <cairn/linux/file.hpp>

namespace cairn::gateway {
namespace {

bool is_line_of(const NoteSignature& line, const NoteKey& key) {
  return line.key_id == key_id(key) && equal(line.name, key.name);
}

}  // namespace

std::string with_line_of(const Note& note, const NoteKey& key) {
  SignatureLines lines(note);
  NoteSignature line;
  while (lines.next(line) == Status::ok)
    if (is_line_of(line, key))
      return host::string_of(note.text) + "\n" + host::string_of(line.line) + "\n";
  return {};
}

std::string without_lines_of(const Note& note, const NoteKey& key) {
  std::string kept = host::string_of(note.text) + "\n";
  SignatureLines lines(note);
  NoteSignature line;
  while (lines.next(line) == Status::ok)
    if (!is_line_of(line, key)) kept += host::string_of(line.line) + "\n";
  return kept;
}

}  // namespace cairn::gateway
