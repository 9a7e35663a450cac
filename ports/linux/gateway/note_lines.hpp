// Signature lines of a note, kept or left out.
#pragma once

#include <cairn/linux/file.hpp>
#include <cairn/note.hpp>
#include <functional>
#include <string>

namespace cairn::gateway {

inline bool is_line_of(const NoteSignature& line, const NoteKey& key) {
  return equal(line.name, key.name) && line.key_id == key_id(key);
}

/// The note with those of its signature lines that `keeps` accepts; empty when it is not a note.
inline std::string keep_lines(const std::string& note,
                              const std::function<bool(const NoteSignature&)>& keeps) {
  Note parsed;
  if (parse_note(host::bytes_of(note), parsed) != Status::ok) return {};
  std::string kept = host::string_of(parsed.text) + "\n";
  SignatureLines lines(parsed);
  NoteSignature line;
  while (lines.next(line) == Status::ok)
    if (keeps(line)) kept += host::string_of(line.line) + "\n";
  return kept;
}

}  // namespace cairn::gateway
