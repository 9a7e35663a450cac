#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/tile_tree.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/verifiers.hpp>

namespace cairn::gateway {
namespace {

Error not_that_tree(const std::string& folder, uint64_t size, const std::string& what) {
  return {Status::damaged, folder + " does not hold the tree of " + std::to_string(size) +
                               " leaves that was signed: " + what + "."};
}

}  // namespace

Error open_head(const std::string& note, const NoteKey& log, const std::string& where,
                SignedTree& out) {
  Checkpoint checkpoint;
  const Status status =
      open_checkpoint(host::bytes_of(note), log, host::all_verifiers(), checkpoint);
  const std::string name = host::string_of(log.name);
  if (status != Status::ok)
    return {status, where + " is not a head signed by " + name + ": " + status_text(status) + "."};
  if (!equal(checkpoint.origin, log.name))
    return {Status::bad_argument, where + " is a head of another log, " +
                                      host::string_of(checkpoint.origin) + ", not of " + name +
                                      "."};
  out = {checkpoint.size, checkpoint.root, note};
  return {};
}

Error load_frontier(const std::string& folder, uint64_t size, const Digest& root, Frontier& out) {
  host::TileFolder tiles;
  const Error error = tiles.open(folder, size);
  if (!error.ok()) return not_that_tree(folder, size, error.message);
  const NodeSource nodes = tiles.nodes();
  std::vector<Digest> hashes;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level & 1) == 0) continue;
    Digest hash;
    if (nodes.node(nodes.user, level, (size >> level) - 1, hash) != Status::ok)
      return not_that_tree(folder, size, "a tile cannot be read");
    hashes.push_back(hash);
  }
  if (out.assign(size, hashes.data(), hashes.size()) != Status::ok || out.root() != root)
    return not_that_tree(folder, size, "its root is another one");
  return {};
}

Error root_at(const std::string& folder, uint64_t held, uint64_t size, Digest& out) {
  host::TileFolder tiles;
  const Error error = tiles.open(folder, held);
  if (!error.ok() || build_root(size, tiles.nodes(), out) != Status::ok)
    return not_that_tree(folder, size, "a tile cannot be read");
  return {};
}

Error read_all_entries(const std::string& folder, const SignedTree& tree,
                       const std::function<Error(uint64_t index, ByteView entry)>& each) {
  host::TileFolder tiles;
  CAIRN_HOST_TRY(tiles.open(folder, tree.size));
  Frontier frontier;
  std::string bundle;
  std::vector<ByteView> entries;
  for (uint64_t index = 0; index < tree.size;) {
    const uint64_t number = index / host::tile_width;
    const unsigned width = host::tile_width_in(tree.size, 0, number);
    const Error error = tiles.read_entries(number, bundle);
    if (!error.ok()) return not_that_tree(folder, tree.size, error.message);
    if (host::split_entries(host::bytes_of(bundle), entries) != Status::ok ||
        entries.size() < width)
      return not_that_tree(folder, tree.size, "bundle " + std::to_string(number) + " is damaged");
    for (unsigned i = 0; i < width; ++i, ++index) {
      CAIRN_HOST_TRY(each(index, entries[i]));
      if (frontier.append(leaf_hash(entries[i])) != Status::ok)
        return not_that_tree(folder, tree.size, "it is too large");
    }
  }
  if (frontier.root() != tree.root)
    return not_that_tree(folder, tree.size, "its entries are others");
  return {};
}

}  // namespace cairn::gateway
