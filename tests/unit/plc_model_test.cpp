// A million random scans against a model that knows the rules of PLCopen and of the queue, and
// nothing of how the blocks keep them.
#include <deque>

#include "support/catch.hpp"
#include "support/plc.hpp"
#include "support/tear.hpp"

using namespace cairn;
using plc::Controller;
using plc::zeros;

namespace {

constexpr int block_count = 5;
constexpr int scan_count = 1000000;

// A CAIRN_Append as PLCopen describes it. A request that waits has a number of its own.
struct Model {
  enum { idle, busy, done, failed } state = idle;
  bool execute = false;
  uint32_t error = 0;
  uint64_t waits_for = 0;

  char shown() const { return ".BDE"[state]; }
};

// What is in the queue: the value, and the request that waits for it (0: none).
struct Queued {
  double value;
  uint64_t request;
};

struct World {
  std::deque<Queued> queue;
  std::vector<double> recorded;     // in the order of the log
  std::vector<uint64_t> abandoned;  // requests that nobody follows any more
  uint64_t requests = 0, answered = 0, lost = 0;
  Model models[block_count];

  // The pump has taken all but `waiting` records.
  void pumped(size_t waiting) {
    while (queue.size() > waiting) {
      recorded.push_back(queue.front().value);
      if (queue.front().request != 0) answered = queue.front().request;
      queue.pop_front();
    }
  }
  void call(Model& model, bool execute, uint8_t level, double value) {
    const bool rises = execute && !model.execute;
    model.execute = execute;
    if (!execute && model.state != Model::busy) model.state = Model::idle;
    if (rises && model.state == Model::busy) {
      abandoned.push_back(model.waits_for);
      model.state = Model::failed;
      model.error = CAIRN_PLC_E_BUSY;
    } else if (rises) {
      begin(model, level, value);
    } else if (model.state == Model::busy && answered >= model.waits_for) {
      model.state = Model::done;
    }
  }
  // Answers that are promised and not taken yet, or not there yet.
  size_t promised() {
    size_t count = 0;
    for (const uint64_t request : abandoned)
      count += request > answered;
    if (count == 0) abandoned.clear();
    for (const Model& model : models)
      count += model.state == Model::busy;
    return count;
  }
  void begin(Model& model, uint8_t level, double value) {
    model.state = Model::failed;
    if (level > 1) {
      model.error = CAIRN_PLC_E_RANGE;
    } else if (level == 1 && promised() == CAIRN_PLC_ANSWERS) {
      model.error = CAIRN_PLC_E_ANSWERS_FULL;
      ++lost;
    } else if (queue.size() == CAIRN_PLC_QUEUE_RECORDS) {
      model.error = CAIRN_PLC_E_QUEUE_FULL;
      ++lost;
    } else {
      const uint64_t request = level == 0 ? 0 : ++requests;
      queue.push_back({value, request});
      model.waits_for = request;
      model.state = level == 0 ? Model::done : Model::busy;
    }
  }
};

}  // namespace

TEST_CASE("a million random scans do what the model says") {
  std::vector<uint8_t> memory(size_t{1} << 27);
  cairn_ram_flash ram;
  cairn_flash geometry = CAIRN_FLASH_INIT, flash = CAIRN_FLASH_INIT;
  geometry.unit_bytes = 1;
  geometry.segment_bytes = 1u << 20;
  geometry.segment_count = 128;
  geometry.kind = CAIRN_FLASH_NOR;
  std::fill(memory.begin(), memory.end(), uint8_t{0xFF});
  REQUIRE(cairn_ram_flash_init(&ram, memory.data(), memory.size(), &geometry, &flash) == 0);
  Controller controller;
  controller.other_flash = &flash;
  controller.options.batch.leaves = 1024;
  REQUIRE(controller.start() == CAIRN_OK);
  auto log = zeros<cairn_fb_log_t>();
  log.Enable = 1;
  cairn_fb_append_t blocks[block_count] = {};
  World world;
  fake::Random random(11);
  double value = 0;
  uint32_t pace = 0;
  for (int scan = 0; scan < scan_count; ++scan) {
    if (scan % 4096 == 0) pace = random() % 3;
    controller.now_ms += 1;
    log.Budget = uint16_t(pace == 0 ? random() % 3 : random() % 16);
    cairn_fb_log(&log);
    REQUIRE(log.UnitsUsed <= log.Budget);
    world.pumped(log.Pending);
    for (int i = 0; i < block_count; ++i) {
      cairn_fb_append_t& block = blocks[i];
      Model& model = world.models[i];
      block.Handle = log.Handle;
      block.Execute = uint8_t(random() % (pace == 0 ? 2 : 3) == 0);
      block.Level = uint8_t(random() % 64 == 0 ? 4 : random() % 2);
      block.Value = ++value;
      world.call(model, block.Execute != 0, block.Level == 4 ? 2 : block.Level, block.Value);
      cairn_fb_append(&block);
      const char shown = block.Done ? 'D' : block.Busy ? 'B' : block.Error ? 'E' : '.';
      if (shown != model.shown() || (block.Error && block.ErrorID != model.error) ||
          block.Done + block.Busy + block.Error > 1) {
        FAIL("scan " << scan << " block " << i << ": " << shown << " " << block.ErrorID << ", not "
                     << model.shown() << " " << model.error);
      }
    }
  }
  for (int i = 0; i < 1000 && log.Pending != 0; ++i) {
    log.Budget = 1000;
    cairn_fb_log(&log);
    world.pumped(log.Pending);
  }
  CHECK(log.Lost == world.lost);
  CHECK(world.lost > 1000);
  CHECK(world.recorded.size() > scan_count / 2);

  // The log has every value that was taken, in order, and counts every other one.
  cairn_log reader;
  cairn_log_options options = CAIRN_LOG_OPTIONS_INIT;
  options.log_id = cairn_log_id_of(controller.options.origin.data, controller.options.origin.size);
  REQUIRE(cairn_log_mount(&reader, &flash, &controller.memory, &options, &controller.platform) ==
          CAIRN_OK);
  std::vector<uint8_t> buffer(1u << 16);
  cairn_log_cursor cursor;
  REQUIRE(cairn_log_cursor_open(&cursor, &reader, buffer.data(), buffer.size(), 0) == CAIRN_OK);
  cairn_log_item item;
  size_t at = 0;
  uint64_t gaps = 0;
  bool same = true;
  while (cairn_log_cursor_next(&cursor, &item) == CAIRN_OK) {
    if (item.type != CAIRN_ITEM_LEAF) continue;
    const std::vector<uint8_t> leaf(item.leaf.data, item.leaf.data + item.leaf.size);
    if (leaf[0] == CAIRN_KIND_SAMPLE) {
      same = same && at < world.recorded.size() && plc::reading_of(leaf).real == world.recorded[at];
      ++at;
    } else if (leaf[0] == CAIRN_KIND_GAP) {
      gaps += plc::decoded<Gap>(leaf, decode_gap).count;
    }
  }
  CHECK(same);
  CHECK(at == world.recorded.size());
  CHECK(gaps == world.lost);
}
