// The text of a fork proof, and the notes in it.
#pragma once

#include <cairn/linux/file.hpp>
#include <cairn/linux/fork_proof.hpp>
#include <cairn/merkle.hpp>

namespace cairn::host {

/// The note with the first signature line of `key` only; empty when it has none.
std::string with_one_line(const Note& note, const NoteKey& key);

}  // namespace cairn::host
