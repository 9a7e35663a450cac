// Where tiles and entry bundles lie in a folder, and what bundles hold: c2sp.org/tlog-tiles. See
// docs/format.md, "Tiles".
#pragma once

#include <cairn/bytes.hpp>
#include <cairn/status.hpp>
#include <string>
#include <vector>

namespace cairn::host {

/// A full tile has this many hashes, a full bundle as many entries.
constexpr unsigned tile_width = 256;
/// A tile holds hashes of every eighth level of the tree, so eight levels of tiles hold any tree.
constexpr unsigned tile_levels = 8;
constexpr size_t entry_bytes_max = 65535;

/// How many hashes the tile `number` of a level has in the tree of `size` leaves: 0 for none.
unsigned tile_width_in(uint64_t size, unsigned tile_level, uint64_t number);

/// A number as the end of a path, "x001/234": groups of three digits, an x before all but the last.
std::string grouped_number(uint64_t number);
/// "tile/0/x001/234", or "tile/0/x001/234.p/17" for one of 17 hashes.
std::string tile_path(unsigned tile_level, uint64_t number, unsigned width = tile_width);
/// "tile/entries/x001/234", or with ".p/17".
std::string entries_path(uint64_t number, unsigned width = tile_width);

/// Adds an entry to a bundle: its length in two bytes, and itself. It has entry_bytes_max at most.
void add_entry(std::string& bundle, ByteView entry);
/// Takes a bundle apart; `entries` point into it.
/// corrupt: it ends inside an entry, or has more than 256.
Status split_entries(ByteView bundle, std::vector<ByteView>& entries);

}  // namespace cairn::host
