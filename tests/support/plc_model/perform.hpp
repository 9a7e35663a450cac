// What becomes of each request that the pump takes: what comes on the log, and what is answered.
#pragma once

#include "support/plc_model/world.hpp"

namespace plc::model {

inline void World::perform(Lane& lane, Request& request) {
  if (request.ask == Request::switched_on && in_order())
    gap(lane, off, GapReason::switched_off, request.number);
  if (request.record != nullptr && request.ask <= Request::switched_on) {
    if (kind.tight) {
      request.record->optional = true;
      request.or_error = CAIRN_PLC_E_STORAGE_FULL;
    }
    lane.expected.push_back(request.record);
  }
  switch (request.ask) {
    case Request::data:
    case Request::switched_off:
    case Request::switched_on:
      unsealed = true;
      break;
    case Request::anchored:
      anchored = std::max(anchored, request.number);
      break;
    case Request::seal: {
      const bool missing = controller.key.broken;
      if (in_order() && kind.batch == 0 && missing && unsealed) {
        request.error = CAIRN_PLC_E_KEY_MISSING;
      } else if (missing || (!kind.exact && kind.key_goes)) {
        request.or_error = CAIRN_PLC_E_KEY_MISSING;
      } else if (kind.tight) {
        request.or_error = CAIRN_PLC_E_STORAGE_FULL;
      } else {
        // What a start found behind the head stays doubtful ("Limits").
        for (auto& slot : slots) {
          slot.second.is_covered = slot.second.version != 0;
          slot.second.is_signed = slot.second.is_signed || slot.second.is_written;
        }
      }
      if (!missing) unsealed = false;
      break;
    }
    case Request::verify:
      if (verifies) request.error = CAIRN_PLC_E_BUSY;
      verifies = kind.exact;
      break;
    case Request::set_time: {
      const int64_t base = int64_t(request.unix_ms) - int64_t(request.scan_ms);
      request.step_ms = clock.is_set() ? base - clock.base : 0;
      clock.base = base;
      clock.quality = request.source >= 3 ? TimeQuality::synchronised : TimeQuality::informative;
      ++clock_steps;
      unsealed = true;
      expect(lane,
             event_leaf(EventCategory::time, CAIRN_PLC_EVENT_CLOCK_SET, 0, request.source,
                        EventResult::success, double(request.step_ms), double(request.number)));
      break;
    }
    case Request::command:
      judge(lane, request);
      break;
    case Request::retain: {
      if (!kind.keeps) {
        request.error = CAIRN_PLC_E_NOT_KEPT;
        break;
      }
      Slot& slot = slots[uint32_t(request.number)];
      ++slot.version;
      std::memcpy(slot.values, request.values, sizeof slot.values);
      slot.is_written = true;
      slot.is_signed = slot.is_covered = false;
      unsealed = true;
      Retained retained{};
      retained.slot = uint32_t(request.number);
      retained.version = request.version = slot.version;
      std::memcpy(retained.values, slot.values, sizeof slot.values);
      expect(lane, leaf_of(Kind::retained, retained, encode_retained));
      break;
    }
    case Request::restore: {
      if (!kind.keeps) {
        request.error = CAIRN_PLC_E_NOT_KEPT;
        break;
      }
      const Slot& slot = slots[uint32_t(request.number)];
      request.version = slot.version;
      std::memcpy(request.values, slot.values, sizeof slot.values);
      request.is_signed = slot.is_signed;
      break;
    }
  }
}

inline uint64_t World::signed_digest(const Order& order, uint8_t* out64) const {
  uint8_t bytes[order_bytes_max];
  Order whole = order;
  whole.origin = {controller.options.origin.data, controller.options.origin.size};
  const Digest digest = sha256({bytes, encode_order(whole, bytes).value});
  std::memcpy(out64, digest.bytes, 32);
  std::memcpy(out64 + 32, digest.bytes, 32);
  return 64;
}

inline void World::command_record(Lane& lane, const Order& order, CommandOutcome outcome,
                                  unsigned signers) {
  Bytes signatures;
  for (unsigned key = 0; key < 8; ++key) {
    uint8_t one[64];
    if ((signers >> key & 1) != 0) {
      signed_digest(order, one);
      signatures.insert(signatures.end(), one, one + 64);
    }
  }
  Command command{};
  command.order = order;
  command.outcome = outcome;
  command.signers = uint8_t(signers);
  command.signatures = {signatures.data(), signatures.size()};
  unsealed = true;
  expect(lane, leaf_of(Kind::command, command, encode_command));
}

// The list of "Trusted control", in its order.
inline void World::judge(Lane& lane, Request& request) {
  const Order& order = request.order;
  const WallTime now = clock.at(controller.now_ms);
  const auto at = channels.find(order.channel);
  Channel* channel = at == channels.end() ? nullptr : &at->second;
  const auto over = [&](const Order& of) { return uint64_t(now.unix_ms) > of.not_after_ms; };
  const auto is_same = [&](const Order& a) {
    return a.value == order.value && a.sequence == order.sequence &&
           a.not_before_ms == order.not_before_ms && a.not_after_ms == order.not_after_ms;
  };
  const auto refuse = [&](uint32_t error, CommandOutcome outcome, unsigned signers) {
    request.error = error;
    command_record(lane, order, outcome, signers);
  };
  const unsigned key = 1u << request.key;
  if (request.key >= controller.log.key_count)
    return refuse(CAIRN_PLC_E_UNKNOWN_KEY, CommandOutcome::unknown_key, 0);
  if (request.forged) return refuse(CAIRN_PLC_E_SIGNATURE, CommandOutcome::signature_invalid, 0);
  if (channel == nullptr) return refuse(CAIRN_PLC_E_CHANNEL, CommandOutcome::unknown_channel, key);
  if (order.sequence <= channel->in_force)
    return refuse(CAIRN_PLC_E_ORDER, CommandOutcome::out_of_order, key);
  if (!clock.is_set()) return refuse(CAIRN_PLC_E_CLOCK_NOT_SET, CommandOutcome::clock_not_set, key);
  if (uint64_t(now.unix_ms) < order.not_before_ms || over(order))
    return refuse(CAIRN_PLC_E_WINDOW, CommandOutcome::out_of_window, key);
  if (channel->signers != 0 && !is_same(channel->half)) {
    if (order.sequence <= channel->half.sequence && !over(channel->half))
      return refuse(CAIRN_PLC_E_CONFLICT, CommandOutcome::conflict, key);
    if (over(channel->half)) {
      forget(*channel);
    } else {
      command_record(lane, channel->half, CommandOutcome::conflict, channel->signers);
    }
    channel->signers = 0;
  }
  channel->half = order;
  channel->signers |= key;
  for (unsigned bit = channel->signers; bit != 0; bit &= bit - 1)
    ++request.signatures;
  if (request.signatures < controller.log.keys_needed) return;
  command_record(lane, order, CommandOutcome::applied, channel->signers);
  channel->signers = 0;
  channel->in_force = order.sequence;
  channel->setpoint = order.value;
  request.applied = true;
}

// Its time is over: that comes on the log by itself, between whatever other records.
inline void World::forget(Channel& channel) {
  Lane aside;
  command_record(aside, channel.half, CommandOutcome::out_of_window, channel.signers);
  floating.push_back(aside.expected.front()->leaf);
  channel.signers = 0;
}

inline void World::expire() {
  const WallTime now = clock.at(controller.now_ms);
  for (auto& entry : channels)
    if (entry.second.signers != 0 && uint64_t(now.unix_ms) > entry.second.half.not_after_ms)
      forget(entry.second);
}

}  // namespace plc::model
