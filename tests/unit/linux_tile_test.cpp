// Tiles on disk: where they lie, what they hold, proofs from them, and what stays when writing is
// cut off.
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <random>
#include <set>

#include "support/host.hpp"
#include "support/tree.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

std::string leaf(uint64_t i) {
  return std::string(i % 40, static_cast<char>('a' + i % 26)) + std::to_string(i);
}

void append(TileWriter& writer, uint64_t count) {
  std::vector<std::string> texts;
  for (uint64_t i = 0; i < count; ++i)
    texts.push_back(leaf(writer.size() + i));
  std::vector<ByteView> leaves;
  for (const std::string& text : texts)
    leaves.push_back(bytes_of(text));
  const Error error = writer.append(leaves.data(), leaves.size());
  CAPTURE(error.message);
  REQUIRE(error.ok());
}

void publish_at(TileWriter& writer, uint64_t size) {
  append(writer, size - writer.size());
  const Error error = writer.publish();
  CAPTURE(error.message);
  REQUIRE(error.ok());
  CHECK(writer.published() == size);
}

tree::Levels& levels() {
  static tree::Levels all = [] {
    std::vector<Digest> hashes;
    for (uint64_t i = 0; i < 70000; ++i) {
      const std::string text = leaf(i);
      hashes.push_back(leaf_hash(bytes_of(text)));
    }
    return tree::Levels(std::move(hashes));
  }();
  return all;
}

Digest root_of(uint64_t size) {
  Digest root;
  REQUIRE(build_root(size, levels().source(), root) == Status::ok);
  return root;
}

/// The files in a folder and below, by their paths inside.
std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out.insert(entry.path().string().substr(folder.size() + 1));
  return out;
}

/// Asserts that every node comes from the tiles as it is.
void same_nodes(const std::string& folder, uint64_t size, uint64_t from = 0) {
  TileFolder tiles;
  REQUIRE(tiles.open(folder, size).ok());
  CHECK(tiles.size() == size);
  const NodeSource source = tiles.nodes();
  for (unsigned level = 0; level < 20; ++level) {
    Digest out;
    for (uint64_t index = from >> level; index < size >> level; ++index) {
      CAPTURE(size, level, index);
      REQUIRE(source.node(source.user, level, index, out) == Status::ok);
      REQUIRE(out == levels().levels[level][index]);
    }
    REQUIRE(source.node(source.user, level, size >> level, out) == Status::bad_argument);
  }
}

Status node(const TileFolder& tiles, unsigned level, uint64_t index) {
  Digest out;
  const NodeSource source = tiles.nodes();
  return source.node(source.user, level, index, out);
}

}  // namespace

TEST_CASE("Tiles and bundles lie where tlog-tiles says") {
  CHECK(tile_path(0, 0) == "tile/0/000");
  CHECK(tile_path(0, 7, 1) == "tile/0/007.p/1");
  CHECK(tile_path(1, 999) == "tile/1/999");
  CHECK(tile_path(1, 1000) == "tile/1/x001/000");
  CHECK(tile_path(0, 1234067) == "tile/0/x001/x234/067");
  CHECK(tile_path(7, UINT64_MAX >> 8, 255) == "tile/7/x072/x057/x594/x037/x927/935.p/255");
  CHECK(entries_path(1234067) == "tile/entries/x001/x234/067");
  CHECK(entries_path(273, 112) == "tile/entries/273.p/112");
  // The example of the specification: 70,000 entries.
  CHECK(tile_width_in(70000, 0, 272) == 256);
  CHECK(tile_width_in(70000, 0, 273) == 112);
  CHECK(tile_width_in(70000, 0, 274) == 0);
  CHECK(tile_width_in(70000, 1, 0) == 256);
  CHECK(tile_width_in(70000, 1, 1) == 17);
  CHECK(tile_width_in(70000, 2, 0) == 1);
  CHECK(tile_width_in(70000, 3, 0) == 0);
  CHECK(tile_width_in(0, 0, 0) == 0);
  CHECK(tile_width_in(256, 0, 1) == 0);
  CHECK(tile_width_in(tree_size_max, 7, 0) == 127);
  CHECK(tile_width_in(tree_size_max, 0, UINT64_MAX) == 0);
}

TEST_CASE("Bundles are taken apart into their entries, whole ones only") {
  std::string bundle;
  const std::string large(entry_bytes_max, 'x');
  for (const std::string& entry : {std::string("one"), std::string(), large})
    add_entry(bundle, bytes_of(entry));
  std::vector<ByteView> entries;
  REQUIRE(split_entries(bytes_of(bundle), entries) == Status::ok);
  REQUIRE(entries.size() == 3);
  CHECK(string_of(entries[0]) == "one");
  CHECK(entries[1].empty());
  CHECK(string_of(entries[2]) == large);
  for (const size_t cut : {size_t{1}, size_t{2}, size_t{4}, size_t{6}, bundle.size() - 1})
    CHECK(split_entries(ByteView(bytes_of(bundle).data, cut), entries) == Status::corrupt);
  CHECK(split_entries(ByteView(bytes_of(bundle).data, 5), entries) == Status::ok);
  CHECK(entries.size() == 1);
  CHECK(split_entries({}, entries) == Status::ok);
  CHECK(entries.empty());
  CHECK(split_entries(bytes_of(std::string(2 * 256, '\0')), entries) == Status::ok);
  CHECK(split_entries(bytes_of(std::string(2 * 257, '\0')), entries) == Status::corrupt);
}

TEST_CASE("Every small tree is there as it was published, file by file") {
  const TemporaryFolder folder;
  TileWriter writer;
  CHECK(writer.root().status == Status::bad_state);
  REQUIRE(writer.open(folder / "log", 0).ok());
  CHECK(writer.root().value == root_of(0));
  REQUIRE(writer.publish().ok());
  CHECK(files_in(folder.path()).empty());
  std::set<std::string> expected;
  for (const uint64_t size : {1u, 2u, 3u, 127u, 128u, 255u, 256u, 257u, 511u, 512u, 700u}) {
    publish_at(writer, size);
    for (uint64_t full = 0; full < size / 256; ++full) {
      expected.insert({"log/" + tile_path(0, full), "log/" + entries_path(full)});
    }
    const unsigned rest = static_cast<unsigned>(size % 256);
    if (rest != 0) {
      expected.insert(
          {"log/" + tile_path(0, size / 256, rest), "log/" + entries_path(size / 256, rest)});
    }
    if (size >= 256) expected.insert("log/" + tile_path(1, 0, static_cast<unsigned>(size / 256)));
    CHECK(files_in(folder.path()) == expected);
    same_nodes(folder / "log", size);
    CHECK(writer.root().value == root_of(size));
  }
  // Those of before are still there.
  for (const uint64_t size : {1u, 128u, 256u, 257u, 512u})
    same_nodes(folder / "log", size);
  CHECK(mode_of(folder / "log/tile/0/000") == 0644);
}

TEST_CASE("Trees around whole tiles of the second level are there too") {
  const TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  for (const uint64_t size : {65535u, 65536u, 65537u, 70000u}) {
    publish_at(writer, size);
    same_nodes(folder.path(), size, size - 3000);
    TileWriter again;
    REQUIRE(again.open(folder.path(), size).ok());
    CHECK(again.root().value == root_of(size));
    TileFolder tiles;
    REQUIRE(tiles.open(folder.path(), size).ok());
    Prover prover;
    REQUIRE(prover.open(size, tiles.nodes()) == Status::ok);
    std::mt19937_64 random(size);
    for (int round = 0; round < 300; ++round) {
      const uint64_t index = round == 0 ? size - 1 : random() % size;
      Digest made[proof_hashes_max], expected[proof_hashes_max];
      ProofBuffer from_tiles{made, proof_hashes_max}, from_tree{expected, proof_hashes_max};
      REQUIRE(prover.inclusion(index, from_tiles) == Status::ok);
      REQUIRE(build_inclusion(index, size, levels().source(), from_tree) == Status::ok);
      REQUIRE(std::vector<Digest>(made, made + from_tiles.count) ==
              std::vector<Digest>(expected, expected + from_tree.count));
    }
  }
}

TEST_CASE("Entries come back as they were appended") {
  const TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  publish_at(writer, 300);
  publish_at(writer, 512);
  TileFolder tiles;
  REQUIRE(tiles.open(folder.path(), 300).ok());
  std::string bundle;
  std::vector<ByteView> entries;
  const auto check = [&](uint64_t number, size_t count) {
    REQUIRE(tiles.read_entries(number, bundle).ok());
    REQUIRE(split_entries(bytes_of(bundle), entries) == Status::ok);
    REQUIRE(entries.size() == count);
    for (size_t i = 0; i < count; ++i)
      CHECK(string_of(entries[i]) == leaf(number * 256 + i));
  };
  check(0, 256);
  check(1, 44);
  CHECK(tiles.read_entries(2, bundle).status == Status::bad_argument);
  // The full bundle stands in for the partial one, cut to what the tree has.
  std::filesystem::remove_all(folder / "tile/entries/001.p");
  check(1, 44);
  write(folder / "tile/entries/001", std::string(2 * 43, '\0'));
  const Error error = tiles.read_entries(1, bundle);
  CHECK(error.status == Status::corrupt);
  CHECK(mentions(error.message, {"entries/001", "44"}));
  std::filesystem::remove(folder / "tile/entries/001");
  CHECK(tiles.read_entries(1, bundle).status == Status::not_found);
}

TEST_CASE("A full tile stands in for partial ones that are gone, and nothing for a full one") {
  const TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  publish_at(writer, 100);
  publish_at(writer, 600);
  std::filesystem::remove_all(folder / "tile/0/000.p");
  same_nodes(folder.path(), 100);
  std::filesystem::remove(folder / "tile/0/001");
  TileFolder tiles;
  REQUIRE(tiles.open(folder.path(), 600).ok());
  CHECK(node(tiles, 0, 0) == Status::ok);
  CHECK(node(tiles, 0, 256) == Status::not_found);
  CHECK(node(tiles, 8, 1) == Status::ok);
  CHECK(node(tiles, 0, 599) == Status::ok);
  write(folder / "tile/0/002.p/88", std::string(88 * 32 - 1, 'x'));
  CHECK(node(tiles, 0, 599) == Status::ok);  // it is in memory
  REQUIRE(tiles.open(folder.path(), 600).ok());
  CHECK(node(tiles, 0, 599) == Status::corrupt);
  CHECK(node(tiles, 0, 598) == Status::corrupt);
  std::filesystem::remove(folder / "tile/0/002.p/88");
  std::filesystem::create_directory(folder / "tile/0/002.p/88");
  CHECK(node(tiles, 0, 599) == Status::io);
}

TEST_CASE("A tile that cannot be read leaves the others as they are") {
  const TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  publish_at(writer, 17 * 256);
  write(folder / "tile/0/016", std::string(100, 'x'));
  TileFolder tiles;
  REQUIRE(tiles.open(folder.path(), 17 * 256).ok());
  const NodeSource source = tiles.nodes();
  Digest out;
  for (int round = 0; round < 2; ++round) {
    REQUIRE(source.node(source.user, 0, 1, out) == Status::ok);
    CHECK(out == levels().levels[0][1]);
    CHECK(source.node(source.user, 0, 16 * 256 + 1, out) == Status::corrupt);
  }
}

TEST_CASE("A folder of tiles says what is wrong with its arguments") {
  const TemporaryFolder folder;
  TileFolder tiles;
  CHECK(tiles.open(folder / "absent", 5).status == Status::not_found);
  CHECK(tiles.open(folder.path(), tree_size_max + 1).status == Status::bad_argument);
  REQUIRE(tiles.open(folder.path(), tree_size_max).ok());
  CHECK(node(tiles, 0, 0) == Status::not_found);
  CHECK(node(tiles, 62, 0) == Status::not_found);
  CHECK(node(tiles, 63, 0) == Status::bad_argument);
  CHECK(node(tiles, 64, 0) == Status::bad_argument);
  CHECK(node(tiles, UINT32_MAX, 0) == Status::bad_argument);
  REQUIRE(tiles.open(folder.path(), 0).ok());
  CHECK(node(tiles, 0, 0) == Status::bad_argument);
}

TEST_CASE("Writing goes on where it was left, and gives the same files") {
  const TemporaryFolder folder;
  const uint64_t sizes[] = {3, 200, 256, 300, 512, 520};
  {
    TileWriter writer;
    REQUIRE(writer.open(folder / "once", 0).ok());
    for (const uint64_t size : sizes)
      publish_at(writer, size);
  }
  uint64_t done = 0;
  for (const uint64_t size : sizes) {
    TileWriter writer;
    REQUIRE(writer.open(folder / "again", done).ok());
    CHECK(writer.size() == done);
    append(writer, (size - done) / 2);
    publish_at(writer, size);
    done = size;
  }
  CHECK(files_in(folder / "once") == files_in(folder / "again"));
  for (const std::string& file : files_in(folder / "once"))
    CHECK(vectors::slurp(folder / "once/" + file) == vectors::slurp(folder / "again/" + file));
  TileWriter writer;
  CHECK(writer.open(folder / "again", 700).status == Status::not_found);
  CHECK(writer.open(folder / "again", 600).status == Status::not_found);
  CHECK(writer.open(folder / "again", tree_size_max + 1).status == Status::bad_argument);
  CHECK(writer.append(nullptr, 0).status == Status::bad_state);
  CHECK(writer.publish().status == Status::bad_state);
  std::filesystem::remove(folder / "again/tile/entries/002.p/8");
  CHECK(writer.open(folder / "again", 520).status == Status::not_found);
}

TEST_CASE("Nobody sees a file before it is published, and what a cut leaves is in nobody's way") {
  const TemporaryFolder folder;
  {
    TileWriter writer;
    REQUIRE(writer.open(folder.path(), 0).ok());
    publish_at(writer, 5);
    append(writer, 600);
    for (const std::string& file : files_in(folder.path()))
      CHECK((file.find(".p/5") != std::string::npos || file.find(".new") != std::string::npos));
    CHECK(writer.size() == 605);
    CHECK(writer.published() == 5);
  }
  // Stopped: some files have their names, one has only half its bytes.
  std::filesystem::rename(folder / "tile/0/000.new", folder / "tile/0/000");
  write(folder / "tile/entries/000.new", "half");
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 5).ok());
  publish_at(writer, 605);
  same_nodes(folder.path(), 605);
  for (const std::string& file : files_in(folder.path()))
    CHECK(file.find(".new") == std::string::npos);
}

TEST_CASE("A tile that is there is never replaced by another") {
  const TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  publish_at(writer, 7);
  REQUIRE(writer.open(folder.path(), 0).ok());
  const std::string before = vectors::slurp(folder / "tile/0/000.p/7");
  std::vector<ByteView> foreign(7, literal("foreign"));
  REQUIRE(writer.append(foreign.data(), foreign.size()).ok());
  const Error error = writer.publish();
  CHECK(error.status == Status::corrupt);
  CHECK(mentions(error.message, {"000.p/7", "another log"}));
  CHECK(writer.publish().status == Status::bad_state);
  CHECK(writer.append(foreign.data(), 1).status == Status::bad_state);
  CHECK(vectors::slurp(folder / "tile/0/000.p/7") == before);
  same_nodes(folder.path(), 7);
}

TEST_CASE("A record that no bundle holds is refused, with all that came with it") {
  const TemporaryFolder folder;
  TileWriter writer;
  REQUIRE(writer.open(folder.path(), 0).ok());
  const std::string fits(entry_bytes_max, 'x');
  const std::string large(entry_bytes_max + 1, 'x');
  const ByteView leaves[] = {bytes_of(fits), bytes_of(large)};
  CHECK(writer.append(leaves, 2).status == Status::bad_argument);
  CHECK(writer.size() == 0);
  REQUIRE(writer.append(leaves, 1).ok());
  REQUIRE(writer.publish().ok());
  CHECK(vectors::slurp(folder / "tile/entries/000.p/1").size() == 2 + entry_bytes_max);
}

TEST_CASE("A full disk is told, and nothing half written has a name") {
  CHECK_PART(on_small_disk(64 * 1024, [](const std::string& folder) -> std::string {
    TileWriter writer;
    EXPECT(writer.open(folder + "/log", 0).ok());
    const std::string large(20000, 'x');
    const ByteView bytes = bytes_of(large);
    EXPECT(writer.append(&bytes, 1).ok());
    EXPECT(writer.publish().ok());
    EXPECT(writer.append(&bytes, 1).ok());
    EXPECT(writer.publish().status == Status::full);
    EXPECT(writer.publish().status == Status::bad_state);
    EXPECT(!exists(folder + "/log/tile/entries/000.p/2"));
    TileFolder tiles;
    EXPECT(tiles.open(folder + "/log", 1).ok());
    EXPECT(node(tiles, 0, 0) == Status::ok);
    return "";
  }));
}

TEST_CASE("Tiles may lie in a folder named from where the program stands") {
  const TemporaryFolder folder;
  CHECK_PART(in_child([&]() -> std::string {
    EXPECT(chdir(folder.path().c_str()) == 0);
    TileWriter writer;
    EXPECT(writer.open("log", 0).ok());
    const ByteView one = literal("one");
    EXPECT(writer.append(&one, 1).ok());
    EXPECT(writer.publish().ok());
    EXPECT(exists("log/tile/0/000.p/1"));
    return "";
  }));
}
