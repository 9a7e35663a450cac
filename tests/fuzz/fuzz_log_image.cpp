// A log image of any bytes: mounting, walking, reading, proving and appending end and stay in
// bounds. As long as no check value was forged, reading, walking and appending also agree. (What
// must survive one fault or a cut at any place, tests/rot and tests/powercut show.)
//
// Input: a byte of options, then the image. One option forges what chance hardly ever hits (magic,
// geometry, check values), so that the frames behind them are reached with any content.
#include <cairn/log.hpp>
#include <cstring>
#include <vector>

#include "fuzz.hpp"
#include "log_format.hpp"

using namespace cairn;

namespace {

constexpr uint32_t segment_bytes = 512;
constexpr uint32_t segment_count = 4;
constexpr size_t leaf_max = 64;

struct Options {
  uint8_t byte;

  uint8_t kind() const { return static_cast<uint8_t>(CAIRN_FLASH_ONCE + (byte & 3)); }
  uint32_t unit() const { return (byte & 4) != 0 ? 8 : 1; }
  uint8_t erased() const { return (byte & 8) != 0 ? 0x00 : 0xFF; }
  bool recycle() const { return (byte & 16) != 0; }
  bool forge() const { return (byte & 32) != 0; }
};

// Makes every segment carry a valid header of this log, and every frame in it its check value.
void forge(std::vector<uint8_t>& image, const Flash& flash) {
  const log_format::Layout layout(flash);
  for (uint32_t segment = 0; segment < segment_count; ++segment) {
    uint8_t* const bytes = &image[segment * segment_bytes];
    log_format::SegmentHeader header;
    header.nonce = load_le32(bytes + 8);
    header.sequence = load_le32(bytes + 12) % 8;
    header.segment_bytes = segment_bytes;
    header.segment_count = segment_count;
    header.unit_log2 = static_cast<uint8_t>(log_format::log2_ceil(flash.unit_bytes));
    header.in_flight_log2 = bytes[27] % 16;
    uint8_t encoded[log_format::header_bytes];
    const uint32_t crc = log_format::encode_header(header, encoded);
    std::memcpy(bytes, encoded, sizeof encoded);
    for (uint32_t at = layout.first_frame(); at + 2 <= segment_bytes;) {
      log_format::FrameType type;
      uint32_t payload;
      const uint32_t room = segment_bytes - at;
      if (!log_format::decode_frame_word(load_le16(bytes + at), type, payload)) break;
      if (log_format::frame_overhead + payload > room) break;
      store_le32(bytes + at + 2 + payload, crc32c({bytes + at, 2 + payload}, crc + at));
      at += layout.frame(payload);
    }
  }
}

// Every record is there, or the log says what has become of it.
void read_each(const Log& log, bool forged) {
  uint8_t out[leaf_max];
  uint64_t index = log.index_min();
  fuzz::check(forged || index <= log.size());
  for (int i = 0; i < 1000 && index < log.size(); ++i, ++index) {
    const Result<size_t> read = log.read(index, {out, sizeof out});
    fuzz::check(!read.ok() || read.value <= sizeof out);
    fuzz::check(read.status != Status::not_found);
  }
  fuzz::check(log.read(log.size(), {out, sizeof out}).status == Status::not_found);
}

// The walk ends, and tells of the records what reading each tells.
void walk(const Log& log, bool forged) {
  uint8_t out[leaf_max], window[128];

  Log::Cursor cursor;
  Log::Cursor::Item item;
  fuzz::check(cursor.open(log, {window, sizeof window}) == Status::ok);
  Status status = Status::ok;
  uint64_t next = 0;
  for (size_t steps = 0; status == Status::ok || status == Status::full; ++steps) {
    // More items than bytes: the walk goes in circles.
    fuzz::check(steps <= segment_bytes * segment_count);
    status = cursor.next(item);
    if (status != Status::ok || item.type != Log::Cursor::Item::Type::leaf) continue;
    fuzz::check(forged || (item.index >= next && item.index < log.size()));
    next = item.index + 1;
    const Result<size_t> read = log.read(item.index, {out, sizeof out});
    fuzz::check(forged || !read.ok() || equal({out, read.value}, item.leaf));
  }
}

void read_all(const Log& log, bool forged) {
  read_each(log, forged);
  walk(log, forged);
}

void prove(const Log& log) {
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  if (log.size() == 0) return;
  (void)build_inclusion(log.index_min() % log.size(), log.size(), log.nodes(), proof);
  (void)build_consistency(log.size() / 2, log.size(), log.nodes(), proof);
}

// Different in every call, and in none of the images: a nonce that came back would let frames that
// a rotted segment has left behind count as new ones.
int entropy(void* user, void* data, size_t size) {
  std::memset(data, 0xA0 ^ ++*static_cast<uint8_t*>(user), size);
  return 0;
}

struct Mounted {
  uint8_t frame[log_frame_bytes(8, leaf_max)];
  Digest digests[4];
  uint8_t calls = 0;
  Platform platform{sizeof(Platform), &calls, nullptr, nullptr, entropy};
  Log log;

  LogMemory memory() { return {{frame, sizeof frame}, digests, 4}; }
};

void append(Log& log, const Flash& flash, bool forged) {
  const uint8_t leaf[] = {0x40, 1, 2, 3};
  for (int i = 0; i < 20; ++i) {
    const uint64_t size = log.size();
    const Result<uint64_t> index = log.append(leaf[0], {leaf + 1, 3});
    if (!index.ok()) break;
    fuzz::check(index.value == size && log.size() == size + 1);
  }
  (void)log.write_head(Signature{});
  (void)log.maintain();
  read_all(log, forged);
  Mounted again;
  (void)again.log.mount(flash, again.memory(), log.options(), again.platform);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Options chosen{data[0]};
  Flash geometry{};
  geometry.struct_size = sizeof geometry;
  geometry.unit_bytes = chosen.unit();
  geometry.segment_bytes = segment_bytes;
  geometry.segment_count = segment_count;
  geometry.erased = chosen.erased();
  geometry.kind = chosen.kind();
  std::vector<uint8_t> image(segment_bytes * segment_count, geometry.erased);
  std::memcpy(image.data(), data + 1, size - 1 < image.size() ? size - 1 : image.size());
  RamFlash ram{image.data(), image.size()};
  Flash flash;
  fuzz::check(ram_flash(ram, geometry, flash) == Status::ok);
  if (chosen.forge()) forge(image, flash);

  LogOptions options;
  options.recycle = chosen.recycle();
  options.keep_from = UINT64_MAX;
  Mounted mounted;
  const Status status = mounted.log.mount(flash, mounted.memory(), options, mounted.platform);
  if (status != Status::ok && status != Status::damaged) return 0;
  fuzz::check((status == Status::damaged) == mounted.log.report().damaged);
  read_all(mounted.log, chosen.forge());
  prove(mounted.log);
  if (status == Status::ok) append(mounted.log, flash, chosen.forge());
  return 0;
}
