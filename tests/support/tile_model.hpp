// What tile frames and the archive promise of a log over the leaves of log_model.hpp.
#pragma once

#include <cairn/log.hpp>
#include <cairn/proof.hpp>

#include "support/log_model.hpp"

namespace log_model {

inline const cairn::Digest& tile_root(uint64_t number) {
  static std::deque<cairn::Digest> roots;
  while (roots.size() <= number) {
    cairn::Frontier tile;
    for (uint64_t i = 256 * roots.size(); tile.size() < 256; ++i)
      (void)tile.append(cairn::leaf_hash({leaf(i).data(), leaf(i).size()}));
    roots.push_back(tile.root());
  }
  return roots[number];
}

/// So many roots of the archive outlive their leaves.
inline uint64_t archived_tiles_max(const cairn::Flash& flash) {
  return flash.segment_bytes / 4 / 38;
}

/// From the size `from`, whose leaves may have gone, to the whole.
inline void check_consistency(const cairn::Log& log, uint64_t from) {
  cairn::Digest hashes[cairn::proof_hashes_max];
  cairn::ProofBuffer proof = {hashes, cairn::proof_hashes_max};
  const cairn::Status built = cairn::build_consistency(from, log.size(), log.nodes(), proof);
  demand(built == cairn::Status::ok, [&] {
    return "no proof that " + std::to_string(log.size()) + " goes on from " + std::to_string(from) +
           ": " + cairn::status_text(built);
  });
  demand(cairn::verify_consistency(from, log.size(), root_at(from), root_at(log.size()), proof) ==
             cairn::Status::ok,
         "a consistency proof is wrong");
}

inline void check_inclusion(const cairn::Log& log, uint64_t index) {
  cairn::Digest hashes[cairn::proof_hashes_max];
  cairn::ProofBuffer proof = {hashes, cairn::proof_hashes_max};
  const cairn::Status built = cairn::build_inclusion(index, log.size(), log.nodes(), proof);
  demand(built == cairn::Status::ok, "no inclusion proof of a record that is held");
  const std::vector<uint8_t>& bytes = leaf(index);
  demand(cairn::verify_inclusion(index, log.size(), cairn::leaf_hash({bytes.data(), bytes.size()}),
                                 proof, root_at(log.size())) == cairn::Status::ok,
         "an inclusion proof is wrong");
}

/// Proofs of what is held, right roots or none of the tiles that have been retired, and with an
/// archive the newest of them, and proofs from every size that ends one while it holds them all.
inline void check_tiles(const cairn::Log& log) {
  const bool archive = log.options().tiles == cairn::LogTiles::archive;
  const uint64_t tiles = log.size() / 256, most = archived_tiles_max(log.flash());
  for (uint64_t number = 0; number < tiles; ++number) {
    cairn::Digest root;
    const cairn::Status status = log.node(8, number, root);
    const bool retired = number * 256 < log.index_min();
    if (status == cairn::Status::pruned && retired && (!archive || tiles - number > most)) continue;
    demand(status == cairn::Status::ok, [&] {
      return "the root of tile " + std::to_string(number) + ": " + cairn::status_text(status);
    });
    demand(root == tile_root(number), "the root of a tile is wrong");
    if (archive && tiles <= most) check_consistency(log, 256 * (number + 1));
  }
  if (log.index_min() == log.size()) return;
  check_inclusion(log, log.index_min());
  check_inclusion(log, log.size() - 1);
}

}  // namespace log_model
