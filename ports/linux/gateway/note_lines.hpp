// Notes with some of their signature lines.
#pragma once

#include <cairn/note.hpp>
#include <string>

namespace cairn::gateway {

/// The note with the first signature line of this key and no other: what a leaf of the aggregate
/// log is. Empty without such a line.
std::string with_line_of(const Note& note, const NoteKey& key);

/// The note without the lines of this key.
std::string without_lines_of(const Note& note, const NoteKey& key);

}  // namespace cairn::gateway
