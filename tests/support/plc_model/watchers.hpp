// The blocks with Enable beside their models.
#pragma once

#include "support/plc_model/machine.hpp"

namespace plc::model {

template <typename Block>
struct EnableTwin : Twin {
  Block block = zeros<Block>();

  uint32_t choose(World& world, Lane& lane, bool may_be_stale = true) {
    if (world.one_in(block.Enable ? 60 : 4)) block.Enable = !block.Enable;
    block.Handle = lane.handle;
    if (world.one_in(100)) block.Handle = 0;
    if (may_be_stale && world.one_in(100)) block.Handle = lane.stale;
    return block.Enable ? lane.handle_error(block.Handle) : 0;
  }
  void compare(World& world, uint32_t error, bool busy = false) {
    same("ErrorID", block.ErrorID, error);
    same("Error", block.Error, error != 0);
    same("Valid", block.Valid, block.Enable && error == 0);
    same("Busy", block.Busy, busy);
    if (block.Valid) ++world.tally[std::string(name) + " valid"];
    if (error != 0) ++world.tally["error " + std::to_string(error)];
  }
  static RequestPtr data(const World& world, const Lane& lane, const Bytes& leaf) {
    auto request = std::make_shared<Request>(Request::data);
    request->record = std::make_shared<Record>();
    request->record->leaf = leaf;
    request->record->time = lane.clock.at(lane.now_ms);
    request->record->timed = world.knows_time();
    return request;
  }
};

struct SampleTwin : EnableTwin<cairn_fb_sample_t> {
  bool runs = false, triggered = false;
  double last = 0;
  uint16_t last_quality = 0;
  uint64_t looked_ms = 0, recorded_ms = 0;
  uint32_t count = 0, number = 0;

  void scan(World& world, Lane& lane) override {
    uint32_t error = choose(world, lane);
    if (world.one_in(3)) block.Value += double(world.below(9)) - 4;
    if (world.one_in(200)) block.Value = std::numeric_limits<double>::quiet_NaN();
    if (block.Value != block.Value && world.one_in(3)) block.Value = 1;
    if (world.one_in(30)) block.Quality = uint16_t(world.below(3));
    if (world.one_in(10)) block.Trigger = !block.Trigger;
    block.Channel = 1000 * lane.task + number;
    cairn_fb_sample(&block);
    if (!block.Enable) {
      runs = triggered = false;
    } else if (error == 0) {
      if (!runs) count = 0;
      if (is_due(lane.now_ms)) {
        error = lane.put(data(world, lane, sample_leaf(block.Channel, block.Value, block.Quality)));
        count += error == 0;
        last = block.Value;
        last_quality = block.Quality;
        looked_ms = recorded_ms = lane.now_ms;
      }
      runs = true;
    }
    compare(world, error);
    same("Count", block.Count, count);
  }

 private:
  bool is_due(uint64_t now_ms) {
    const bool trigger = block.Trigger && !triggered;
    triggered = block.Trigger != 0;
    if (!runs || trigger || block.Quality != last_quality) return true;
    if (block.HeartbeatMs != 0 && now_ms >= recorded_ms + block.HeartbeatMs) return true;
    if (now_ms < looked_ms + block.IntervalMs) return false;
    looked_ms = now_ms;
    const double apart = block.Value < last ? last - block.Value : block.Value - last;
    const bool within = apart <= block.Deadband;  // not where one is no number
    return block.Deadband == 0 || !within;
  }
};

struct EdgeTwin : EnableTwin<cairn_fb_edge_t> {
  bool runs = false, last = false;
  uint32_t rises = 0, falls = 0, number = 0;

  void scan(World& world, Lane& lane) override {
    uint32_t error = choose(world, lane);
    if (world.one_in(4)) block.Signal = uint8_t(block.Signal ? 0 : 1 + world.below(255));
    block.EventId = 77;
    block.Source = 1000 * lane.task + number;
    cairn_fb_edge(&block);
    const bool signal = block.Signal != 0;
    if (!block.Enable) {
      runs = false;
    } else if (error == 0) {
      if (!runs) {
        rises = falls = 0;
        last = signal;
      }
      rises += signal && !last;
      falls += !signal && last;
      if (!runs || signal != last) {
        error = lane.put(data(world, lane,
                              event_leaf(EventCategory::control_system, 77, 0, block.Source,
                                         EventResult::success, last, signal)));
      }
      runs = true;
      last = signal;
    }
    compare(world, error);
    same("Rises", block.Rises, rises);
    same("Falls", block.Falls, falls);
  }
};

struct StatusTwin : EnableTwin<cairn_fb_status_t> {
  void scan(World& world, Lane& lane) override {
    const uint32_t error = choose(world, lane);
    cairn_fb_status(&block);
    compare(world, error);
    // Before the pump is called for the first time, what is shown is of the runtime before.
    if (!block.Valid || !lane.valid || world.calls == world.calls_before) return;
    const WallTime now = lane.clock.at(lane.now_ms);
    if (world.kind.exact) {
      same("UnixMs", int64_t(block.UnixMs), now.unix_ms);
      same("ClockQuality", block.ClockQuality, unsigned(now.quality));
      same("ClockSteps", block.ClockSteps, lane.clock_steps);
    }
    if (!world.kind.memory_fails) same("BootCount", block.BootCount, world.starts);
    if (world.kind.exact) same("TornBytes", block.TornBytes, 0u);
    same("HeadSize", block.HeadSize, lane.sealed);
    if (block.HeadSize != 0) {
      world.roots[block.HeadSize].insert(
          root_text({block.Head0, block.Head1, block.Head2, block.Head3}));
    }
    const bool may_fail = world.kind.tight || world.kind.memory_fails || world.kind.key_goes;
    if (!may_fail) same("Failures and LastError", block.Failures + block.LastError, 0u);
    same("Failures without LastError", block.Failures != 0, block.LastError != 0);
  }
};

struct AnchorTwin : EnableTwin<cairn_fb_anchor_t> {
  bool ready = false, sent = false, acknowledged = false;
  unsigned part = 0;  // 0: nothing is being sent
  uint64_t size = 0, ack_size = 0, sent_ms = 0;
  Bytes message;

  void scan(World& world, Lane& lane) override {
    uint32_t error = choose(world, lane);
    if (world.one_in(20)) block.LinkUp = !block.LinkUp;
    if (world.one_in(2)) block.FrameAck = !block.FrameAck;
    cairn_fb_anchor(&block);
    if (!block.Enable || error != 0) {
      ready = sent = false;
      part = 0;
    } else {
      error = work(world, lane);
      same("AckSize", block.AckSize, ack_size);
      same("Outstanding", block.Outstanding, lane.sealed > ack_size ? lane.sealed - ack_size : 0);
      if (ready) read_frame();
    }
    compare(world, error);
    same("FrameReady", block.FrameReady, ready);
    same("Part", block.Part, part);
    same("Parts", block.Parts, part == 0 ? 0 : 3);
  }

 private:
  uint32_t work(World& world, Lane& lane) {
    const bool ack = block.FrameAck != 0;
    uint32_t error = 0;
    if (ack && !acknowledged && ready) {
      if (part == 3) error = finish(world, lane);
      if (error == 0) {
        ready = false;
        part = part == 3 ? 0 : part + 1;
      }
    }
    if (error == 0) acknowledged = ack;
    ack_size = std::max(ack_size, lane.anchored);
    if (part == 0 && lane.sealed > ack_size) {
      size = lane.sealed;
      part = 1;
    }
    const uint64_t apart = block.MaxPerHour == 0 ? 0 : 3600000 / block.MaxPerHour;
    if (!block.LinkUp) {
      ready = false;
    } else if (!ready && part != 0 && (!sent || lane.now_ms >= sent_ms + apart)) {
      ready = sent = true;
      sent_ms = lane.now_ms;
    }
    return error;
  }
  // The last frame of a head has arrived: the frames together are that head.
  uint32_t finish(World& world, Lane& lane) {
    auto request = std::make_shared<Request>(Request::anchored);
    request->number = size;
    const uint32_t error = lane.put(request);
    if (error != 0) return error;
    AirCheckpoint air{};
    holds("the frames are a head",
          decode_air_checkpoint({message.data(), message.size()}, air) == Status::ok &&
              air.has_signature && air.has_root);
    same("size of the head in the frames", air.size, size);
    world.roots[size].insert(std::string(reinterpret_cast<const char*>(air.root.bytes), 32));
    ack_size = size;
    ++world.tally["head anchored"];
    return 0;
  }
  void read_frame() {
    const uint32_t words[12] = {block.W0, block.W1, block.W2, block.W3, block.W4,  block.W5,
                                block.W6, block.W7, block.W8, block.W9, block.W10, block.W11};
    const uint32_t count = words[0] >> 16 & 0xFF;
    same("frame's header", words[0] & 0xFF00FFFFu, part << 28 | 3u << 24 | uint32_t(size & 0xFFFF));
    if (part == 1) message.clear();
    message.resize(44 * (part - 1));
    for (uint32_t i = 0; i < 44; ++i) {
      const auto byte = uint8_t(words[1 + i / 4] >> (24 - 8 * (i % 4)));
      if (i < count) message.push_back(byte);
      if (i >= count) same("frame's end", byte, 0);
    }
  }
};

struct RetainTwin : EnableTwin<cairn_fb_retain8_t> {
  RequestPtr request;  // not ended, or not seen to be
  bool runs = false, restored_edge = false, is_saved = false, restored = false;
  double kept[8] = {}, out[8] = {};
  uint64_t version = 0;
  bool is_signed = false;

  void scan(World& world, Lane& lane) override {
    uint32_t error = choose(world, lane, world.kind.task);
    double* const in[8] = {&block.V0, &block.V1, &block.V2, &block.V3,
                           &block.V4, &block.V5, &block.V6, &block.V7};
    if (world.one_in(6)) *in[world.below(8)] = double(world.below(100));
    if (world.one_in(block.Restore ? 4 : 25)) block.Restore = !block.Restore;
    cairn_fb_retain8(&block);
    if (block.Enable && error == 0) {
      if (!world.kind.task)
        error = CAIRN_PLC_E_NOT_INLINE;
      else if (!world.kind.keeps && (lane.is_ready || block.ErrorID == CAIRN_PLC_E_NOT_KEPT))
        error = CAIRN_PLC_E_NOT_KEPT;
    }
    if (!block.Enable || error != 0) {
      if (request != nullptr) again(*request);
      request = nullptr;
      if (!block.Enable) runs = restored_edge = false;
    } else {
      error = work(world, lane, in);
    }
    compare(world, error, request != nullptr);
    same("Version", block.Version, version);
    same("Restored", block.Restored, restored);
    if (restored && world.in_order() && world.kind.batch == 0 && !world.kind.key_goes)
      same("Signed", block.Signed, is_signed);
    same("Tampered", block.Tampered, 0);
    const double is[8] = {block.R0, block.R1, block.R2, block.R3,
                          block.R4, block.R5, block.R6, block.R7};
    for (int i = 0; i < 8; ++i)
      same("R", is[i], out[i]);
  }

 private:
  // Nobody waits for it any more; what it asked for is asked again.
  void again(Request& of) {
    of.followed = false;
    (of.ask == Request::restore ? restored_edge : is_saved) = false;
  }
  uint32_t work(World& world, Lane& lane, double* const (&in)[8]) {
    uint32_t error = 0;
    if (request != nullptr) error = end(world, lane);
    if (request == nullptr && error == 0) {
      double now[8];
      for (int i = 0; i < 8; ++i)
        now[i] = *in[i];
      if (block.Restore && !restored_edge) {
        restored = is_signed = false;
        error = begin(lane, Request::restore, now);
        restored_edge = error == 0;
      } else if (!block.Restore && !runs) {
        std::memcpy(kept, now, sizeof kept);  // what the program starts with
        runs = is_saved = true;
      } else if (!block.Restore && (!is_saved || std::memcmp(kept, now, sizeof kept) != 0)) {
        error = begin(lane, Request::retain, now);
        if (error == 0) std::memcpy(kept, now, sizeof kept);
        is_saved = error == 0;
      }
    }
    if (!block.Restore) restored_edge = false;
    return error;
  }
  uint32_t begin(Lane& lane, Request::Ask ask, const double (&now)[8]) {
    auto next = std::make_shared<Request>(ask);
    next->places = ask == Request::retain ? 2 : 1;
    next->number = block.Slot;
    std::memcpy(next->values, now, sizeof now);
    const uint32_t error = lane.ask(next);
    if (error == 0) request = next;
    return error;
  }
  // 0, or why it came to nothing: then it is asked again.
  uint32_t end(World& world, Lane& lane) {
    const bool closed = request->epoch != lane.epoch;
    if (!closed && !request->ended) return 0;
    const RequestPtr ended = request;
    ended->followed = false;
    request = nullptr;
    const bool restores = ended->ask == Request::restore;
    if (closed || ended->error != 0) {
      again(*ended);
      return closed ? CAIRN_PLC_E_CLOSED : ended->error;
    }
    version = ended->version;
    if (restores) {
      restored = version != 0;
      is_signed = ended->is_signed;
      std::memcpy(out, ended->values, sizeof out);
      ++world.tally[restored ? "restored" : "nothing to restore"];
    }
    return 0;
  }
};

}  // namespace plc::model
