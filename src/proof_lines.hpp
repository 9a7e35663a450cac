// What tlog-proof files and add-checkpoint requests have in common: hashes in base64, one a line,
// an empty line, a signed checkpoint.
#pragma once

#include "cairn/checkpoint.hpp"
#include "cairn/proof.hpp"
#include "text.hpp"

namespace cairn {

/// Takes hash lines and the empty line behind them off `rest`; `line` counts the lines taken.
/// corrupt with `fault`: a line is no hash, or there are more than `lines_max`; full: `out` is.
Status take_hash_lines(ByteView& rest, size_t& line, size_t lines_max, ProofBuffer& out,
                       Fault* fault);

void put_hash_lines(Writer& writer, ProofView hashes);

/// parse_note() and parse_checkpoint() of a note that stands behind `lines_before` lines of a file.
Status parse_note_behind(size_t lines_before, ByteView bytes, Note& note, Checkpoint& checkpoint,
                         Fault* fault);

}  // namespace cairn
