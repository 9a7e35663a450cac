// Flips every single bit of a finished log: wrapped, with heads, batches, and holes that power cuts
// left. Whatever bit it is, no wrong record is ever read, nothing crashes, the log mounts, and what
// is missing is told.
#include <cairn/log.hpp>
#include <map>

#include "support/catch.hpp"
#include "support/fake_flash.hpp"
#include "support/log_model.hpp"

using namespace log_model;

namespace {

// Every bit takes long under sanitizers: one of each byte then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool every_bit = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool every_bit = false;
#else
constexpr bool every_bit = true;
#endif
#else
constexpr bool every_bit = true;
#endif

enum Outcome { harmless, one_missing, several_missing, damage_reported, newest_gone };
const char* const outcome_texts[] = {"harmless", "one record missing, its index known",
                                     "several missing, indices known", "damage reported",
                                     "newest commit gone, unnoticed at mount"};

struct Image {
  fake::FakeFlash flash;
  Acknowledged known;
  uint64_t index_min = 0;
  size_t last_commit_begin = 0;  // in the medium's bytes
  size_t last_commit_end = 0;
};

cairn::LogOptions options() {
  cairn::LogOptions out;
  out.log_id = 7;
  out.recycle = true;
  out.keep_from = UINT64_MAX;
  return out;
}

// What the log says of one index: the record, or why not.
void check_record(const cairn::Log& log, uint64_t index, bool complete, unsigned& missing) {
  uint8_t out[96];
  const auto size = log.read(index, out);
  if (size.ok()) {
    const std::vector<uint8_t>& bytes = leaf(index);
    demand(cairn::equal({out, size.value}, {bytes.data(), bytes.size()}),
           "record " + std::to_string(index) + " is wrong");
    return;
  }
  ++missing;
  if (complete)
    demand(size.status == cairn::Status::corrupt,
           "record " + std::to_string(index) + ": " + cairn::status_text(size.status));
}

// What a walk finds must be right, in order, and each index once.
uint64_t walk(const cairn::Log& log) {
  uint8_t buffer[96];
  cairn::Log::Cursor cursor;
  demand(cursor.open(log, buffer) == cairn::Status::ok, "no cursor");
  uint64_t next = 0, count = 0;
  for (;;) {
    cairn::Log::Cursor::Item item;
    const cairn::Status status = cursor.next(item);
    if (status == cairn::Status::end) return count;
    demand(status == cairn::Status::ok, std::string("cursor: ") + cairn::status_text(status));
    if (item.type == cairn::Log::Cursor::Item::Type::head) {
      demand(memcmp(item.signature.bytes, signature(item.size).bytes, 64) == 0, "a signature");
      continue;
    }
    demand(item.index >= next, "the walk goes back");
    const std::vector<uint8_t>& bytes = leaf(item.index);
    demand(cairn::equal(item.leaf, {bytes.data(), bytes.size()}),
           "record " + std::to_string(item.index) + " is wrong");
    next = item.index + 1;
    ++count;
  }
}

// `each`: reads the records one by one as well.
Outcome judge(const Image& image, cairn::Log& log, cairn::Status mounted, size_t byte, bool each) {
  demand(mounted == cairn::Status::ok || mounted == cairn::Status::damaged,
         std::string("mount: ") + cairn::status_text(mounted));
  const uint64_t size = image.known.size;
  demand(log.size() <= size, "records from nowhere");
  const bool damaged = mounted == cairn::Status::damaged;
  const uint64_t walked = walk(log);
  unsigned missing = 0;
  for (uint64_t index = image.index_min; each && index < log.size(); ++index)
    check_record(log, index, !damaged, missing);
  if (damaged) {
    demand(log.append(0x40, {}).status == cairn::Status::damaged, "appended to a damaged log");
    return damage_reported;
  }
  demand(log.root() == root_at(log.size()), "the tree is not that of the records");
  demand(log.index_min() == image.index_min, "the oldest index changed");
  const uint64_t passed_over = log.size() - image.index_min - walked;
  demand(!each || passed_over == missing, "walking and reading disagree");
  const bool head_gone = log.head() == nullptr || log.head()->size != image.known.signed_size;
  if (log.size() < size || head_gone) {
    demand(byte >= image.last_commit_begin && byte < image.last_commit_end,
           "acknowledged records disappeared unnoticed");
    return newest_gone;
  }
  demand(log.head()->root == root_at(log.head()->size), "a head's root is wrong");
  return passed_over == 0 ? harmless : passed_over == 1 ? one_missing : several_missing;
}

// The log goes on after the flip, and what is there stays right.
void go_on(fake::FakeFlash& flash, cairn::Log& log) {
  Memory memory;
  const uint64_t size = log.size();
  for (uint64_t i = size; i < size + 2; ++i) {
    const std::vector<uint8_t>& bytes = leaf(i);
    const auto index = log.append(bytes[0], {bytes.data() + 1, bytes.size() - 1});
    demand(index.ok() && index.value == i, "append");
  }
  const cairn::Flash& driver = flash.flash();
  const cairn::LogMemory frames = memory.get(flash, driver.unit_bytes, driver.kind);
  demand(log.mount(driver, frames, options(), platform()) == cairn::Status::ok, "mount again");
  demand(log.size() == size + 2, "size after appending");
  demand(log.root() == root_at(size + 2), "root after appending");
  (void)walk(log);
}

// Three cuts, then `total` records, then a last one or a head.
Image make_image(const Geometry& geometry, uint64_t total, bool ends_with_head) {
  Image image{{geometry.unit, geometry.segment, geometry.count, geometry.kind, geometry.erased},
              {},
              0,
              0,
              0};
  image.flash.random.seed(5);
  for (const uint64_t cut : {9, 14, 31}) {
    image.flash.cut_at(cut, {fake::Tear::Extent::in_order, 1, fake::Tear::Unit::garbage, 1});
    live(image.flash, image.known, total);
    image.flash.reboot();
  }
  live(image.flash, image.known, total);
  Memory memory;
  cairn::Log log;
  REQUIRE(start(image.flash, memory, log, image.known));
  const auto before = image.flash.memory;
  if (ends_with_head) {
    REQUIRE(sign(image.flash, log, image.known));
  } else {
    REQUIRE(append_one(image.flash, log, image.known));
  }
  // Everything that the last commit changed.
  const auto& after = image.flash.memory;
  for (size_t i = 0; i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    if (image.last_commit_end == 0) image.last_commit_begin = i;
    image.last_commit_end = i + 1;
  }
  image.index_min = log.index_min();
  return image;
}

// One that has wrapped, and whose newest segment holds more than the last commit.
Image make_image(const Geometry& geometry, bool ends_with_head) {
  for (uint64_t total = 90;; ++total) {
    Image image = make_image(geometry, total, ends_with_head);
    if (image.index_min > 0 &&
        image.last_commit_end - image.last_commit_begin < geometry.segment / 2) {
      return image;
    }
    REQUIRE(total < 200);
  }
}

std::map<Outcome, uint64_t> flip_all(const Geometry& geometry, bool ends_with_head) {
  const Image image = make_image(geometry, ends_with_head);
  std::map<Outcome, uint64_t> counts;
  for (size_t byte = 0; byte < image.flash.memory.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if (!every_bit && bit != byte % 8) continue;
      fake::FakeFlash flash = image.flash;
      flash.flip(byte, bit);
      const cairn::Flash& driver = flash.flash();
      Memory memory;
      cairn::Log log;
      try {
        const cairn::LogMemory frames = memory.get(flash, driver.unit_bytes, driver.kind);
        const cairn::Status mounted = log.mount(driver, frames, options(), platform());
        const Outcome outcome = judge(image, log, mounted, byte, bit == byte % 8);
        if (outcome != damage_reported) go_on(flash, log);
        demand(flash.violation.empty(), flash.violation);
        ++counts[outcome];
      } catch (const Violation& violation) {
        FAIL(geometry.name << ", bit " << bit << " of byte " << byte << ": " << violation.what());
      }
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("no flipped bit makes a wrong record, a crash, or a log that cannot be mounted") {
  const Geometry list[] = {{"8-byte ECC", 8, 640, 4, CAIRN_FLASH_ONCE, 0xFF},
                           {"NOR", 1, 640, 4, CAIRN_FLASH_NOR, 0xFF},
                           {"4-byte FRAM", 4, 640, 4, CAIRN_FLASH_REWRITABLE, 0x00},
                           {"file", 1, 1024, 4, CAIRN_FLASH_FILE, 0x00}};
  for (const Geometry& geometry : list) {
    for (const bool ends_with_head : {false, true}) {
      const auto counts = flip_all(geometry, ends_with_head);
      std::printf("%s, last comes a %s:", geometry.name, ends_with_head ? "head" : "record");
      uint64_t flips = 0;
      for (const auto& count : counts) {
        std::printf("%s %llu %s", flips == 0 ? "" : ",",
                    static_cast<unsigned long long>(count.second), outcome_texts[count.first]);
        flips += count.second;
      }
      std::printf("\n");
      CHECK(flips == uint64_t{geometry.segment} * geometry.count * (every_bit ? 8 : 1));
      // Each outcome is met, so that each check above has been of use.
      for (const Outcome outcome : {harmless, one_missing, damage_reported, newest_gone})
        CHECK(counts.count(outcome) == 1);
    }
  }
}
