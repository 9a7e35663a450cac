// A log image of any bytes: mounting, walking, reading, proving, appending and recycling end within
// a bounded number of calls, and stay in bounds. As long as no check value was forged, reading,
// walking and appending also agree, and what was appended is there after mounting again. (What must
// survive one fault or a cut at any place, tests/rot and tests/powercut show.)
//
// Input: a byte of options, then the image; or, with the highest options, the number of a golden
// image in between, whose geometry is taken. One option forges what chance hardly ever hits (magic,
// geometry, check values), so that the frames behind them are reached with any content.
#include <cairn/log.hpp>
#include <cstring>
#include <vector>

#include "fuzz.hpp"
#include "log_format.hpp"
#include "support/golden.hpp"

using namespace cairn;

namespace {

constexpr size_t leaf_max = 64;

struct Options {
  uint8_t byte;

  uint8_t kind() const { return static_cast<uint8_t>(CAIRN_FLASH_ONCE + (byte & 3)); }
  uint32_t unit() const { return (byte & 4) != 0 ? 8 : 1; }
  uint8_t erased() const { return (byte & 8) != 0 ? 0x00 : 0xFF; }
  bool recycle() const { return (byte & 16) != 0; }
  bool forge() const { return (byte & 32) != 0; }
  bool golden() const { return (byte & 64) != 0; }
  uint32_t log_id() const { return golden() ? ::golden::log_id : 0; }
};

// The image as a medium that refuses what media refuse, and counts.
class Medium {
 public:
  Medium(const golden::Image& image, const uint8_t* data, size_t size)
      : bytes(size_t{image.segment} * image.count, image.erased) {
    std::memcpy(bytes.data(), data, size < bytes.size() ? size : bytes.size());
    flash = Flash{};
    flash.struct_size = sizeof flash;
    flash.unit_bytes = image.unit;
    flash.segment_bytes = image.segment;
    flash.segment_count = image.count;
    flash.erased = image.erased;
    flash.kind = image.kind;
    flash.user = this;
    flash.read = [](void* user, uint32_t segment, uint32_t offset, void* out, uint32_t count) {
      std::memcpy(out, self(user).at(segment, offset, count), count);
      return 0;
    };
    flash.program = [](void* user, uint32_t segment, uint32_t offset, const void* from,
                       uint32_t count) { return self(user).program(segment, offset, from, count); };
    flash.erase = [](void* user, uint32_t segment) {
      const Flash& geometry = self(user).flash;
      uint8_t* to = self(user).at(segment, 0, geometry.segment_bytes);
      if (geometry.kind != CAIRN_FLASH_REWRITABLE)
        std::memset(to, geometry.erased, geometry.segment_bytes);
      return 0;
    };
    flash.sync = [](void*) { return 0; };
  }
  Medium(const Medium&) = delete;
  Medium& operator=(const Medium&) = delete;

  /// Called between operations of the log: none may take more calls than its nested loops allow,
  /// over the image and over a segment.
  void operation_ends() {
    fuzz::check(calls_ <= bytes.size() * flash.segment_bytes);
    calls_ = 0;
  }

  Flash flash;
  std::vector<uint8_t> bytes;

 private:
  static Medium& self(void* user) { return *static_cast<Medium*>(user); }

  uint8_t* at(uint32_t segment, uint32_t offset, uint32_t count) {
    ++calls_;
    fuzz::check(segment < flash.segment_count && offset <= flash.segment_bytes &&
                count <= flash.segment_bytes - offset);
    return &bytes[size_t{segment} * flash.segment_bytes + offset];
  }

  int program(uint32_t segment, uint32_t offset, const void* data, uint32_t count) {
    const uint8_t* from = static_cast<const uint8_t*>(data);
    fuzz::check(offset % flash.unit_bytes == 0 && count % flash.unit_bytes == 0 && count != 0);
    uint8_t* to = at(segment, offset, count);
    for (uint32_t i = 0; i < count; ++i) {
      if (flash.kind == CAIRN_FLASH_ONCE && to[i] != flash.erased) return CAIRN_E_IO;
      if (flash.kind != CAIRN_FLASH_NOR) continue;
      to[i] = static_cast<uint8_t>(flash.erased == 0xFF ? to[i] & from[i] : to[i] | from[i]);
    }
    if (flash.kind != CAIRN_FLASH_NOR) std::memcpy(to, from, count);
    return 0;
  }

  uint64_t calls_ = 0;
};

// Makes every segment carry a valid header of this log, and every frame in it its check value.
void forge(Medium& medium, uint32_t log_id) {
  const Flash& flash = medium.flash;
  const log_format::Layout layout(flash);
  for (uint32_t segment = 0; segment < flash.segment_count; ++segment) {
    uint8_t* const bytes = &medium.bytes[segment * flash.segment_bytes];
    log_format::SegmentHeader header;
    header.log_id = log_id;
    header.nonce = load_le32(bytes + 8);
    header.sequence = load_le32(bytes + 12) % 8;
    header.segment_bytes = flash.segment_bytes;
    header.segment_count = flash.segment_count;
    header.unit_log2 = static_cast<uint8_t>(log_format::log2_ceil(flash.unit_bytes));
    header.in_flight_log2 = bytes[27] % 16;
    uint8_t encoded[log_format::header_bytes];
    const uint32_t crc = log_format::encode_header(header, encoded);
    std::memcpy(bytes, encoded, sizeof encoded);
    for (uint32_t at = layout.first_frame(); at + 2 <= flash.segment_bytes;) {
      log_format::FrameType type;
      uint32_t payload;
      const uint32_t room = flash.segment_bytes - at;
      if (!log_format::decode_frame_word(load_le16(bytes + at), type, payload)) break;
      if (log_format::frame_overhead + payload > room) break;
      store_le32(bytes + at + 2 + payload, crc32c({bytes + at, 2 + payload}, crc + at));
      at += layout.frame(payload);
    }
  }
}

// Different in every call, and in none of the images: a nonce that came back would let frames that
// a rotted segment has left behind count as new ones.
int entropy(void* user, void* data, size_t size) {
  std::memset(data, 0xA0 ^ ++*static_cast<uint8_t*>(user), size);
  return 0;
}

class Subject {
 public:
  Subject(Medium& medium, Options chosen) : medium_(medium), forged_(chosen.forge()) {
    options_.log_id = chosen.log_id();
    options_.recycle = chosen.recycle();
    options_.keep_from = UINT64_MAX;
  }

  void run() {
    const Status status = mount();
    if (status != Status::ok && status != Status::damaged) return;
    fuzz::check((status == Status::damaged) == log_.report().damaged);
    read_all();
    prove();
    if (status == Status::ok) append();
  }

 private:
  Status mount() {
    const Status status =
        log_.mount(medium_.flash, {{frame_, sizeof frame_}, digests_, 4}, options_, platform_);
    medium_.operation_ends();
    return status;
  }

  void read_all() {
    read_each();
    walk();
  }

  // Every record is there, or the log says what has become of it.
  void read_each() {
    uint8_t out[leaf_max];
    uint64_t index = log_.index_min();
    fuzz::check(forged_ || index <= log_.size());
    for (int i = 0; i < 1000 && index < log_.size(); ++i, ++index) {
      const Result<size_t> read = log_.read(index, {out, sizeof out});
      medium_.operation_ends();
      fuzz::check(!read.ok() || read.value <= sizeof out);
      fuzz::check(read.status != Status::not_found);
    }
    fuzz::check(log_.read(log_.size(), {out, sizeof out}).status == Status::not_found);
  }

  // The walk ends, and tells of the records what reading each tells.
  void walk() {
    uint8_t out[leaf_max], window[128];
    Log::Cursor cursor;
    Log::Cursor::Item item;
    fuzz::check(cursor.open(log_, {window, sizeof window}) == Status::ok);
    Status status = Status::ok;
    uint64_t next = 0;
    for (size_t steps = 0; status == Status::ok || status == Status::full; ++steps) {
      // More items than bytes: the walk goes in circles.
      fuzz::check(steps <= medium_.bytes.size());
      status = cursor.next(item);
      medium_.operation_ends();
      if (status != Status::ok || item.type != Log::Cursor::Item::Type::leaf) continue;
      fuzz::check(forged_ || item.index >= next);
      // In a damaged log, anchors behind the damage may number records behind the known tree.
      fuzz::check(forged_ || log_.report().damaged || item.index < log_.size());
      next = item.index + 1;
      const Result<size_t> read = log_.read(item.index, {out, sizeof out});
      fuzz::check(forged_ || !read.ok() || equal({out, read.value}, item.leaf));
    }
  }

  void prove() {
    Digest hashes[proof_hashes_max], node;
    ProofBuffer proof{hashes, proof_hashes_max};
    for (unsigned level = 0; level < CAIRN_MAX_LEVELS; ++level) {
      const uint64_t last = log_.size() >> level;
      (void)log_.node(level, last, node);
      if (last != 0) (void)log_.node(level, last - 1, node);
      medium_.operation_ends();
    }
    if (log_.size() == 0) return;
    (void)build_inclusion(log_.index_min() % log_.size(), log_.size(), log_.nodes(), proof);
    (void)build_consistency(log_.size() / 2, log_.size(), log_.nodes(), proof);
  }

  // As much as goes around the ring, if that is recycled.
  void append() {
    const uint8_t leaf[] = {0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
    const ByteView batch[] = {{leaf, 3}, {leaf, 2}, {leaf, 19}, {leaf, 1}};
    for (int i = 0; i < 100; ++i) {
      const uint64_t size = log_.size();
      const Result<uint64_t> index =
          i % 3 == 0 ? log_.append_batch(batch, 4) : log_.append(leaf[0], {leaf + 1, 18});
      medium_.operation_ends();
      if (!index.ok()) break;
      fuzz::check(index.value == size && log_.size() == size + (i % 3 == 0 ? 4 : 1));
      if (i % 20 == 7 && log_.write_head(Signature{}) != Status::ok) break;
      if (i % 16 == 5) (void)log_.maintain();
      medium_.operation_ends();
    }
    read_all();
    const uint64_t size = log_.size();
    const bool whole = log_.writable() == Status::ok;
    const Status again = mount();
    if (forged_ || !whole) return;
    // Damage may come to light now: a segment that had been lost, and which the log has come round
    // to.
    fuzz::check(again == Status::ok || again == Status::damaged);
    fuzz::check(log_.size() == size);
  }

  Medium& medium_;
  bool forged_;
  LogOptions options_;
  uint8_t frame_[log_frame_bytes(32, leaf_max)];
  Digest digests_[4];
  uint8_t calls_ = 0;
  Platform platform_{sizeof(Platform), &calls_, nullptr, nullptr, entropy};
  Log log_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const Options chosen{data[0]};
  golden::Image image{"", chosen.unit(), 512, 4, chosen.kind(), chosen.erased()};
  size_t used = 1;
  if (chosen.golden()) {
    image = golden::images[data[1] % (sizeof golden::images / sizeof golden::images[0])];
    used = 2;
  }
  Medium medium(image, data + used, size - used);
  if (chosen.forge()) forge(medium, chosen.log_id());
  Subject(medium, chosen).run();
  return 0;
}
