#include "record_tiles.hpp"

#include <cairn/gateway/device.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>

namespace cairn::gateway {
namespace {

bool is_lost(Status status) {
  return status == Status::not_found || status == Status::corrupt;
}

host::Error not_here(const std::string& folder, uint64_t size) {
  return {Status::not_found,
          folder + " does not have the first " + std::to_string(size) + " records of the device."};
}

// Whether a folder holds the tree with this root. What fails for another reason than that it does
// not is no answer.
host::Error find_tree(const std::string& folder, uint64_t size, const Digest& root, bool& held) {
  host::TileFolder tiles;
  const host::Error opened = tiles.open(folder, size);
  if (opened.status == Status::not_found) return {};
  CAIRN_HOST_TRY(opened);
  Digest found;
  const Status status = build_root(size, tiles.nodes(), found);
  held = status == Status::ok && found == root;
  if (status == Status::ok || is_lost(status)) return {};
  return {status, folder + ": a tile cannot be read: " + status_text(status) + "."};
}

}  // namespace

std::string records_folder_of(const std::string& folder, const std::string& origin) {
  return folder + "/" + origin_hash(origin);
}

RecordTiles::RecordTiles(const std::string& folder) : folder_(folder), flush_(folder) {}

host::Error RecordTiles::append(const std::string& origin, uint64_t size, const Digest& root,
                                const std::vector<std::string>& leaves) {
  const std::string own = records_folder_of(folder_, origin);
  host::LockFile lock;
  CAIRN_HOST_TRY(lock.wait(own + ".lock"));
  bool held = size == 0;
  if (!held) CAIRN_HOST_TRY(find_tree(own, size, root, held));
  if (!held) return not_here(own, size);
  host::TileWriter writer;
  const host::Error opened = writer.open(own, size, &flush_);
  // The tiles are there, but not the records under the last of them.
  if (is_lost(opened.status)) return not_here(own, size);
  CAIRN_HOST_TRY(opened);
  std::vector<ByteView> views;
  for (const std::string& leaf : leaves)
    views.push_back(host::bytes_of(leaf));
  CAIRN_HOST_TRY(writer.append(views.data(), views.size()));
  return writer.publish();
}

}  // namespace cairn::gateway
