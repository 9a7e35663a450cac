// Random walks: a log does whatever a log may be asked for, in any order, with power cuts and
// failing programs in between, beside a list that says what must come of it.
//
// A failure names its walk: CAIRN_WALK="medium seed" in the environment repeats that one alone.
#include <cairn/log.hpp>
#include <cairn/proof.hpp>
#include <cstdio>
#include <cstdlib>

#include "support/catch.hpp"
#include "support/log_model.hpp"

using cairn::Status;
using log_model::demand;
using log_model::Geometry;
using log_model::Violation;

namespace {

enum class Retire : uint8_t { freely, when_told, never };

struct Course {
  Geometry geometry;
  size_t frame_bytes;
  Retire retire;
};

const Course courses[] = {
    {{"8-byte ECC", 8, 1024, 4, CAIRN_FLASH_ONCE, 0xFF}, 128, Retire::freely},
    {{"8-byte ECC, two segments", 8, 2048, 2, CAIRN_FLASH_ONCE, 0xFF}, 128, Retire::freely},
    {{"16-byte ECC, told", 16, 1536, 5, CAIRN_FLASH_ONCE, 0x00}, 256, Retire::when_told},
    {{"32-byte ECC, linear", 32, 2048, 6, CAIRN_FLASH_ONCE, 0xFF}, 128, Retire::never},
    {{"NOR", 1, 1024, 4, CAIRN_FLASH_NOR, 0xFF}, 64, Retire::freely},
    {{"4-byte NOR, told", 4, 2048, 3, CAIRN_FLASH_NOR, 0x00}, 200, Retire::when_told},
    {{"FRAM", 1, 1024, 3, CAIRN_FLASH_REWRITABLE, 0x00}, 700, Retire::freely},
    {{"4-byte MRAM, linear", 4, 1024, 8, CAIRN_FLASH_REWRITABLE, 0xFF}, 128, Retire::never},
    {{"file", 1, 2048, 4, CAIRN_FLASH_FILE, 0x00}, 300, Retire::freely},
    {{"file, told", 1, 4096, 3, CAIRN_FLASH_FILE, 0x00}, 1000, Retire::when_told},
};

class Walk {
 public:
  Walk(const Course& course, uint32_t seed)
      : course_(course),
        flash_(course.geometry.unit, course.geometry.segment, course.geometry.count,
               course.geometry.kind, course.geometry.erased),
        frame_(course.frame_bytes),
        digests_(seed % 2 == 0 ? 0 : 16),
        random_(seed) {
    flash_.random.seed(seed + 1);
    options_.log_id = 7;
    options_.recycle = course.retire != Retire::never;
    if (course.retire == Retire::freely) options_.keep_from = UINT64_MAX;
    make();
  }

  void step() {
    const unsigned lot = draw(100);
    if (lot < 40) {
      append();
    } else if (lot < 55) {
      append_batch();
    } else if (lot < 63) {
      stage();
    } else if (lot < 68) {
      commit();
    } else if (lot < 75) {
      write_head();
    } else if (lot < 79) {
      maintain();
    } else if (lot < 83) {
      keep_from();
    } else if (lot < 88) {
      read();
    } else if (lot < 89) {
      prove();
    } else if (lot < 93) {
      mount();
    } else if (lot < 94) {
      fail_soon();
    } else if (lot < 99) {
      cut_soon();
    } else {
      check_all();
    }
    if (flash_.is_dead()) mount_after_cut();
    demand(flash_.violation.empty(), flash_.violation);
    demand(log_.index_min() >= index_min_, "retired records came back");
    demand(log_.index_min() <= options_.keep_from, "a record was retired that had to stay");
    index_min_ = log_.index_min();
  }

  uint64_t cuts() const { return cuts_; }
  uint64_t records() const { return records_; }

 private:
  unsigned draw(unsigned below) { return unsigned(random_() % below); }

  // ---- the list ----

  // Leaves that the next call tries to add.
  std::vector<cairn::ByteView> try_leaves(size_t count) {
    // A larger one would not fit beside every frontier.
    const size_t limit = std::min<size_t>(log_.leaf_limit(), course_.geometry.segment / 4);
    for (size_t i = 0; i < count; ++i) {
      std::vector<uint8_t> bytes(draw(20) == 0 ? limit : 1 + draw(50));
      for (uint8_t& byte : bytes)
        byte = uint8_t(draw(3) == 0 ? course_.geometry.erased : random_());
      bytes[0] = 0x40;
      leaves_.push_back(std::move(bytes));
    }
    std::vector<cairn::ByteView> out;
    for (size_t i = leaves_.size() - count; i < leaves_.size(); ++i)
      out.push_back({leaves_[i].data(), leaves_[i].size()});
    return out;
  }

  // Brings the list to what the log says it holds, and compares the trees.
  void follow(uint64_t size) {
    demand(size >= durable_, "acknowledged records are gone: " + std::to_string(size) + " of " +
                                 std::to_string(durable_));
    demand(size <= leaves_.size(), "records from nowhere: " + std::to_string(size) + " > " +
                                       std::to_string(leaves_.size()));
    leaves_.resize(size);
    tree_ = tree_of(leaves_);
    demand(log_.root() == tree_.root(), "the tree is not that of the records");
  }
  cairn::Frontier tree_of(const std::vector<std::vector<uint8_t>>& leaves) const {
    cairn::Frontier tree = durable_tree_;
    for (uint64_t i = durable_; i < leaves.size(); ++i)
      (void)tree.append(cairn::leaf_hash({leaves[i].data(), leaves[i].size()}));
    return tree;
  }
  void acknowledge() {
    durable_ = leaves_.size();
    durable_tree_ = tree_;
  }

  // What came of a call that adds leaves.
  void finish(Status status, size_t count, bool durable) {
    if (flash_.is_dead()) return;
    const uint64_t before = leaves_.size() - count;
    if (count != 0) doubtful_.clear();
    if (status != Status::ok) doubtful_ = leaves_;
    follow(log_.size());
    if (status == Status::ok) {
      demand(leaves_.size() == before + count, "not all were stored");
      records_ += count;
    } else if (status == Status::full) {
      when_full();
    } else {
      demand(status == Status::io, std::string("append: ") + cairn::status_text(status));
    }
    if (durable && status == Status::ok) acknowledge();
  }

  void when_full() {
    demand(course_.retire != Retire::freely, "full although everything may be retired");
    if (course_.retire == Retire::when_told) {
      demand(options_.keep_from <= log_.size(), "full although nothing is held back");
      options_.keep_from = log_.size();
      log_.keep_from(options_.keep_from);
    } else {
      check_all();
      make();
    }
  }

  // ---- what a log may be asked for ----

  void make() {
    leaves_.clear();
    tree_ = durable_tree_ = cairn::Frontier();
    durable_ = index_min_ = head_ = head_tried_ = 0;
    if (course_.retire == Retire::when_told) options_.keep_from = 0;
    // The power stays on: what is left of an older log must not be taken for this one.
    flash_.cut_at(0, {});
    flash_.fail_programs(0, 0, fake::Failure::nothing);
    const cairn::LogMemory memory = {{frame_.data(), frame_.size()}, digests(), digests_.size()};
    const Status status = log_.format(flash_.flash(), memory, options_, log_model::platform());
    demand(status == Status::ok, std::string("format: ") + cairn::status_text(status));
    follow(0);
  }

  void append() {
    const cairn::ByteView leaf = try_leaves(1)[0];
    finish(log_.append(leaf[0], leaf.part(1)).status, 1, true);
  }

  void append_batch() {
    const auto list = try_leaves(draw(13));
    finish(log_.append_batch(list.data(), list.size()).status, list.size(), true);
  }

  void stage() {
    const auto list = try_leaves(draw(9));
    finish(log_.stage(list.data(), list.size()).status, list.size(), false);
  }

  void commit() {
    const Status status = log_.commit();
    if (flash_.is_dead()) return;
    demand(status == Status::ok, std::string("commit: ") + cairn::status_text(status));
    acknowledge();
  }

  void write_head() {
    head_tried_ = log_.size();
    const Status status = log_.write_head(log_model::signature(log_.size()));
    finish(status, 0, true);
    if (flash_.is_dead() || status != Status::ok) return;
    head_ = head_tried_;
  }

  void maintain() {
    const Status status = log_.maintain();
    if (flash_.is_dead() || status == Status::ok || status == Status::io) return;
    demand(status == Status::full && course_.retire != Retire::freely,
           std::string("maintain: ") + cairn::status_text(status));
  }

  void keep_from() {
    if (course_.retire != Retire::when_told) return;
    const uint64_t index = random_() % (log_.size() + 1);
    log_.keep_from(index);  // never lowers it
    options_.keep_from = std::max(options_.keep_from, index);
  }

  void read() {
    const uint64_t size = log_.size();
    const uint64_t index =
        draw(4) == 0 ? random_() % (size + 2) : size - std::min<uint64_t>(size, 1 + draw(60));
    std::vector<uint8_t> out(2000);
    const auto got = log_.read(index, {out.data(), out.size()});
    if (index >= size) {
      demand(got.status == Status::not_found, "a record from nowhere");
    } else if (index < log_.index_min()) {
      demand(got.status == Status::pruned, "a retired record");
    } else {
      demand(got.ok(), "read " + std::to_string(index) + ": " + cairn::status_text(got.status));
      demand(cairn::equal({out.data(), got.value}, view(index)), "read: another record");
    }
  }

  void prove() {
    const uint64_t size = log_.size();
    if (size == log_.index_min()) return;
    const uint64_t index = log_.index_min() + random_() % (size - log_.index_min());
    cairn::Digest hashes[cairn::proof_hashes_max];
    cairn::ProofBuffer proof{hashes, cairn::proof_hashes_max};
    demand(cairn::build_inclusion(index, size, log_.nodes(), proof) == Status::ok, "no proof");
    demand(cairn::verify_inclusion(index, size, cairn::leaf_hash(view(index)), proof,
                                   log_.root()) == Status::ok,
           "the proof of record " + std::to_string(index));
  }

  void check_all() {
    std::vector<uint8_t> buffer(64 + draw(1000));
    cairn::Log::Cursor cursor;
    demand(cursor.open(log_, {buffer.data(), buffer.size()}) == Status::ok, "no cursor");
    uint64_t next = log_.index_min();
    for (;;) {
      cairn::Log::Cursor::Item item;
      const Status status = cursor.next(item);
      if (status == Status::end) break;
      if (item.type == cairn::Log::Cursor::Item::Type::head) {
        demand(item.size == next, "a head in the wrong place: " + std::to_string(item.size) +
                                      ", not " + std::to_string(next) + " min " +
                                      std::to_string(log_.index_min()) + " size " +
                                      std::to_string(log_.size()));
        continue;
      }
      demand(item.index == next, "the walk misses record " + std::to_string(next));
      if (status == Status::full) {
        demand(item.leaf.size == leaves_[next].size() && item.leaf.size > buffer.size(), "size");
      } else {
        demand(status == Status::ok, std::string("cursor: ") + cairn::status_text(status));
        demand(cairn::equal(item.leaf, view(next)), "the walk finds another record");
      }
      ++next;
    }
    demand(next == log_.size(), "the walk ends early");
  }

  // ---- restarts ----

  void mount() {
    const cairn::LogMemory memory = {{frame_.data(), frame_.size()}, digests(), digests_.size()};
    const Status status = log_.mount(flash_.flash(), memory, options_, log_model::platform());
    // Records of a call that failed may have reached the medium, as if a cut had ended it.
    if (doubtful_.size() >= log_.size() && log_.size() > durable_) {
      doubtful_.resize(log_.size());
      if (tree_of(doubtful_).root() == log_.root()) leaves_ = doubtful_;
    }
    doubtful_.clear();
    demand(status == Status::ok, std::string("mount: ") + cairn::status_text(status));
    follow(log_.size());
    const cairn::SignedHead* head = log_.head();
    const uint64_t size = head == nullptr ? 0 : head->size;
    demand(size == head_ || size == head_tried_, "a head is gone, or from nowhere");
    if (head != nullptr) {
      demand(memcmp(head->signature.bytes, log_model::signature(size).bytes, 64) == 0,
             "a signature");
    }
    head_ = head_tried_ = size;
    check_all();
  }

  // Both NEXT slots spoilt, then a cut inside the erase: that one is reported as damage, and known
  // to be. So programs do not fail while a cut is near.
  void fail_soon() {
    flash_.cut_at(0, {});
    flash_.fail_programs(draw(3), 1 + draw(2), fake::Failure(draw(3)));
  }

  void cut_soon() {
    flash_.fail_programs(0, 0, fake::Failure::nothing);
    fake::Tear tear;
    tear.extent = fake::Tear::Extent(draw(4));
    tear.units_done = draw(2) == 0 ? draw(4) : draw(60);
    tear.unit = fake::Tear::Unit(draw(3));
    tear.erase = uint8_t(draw(6));
    flash_.cut_at(flash_.operations + 1 + draw(8), tear);
    ++cuts_;
  }

  void mount_after_cut() {
    flash_.reboot();
    mount();
    acknowledge();  // what was found once must be found again
  }

  cairn::Digest* digests() { return digests_.empty() ? nullptr : digests_.data(); }
  cairn::ByteView view(uint64_t index) const {
    return {leaves_[index].data(), leaves_[index].size()};
  }

  const Course& course_;
  fake::FakeFlash flash_;
  std::vector<uint8_t> frame_;
  std::vector<cairn::Digest> digests_;
  std::mt19937 random_;
  cairn::LogOptions options_;
  cairn::Log log_;
  std::vector<std::vector<uint8_t>> leaves_;    // all ever stored, and those being tried
  std::vector<std::vector<uint8_t>> doubtful_;  // the same after a call that failed
  cairn::Frontier tree_, durable_tree_;
  uint64_t durable_ = 0;  // acknowledged
  uint64_t index_min_ = 0;
  uint64_t head_ = 0, head_tried_ = 0;
  uint64_t cuts_ = 0, records_ = 0;
};

constexpr uint32_t steps_of_a_walk = 4000;
constexpr uint32_t walks_of_a_course = 5;

void go(size_t number, uint32_t seed) {
  uint32_t step = 0;
  try {
    Walk walk(courses[number], seed);
    for (; step < steps_of_a_walk; ++step)
      walk.step();
    CHECK(walk.cuts() > steps_of_a_walk / 40);
    CHECK(walk.records() > steps_of_a_walk / 2);
  } catch (const Violation& violation) {
    FAIL(courses[number].geometry.name << ", step " << step << ": " << violation.what()
                                       << "\nrepeat it with CAIRN_WALK=\"" << number << " " << seed
                                       << "\"");
  }
}

}  // namespace

TEST_CASE("whatever a log is asked for, in any order and with cuts, it stays what a list says") {
  unsigned number = 0, seed = 0;
  const char* one = std::getenv("CAIRN_WALK");
  if (one != nullptr) {
    REQUIRE(std::sscanf(one, "%u %u", &number, &seed) == 2);
    REQUIRE(number < std::size(courses));
    return go(number, seed);
  }
  for (number = 0; number < std::size(courses); ++number) {
    for (seed = 1; seed <= walks_of_a_course; ++seed)
      go(number, seed * 100 + number);
  }
}
