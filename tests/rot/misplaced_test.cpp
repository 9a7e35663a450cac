// Writes of a file that never reach the medium although they are reported done, and writes that
// land at another place. Whichever write it is: no wrong record is ever read, and what is missing
// is told as the table of docs/format.md says.
#include <cairn/log.hpp>
#include <cstdio>
#include <cstring>
#include <map>

#include "support/catch.hpp"
#include "support/golden.hpp"

using namespace cairn;

namespace {

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void demand(bool condition, const std::string& what) {
  if (!condition) throw Violation(what);
}

// One write that goes wrong: number `write` (from 1) is lost, or lands `shift` bytes further on.
struct Misplacement {
  uint64_t write = 0;
  bool is_lost = false;
  int64_t shift = 0;
};

class Disk {
 public:
  Disk(uint32_t unit, uint32_t segment, uint32_t count) : memory(size_t{segment} * count) {
    flash_.struct_size = sizeof flash_;
    flash_.unit_bytes = unit;
    flash_.segment_bytes = segment;
    flash_.segment_count = count;
    flash_.kind = CAIRN_FLASH_FILE;
    flash_.user = this;
    flash_.read = [](void* user, uint32_t place, uint32_t offset, void* out, uint32_t size) {
      const Disk& disk = *static_cast<const Disk*>(user);
      std::memcpy(out, &disk.memory[disk.at(place, offset)], size);
      return 0;
    };
    flash_.program = [](void* user, uint32_t place, uint32_t offset, const void* from,
                        uint32_t size) {
      Disk& disk = *static_cast<Disk*>(user);
      const uint8_t* bytes = static_cast<const uint8_t*>(from);
      disk.write(disk.at(place, offset), {bytes, bytes + size});
      return 0;
    };
    flash_.erase = [](void* user, uint32_t place) {
      Disk& disk = *static_cast<Disk*>(user);
      disk.write(disk.at(place, 0), golden::Bytes(disk.flash_.segment_bytes));
      return 0;
    };
    flash_.sync = [](void*) { return 0; };
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  const Flash& flash() const { return flash_; }

  golden::Bytes memory;
  Misplacement wrong;
  uint64_t writes = 0;
  bool wiped = false;  ///< an erase has landed elsewhere

 private:
  size_t at(uint32_t place, uint32_t offset) const {
    return size_t{place} * flash_.segment_bytes + offset;
  }
  void write(size_t to, const golden::Bytes& bytes) {
    if (++writes == wrong.write) {
      if (wrong.is_lost) return;
      wiped = bytes.size() == flash_.segment_bytes;
      to += static_cast<size_t>(wrong.shift);
      if (to >= memory.size()) return;
    }
    const size_t room = memory.size() - to;
    std::memcpy(&memory[to], bytes.data(), bytes.size() < room ? bytes.size() : room);
  }

  Flash flash_{};
};

Digest root_at(uint64_t size) {
  static Frontier frontier;
  static std::vector<Digest> roots = {frontier.root()};
  while (roots.size() <= size) {
    const golden::Bytes bytes = golden::leaf(roots.size() - 1);
    (void)frontier.append(leaf_hash({bytes.data(), bytes.size()}));
    roots.push_back(frontier.root());
  }
  return roots[size];
}

// segment_gone: an erase that landed elsewhere has wiped the end of one segment and the front of
// the next, header, NEXT and all. Nothing on the medium can tell then.
enum Outcome { harmless, told_by_reading, told_by_mounting, newest_gone, segment_gone };
const char* const outcome_texts[] = {"harmless", "missing records told by reading",
                                     "damage told by mounting", "last commit gone",
                                     "wiped by an erase, not told"};

class Life {
 public:
  Life(uint32_t unit, uint32_t segment, uint32_t count, const Misplacement& wrong)
      : disk_(unit, segment, count) {
    disk_.wrong = wrong;
    require(log_.format(disk_.flash(), memory(), golden::Life::options(), platform_), "format");
  }

  uint64_t writes() const { return disk_.writes; }

  // Records, batches over several frames, heads, and segments prepared ahead of time.
  void grow(uint64_t total) {
    while (log_.size() < total) {
      commit_began_ = disk_.writes + 1;
      const uint64_t turn = log_.size();
      append(turn % 5 == 2 ? 9 : 1);
      if (turn % 7 == 3) {
        commit_began_ = disk_.writes + 1;
        require(log_.write_head(golden::signature(log_.size())), "write_head");
        signed_ = log_.size();
      }
      if (turn % 11 == 6) require(log_.maintain(), "maintain");
    }
  }

  // What is read without a restart is right, too.
  void check_running() { walk(nullptr); }

  Outcome restart() {
    const uint64_t size = log_.size(), index_min = log_.index_min();
    const Status status = log_.mount(disk_.flash(), memory(), golden::Life::options(), platform_);
    if (status == Status::not_formatted) return told_by_mounting;
    demand(status == Status::ok || status == Status::damaged, status_text(status));
    demand(log_.size() <= size, "records from nowhere");
    uint64_t walked = 0;
    walk(&walked);
    if (status == Status::damaged) return told_by_mounting;
    demand(log_.root() == root_at(log_.size()), "the tree is not that of the records");
    if (disk_.wiped && (log_.size() < size || log_.index_min() > index_min)) return segment_gone;
    demand(log_.index_min() <= index_min, "records that are lost are taken for retired ones");
    const bool head_gone = (log_.head() == nullptr ? 0 : log_.head()->size) != signed_;
    if (log_.size() < size || head_gone) {
      demand(disk_.wrong.write >= commit_began_, "acknowledged records disappeared unnoticed");
      return newest_gone;
    }
    demand(signed_ == 0 || log_.head()->root == root_at(signed_), "a head's root is wrong");
    check_reading(index_min);
    return walked == size - index_min ? harmless : told_by_reading;
  }

 private:
  LogMemory memory() { return {{frame_, sizeof frame_}, nullptr, 0}; }
  static void require(Status status, const char* what) {
    demand(status == Status::ok, std::string(what) + ": " + status_text(status));
  }

  void append(uint64_t count) {
    std::vector<golden::Bytes> leaves;
    std::vector<ByteView> views;
    for (uint64_t i = 0; i < count; ++i)
      leaves.push_back(golden::leaf(log_.size() + i));
    for (const golden::Bytes& bytes : leaves)
      views.push_back({bytes.data(), bytes.size()});
    require(log_.append_batch(views.data(), views.size()).status, "append_batch");
  }

  void walk(uint64_t* walked) {
    uint8_t buffer[64];
    Log::Cursor cursor;
    Log::Cursor::Item item;
    require(cursor.open(log_, buffer), "cursor");
    uint64_t next = 0;
    for (;;) {
      const Status status = cursor.next(item);
      if (status == Status::end) return;
      require(status, "cursor");
      if (item.type == Log::Cursor::Item::Type::head) {
        demand(std::memcmp(item.signature.bytes, golden::signature(item.size).bytes, 64) == 0,
               "a signature is wrong");
        continue;
      }
      const golden::Bytes expected = golden::leaf(item.index);
      demand(item.index >= next, "the walk goes back");
      demand(equal(item.leaf, {expected.data(), expected.size()}), "a wrong record");
      next = item.index + 1;
      if (walked != nullptr) ++*walked;
    }
  }

  void check_reading(uint64_t index_min) {
    uint8_t out[64];
    for (uint64_t index = index_min; index < log_.size(); ++index) {
      const auto size = log_.read(index, out);
      const golden::Bytes expected = golden::leaf(index);
      demand(size.ok() || size.status == Status::corrupt, status_text(size.status));
      demand(!size.ok() || equal({out, size.value}, {expected.data(), expected.size()}),
             "a wrong record is read");
    }
  }

  Disk disk_;
  Platform platform_{sizeof(Platform), nullptr, nullptr, nullptr, nullptr};
  uint8_t frame_[128];
  Log log_;
  uint64_t signed_ = 0;
  uint64_t commit_began_ = 0;  // number of its first write
};

struct Geometry {
  uint32_t unit, segment, count;
};

std::vector<Misplacement> misplacements(const Geometry& geometry, uint64_t write) {
  std::vector<Misplacement> list = {{write, true, 0}};
  const int64_t segment = geometry.segment;
  for (const int64_t shift : {int64_t{8}, int64_t{64}, int64_t{256}, int64_t{512}, segment,
                              2 * segment, segment + 64, segment - 256})
    for (const int64_t sign : {-1, 1})
      list.push_back({write, false, sign * shift});
  return list;
}

std::string text_of(const Misplacement& wrong) {
  return "write " + std::to_string(wrong.write) +
         (wrong.is_lost ? " lost" : " landed " + std::to_string(wrong.shift) + " bytes off");
}

// The power goes as many records after the misplaced write as `later` says.
Outcome live(const Geometry& geometry, const Misplacement& wrong, uint64_t later, uint64_t total) {
  Life life(geometry.unit, geometry.segment, geometry.count, wrong);
  uint64_t size = 0;
  while (life.writes() < wrong.write && size < total)
    life.grow(++size);
  life.grow(size + later);
  life.check_running();
  return life.restart();
}

}  // namespace

TEST_CASE("a write that is lost or lands elsewhere makes no wrong record, and is told") {
  const Geometry list[] = {{1, 1024, 4}, {8, 1024, 3}};
  const uint64_t total = 120;
  std::map<Outcome, uint64_t> counts;
  for (const Geometry& geometry : list) {
    Life whole(geometry.unit, geometry.segment, geometry.count, {});
    whole.grow(total);
    const uint64_t writes = whole.writes();
    REQUIRE(whole.restart() == harmless);
    for (uint64_t write = 1; write <= writes; ++write) {
      for (const Misplacement& wrong : misplacements(geometry, write)) {
        for (const uint64_t later : {0u, 1u, 4u, 40u}) {
          try {
            ++counts[live(geometry, wrong, later, total)];
          } catch (const Violation& violation) {
            FAIL_CHECK(geometry.unit << ", " << text_of(wrong) << ", " << later
                                     << " records later: " << violation.what());
          }
        }
      }
    }
  }
  for (const auto& count : counts) {
    std::printf("%llu %s\n", static_cast<unsigned long long>(count.second),
                outcome_texts[count.first]);
  }
  for (const Outcome outcome : {harmless, told_by_reading, told_by_mounting, newest_gone})
    CHECK(counts[outcome] > 0);  // so that each check above has been of use
}
