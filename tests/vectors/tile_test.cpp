// Tiles and entry bundles against those that Go's sumdb/tlog makes of the same log.
#ifdef CAIRN_TEST_WITH_LINUX

#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <map>

#include "support/generated_leaves.hpp"
#include "support/host.hpp"
#include "support/json_vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using vectors::Bytes;

namespace {

/// The first bytes of a tile. Go's vectors have partial tiles of widths in between, too: what was
/// published of a tile begins with them.
std::string published(const std::string& folder, const std::string& path, size_t size_bytes) {
  std::string bytes;
  Error error = read_file(folder + "/" + path, SIZE_MAX, bytes);
  if (error.ok()) return bytes;
  const std::string tile = path.substr(0, path.find(".p/"));
  for (unsigned width = tile_width; width != 0 && !error.ok(); --width) {
    const std::string partial = width == tile_width ? "" : ".p/" + std::to_string(width);
    error = read_file(folder + "/" + tile + partial, SIZE_MAX, bytes);
  }
  return bytes.substr(0, size_bytes);
}

}  // namespace

TEST_CASE("Go sumdb/tlog: the tiles and bundles of one log at ten sizes, file by file") {
  const auto file = vectors::json(vectors::own("gomod/tiles.json"));
  const Bytes seed = vectors::hex(file["seed_hex"]);
  std::map<uint64_t, std::vector<nlohmann::json>> sizes;
  for (const auto& row : file["tiles"])
    sizes[row["tree_size"]].push_back(row);
  CHECK(sizes.size() == 10);
  const host_tests::TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  size_t files = 0;
  size_t absent = 0;
  for (const auto& [size, rows] : sizes) {
    for (uint64_t index = writer.size(); index < size; ++index) {
      const Bytes leaf = vectors::generated_leaf(seed, index);
      const ByteView bytes = vectors::view(leaf);
      REQUIRE(writer.append(&bytes, 1).ok());
    }
    REQUIRE(writer.publish().ok());
    for (const auto& row : rows) {
      const std::string path = row["path"];
      CAPTURE(size, path);
      const std::string bytes = published(folder.path(), path, row["bytes"]);
      CHECK(sha256(bytes_of(bytes)) == vectors::digest(row["sha256"]));
      ++(bytes.empty() ? absent : files);
    }
  }
  CHECK(files == 465);
  CHECK(absent == 0);
}

#endif
