// The log over flash that may lose its power inside any byte.
#include "fixtures.hpp"

using namespace on_target;

namespace {

uint8_t memory[4 * 768];
uint8_t frame[256];
Log log_;

LogOptions ring() {
  LogOptions out;
  out.log_id = 7;
  out.recycle = true;
  out.keep_from = UINT64_MAX;  // nobody has to have them first
  return out;
}
const Platform none = CAIRN_PLATFORM_INIT;

Status format(const CutFlash& flash) {
  return log_.format(flash.flash, {frame}, ring(), none);
}
Status mount(const CutFlash& flash) {
  return log_.mount(flash.flash, {frame}, ring(), none);
}
bool append(uint64_t number) {
  const Leaf leaf(number);
  const ByteView view = leaf;
  return log_.append_batch(&view, 1).ok();
}
// Every record from index_min() on is there, and the tree is over all that there ever were.
bool is_whole() {
  for (uint64_t i = log_.index_min(); i < log_.size(); ++i) {
    uint8_t leaf[32];
    const auto size = log_.read(i, leaf);
    if (!size.ok() || !equal({leaf, size.value}, Leaf(i))) return false;
  }
  return log_.root() == plain_root(0, log_.size());
}

void fill_and_start_again(uint32_t unit, uint8_t kind) {
  CutFlash flash(memory, unit, 768, 4, kind);
  TARGET_REQUIRE(format(flash) == Status::ok);
  for (uint64_t i = 0; i < 100; ++i)
    TARGET_REQUIRE(append(i));
  TARGET_CHECK(is_whole());
  TARGET_CHECK(log_.index_min() > 0);
  const Digest root = log_.root();
  TARGET_REQUIRE(mount(flash) == Status::ok);
  TARGET_CHECK(log_.size() == 100 && log_.root() == root && is_whole());
}

// A cut inside every so many-th byte that is programmed or erased, on the way once round the ring.
void cut_everywhere(uint32_t unit, uint8_t kind) {
  for (uint32_t cut = 40; cut < 4000; cut += 97) {
    CutFlash flash(memory, unit, 768, 4, kind);
    TARGET_REQUIRE(format(flash) == Status::ok);
    flash.cut_after = cut;
    uint64_t acknowledged = 0;
    while (acknowledged < 60 && append(acknowledged))
      ++acknowledged;
    flash.power_on();
    TARGET_REQUIRE(mount(flash) == Status::ok);
    TARGET_REQUIRE(log_.size() == acknowledged || log_.size() == acknowledged + 1);
    TARGET_REQUIRE(is_whole());
    TARGET_REQUIRE(append(log_.size()));
    TARGET_REQUIRE(mount(flash) == Status::ok);
    TARGET_REQUIRE(is_whole());
  }
}

}  // namespace

TARGET_TEST("records outlive a start, once round the ring: bytes of NOR") {
  fill_and_start_again(1, CAIRN_FLASH_NOR);
}
TARGET_TEST(
    "records outlive a start, once round the ring: words of 8 bytes that are written once") {
  fill_and_start_again(8, CAIRN_FLASH_ONCE);
}
TARGET_TEST(
    "records outlive a start, once round the ring: words of 32 bytes that are written once") {
  fill_and_start_again(32, CAIRN_FLASH_ONCE);
}

TARGET_TEST("a cut anywhere loses no acknowledged record: NOR") {
  cut_everywhere(4, CAIRN_FLASH_NOR);
}
TARGET_TEST("a cut anywhere loses no acknowledged record: words that are written once") {
  cut_everywhere(16, CAIRN_FLASH_ONCE);
}

TARGET_TEST("a log that does not recycle is full one day, and loses nothing") {
  CutFlash flash(memory, 1, 768, 4, CAIRN_FLASH_NOR);
  LogOptions options = ring();
  options.recycle = false;
  TARGET_REQUIRE(log_.format(flash.flash, {frame}, options, none) == Status::ok);
  uint64_t size = 0;
  while (append(size))
    ++size;
  TARGET_CHECK(size > 60 && log_.size() == size && log_.index_min() == 0 && is_whole());
}

TARGET_TEST("the log proves its own records") {
  CutFlash flash(memory, 1, 768, 4, CAIRN_FLASH_NOR);
  TARGET_REQUIRE(format(flash) == Status::ok);
  for (uint64_t i = 0; i < 50; ++i)
    TARGET_REQUIRE(append(i));
  Digest hashes[8];
  for (uint64_t i = 0; i < 50; i += 7) {
    ProofBuffer proof{hashes, 8};
    TARGET_REQUIRE(build_inclusion(i, 50, log_.nodes(), proof) == Status::ok);
    TARGET_CHECK(verify_inclusion(i, 50, leaf_hash(Leaf(i)), proof, log_.root()) == Status::ok);
  }
}

TARGET_TEST("memory without a log says so") {
  CutFlash flash(memory, 1, 768, 4, CAIRN_FLASH_NOR);
  TARGET_CHECK(mount(flash) == Status::not_formatted);
}

#if CAIRN_LOG_TILES == 0
TARGET_TEST("a build without tile frames refuses a log that asks for them") {
  CutFlash flash(memory, 1, 768, 4, CAIRN_FLASH_NOR);
  LogOptions with_tiles = ring();
  with_tiles.tiles = LogTiles::write;
  TARGET_REQUIRE(format(flash) == Status::ok && append(0));
  TARGET_CHECK(log_.format(flash.flash, {frame}, with_tiles, none) == Status::unsupported);
  TARGET_CHECK(log_.mount(flash.flash, {frame}, with_tiles, none) == Status::unsupported);
  TARGET_REQUIRE(mount(flash) == Status::ok);  // nothing was given up
  TARGET_CHECK(log_.size() == 1);
}
#endif
