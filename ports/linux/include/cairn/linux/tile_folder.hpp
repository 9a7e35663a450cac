// Proofs from tiles on disk. Of each level of tiles those that were read last are kept in memory,
// sixteen at most, with all that is hashed over them: up to 256 KiB for every eight levels.
#pragma once

#include <cairn/linux/file.hpp>
#include <cairn/linux/tile_layout.hpp>
#include <cairn/proof.hpp>

namespace cairn::host {

class TileFolder {
 public:
  /// Opens the folder in which `tile` lies, for the tree of `size` leaves. Its tiles must have been
  /// published at that size, or their full ones later. Nothing is read yet.
  ///
  /// bad_argument  size over tree_size_max
  /// other         system_error()
  Error open(const std::string& folder, uint64_t size);

  uint64_t size() const { return size_; }

  /// For build_inclusion(), a Prover and the others; holds the address of this object. It remembers
  /// the tiles read last, so it is not for two threads at once.
  ///
  /// The bytes of tiles are not checked: compare the root that they lead to with a signed one.
  ///
  /// Cost: a proof reads one file for every eight levels, and hashes each tile that it reads once,
  /// in seven calls. Tiles that are in memory are not read again: of many proofs in a tree of a
  /// million leaves, each reads one.
  ///
  /// node: ok; bad_argument (no such subtree); not_found (no such tile); corrupt (a file that is
  /// too short); io
  NodeSource nodes() const;

  /// Reads the bundle of the entries [256 number, 256 number + 256), those that the tree has; take
  /// it apart with split_entries().
  ///
  /// ok            read
  /// bad_argument  the tree has none of them
  /// corrupt       it holds fewer, or is no bundle
  /// other         system_error()
  Error read_entries(uint64_t number, std::string& bundle) const;

 private:
  static constexpr unsigned tiles_kept = 16;
  struct Tile {
    uint64_t number = UINT64_MAX;
    std::vector<Digest> nodes;  ///< a pyramid
  };

  static Status node(void* user, unsigned level, uint64_t index, Digest& out);
  Status load(unsigned tile_level, uint64_t number, const Tile*& out);
  Status read_tile(unsigned tile_level, uint64_t number, unsigned width, Digest* hashes) const;

  std::string path_;
  Descriptor folder_;
  uint64_t size_ = 0;
  Tile tiles_[tile_levels][tiles_kept];  ///< each at its number modulo tiles_kept
};

}  // namespace cairn::host
