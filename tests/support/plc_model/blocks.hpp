// The blocks with Execute beside their models.
#pragma once

#include "support/plc_model/machine.hpp"

namespace plc::model {

/// CAIRN_Append, CAIRN_Event, CAIRN_Correct: they differ in their fields.
template <typename Block>
struct DataTwin : ExecuteTwin<Block> {
  using ExecuteTwin<Block>::block;
  using ExecuteTwin<Block>::model;
  uint32_t number = 0;  // of the channel

  void scan(World& world, Lane& lane) override {
    uint32_t error;
    if (this->edge(world, lane, error, true)) {
      const bool wrong = error == 0 && world.one_in(64);
      block.Level = uint8_t(world.below(wrong ? 4 : world.below(3) == 0 ? 4 : 2));
      auto request = std::make_shared<Request>(Request::data);
      request->record = std::make_shared<Record>();
      request->record->time = lane.clock.at(lane.now_ms);
      request->record->timed = world.knows_time();
      fill(world, lane, *request->record);
      if (wrong) {
        make_wrong(world);
        error = CAIRN_PLC_E_RANGE;
      }
      call();
      model.begin(lane, request, error, block.Level);
    } else {
      call();
    }
    model.follow(lane, block.Error ? block.ErrorID : 0, block.Index);
    if (model.request != nullptr && model.shown != 'E' && block.Index != 0) {
      Record& record = *model.request->record;
      if (record.index == 0) lane.shown.push_back(model.request->record);
      if (record.index != 0) same("Index", block.Index, record.index);
      record.index = block.Index;
      record.optional = false;
    }
    if (model.answered && model.shown == 'E' && model.request->error != 0)
      model.request->record->absent = true;
    if (model.shown == 'D') same("an index from level 1 on", block.Index != 0, block.Level != 0);
    this->compare(world);
  }

 private:
  // A time that the program gives is one that somebody set.
  uint64_t given_time(World& world, const Lane& lane, Record& record) {
    if (!world.one_in(4)) return 0;
    const uint64_t given = 1600000000000 + world.below(1000000);
    record.time.unix_ms = int64_t(given);
    record.time.quality = lane.clock.is_set() ? lane.clock.quality : TimeQuality::informative;
    return given;
  }
  void fill(World& world, Lane& lane, Record& record);
  void make_wrong(World& world);
  void call();
};

inline double any_value(World& world) {
  switch (world.below(40)) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return -0.0;
    case 2:
      return std::numeric_limits<double>::infinity();
    default:
      return (double(world.random()) - 2e9) / 64;
  }
}

template <>
inline void DataTwin<cairn_fb_append_t>::call() {
  cairn_fb_append(&block);
}
template <>
inline void DataTwin<cairn_fb_append_t>::fill(World& world, Lane& lane, Record& record) {
  block.Channel = 1000 * lane.task + number;
  block.Value = any_value(world);
  block.Quality = uint16_t(world.one_in(8) ? world.random() : 0);
  block.UnixMs = given_time(world, lane, record);
  record.leaf = sample_leaf(block.Channel, block.Value, block.Quality);
}
template <>
inline void DataTwin<cairn_fb_append_t>::make_wrong(World& world) {
  block.Level = uint8_t(4 + world.below(200));
}
template <>
inline void DataTwin<cairn_fb_event_t>::call() {
  cairn_fb_event(&block);
}
template <>
inline void DataTwin<cairn_fb_event_t>::fill(World& world, Lane& lane, Record& record) {
  block.Category = uint8_t(world.below(8));
  block.EventId = world.random() & 0xFFFF;
  block.UserId = world.random();
  block.Source = 1000 * lane.task + number;
  block.Result = uint8_t(world.below(3));
  block.OldValue = any_value(world);
  block.NewValue = any_value(world);
  block.UnixMs = given_time(world, lane, record);
  record.leaf = event_leaf(EventCategory(block.Category), block.EventId, block.UserId, block.Source,
                           EventResult(block.Result), block.OldValue, block.NewValue);
}
template <>
inline void DataTwin<cairn_fb_event_t>::make_wrong(World& world) {
  if (world.one_in(2)) {
    block.Category = uint8_t(8 + world.below(200));
  } else {
    block.Result = uint8_t(3 + world.below(200));
  }
}
template <>
inline void DataTwin<cairn_fb_correct_t>::call() {
  cairn_fb_correct(&block);
}
template <>
inline void DataTwin<cairn_fb_correct_t>::fill(World& world, Lane& lane, Record& record) {
  block.Corrects = world.random();
  block.Channel = 1000 * lane.task + number;
  block.OldValue = any_value(world);
  block.NewValue = any_value(world);
  block.UserId = world.random();
  block.Reason = world.random();
  record.leaf = leaf_of<Correction>(Kind::correction,
                                    {{},
                                     block.Corrects,
                                     block.Channel,
                                     block.OldValue,
                                     block.NewValue,
                                     block.UserId,
                                     block.Reason},
                                    encode_correction);
}
template <>
inline void DataTwin<cairn_fb_correct_t>::make_wrong(World&) {
  block.Level = 4;
}

struct SealTwin : ExecuteTwin<cairn_fb_seal_t> {
  void scan(World& world, Lane& lane) override {
    uint32_t error;
    const bool begins = edge(world, lane, error, true);
    cairn_fb_seal(&block);
    if (begins) model.begin(lane, std::make_shared<Request>(Request::seal), error);
    const bool was_done = model.shown == 'D';
    model.follow(lane, block.Error ? block.ErrorID : 0, 0);
    if (model.shown == 'D' && !was_done) {
      if (world.kind.exact) holds("what was sealed is shown", lane.sealed >= block.Size);
      world.roots[block.Size].insert(
          root_text({block.Root0, block.Root1, block.Root2, block.Root3}));
      world.seals.push_back({block.Size, block.Count, block.BatchNo});
    }
    compare(world);
  }
};

struct VerifyTwin : ExecuteTwin<cairn_fb_verify_t> {
  void scan(World& world, Lane& lane) override {
    uint32_t error;
    // When an answer that nobody waits for comes is not known with a small budget.
    const bool waits = model.shown == 'B' && !world.kind.exact;
    const bool begins = edge(world, lane, error, world.kind.task, !waits);
    if (!world.kind.task && error == 0) error = CAIRN_PLC_E_NOT_INLINE;
    cairn_fb_verify(&block);
    if (begins) model.begin(lane, std::make_shared<Request>(Request::verify), error);
    if (!world.kind.exact && model.request != nullptr && !block.Busy) model.request->ended = true;
    model.follow(lane, block.Error ? block.ErrorID : 0, 0);
    if (model.shown == 'D') {
      same("Intact", block.Intact, 1);
      same("FirstBad", block.FirstBad, 0u);
      same("Progress", block.Progress, 1000);
      holds("Checked", block.Checked <= lane.durable && (block.Checked != 0 || lane.durable == 0));
    }
    if (model.shown == 'B') holds("Progress", block.Progress <= 1000);
    compare(world);
  }
};

struct SetTimeTwin : ExecuteTwin<cairn_fb_settime_t> {
  void scan(World& world, Lane& lane) override {
    uint32_t error;
    const bool begins = edge(world, lane, error, true);
    if (begins) {
      const bool wrong = error == 0 && world.one_in(8);
      // Half-signed orders keep their time in mind: no great steps while there may be some.
      const int64_t now = lane.clock.is_set() ? lane.clock.at(lane.now_ms).unix_ms : 1700000000000;
      const int64_t range = world.kind.keys_needed > 1 ? 6000 : 200000000;
      block.UnixMs = uint64_t(now - range / 2 + world.below(uint32_t(range)));
      block.Source = uint8_t(world.below(6));
      block.UncertaintyMs = world.random();
      if (wrong) {
        error = CAIRN_PLC_E_RANGE;
        if (world.one_in(3)) {
          block.Source = uint8_t(6 + world.below(200));
        } else {
          block.UnixMs = world.one_in(2) ? 0 : uint64_t{1} << 63;
        }
      }
    }
    cairn_fb_settime(&block);
    if (begins) {
      auto request = std::make_shared<Request>(Request::set_time);
      request->unix_ms = block.UnixMs;
      request->scan_ms = lane.now_ms;
      request->source = block.Source;
      request->number = block.UncertaintyMs;
      model.begin(lane, request, error);
    }
    model.follow(lane, block.Error ? block.ErrorID : 0, 0);
    if (model.shown == 'D') same("StepMs", block.StepMs, model.request->step_ms);
    compare(world);
  }
};

struct CommandTwin : ExecuteTwin<cairn_fb_command_t> {
  Order order{};
  double setpoint = 0;
  uint64_t in_force = 0;
  uint8_t needed = 0;

  void scan(World& world, Lane& lane) override {
    uint32_t error;
    const bool begins = edge(world, lane, error, world.kind.task);
    if (!world.kind.task && error == 0) error = CAIRN_PLC_E_NOT_INLINE;
    RequestPtr request;
    if (begins) request = choose(world, lane);
    cairn_fb_command(&block);
    if (begins) model.begin(lane, request, error);
    model.follow(lane, block.Error ? block.ErrorID : 0, 0);
    if (model.shown == 'D') {
      same("Applied", block.Applied, model.request->applied);
      same("Signatures", block.Signatures, model.request->signatures);
      if (block.Applied) ++world.tally["command applied"];
    }
    compare(world);
    const auto at = world.channels.find(block.Channel);
    if (lane.handle_error(block.Handle) == 0 && at != world.channels.end()) {
      needed = world.kind.keys_needed;
      in_force = at->second.in_force;
      if (in_force != 0) setpoint = at->second.setpoint;
    }
    same("Needed", block.Needed, needed);
    same("InForce", block.InForce, in_force);
    same("Setpoint", block.Setpoint, setpoint);
  }

 private:
  RequestPtr choose(World& world, const Lane& lane) {
    auto request = std::make_shared<Request>(Request::command);
    request->places = 2;
    if (!world.one_in(3) || order.not_after_ms == 0) make_order(world, lane);
    request->key = uint8_t(world.below(world.one_in(8) ? 4 : 3));
    request->forged = world.one_in(12);
    request->order = order;
    block.Channel = order.channel;
    block.Value = order.value;
    block.Sequence = order.sequence;
    block.NotBeforeMs = order.not_before_ms;
    block.NotAfterMs = order.not_after_ms;
    block.KeyNumber = request->key;
    uint8_t signature[64];
    world.signed_digest(order, signature);
    if (request->forged) signature[world.below(32)] ^= 1;
    uint64_t* const words[8] = {&block.S0, &block.S1, &block.S2, &block.S3,
                                &block.S4, &block.S5, &block.S6, &block.S7};
    for (int i = 0; i < 64; ++i)
      *words[i / 8] = *words[i / 8] << 8 | signature[i];
    return request;
  }
  void make_order(World& world, const Lane& lane) {
    const uint32_t channels[4] = {4, 4, 9, 7};
    const uint64_t hour = 3600000, day = 24 * hour;
    const uint64_t now = uint64_t(lane.clock.at(lane.now_ms).unix_ms);
    const uint64_t base = now == 0 ? 1700000000000 : now;
    order.channel = channels[world.below(4)];
    const auto at = world.channels.find(order.channel);
    const uint64_t above = at == world.channels.end() ? 0 : at->second.in_force;
    order.sequence = above + world.below(4) - (above != 0 && world.one_in(8) ? 1 : 0);
    order.value = double(world.below(3));
    order.not_before_ms = base - 40 * day;
    order.not_after_ms = base + 40 * day;
    if (world.one_in(10)) order.not_before_ms = base + 30 * day;
    if (world.one_in(10)) order.not_after_ms = base - 30 * day;
    if (world.kind.short_windows && world.one_in(3)) order.not_after_ms = base + world.below(200);
  }
};

}  // namespace plc::model
