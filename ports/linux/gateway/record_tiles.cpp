#include "record_tiles.hpp"

#include <cairn/gateway/device.hpp>
#include <cairn/linux/lock_file.hpp>
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
  host::TileWriter writer;
  const host::Error opened = writer.open(own, size, &flush_);
  const auto is_it = [&writer, &root] {
    const Result<Digest> found = writer.root();
    return found.ok() && found.value == root;
  };
  if (is_lost(opened.status) || (opened.ok() && !is_it())) return not_here(own, size);
  CAIRN_HOST_TRY(opened);
  std::vector<ByteView> views;
  for (const std::string& leaf : leaves)
    views.push_back(host::bytes_of(leaf));
  CAIRN_HOST_TRY(writer.append(views.data(), views.size()));
  return writer.publish();
}

}  // namespace cairn::gateway
