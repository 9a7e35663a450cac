// Random walks of a device and its gateway: power cuts, a link that loses, repeats and reorders,
// and a gateway that starts again, forgets what it need not keep, or comes back from a copy. In the
// end everything acknowledged is at the gateway, and no two heads have contradicted each other.
//
//   CAIRN_REPORT_STEPS=N   steps of each walk instead of 600
#include <cstdlib>
#include <deque>

#include "model/dice.hpp"
#include "support/test_reporter.hpp"

using namespace cairn;
using namespace test_reporter;

namespace {

struct Link {
  size_t limit;
  size_t window;  ///< messages that may be under way
};

class Walk {
 public:
  Walk(ReportMode mode, const test_recorder::Medium& medium, Link link, uint32_t seed)
      : t_(mode, medium), link_(link), dice_(seed), recycles_(dice_.one_in(2)) {
    t_.device.options.batch.leaves = 16;
    t_.device.options.log.recycle = recycles_;
    REQUIRE(t_.create() == Status::ok);
  }

  void step() {
    switch (dice_.below(16)) {
      case 0:
      case 1:
      case 2:
        write();
        break;
      case 3:
        if (dice_.one_in(3)) cut_soon();
        break;
      case 4:
        if (dice_.one_in(4)) disturb_gateway();
        break;
      case 5:
        if (up_.empty() && down_.empty()) t_.reporter.again();
        break;
      case 6:
      case 7:
      case 8:
        if (up_.size() + down_.size() < link_.window) send();
        break;
      case 9:
      case 10:
      case 11:
        if (!up_.empty()) arrive();
        break;
      default:
        if (!down_.empty()) answer();
        break;
    }
    if (t_.device.flash.is_dead()) start_again();
    note_heads();
    REQUIRE(t_.log().index_min() <= acknowledged_);
  }

  // Everything that is on its way is lost, both start again, and then the link is good.
  void finish() {
    up_.clear();
    down_.clear();
    t_.gateway.restart();
    start_again();
    note_heads();
    if (t_.device.recorder.pending() != 0) {
      const Status sealed = t_.device.recorder.seal();
      REQUIRE((sealed == Status::ok || sealed == Status::full));
    }
    note_heads();
    REQUIRE(t_.exchange(link_.limit) == Status::end);
    CHECK(t_.gateway.refusals == 0);
    CHECK(t_.gateway.stored.size == t_.signed_size());
    CHECK(t_.reporter.acknowledged() == t_.signed_size());
    for (const auto& [size, root] : t_.gateway.cosigned)
      CHECK(heads_.at(size) == root);
    if (t_.options.mode != ReportMode::records) return;
    for (const auto& [index, leaf] : leaves_)
      if (index < t_.signed_size()) REQUIRE(t_.gateway.stored.records.at(index) == leaf);
  }

  size_t heads() const { return heads_.size(); }
  size_t starts() const { return starts_; }
  bool has_recycled() const { return t_.log().index_min() != 0; }

 private:
  void write() {
    const size_t count = 1 + dice_.below(4);
    for (size_t i = 0; i < count && !t_.device.flash.is_dead(); ++i) {
      t_.device.clock.pass(10);
      (void)t_.device.append(Bytes(dice_.one_in(9) ? dice_.below(300) : 20, uint8_t(count + i)));
    }
    if (dice_.one_in(8) && !t_.device.flash.is_dead()) (void)t_.device.recorder.seal();
  }

  void cut_soon() {
    fake::Tear tear;
    tear.extent = static_cast<fake::Tear::Extent>(dice_.below(4));
    tear.units_done = dice_.below(40);
    tear.unit = static_cast<fake::Tear::Unit>(dice_.below(3));
    tear.erase = static_cast<uint8_t>(dice_.below(6));
    t_.device.flash.cut_at(t_.device.flash.operations + 1 + dice_.below(20), tear);
  }

  void start_again() {
    ++starts_;
    t_.device.flash.reboot();
    REQUIRE(t_.open() == Status::ok);
  }

  void disturb_gateway() {
    const uint32_t lot = dice_.below(4);
    if (lot == 0) copy_ = t_.gateway.stored;
    if (lot == 1) t_.gateway.restart();
    if (lot == 2 && !recycles_) t_.gateway.forget();
    if (lot == 3 && !recycles_) {
      t_.gateway.stored = copy_;
      t_.gateway.restart();
    }
  }

  void send() {
    const Bytes message = t_.next(link_.limit);
    REQUIRE((t_.status == Status::ok || t_.status == Status::end));
    REQUIRE(message.size() <= link_.limit);
    if (t_.status == Status::ok) up_.push_back(message);
    if (t_.status == Status::end && up_.empty() && down_.empty()) t_.reporter.again();
  }

  // What is under way comes in order, mostly.
  Bytes take_from(std::deque<Bytes>& queue) {
    const size_t i = dice_.one_in(6) ? dice_.below(queue.size()) : 0;
    const Bytes message = queue[i];
    if (!dice_.one_in(10)) queue.erase(queue.begin() + static_cast<long>(i));
    return message;
  }

  void arrive() {
    const Bytes message = take_from(up_);
    if (!dice_.one_in(8)) down_.push_back(t_.gateway.handle(message));
  }

  void answer() {
    const Bytes bytes = take_from(down_);
    if (dice_.one_in(8)) return;
    REQUIRE(t_.take(bytes) == Status::ok);
    const uint64_t size = t_.reporter.acknowledged();
    if (size > acknowledged_) acknowledged_ = size;
    REQUIRE((size == 0 || heads_.count(size) == 1));
  }

  // Remembers each new head, and the leaves in front of it.
  void note_heads() {
    if (t_.log().head() == nullptr) return;
    const SignedHead& head = *t_.log().head();
    const auto [known, is_new] = heads_.insert({head.size, head.root});
    REQUIRE(known->second == head.root);
    REQUIRE(std::next(known) == heads_.end());
    if (!is_new) return;
    Bytes buffer(1024);
    Log::Cursor cursor;
    Log::Cursor::Item item;
    const uint64_t from = leaves_.empty() ? 0 : leaves_.rbegin()->first + 1;
    REQUIRE(cursor.open(t_.log(), {buffer.data(), buffer.size()}, from) == Status::ok);
    while (cursor.next(item) == Status::ok) {
      if (item.type != Log::Cursor::Item::Type::leaf || item.index >= head.size) continue;
      leaves_[item.index] = Bytes(item.leaf.begin(), item.leaf.end());
    }
    REQUIRE(leaves_.size() == head.size);
  }

  TestReporter t_;
  Link link_;
  log_walk::Dice dice_;
  bool recycles_;
  std::deque<Bytes> up_, down_;
  std::map<uint64_t, Digest> heads_;
  std::map<uint64_t, Bytes> leaves_;
  report_gateway::Stored copy_;
  uint64_t acknowledged_ = 0;
  size_t starts_ = 0;
};

size_t steps_of_a_walk() {
  const char* steps = std::getenv("CAIRN_REPORT_STEPS");
  return steps == nullptr ? 600 : std::strtoul(steps, nullptr, 10);
}

const test_recorder::Medium media[] = {{"8-byte ECC", 8, 1024, 6, CAIRN_FLASH_ONCE, 0xFF},
                                       {"NOR", 1, 1024, 6, CAIRN_FLASH_NOR, 0xFF},
                                       {"FRAM", 1, 1024, 6, CAIRN_FLASH_REWRITABLE, 0x00},
                                       {"file", 1, 1024, 6, CAIRN_FLASH_FILE, 0x00}};
constexpr Link links[] = {{51, 1}, {64, 3}, {115, 2}, {222, 6}, {1024, 3}, {60000, 1}};

void walk_in(ReportMode mode) {
  size_t heads = 0, starts = 0, recycled = 0;
  uint32_t seed = 0;
  for (const auto& medium : media) {
    for (const Link& link : links) {
      for (int round = 0; round < 6; ++round) {
        CAPTURE(medium.name, link.limit, ++seed);
        Walk walk(mode, medium, link, seed);
        for (size_t step = 0; step < steps_of_a_walk(); ++step)
          walk.step();
        walk.finish();
        heads += walk.heads();
        starts += walk.starts();
        recycled += walk.has_recycled() ? 1 : 0;
      }
    }
  }
  CHECK(heads > 144 * 5);
  CHECK(starts > 144);
  CHECK(recycled > 10);
}

}  // namespace

TEST_CASE("walks of a device that reports records") {
  walk_in(ReportMode::records);
}
TEST_CASE("walks of a device that reports hashes") {
  walk_in(ReportMode::hashes);
}
TEST_CASE("walks of a device that reports heads") {
  walk_in(ReportMode::heads);
}
