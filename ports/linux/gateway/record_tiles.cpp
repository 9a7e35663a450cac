#include "record_tiles.hpp"

#include <unistd.h>

#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/tile_writer.hpp>

namespace cairn::gateway {
namespace {

constexpr size_t heads_tried_max = 64;

}  // namespace

std::string records_folder_of(const std::string& folder, const std::string& origin) {
  return folder + "/" + origin_hash(origin);
}

RecordTiles::RecordTiles(const std::string& folder) : folder_(folder), flush_(folder) {}

uint64_t RecordTiles::find_end(const std::string& origin, const AggregateLog& log) const {
  const std::string own = records_folder_of(folder_, origin);
  std::vector<uint64_t> sizes;
  if (access(own.c_str(), F_OK) != 0 || !log.device_sizes(origin, sizes).ok()) return 0;
  for (size_t i = 0; i < std::min(sizes.size(), heads_tried_max); ++i) {
    AggregateLeaf leaf;
    Note note;
    Checkpoint checkpoint;
    Frontier frontier;
    if (log.find(origin, sizes[sizes.size() - 1 - i], leaf).ok() &&
        parse_note(host::bytes_of(leaf.note), note) == Status::ok &&
        parse_checkpoint(note.text, checkpoint) == Status::ok &&
        load_frontier(own, checkpoint.size, checkpoint.root, frontier).ok())
      return checkpoint.size;
  }
  return 0;
}

host::Error RecordTiles::append(const std::string& origin, uint64_t size, const std::string* leaves,
                                size_t count) {
  const std::string own = records_folder_of(folder_, origin);
  host::LockFile lock;
  CAIRN_HOST_TRY(lock.wait(own + ".lock"));
  host::TileWriter writer;
  CAIRN_HOST_TRY(writer.open(own, size, &flush_));
  std::vector<ByteView> views;
  for (size_t i = 0; i < count; ++i)
    views.push_back(host::bytes_of(leaves[i]));
  CAIRN_HOST_TRY(writer.append(views.data(), views.size()));
  return writer.publish();
}

}  // namespace cairn::gateway
