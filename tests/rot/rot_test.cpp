// Flips every single bit of the golden images. Whatever bit it is: no wrong record is ever read,
// nothing crashes, the log mounts at a bounded cost, what is missing is told as the table of
// docs/format.md says, and the log goes on where nothing of it is damaged.
#include <algorithm>
#include <cairn/log.hpp>
#include <cstdio>
#include <map>

#include "crc32c.hpp"
#include "log_format.hpp"
#include "support/catch.hpp"
#include "support/fake_flash.hpp"
#include "support/golden.hpp"

using namespace cairn;

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

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void demand(bool condition, const std::string& what) {
  if (!condition) throw Violation(what);
}

// What a bit belongs to.
enum Place {
  header,
  old_record,
  new_record,
  last_record,
  first_frontier,
  frontier,
  gap,
  next,
  rest
};
const char* const place_texts[] = {"segment header",
                                   "record in an old segment",
                                   "record in the newest segment",
                                   "last record",
                                   "first frontier",
                                   "frontier",
                                   "gap",
                                   "next",
                                   "other bytes"};

enum Outcome { harmless, missing, damaged, newest_gone };
const char* const outcome_texts[] = {"harmless", "records missing, told which", "damage reported",
                                     "newest record gone"};

struct Region {
  Place place = rest;
  uint64_t first = 0;  // leaves of a frame of records
  uint64_t end = 0;
};

struct Node {
  unsigned level;
  uint64_t index;
  Digest hash;
};

const Platform& platform() {
  static const Platform none = {sizeof(Platform), nullptr, nullptr, nullptr, nullptr};
  return none;
}

bool same(ByteView bytes, uint64_t index) {
  const golden::Bytes expected = golden::leaf(index);
  return equal(bytes, {expected.data(), expected.size()});
}

// A golden image, what is in it, and which byte of it is what.
struct Subject {
  explicit Subject(const golden::Image& image) : life(image), flash_image(image) {
    regions.resize(life.medium.memory.size());
    for (uint32_t segment = 0; segment < image.count; ++segment)
      map_segment(segment);
    size_t begin = 0, end = 0;  // what the last record changed
    for (size_t i = 0; i < regions.size(); ++i) {
      if (life.before_last[i] == life.medium.memory[i]) continue;
      if (end == 0) begin = i;
      end = i + 1;
    }
    REQUIRE(end - begin <= golden::frame_bytes);
    for (size_t i = begin; i < end; ++i)
      regions[i].place = last_record;
    for (unsigned level = 0; level < 8; ++level) {
      for (uint64_t i = 0; i < life.log.size() >> level; ++i) {
        Node node{level, i, {}};
        if (life.log.node(level, i, node.hash) == Status::ok) nodes.push_back(node);
      }
    }
  }

  void map_segment(uint32_t segment) {
    const log_format::Layout layout(life.medium.flash());
    const size_t start = size_t{segment} * layout.segment;
    const uint8_t* bytes = life.medium.memory.data() + start;
    log_format::SegmentHeader content;
    uint32_t crc = 0;
    REQUIRE(log_format::decode_header(bytes, content, crc) == log_format::HeaderState::valid);
    for (uint32_t i = 0; i < log_format::header_bytes; ++i)
      regions[start + i].place = header;
    const bool newest = content.sequence == newest_sequence();
    uint64_t index = 0;
    for (uint32_t at = layout.first_frame(); at + log_format::frame_overhead <= layout.segment;) {
      log_format::FrameType type;
      uint32_t size = 0;
      if (!is_frame(layout, bytes, at, crc, type, size)) {
        at += layout.unit;
        continue;
      }
      map_frame(type, bytes + at, size, at == layout.first_frame(), newest, index,
                regions.data() + start + at);
      at += layout.frame(size);
    }
  }

  static void map_frame(log_format::FrameType type, const uint8_t* bytes, uint32_t size, bool first,
                        bool newest, uint64_t& index, Region* out) {
    using log_format::FrameType;
    Region region;
    region.place = type == FrameType::gap        ? gap
                   : type == FrameType::next     ? next
                   : first                       ? first_frontier
                   : type == FrameType::frontier ? frontier
                   : newest                      ? new_record
                                                 : old_record;
    if (type == FrameType::frontier) index = load_le64(bytes + 2);
    if (type == FrameType::gap) index = load_le64(bytes + 4);
    region.first = index;
    if (type == FrameType::record) ++index;
    for (uint32_t at = 2; (type == FrameType::batch || type == FrameType::more) && at < 2 + size;) {
      REQUIRE(bytes[at] < 0x80);
      at += 1u + bytes[at];
      ++index;
    }
    region.end = index;
    for (uint32_t i = 0; i < log_format::frame_overhead + size; ++i)
      out[i] = region;
  }

  // The newest segment is the one with the highest number that has its first frontier.
  uint32_t newest_sequence() const {
    const log_format::Layout layout(life.medium.flash());
    uint32_t newest = 0;
    for (uint32_t i = 0; i < flash_image.count; ++i) {
      const uint8_t* bytes = life.medium.memory.data() + size_t{i} * layout.segment;
      uint32_t size = 0;
      log_format::FrameType type;
      const uint32_t crc = load_le32(bytes + log_format::header_bytes - 4);
      if (is_frame(layout, bytes, layout.first_frame(), crc, type, size) &&
          load_le32(bytes + 12) > newest)
        newest = load_le32(bytes + 12);
    }
    return newest;
  }

  static bool is_frame(const log_format::Layout& layout, const uint8_t* segment, uint32_t at,
                       uint32_t crc, log_format::FrameType& type, uint32_t& size) {
    const uint8_t* bytes = segment + at;
    return log_format::decode_frame_word(load_le16(bytes), type, size) &&
           at + log_format::frame_overhead + size <= layout.segment &&
           crc32c({bytes, 2 + size}, crc + at) == load_le32(bytes + 2 + size);
  }

  golden::Life life;
  golden::Image flash_image;
  std::vector<Region> regions;
  std::vector<Node> nodes;
};

// One copy of an image with one bit flipped.
struct Rotten {
  Rotten(const Subject& from, size_t byte, unsigned bit)
      : subject(from),
        region(from.regions[byte]),
        flash(from.flash_image.unit, from.flash_image.segment, from.flash_image.count,
              from.flash_image.kind, from.flash_image.erased) {
    golden::Bytes bytes = from.life.medium.memory;
    bytes[byte] = static_cast<uint8_t>(bytes[byte] ^ 1u << bit);
    flash.load(bytes);
  }

  Status mount() {
    return log.mount(flash.flash(), {{frame, sizeof frame}, nullptr, 0}, golden::Life::options(),
                     platform());
  }

  // In files the rest of a commit may go with its first frame.
  bool is_file() const { return subject.flash_image.kind == CAIRN_FLASH_FILE; }

  // Every index: the record, or why not.
  void read_each(bool complete) {
    uint8_t out[64];
    for (uint64_t index = subject.life.log.index_min(); index < log.size(); ++index) {
      const auto size = log.read(index, out);
      const std::string name = "record " + std::to_string(index);
      const bool is_lost = std::find(lost.begin(), lost.end(), index) != lost.end();
      demand(!complete || size.ok() != is_lost, name + ": walking and reading disagree");
      demand(!size.ok() || same({out, size.value}, index), name + " is wrong");
      demand(!complete || !is_lost || size.status == Status::corrupt,
             name + ": " + status_text(size.status));
    }
    demand(log.read(log.size(), out).status == Status::not_found, "a record behind the end");
  }

  // What a walk finds is right, in order, and each index once. It tells what is lost.
  void walk() {
    uint8_t buffer[64];
    Log::Cursor cursor;
    demand(cursor.open(log, buffer) == Status::ok, "no cursor");
    uint64_t from = subject.life.log.index_min();
    lost.clear();
    for (;;) {
      Log::Cursor::Item item;
      const Status status = cursor.next(item);
      if (status == Status::end) break;
      demand(status == Status::ok, std::string("cursor: ") + status_text(status));
      if (item.type == Log::Cursor::Item::Type::head) {
        demand(memcmp(item.signature.bytes, golden::signature(item.size).bytes, 64) == 0, "a head");
        continue;
      }
      demand(item.index >= from, "the walk goes back");
      for (uint64_t index = from; index < item.index; ++index)
        lost.push_back(index);
      demand(same(item.leaf, item.index), "record " + std::to_string(item.index) + " is wrong");
      from = item.index + 1;
    }
    for (; from < log.size(); ++from)
      lost.push_back(from);
  }

  // A node is the right one or none; all of them where nothing is lost.
  void check_nodes(size_t turn) {
    for (size_t i = turn % 16; i < subject.nodes.size(); i += 16) {
      const Node& node = subject.nodes[i];
      Digest hash;
      const Status status = log.node(node.level, node.index, hash);
      demand(status != Status::ok || hash == node.hash, "a node is wrong");
      const bool whole = lost.empty() && (node.index + 1) << node.level <= log.size();
      demand(!whole || region.place == first_frontier || status == Status::ok, "a node is gone");
    }
  }

  Outcome judge(Status mounted, size_t turn) {
    demand(mounted == Status::ok || mounted == Status::damaged,
           std::string("mount: ") + status_text(mounted));
    const Log& intact = subject.life.log;
    demand(log.size() <= intact.size(), "records from nowhere");
    walk();
    if (turn / 8 % 8 == turn % 8) read_each(mounted == Status::ok);
    check_nodes(turn);
    if (mounted == Status::damaged) {
      demand(log.append(0x40, {}).status == Status::damaged, "appended to a damaged log");
      return damaged;
    }
    demand(log.index_min() == intact.index_min(), "the oldest index changed");
    demand(log.head() != nullptr && log.head()->size == intact.head()->size &&
               log.head()->root == intact.head()->root &&
               memcmp(log.head()->signature.bytes, intact.head()->signature.bytes, 64) == 0,
           "the newest head is another");
    if (log.size() < intact.size()) return newest_gone;
    demand(log.root() == intact.root(), "the tree is not that of the records");
    return lost.empty() ? harmless : missing;
  }

  // The log goes on after the flip, and what is there stays right.
  void go_on() {
    const uint64_t size = log.size();
    for (uint64_t i = size; i < size + 2; ++i) {
      const golden::Bytes bytes = golden::leaf(i);
      const auto index = log.append(bytes[0], {bytes.data() + 1, bytes.size() - 1});
      demand(index.ok() && index.value == i, "append");
    }
    const Digest root = log.root();
    demand(mount() == Status::ok, "mount again");
    demand(
        log.size() == size + 2 && log.root() == root,
        "of " + std::to_string(size + 2) + " records " + std::to_string(log.size()) + " are left");
    walk();
  }

  const Subject& subject;
  const Region region;
  fake::FakeFlash flash;
  uint8_t frame[256];
  Log log;
  std::vector<uint64_t> lost;  // by index: the walk jumped over them
};

// What the table of docs/format.md says of each place.
void demand_as_promised(const Rotten& rotten, Outcome outcome) {
  const Region& region = rotten.region;
  switch (region.place) {
    case header:
    case next:
      demand(outcome == harmless, "this should cost nothing");
      break;
    case old_record:
      demand(outcome == missing, "the loss of an old record is not told");
      for (const uint64_t index : rotten.lost)
        demand(index >= region.first && (index < region.end || rotten.is_file()),
               "another record is lost");
      break;
    case last_record:
      demand(outcome == newest_gone || outcome == harmless, "the last record's end");
      demand(rotten.lost.empty(), "an older record is lost");
      break;
    default:
      demand(outcome != newest_gone, "acknowledged records are gone, and nothing tells");
  }
}

struct Cost {
  uint64_t mount = 0, all = 0;  // read calls
};

using Counts = std::map<std::pair<Place, Outcome>, uint64_t>;

Cost flip_all(const Subject& subject, Counts& counts) {
  Cost most;
  for (size_t byte = 0; byte < subject.regions.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if (!every_bit && bit != byte % 8) continue;
      try {
        Rotten rotten(subject, byte, bit);
        const Status mounted = rotten.mount();
        most.mount = std::max(most.mount, rotten.flash.reads);
        const Outcome outcome = rotten.judge(mounted, byte * 8 + bit);
        demand_as_promised(rotten, outcome);
        if (outcome != damaged) rotten.go_on();
        most.all = std::max(most.all, rotten.flash.reads);
        demand(rotten.flash.violation.empty(), rotten.flash.violation);
        ++counts[{subject.regions[byte].place, outcome}];
      } catch (const Violation& violation) {
        FAIL(subject.flash_image.name << ", bit " << bit << " of byte " << byte << " ("
                                      << place_texts[subject.regions[byte].place]
                                      << "): " << violation.what());
      }
    }
  }
  return most;
}

}  // namespace

TEST_CASE("no flipped bit makes a wrong record, a crash, or a log that cannot be mounted") {
  Counts counts;
  for (const golden::Image& image : golden::images) {
    const Subject subject(image);
    const Cost most = flip_all(subject, counts);
    std::printf("%s: at most %u reads to mount, %u for everything\n", image.name,
                static_cast<unsigned>(most.mount), static_cast<unsigned>(most.all));
    // A walk reads each byte of a segment a few times at most, 64 bytes at a time or frame by
    // frame.
    CHECK(most.mount <= image.segment);
  }
  std::map<Outcome, uint64_t> outcomes;
  for (const auto& count : counts) {
    std::printf("%-30s %-30s %llu\n", place_texts[count.first.first],
                outcome_texts[count.first.second], static_cast<unsigned long long>(count.second));
    outcomes[count.first.second] += count.second;
  }
  for (const Outcome outcome : {harmless, missing, damaged, newest_gone}) {
    std::printf("%llu %s\n", static_cast<unsigned long long>(outcomes[outcome]),
                outcome_texts[outcome]);
    CHECK(outcomes[outcome] > 0);  // so that each check above has been of use
  }
}
