// C API: leaves of controllers, and orders.
#include "c_api_leaf.hpp"
#include "cairn/control.hpp"

static_assert(CAIRN_KIND_EVENT == static_cast<int>(cairn::Kind::event));
static_assert(CAIRN_KIND_CORRECTION == static_cast<int>(cairn::Kind::correction));
static_assert(CAIRN_KIND_COMMAND == static_cast<int>(cairn::Kind::command));
static_assert(CAIRN_KIND_RETAINED == static_cast<int>(cairn::Kind::retained));
static_assert(CAIRN_EVENT_TIME == static_cast<int>(cairn::EventCategory::time));
static_assert(CAIRN_EVENT_DENIED == static_cast<int>(cairn::EventResult::denied));
static_assert(CAIRN_COMMAND_CLOCK_NOT_SET ==
              static_cast<int>(cairn::CommandOutcome::clock_not_set));
static_assert(CAIRN_COMMAND_SIGNERS_MAX == cairn::command_signers_max);
static_assert(CAIRN_ORDER_BYTES_MAX == cairn::order_bytes_max);

namespace cairn::c_api {

static Order from_c(const cairn_order& order) {
  return {view(order.origin), order.channel,       order.value,
          order.sequence,     order.not_before_ms, order.not_after_ms};
}

static cairn_order to_c(const Order& order) {
  return {to_c(order.origin),  order.value,        order.sequence,
          order.not_before_ms, order.not_after_ms, order.channel};
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_encode_event(const cairn_event* event, void* out, size_t capacity) {
  if (event == nullptr || !usable(event->time) || event->category > CAIRN_EVENT_TIME ||
      event->result > CAIRN_EVENT_DENIED || event->has_values > 1 || !readable(out, capacity)) {
    return bad_argument;
  }
  const Event made{from_c(event->time),    static_cast<EventCategory>(event->category),
                   event->event_id,        event->user,
                   event->source,          static_cast<EventResult>(event->result),
                   event->has_values != 0, event->old_value,
                   event->new_value};
  return size_of(encode_event(made, room(out, capacity)));
}

int cairn_encode_correction(const cairn_correction* correction, void* out, size_t capacity) {
  if (correction == nullptr || !usable(correction->time) || !readable(out, capacity)) {
    return bad_argument;
  }
  const Correction made{from_c(correction->time), correction->index,     correction->channel,
                        correction->old_value,    correction->new_value, correction->user,
                        correction->reason};
  return size_of(encode_correction(made, room(out, capacity)));
}

int cairn_encode_command(const cairn_command* command, void* out, size_t capacity) {
  if (command == nullptr || !usable(command->time) ||
      command->outcome > CAIRN_COMMAND_CLOCK_NOT_SET ||
      !readable(command->signatures.data, command->signatures.size) || !readable(out, capacity)) {
    return bad_argument;
  }
  const Command made{from_c(command->time), from_c(command->order),
                     static_cast<CommandOutcome>(command->outcome), command->signers,
                     view(command->signatures)};
  return size_of(encode_command(made, room(out, capacity)));
}

int cairn_encode_retained(const cairn_retained* retained, void* out, size_t capacity) {
  if (retained == nullptr || !usable(retained->time) || !readable(out, capacity)) {
    return bad_argument;
  }
  Retained made{from_c(retained->time), retained->slot, retained->version, {}};
  memcpy(made.values, retained->values, sizeof made.values);
  return size_of(encode_retained(made, room(out, capacity)));
}

int cairn_decode_event(const void* body, size_t size, cairn_event* out) {
  if (out == nullptr || !readable(body, size)) return bad_argument;
  Event read{};
  const Status status = decode_event(view(body, size), read);
  *out = {to_c(read.time),
          read.old_value,
          read.new_value,
          read.event_id,
          read.user,
          read.source,
          static_cast<uint8_t>(read.category),
          static_cast<uint8_t>(read.result),
          flag(read.has_values)};
  return number(status);
}

int cairn_decode_correction(const void* body, size_t size, cairn_correction* out) {
  if (out == nullptr || !readable(body, size)) return bad_argument;
  Correction read{};
  const Status status = decode_correction(view(body, size), read);
  *out = {to_c(read.time), read.index, read.old_value, read.new_value,
          read.channel,    read.user,  read.reason};
  return number(status);
}

int cairn_decode_command(const void* body, size_t size, cairn_command* out) {
  if (out == nullptr || !readable(body, size)) return bad_argument;
  Command read{};
  const Status status = decode_command(view(body, size), read);
  *out = {to_c(read.time), to_c(read.order), to_c(read.signatures),
          static_cast<uint8_t>(read.outcome), read.signers};
  return number(status);
}

int cairn_decode_retained(const void* body, size_t size, cairn_retained* out) {
  if (out == nullptr || !readable(body, size)) return bad_argument;
  Retained read{};
  const Status status = decode_retained(view(body, size), read);
  *out = {to_c(read.time), read.version, {}, read.slot};
  memcpy(out->values, read.values, sizeof out->values);
  return number(status);
}

int cairn_encode_order(const cairn_order* order, void* out, size_t capacity) {
  if (order == nullptr || !readable(order->origin.data, order->origin.size) ||
      !readable(out, capacity)) {
    return bad_argument;
  }
  return size_of(encode_order(from_c(*order), room(out, capacity)));
}
