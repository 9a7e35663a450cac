// Bodies of controllers' leaves, and the bytes of orders.
#include "cairn/control.hpp"

#include "mem.hpp"
#include "wire/cairn.pb.h"
#include "wire/fields.hpp"

namespace cairn {

static_assert(static_cast<int>(EventCategory::time) == cairn_EventCategory_EVENT_TIME &&
                  static_cast<int>(EventResult::denied) == cairn_EventResult_EVENT_DENIED &&
                  static_cast<int>(CommandOutcome::clock_not_set) ==
                      cairn_CommandOutcome_COMMAND_CLOCK_NOT_SET,
              "enumerations have the numbers of cairn.proto");

namespace {

constexpr char order_line[] = "cairn order/v1\n";
constexpr size_t order_line_bytes = sizeof order_line - 1;

template <typename Fields>
void event_fields(Fields& f, Event& e) {
  f.zigzag(cairn_Event_unix_ms_tag, e.time.unix_ms);
  f.choice(cairn_Event_time_quality_tag, e.time.quality, TimeQuality::relative);
  f.choice(cairn_Event_category_tag, e.category, EventCategory::time);
  f.number(cairn_Event_event_id_tag, e.event_id);
  f.number(cairn_Event_user_tag, e.user);
  f.number(cairn_Event_source_tag, e.source);
  f.choice(cairn_Event_result_tag, e.result, EventResult::denied);
  bool has_new = e.has_values;
  f.double_if(e.has_values, cairn_Event_old_value_tag, e.old_value);
  f.double_if(has_new, cairn_Event_new_value_tag, e.new_value);
  f.require(has_new == e.has_values);
}

/// A number that is always there.
template <typename Fields>
void real(Fields& f, uint32_t field, double& value) {
  bool present = true;
  f.double_if(present, field, value);
  f.require(present);
}

template <typename Fields>
void correction_fields(Fields& f, Correction& c) {
  f.zigzag(cairn_Correction_unix_ms_tag, c.time.unix_ms);
  f.choice(cairn_Correction_time_quality_tag, c.time.quality, TimeQuality::relative);
  f.number(cairn_Correction_index_tag, c.index);
  f.number(cairn_Correction_channel_tag, c.channel);
  real(f, cairn_Correction_old_value_tag, c.old_value);
  real(f, cairn_Correction_new_value_tag, c.new_value);
  f.number(cairn_Correction_user_tag, c.user);
  f.number(cairn_Correction_reason_tag, c.reason);
}

template <typename Fields>
void order_fields(Fields& f, Order& o) {
  f.view(cairn_Order_origin_tag, o.origin);
  f.require(!o.origin.empty() && o.origin.size <= 255);
  f.number(cairn_Order_channel_tag, o.channel);
  real(f, cairn_Order_value_tag, o.value);
  f.number(cairn_Order_sequence_tag, o.sequence);
  f.number(cairn_Order_not_before_ms_tag, o.not_before_ms);
  f.number(cairn_Order_not_after_ms_tag, o.not_after_ms);
}

size_t count_of(uint8_t signers) {
  size_t count = 0;
  for (; signers != 0; signers = static_cast<uint8_t>(signers & (signers - 1)))
    ++count;
  return count;
}

template <typename Fields>
void command_fields(Fields& f, Command& c) {
  f.zigzag(cairn_Command_unix_ms_tag, c.time.unix_ms);
  f.choice(cairn_Command_time_quality_tag, c.time.quality, TimeQuality::relative);
  f.choice(cairn_Command_outcome_tag, c.outcome, CommandOutcome::clock_not_set);
  f.number(cairn_Command_channel_tag, c.order.channel);
  real(f, cairn_Command_value_tag, c.order.value);
  f.number(cairn_Command_sequence_tag, c.order.sequence);
  f.number(cairn_Command_not_before_ms_tag, c.order.not_before_ms);
  f.number(cairn_Command_not_after_ms_tag, c.order.not_after_ms);
  f.number(cairn_Command_signers_tag, c.signers);
  f.view(cairn_Command_signatures_tag, c.signatures);
  f.require(c.signatures.size == signature_bytes * count_of(c.signers));
}

template <typename Fields>
void retained_fields(Fields& f, Retained& r) {
  f.zigzag(cairn_Retained_unix_ms_tag, r.time.unix_ms);
  f.choice(cairn_Retained_time_quality_tag, r.time.quality, TimeQuality::relative);
  f.number(cairn_Retained_slot_tag, r.slot);
  f.number(cairn_Retained_version_tag, r.version);
  for (uint32_t i = 0; i < 8; ++i) {
    real(f, cairn_Retained_v0_tag + i, r.values[i]);
  }
}

}  // namespace

Result<size_t> encode_event(const Event& event, MutableBytes out) {
  return wire::encode(event, event_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_correction(const Correction& correction, MutableBytes out) {
  return wire::encode(correction, correction_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_command(const Command& command, MutableBytes out) {
  return wire::encode(command, command_fields<wire::FieldWriter>, out);
}
Result<size_t> encode_retained(const Retained& retained, MutableBytes out) {
  return wire::encode(retained, retained_fields<wire::FieldWriter>, out);
}

Status decode_event(ByteView body, Event& out) {
  return wire::decode(body, event_fields<wire::FieldReader>, out);
}
Status decode_correction(ByteView body, Correction& out) {
  return wire::decode(body, correction_fields<wire::FieldReader>, out);
}
Status decode_command(ByteView body, Command& out) {
  return wire::decode(body, command_fields<wire::FieldReader>, out);
}
Status decode_retained(ByteView body, Retained& out) {
  return wire::decode(body, retained_fields<wire::FieldReader>, out);
}

Result<size_t> encode_order(const Order& order, MutableBytes out) {
  if (out.size < order_line_bytes) return Status::full;
  memcpy(out.data, order_line, order_line_bytes);
  const MutableBytes rest(out.data + order_line_bytes, out.size - order_line_bytes);
  const Result<size_t> message = wire::encode(order, order_fields<wire::FieldWriter>, rest);
  if (!message.ok()) return message;
  return order_line_bytes + message.value;
}

}  // namespace cairn
