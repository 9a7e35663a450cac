// Trees in folders of tiles: their signed heads, their frontiers, and all of their entries.
#pragma once

#include <cairn/linux/error.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/merkle.hpp>
#include <functional>
#include <string>

namespace cairn::gateway {

using host::Error;

/// A signed head of a log.
struct SignedTree {
  uint64_t size = 0;
  Digest root{};
  std::string note;  ///< empty: none yet, the empty tree
};

/// Checks the signature of a log's head and takes it apart. `where` is named in the message.
/// corrupt, not_found, signature_invalid as open_checkpoint(); bad_argument: of another origin.
Error open_head(const std::string& note, const NoteKey& log, const std::string& where,
                SignedTree& out);

/// Reads the frontier of the tree of `size` leaves from a folder of tiles, and compares its root.
/// damaged: the folder does not hold that tree.
Error load_frontier(const std::string& folder, uint64_t size, const Digest& root, Frontier& out);

/// Root of the first `size` leaves of the `held` whose tiles are in a folder: a copy has no partial
/// tiles but those of the sizes that it was copied at. damaged: a tile is missing.
Error root_at(const std::string& folder, uint64_t held, uint64_t size, Digest& out);

/// Reads every entry of a tree from its bundles, in order, and sees that they are the leaves of
/// the tree with this root.
/// damaged: they are not; `each` was called all the same. Others: what `each` answered.
Error read_all_entries(const std::string& folder, const SignedTree& tree,
                       const std::function<Error(uint64_t index, ByteView entry)>& each);

}  // namespace cairn::gateway
