#include "record_tiles.hpp"

#include <cairn/gateway/device.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/tile_writer.hpp>

namespace cairn::gateway {

std::string records_folder_of(const std::string& folder, const std::string& origin) {
  return folder + "/" + origin_hash(origin);
}

RecordTiles::RecordTiles(const std::string& folder) : folder_(folder), flush_(folder) {}

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
