// Brings the archive of a log up to what its store has: for a store from before there was an
// archive.
#pragma once

#include <cairn/gateway/archive.hpp>
#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

struct ArchiveFillOptions {
  std::string log;                   ///< origin of the log
  size_t entries_at_once = 1 << 14;  ///< whose hashes are in memory, some 100 bytes each
  std::function<bool()> is_stopped;  ///< asked before each file; empty: nothing stops it
};

/// Writes receipts, cosigned heads and forks that a store has and the archive lacks. Whatever is
/// stored since there are archives is in one first, so this is done once: from then on a call reads
/// three entries. One that is stored while this runs may come into the archive twice; readers take
/// it once.
///
/// Entries: "archived LOG KIND", the key up to which those of a kind are in the archive; empty: all
/// are.
///
/// Power loss: the next call goes on from there, and finds what came after it in the archive.
/// Cost: two reads of the entries, two flushes a file; each `entries_at_once` entries one read of
/// the archive, and one commit of the store.
///
/// ok        all are in the archive, unless it was stopped
/// io, full  of the store, of the folder: call it again
/// others    as read_archive()
Error fill_archive(Store& store, Archive& archive, const ArchiveFillOptions& options,
                   uint64_t& files_written);

/// The key of the entry above.
std::string archived_key(const std::string& log, ArchiveKind kind);

}  // namespace cairn::gateway
