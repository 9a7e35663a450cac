#include <fcntl.h>

#include <cairn/linux/tile_folder.hpp>
#include <cerrno>

#include "pyramid.hpp"

namespace cairn::host {
namespace {

constexpr unsigned height = 8;  // of a tile's pyramid
constexpr size_t bundle_bytes_max = tile_width * (2 + entry_bytes_max);

}  // namespace

Error TileFolder::open(const std::string& folder, uint64_t size) {
  *this = TileFolder();
  if (size > tree_size_max) return {Status::bad_argument, "No tree is as large as that."};
  folder_ = Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.is_open()) return system_error("open", folder, errno);
  path_ = folder;
  size_ = size;
  return {};
}

Status TileFolder::read_tile(unsigned tile_level, uint64_t number, unsigned width,
                             Digest* hashes) const {
  const std::string path = tile_path(tile_level, number, width);
  const Descriptor file(::openat(folder_.number(), path.c_str(), O_RDONLY | O_CLOEXEC));
  // A partial tile may be gone where there is a full one.
  if (!file.is_open() && errno == ENOENT && width != tile_width)
    return read_tile(tile_level, number, tile_width, hashes);
  if (!file.is_open()) return errno == ENOENT ? Status::not_found : Status::io;
  const ssize_t bytes = width * ssize_t{digest_bytes};
  const ssize_t read = read_fully(file.number(), hashes, static_cast<size_t>(bytes));
  if (read < 0) return Status::io;
  return read == bytes ? Status::ok : Status::corrupt;
}

Status TileFolder::load(unsigned tile_level, uint64_t number, const Tile*& out) {
  Tile& tile = tiles_[tile_level][number % tiles_kept];
  out = &tile;
  if (tile.number == number) return Status::ok;
  tile.number = UINT64_MAX;
  tile.nodes.resize(2 * tile_width);
  const unsigned width = tile_width_in(size_, tile_level, number);
  Digest* const base = tile.nodes.data() + pyramid_place(height, 0, 0);
  CAIRN_TRY(read_tile(tile_level, number, width, base));
  raise_pyramid(tile.nodes.data(), height, width, height - 1);
  tile.number = number;
  return Status::ok;
}

Status TileFolder::node(void* user, unsigned level, uint64_t index, Digest& out) {
  TileFolder& self = *static_cast<TileFolder*>(user);
  if (level >= 8 * tile_levels || index >= self.size_ >> level) return Status::bad_argument;
  const unsigned tile_level = level / 8;
  const unsigned row = level % 8;
  const uint64_t number = index >> (height - row);
  const Tile* tile = nullptr;
  CAIRN_TRY(self.load(tile_level, number, tile));
  const size_t inside = static_cast<size_t>(index & ((tile_width >> row) - 1));
  out = tile->nodes[pyramid_place(height, row, inside)];
  return Status::ok;
}

NodeSource TileFolder::nodes() const {
  return {const_cast<TileFolder*>(this), &TileFolder::node};
}

Error TileFolder::read_entries(uint64_t number, std::string& bundle) const {
  const unsigned width = tile_width_in(size_, 0, number);
  if (width == 0) return {Status::bad_argument, "The tree has no such entries."};
  std::string path = path_ + "/" + entries_path(number, width);
  Error error = read_file(path, bundle_bytes_max, bundle);
  if (error.status == Status::not_found && width != tile_width) {
    path = path_ + "/" + entries_path(number);
    error = read_file(path, bundle_bytes_max, bundle);
  }
  CAIRN_HOST_TRY(error);
  std::vector<ByteView> entries;
  if (split_entries(bytes_of(bundle), entries) != Status::ok || entries.size() < width)
    return {Status::corrupt, path + ": not a bundle of " + std::to_string(width) + " entries."};
  if (entries.size() > width) {
    const ByteView last = entries[width - 1];
    bundle.resize(static_cast<size_t>(last.text() + last.size - bundle.data()));
  }
  return {};
}

}  // namespace cairn::host
