// Random programs of a controller beside a model of what docs/plc.md promises: every block, with
// queues that run full, memories that run full or fail, keys that are missing, switches, starts
// in the middle, and every way to pump. What a block shows is compared in every scan, and what
// stands in the log record by record.
//
// 2,500 programs of 400 scans. CAIRN_PLC_SEED=n runs others, CAIRN_PLC_PROGRAMS=n so many,
// CAIRN_PLC_PROGRAM=n that one alone.
#include <cstdio>
#include <cstdlib>

#include "support/catch.hpp"
#include "support/plc_model/blocks.hpp"
#include "support/plc_model/log_check.hpp"
#include "support/plc_model/perform.hpp"
#include "support/plc_model/watchers.hpp"

using namespace plc::model;
using plc::Controller;

namespace {

constexpr int scans_of_a_program = 400;

uint64_t number_in(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Kind_of_program draw_kind(fake::Random& random) {
  Kind_of_program kind;
  kind.exact = random() % 3 != 0;
  kind.task = random() % 2 == 0;
  kind.two_tasks = random() % 3 == 0;
  kind.keeps = kind.task && random() % 4 != 0;
  kind.keys_needed = uint8_t(kind.keeps ? random() % 3 : 0);
  kind.sets_time = random() % 2 == 0;
  kind.reads_back = random() % 2 == 0;
  kind.short_windows = kind.keys_needed == 2 && kind.exact && random() % 2 == 0;
  const uint32_t batches[] = {0, 0, 8, 64};
  kind.batch = batches[random() % 4];
  switch (random() % 6) {
    case 0:
      kind.tight = kind.exact = true;  // the log is read in every scan, between two records
      kind.recycles = random() % 2 == 0;
      break;
    case 1:
      kind.key_goes = true;
      break;
    case 2:
      kind.memory_fails = true;
      kind.exact = kind.short_windows = false;
      break;
    default:
      break;
  }
  // What it asks for must find room; and a time that is over must stay so.
  if (kind.tight || kind.memory_fails || kind.short_windows) kind.sets_time = false;
  return kind;
}

class Program {
 public:
  Program(uint64_t seed, const Kind_of_program& kind)
      : controller_(kind.task ? CAIRN_PLC_TASK : CAIRN_PLC_INLINE,
                    {1, kind.tight ? 1024u : 4096u, kind.tight ? 8u : 128u, CAIRN_FLASH_NOR, 0xFF}),
        world_(controller_, kind, seed),
        check_(world_) {
    controller_.options.batch.leaves = kind.batch;
    controller_.options.log.recycle = kind.recycles;
    controller_.has_wall_clock = kind.tight || world_.below(4) != 0;
    for (cairn_public_key& key : keys_)
      key.algorithm = CAIRN_ED25519;
    controller_.log.keeps = kind.keeps;
    controller_.log.keys = keys_;
    controller_.log.key_count = kind.keys_needed == 0 ? 0 : 3;
    controller_.log.keys_needed = kind.keys_needed;
    controller_.log.channels = channels_;
    controller_.log.channel_count = kind.keys_needed == 0 ? 0 : 2;
    if (kind.keys_needed != 0) world_.channels = {{4, {}}, {9, {}}};
  }

  void run() {
    start(false);
    for (scan_ = 0; scan_ < scans_of_a_program; ++scan_) {
      if (world_.one_in(150)) restart();
      meddle();
      scan();
      if (world_.kind.tight) check_.read();
    }
    end();
  }
  const char* block = "";  // that was called last
  int scan_ = 0;
  World& world() { return world_; }

 private:
  template <typename TwinOf>
  TwinOf& add(int task, const char* name) {
    auto twin = std::make_unique<TwinOf>();
    twin->name = name;
    TwinOf& out = *twin;
    twins_[task].push_back(std::move(twin));
    return out;
  }
  template <typename TwinOf>
  TwinOf& add_data(int task, const char* name, uint32_t number) {
    TwinOf& twin = add<TwinOf>(task, name);
    twin.number = number;
    return twin;
  }
  template <typename TwinOf>
  void add_execute(int task, const char* name) {
    add<TwinOf>(task, name).pace = 1 + world_.below(8);
  }

  void make_blocks() {
    const Kind_of_program& kind = world_.kind;
    for (std::vector<std::unique_ptr<Twin>>& twins : twins_)
      twins.clear();
    for (LogTwin& log : logs_)
      log = LogTwin();
    for (int task = 0; task < (kind.two_tasks ? 2 : 1); ++task) {
      for (uint32_t i = 0; i < 3; ++i)
        add_data<DataTwin<cairn_fb_append_t>>(task, "Append", i).pace = 1 + world_.below(6);
      add_data<DataTwin<cairn_fb_event_t>>(task, "Event", 3).pace = 1 + world_.below(6);
      add_data<DataTwin<cairn_fb_correct_t>>(task, "Correct", 4).pace = 1 + world_.below(6);
      SampleTwin& sample = add_data<SampleTwin>(task, "Sample", 5);
      sample.block.IntervalMs = world_.one_in(2) ? 0 : world_.below(60);
      sample.block.Deadband = world_.below(4);
      sample.block.HeartbeatMs = world_.one_in(2) ? 0 : 1 + world_.below(400);
      add_data<EdgeTwin>(task, "Edge", 6);
      add_execute<SealTwin>(task, "Seal");
      add<StatusTwin>(task, "Status");
    }
    add<AnchorTwin>(0, "Anchor").block.MaxPerHour = uint16_t(world_.one_in(2) ? 0 : 36000);
    if (kind.exact || kind.reads_back) add_execute<VerifyTwin>(0, "Verify");
    if (kind.tight) return;  // what these ask for must find room
    if (kind.sets_time) add_execute<SetTimeTwin>(0, "SetTime");
    if (kind.task && !kind.memory_fails) add_execute<CommandTwin>(0, "Command");
    for (uint16_t slot = 0; slot < 2; ++slot)
      add<RetainTwin>(0, "Retain8").block.Slot = slot;
  }

  void start(bool area_stays) {
    make_blocks();
    world_.clock = Clock();
    if (controller_.has_wall_clock) world_.clock = {controller_.unix_ms, TimeQuality::synchronised};
    world_.clock_steps = 0;
    world_.calls_before = world_.calls;
    world_.anchored = 0;
    world_.verifies = false;
    for (auto& entry : world_.channels)
      entry.second.signers = 0;
    for (auto& entry : world_.slots) {
      entry.second.is_written = false;
      entry.second.is_signed = entry.second.is_covered;
    }
    same("start", controller_.start(area_stays), 0);
    if (!area_stays) {
      world_.shown_clock = Clock();
      world_.shown_steps = 0;
    }
    world_.starts = check_.boots() + 1;
    if (!world_.kind.task) world_.was_called(false, false);
    for (LogTwin& log : logs_) {
      log.block.Enable = 1;
      log.block.WarnLevel = uint16_t(world_.below(3) * 400);
    }
    logs_[1].block.TaskId = 1;
    started_ = false;
  }

  // A stop of the runtime, or of the power, between two calls.
  void restart() {
    if (world_.kind.memory_fails) return;
    const bool area_stays = world_.one_in(2);
    for (const RequestPtr& request : world_.lanes[0].asked)
      if (!world_.kind.exact && request->ask == Request::verify && !request->ended) return;
    for (Lane& lane : world_.lanes) {
      const bool is_known =
          lane.worked == world_.worked || (lane.task == 1 && !world_.kind.two_tasks);
      if (!world_.kind.exact && (!is_known || !may_stop(lane))) return;
    }
    for (Lane& lane : world_.lanes) {
      if (!world_.kind.exact && !lane.queue.empty() && lane.queue.front()->record != nullptr) {
        auto under_way = std::make_shared<Record>(*lane.queue.front()->record);
        under_way->optional = true;
        lane.expected.push_back(under_way);
      }
    }
    check_.read();
    check_.restart(area_stays);
    world_.floating.clear();
    for (Lane& lane : world_.lanes) {
      for (const RequestPtr& request : lane.queue)
        request->followed = false;
      for (int why = 0; why < 3 && !area_stays; ++why)
        lane.noted[why] = lane.lost[why];
      Lane next;
      next.task = lane.task;
      next.last = lane.last;
      std::copy(lane.lost, lane.lost + 3, next.lost);
      std::copy(lane.noted, lane.noted + 3, next.noted);
      if (area_stays) {
        next.queue = lane.queue;
        next.places = lane.places;
        next.asked = lane.asked;
        next.is_off = lane.is_off;
        next.epoch = lane.epoch;
        next.before = lane.handle != 0 ? lane.handle : lane.stale;
      }
      lane = next;
    }
    ++world_.tally[area_stays ? "restart, area kept" : "restart, area lost"];
    cairn_plc_stop();
    start(area_stays);
  }
  static bool may_stop(const Lane& lane) {
    return lane.queue.empty() || lane.queue.front()->ask <= Request::switched_on;
  }

  // What the operator and the world do.
  void meddle() {
    const Kind_of_program& kind = world_.kind;
    controller_.now_ms += world_.one_in(40) ? world_.below(12000) : world_.below(30);
    if (kind.key_goes && world_.one_in(40)) controller_.key.broken = !controller_.key.broken;
    if (kind.memory_fails && world_.one_in(50))
      controller_.flash.fail_programs(world_.below(10), 1 + world_.below(3),
                                      fake::Failure(world_.below(3)));
    for (int task = 0; task < 2; ++task) {
      cairn_fb_log_t& log = logs_[task].block;
      const Lane& lane = world_.lanes[task];
      const bool may_close = !kind.tight && (kind.exact || !kind.reads_back);
      if (may_close && world_.one_in(log.Enable ? 120 : 4)) log.Enable = !log.Enable;
      log.Maintenance = world_.one_in(10);
      const bool plain = !kind.tight && !kind.memory_fails;
      const bool fits = kind.exact || lane.places < CAIRN_PLC_QUEUE_RECORDS / 2;
      if (task == 0 && plain && fits && (log.SwitchOff != 0) == lane.is_off &&
          world_.one_in(lane.places == CAIRN_PLC_QUEUE_RECORDS ? 4 : 60))
        log.SwitchOff = !log.SwitchOff;
      if (kind.tight && world_.one_in(40)) log.StopWhenFull = !log.StopWhenFull;
    }
    if (quiet_ == 0 && world_.one_in(50)) quiet_ = world_.below(world_.one_in(3) ? 150 : 40);
  }

  // 0 nothing, 1 something, 2 all.
  int draw_work() {
    if (!started_ && world_.kind.keeps) return 2;
    if (quiet_ != 0) {
      --quiet_;
      return 0;
    }
    return world_.kind.exact ? 2 * int(world_.below(3) != 0) : 1;
  }

  void scan() {
    const int work = draw_work();
    bool pumped = true;
    if (world_.kind.task) {
      pumped = pump(work);
      logs_[0].block.Budget = uint16_t(world_.random());
    } else {
      logs_[0].block.Budget = uint16_t(work == 2 ? 65535 : work == 1 ? 1 + world_.below(15) : 0);
      pumped = logs_[0].block.Enable != 0;
    }
    const int takes = pumped ? work : 0;
    // Whatever comes next is queued by then.
    if (takes == 2) started_ = true;
    logs_[1].block.Budget = uint16_t(world_.random());
    for (int task = 0; task < (world_.kind.two_tasks ? 2 : 1); ++task) {
      if (task == 1 && !world_.kind.tight && world_.one_in(3)) continue;
      Lane& lane = world_.lanes[task];
      block = "Log";
      logs_[task].scan(world_, lane, world_.kind.task || task != 0 ? -1 : work);
      if (task == 0 && takes != 0) world_.expire();
      for (const std::unique_ptr<Twin>& twin : twins_[task]) {
        block = twin->name;
        twin->scan(world_, lane);
      }
    }
    if (takes == 2) world_.verifies = false;
  }

  bool pump(int work) {
    if (work == 0 && world_.one_in(2)) return false;
    const uint32_t budget = work == 2 ? 1u << 24 : work == 1 ? world_.below(16) : 0;
    int status = 1;
    for (int i = 0; i < (work == 2 ? 4 : 1) && status == 1; ++i) {
      uint32_t used = 0;
      status = cairn_plc_pump(0, budget, &used);
      holds("used <= budget", used <= budget);
    }
    world_.was_called(work != 0, work == 2);
    return true;
  }

  // The world is well again, and the pump works until nothing is left.
  void end() {
    controller_.key.broken = false;
    controller_.flash.fail_programs(0, 0, fake::Failure::nothing);
    block = "Log at the end";
    for (int i = 0; i < 400; ++i) {
      controller_.now_ms += 1;
      for (LogTwin& log : logs_) {
        log.block.Enable = 1;
        log.block.SwitchOff = log.block.StopWhenFull = 0;
        log.block.Budget = 65535;
      }
      if (world_.kind.task) pump(2);
      logs_[0].scan(world_, world_.lanes[0], world_.kind.task ? -1 : 2);
      world_.expire();
      logs_[1].scan(world_, world_.lanes[1], -1);
      if (world_.kind.tight) check_.read();
    }
    check_.finish();
    if (!world_.kind.tight) same("Durable", world_.lanes[0].durable, check_.size());
  }

  static constexpr uint32_t channels_[2] = {4, 9};
  cairn_public_key keys_[3] = {};
  Controller controller_;
  World world_;
  LogCheck check_;
  LogTwin logs_[2];
  std::vector<std::unique_ptr<Twin>> twins_[2];
  uint32_t quiet_ = 0;
  bool started_ = false;
};

constexpr uint32_t Program::channels_[2];

}  // namespace

TEST_CASE("random programs of all blocks do what docs/plc.md says") {
  const uint64_t seed = number_in("CAIRN_PLC_SEED", 1);
  const uint64_t only = number_in("CAIRN_PLC_PROGRAM", 0);
  const uint64_t count = number_in("CAIRN_PLC_PROGRAMS", 2500);
  std::map<std::string, uint64_t> tally;
  for (uint64_t number = only == 0 ? 1 : only; number <= (only == 0 ? count : only); ++number) {
    fake::Random random(seed << 32 | number);
    const Kind_of_program kind = draw_kind(random);
    Program program(random(), kind);
    try {
      program.run();
    } catch (const Difference& difference) {
      FAIL("CAIRN_PLC_SEED=" << seed << " CAIRN_PLC_PROGRAM=" << number << " (" << kind.text()
                             << "), scan " << program.scan_ << ", " << program.block << ": "
                             << difference.what());
    }
    for (const auto& entry : program.world().tally)
      tally[entry.first] += entry.second;
  }
  for (const auto& entry : tally)
    std::printf("%s %llu\n", entry.first.c_str(), static_cast<unsigned long long>(entry.second));
  if (only != 0) return;
  // What never comes is not compared: each of these has to.
  for (const char* what :
       {"Append done",  "Event done",    "Correct done", "Sample valid",       "Edge valid",
        "Seal done",    "Verify done",   "Anchor valid", "head anchored",      "SetTime done",
        "Status valid", "Retain8 valid", "restored",     "Command done",       "command applied",
        "queue full",   "stopped",       "pump silent",  "restart, area kept", "restart, area lost",
        "lost 1",       "lost 2",        "lost 4"}) {
    INFO(what);
    CHECK(tally[what] * 100 > count);
  }
  for (const uint32_t error :
       {CAIRN_PLC_E_RANGE,        CAIRN_PLC_E_NOT_KEPT,      CAIRN_PLC_E_NO_HANDLE,
        CAIRN_PLC_E_STALE_HANDLE, CAIRN_PLC_E_BUSY,          CAIRN_PLC_E_SWITCHED_OFF,
        CAIRN_PLC_E_CLOSED,       CAIRN_PLC_E_NOT_INLINE,    CAIRN_PLC_E_QUEUE_FULL,
        CAIRN_PLC_E_ANSWERS_FULL, CAIRN_PLC_E_STORAGE_FULL,  CAIRN_PLC_E_STOPPED,
        CAIRN_PLC_E_KEY_MISSING,  CAIRN_PLC_E_CLOCK_NOT_SET, CAIRN_PLC_E_ORDER,
        CAIRN_PLC_E_WINDOW,       CAIRN_PLC_E_SIGNATURE,     CAIRN_PLC_E_UNKNOWN_KEY,
        CAIRN_PLC_E_CONFLICT,     CAIRN_PLC_E_CHANNEL}) {
    INFO(error);
    CHECK(tally["error " + std::to_string(error)] * 100 > count);
  }
}
