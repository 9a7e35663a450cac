// PLCopen's machine of the blocks with Execute, and the block of a log: each beside the real one.
#pragma once

#include "support/plc_model/world.hpp"

namespace plc::model {

/// A block beside its model. scan() calls both, and throws where they differ.
struct Twin {
  virtual ~Twin() = default;
  virtual void scan(World& world, Lane& lane) = 0;
  const char* name = "";
};

/// What Execute does.
struct Machine {
  char shown = '.';
  bool was = false, answered = false;
  uint32_t error = 0;
  uint8_t level = 1;
  RequestPtr request;

  bool rises(bool execute) {
    const bool edge = execute && !was;
    was = execute;
    if (!execute && shown != 'B') shown = '.';
    if (!edge || shown != 'B') return edge;
    request->followed = false;
    fail(CAIRN_PLC_E_BUSY);
    return false;
  }
  void fail(uint32_t why) {
    shown = 'E';
    error = why;
  }
  void begin(Lane& lane, const RequestPtr& asked, uint32_t first_error, uint8_t at_level = 1) {
    request = asked;
    level = at_level;
    answered = false;
    uint32_t why = first_error;
    if (why == 0) why = level == 0 ? lane.put(request) : lane.ask(request);
    if (why != 0) return fail(why);
    shown = level == 0 ? 'D' : 'B';
  }
  /// `is`: the error that the block shows; where the model knows but that it is one of two.
  void follow(const Lane& lane, uint32_t is, uint64_t index) {
    if (shown != 'B') return;
    if (request->epoch != lane.epoch) {
      request->followed = false;
      return fail(CAIRN_PLC_E_CLOSED);
    }
    if (!answered) {
      if (!request->ended) return;
      request->followed = false;
      answered = true;
      if (is != 0 && is == request->or_error) request->error = is;
      if (request->error != 0) return fail(request->error);
    }
    if (level <= 1 || (level == 2 ? lane.sealed : lane.anchored) > index) shown = 'D';
  }
};

template <typename Block>
struct ExecuteTwin : Twin {
  Block block = zeros<Block>();
  Machine model;
  uint32_t pace = 2;

  // Chooses Execute and Handle; whether it is an edge, and the error of the handle.
  bool edge(World& world, Lane& lane, uint32_t& handle_error, bool may_be_stale,
            bool may_turn = true) {
    if (may_turn && world.one_in(pace))
      block.Execute = uint8_t(block.Execute ? 0 : 1 + world.below(3));
    block.Handle = lane.handle;
    if (world.one_in(100)) block.Handle = 0;
    if (may_be_stale && world.one_in(100)) block.Handle = lane.stale;
    handle_error = lane.handle_error(block.Handle);
    return model.rises(block.Execute != 0);
  }
  void compare(World& world) {
    same("ErrorID", block.ErrorID, model.shown == 'E' ? model.error : 0);
    same("Done", block.Done, model.shown == 'D');
    same("Busy", block.Busy, model.shown == 'B');
    same("Error", block.Error, model.shown == 'E');
    if (model.shown == 'D') ++world.tally[std::string(name) + " done"];
    if (model.shown == 'E') ++world.tally["error " + std::to_string(model.error)];
  }
};

/// CAIRN_Log of a task.
struct LogTwin {
  cairn_fb_log_t block = zeros<cairn_fb_log_t>();
  bool is_open = false, was_ready = false, beat_known = false;
  uint32_t units_max = 0;
  uint64_t calls = 0, beat_ms = 0;
  uint16_t fill = 0;

  /// `pumps`: the pump is called in this, and does 0 nothing, 1 something, 2 all; or, -1, is not.
  void scan(World& world, Lane& lane, int pumps) {
    lane.now_ms = world.controller.now_ms;
    cairn_fb_log(&block);
    same("Error and ErrorID", block.Error != 0, block.ErrorID != 0);
    holds("UnitsUsed <= Budget", block.UnitsUsed <= block.Budget);
    if (!block.Enable) return off(lane);
    if (!is_open) open(lane);
    if (pumps >= 0) world.was_called(pumps != 0, pumps == 2);
    units_max = std::max<uint32_t>(units_max, block.UnitsUsed);
    same("UnitsMax", block.UnitsMax, units_max);
    same("Handle", block.Handle, lane.handle);
    take(world, lane);
    show(world, lane);
  }

 private:
  void off(Lane& lane) {
    if (is_open) {
      ++lane.epoch;
      lane.stale = lane.handle;
      lane.handle = 0;
      lane.valid = lane.stops = false;
    }
    is_open = false;
    same("outputs while off",
         block.Valid + block.Busy + block.Error + block.Degraded + block.Stopped +
             block.CapacityWarn + block.Handle,
         0u);
  }
  void open(Lane& lane) {
    is_open = true;
    ++lane.epoch;
    lane.lost_here = 0;
    for (const RequestPtr& request : lane.asked)
      request->followed = false;
    holds("a new handle",
          block.Handle != 0 && block.Handle != lane.stale && block.Handle != lane.before);
    lane.handle = block.Handle;
    if (lane.stale == 0) lane.stale = lane.before;
    units_max = 0;
    was_ready = beat_known = false;
  }
  void take(World& world, Lane& lane) {
    const bool switches = (block.SwitchOff != 0) != lane.is_off;
    const bool is_known = world.knows_all() || lane.worked == world.worked;
    const unsigned left = is_known ? lane.places : block.Pending - (switches ? 1 : 0);
    lane.worked = world.worked;
    holds("nothing comes by itself into the queue", left <= lane.places);
    world.took(lane, left);
    lane.clock = world.shown_clock;
    lane.clock_steps = world.shown_steps;
    if (switches) turn_switch(world, lane);
    same("Pending", block.Pending, lane.places);
    same("Lost", block.Lost, lane.lost_here);
  }
  void turn_switch(const World& world, Lane& lane) {
    const bool is_off = block.SwitchOff != 0;
    auto request = std::make_shared<Request>(is_off ? Request::switched_off : Request::switched_on);
    request->number = lane.lost[Loss::off];
    request->record = std::make_shared<Record>();
    request->record->leaf =
        event_leaf(EventCategory::audit_log,
                   is_off ? CAIRN_PLC_EVENT_SWITCHED_OFF : CAIRN_PLC_EVENT_SWITCHED_ON, 0, 0,
                   EventResult::success, is_off ? 1 : 0, is_off ? 0 : 1);
    request->record->time = lane.clock.at(lane.now_ms);
    request->record->timed = world.knows_time();
    if (lane.put(request) == 0) lane.is_off = is_off;
  }
  void show(World& world, Lane& lane) {
    const Kind_of_program& kind = world.kind;
    if (!beat_known || world.calls != calls) beat_ms = lane.now_ms;
    beat_known = true;
    calls = world.calls;
    const bool silent = kind.task && lane.now_ms - beat_ms > 10000;
    const bool may_fail = kind.tight || kind.memory_fails;
    if (silent || !may_fail)
      same("ErrorID of the log", block.ErrorID, silent ? CAIRN_PLC_E_PUMP_SILENT : 0);
    same("one of Valid, Busy, Error", block.Valid + block.Busy + block.Error, 1);
    if (was_ready && block.Error == 0) same("Valid", block.Valid, 1);
    lane.valid = block.Valid != 0;
    const bool full = lane.places == CAIRN_PLC_QUEUE_RECORDS;
    if (full || block.Error) same("Degraded", block.Degraded, 1);
    if (!full && !block.Error && !may_fail && !kind.key_goes) same("Degraded", block.Degraded, 0);
    if (!may_fail || !block.StopWhenFull) same("Stopped", block.Stopped, 0);
    if (block.Stopped) same("Degraded", block.Degraded, 1);
    lane.stops = block.Stopped != 0;
    if (was_ready) {
      holds("Durable grows", block.Durable >= lane.durable);
      holds("Sealed grows", block.Sealed >= lane.sealed);
      holds("Fill grows", kind.recycles || block.Fill >= fill);
    }
    holds("Anchored <= Sealed <= Durable",
          block.Anchored <= block.Sealed && block.Sealed <= block.Durable);
    if (kind.exact && !may_fail && world.calls != world.calls_before)
      same("Anchored", block.Anchored, world.anchored);
    lane.durable = block.Durable;
    lane.sealed = block.Sealed;
    lane.anchored = block.Anchored;
    was_ready = was_ready || (block.Valid && world.calls != world.calls_before);
    lane.is_ready = lane.is_ready || was_ready;
    holds("Fill", block.Fill <= 1000);
    fill = block.Fill;
    const unsigned warn = block.WarnLevel == 0 ? 800 : block.WarnLevel;
    same("CapacityWarn", block.CapacityWarn, !kind.recycles && block.Fill >= warn);
    if (silent) ++world.tally["pump silent"];
    if (full) ++world.tally["queue full"];
    if (lane.stops) ++world.tally["stopped"];
  }
};

}  // namespace plc::model
