// Leaves of controllers: events, corrections, commands, retained values. Written by the function
// blocks of ports/plc, and by any application that wants to. See docs/format.md, "Leaves".
#pragma once

#include "leaf.hpp"

namespace cairn {

/// The categories of IEC 62443-4-2 CR 2.8, `time` from CR 2.11.
enum class EventCategory : uint8_t {
  other,
  access_control,
  request_error,
  control_system,
  backup_restore,
  configuration_change,
  audit_log,
  time,
};

enum class EventResult : uint8_t { success, failure, denied };

/// Something that happened, and who did it. (Kind::event, message Event)
struct Event {
  WallTime time;
  EventCategory category;
  uint32_t event_id;  ///< the application's number of what happened
  uint32_t user;      ///< who did it; 0: nobody, or not known
  uint32_t source;    ///< channel, or part of the machine
  EventResult result;
  bool has_values;  ///< whether there is a value before and after
  double old_value;
  double new_value;
};

/// An earlier record was wrong; it stays as it is. (Kind::correction, message Correction)
struct Correction {
  WallTime time;
  uint64_t index;  ///< of the record that was wrong
  uint32_t channel;
  double old_value;  ///< as it was recorded
  double new_value;  ///< as it should have been
  uint32_t user;
  uint32_t reason;  ///< the application's number of why
};

/// What the holder of a key signs so that a set-point changes. (Message Order)
struct Order {
  ByteView origin;  ///< of the log of the controller that it is for, 1 to 255 bytes
  uint32_t channel;
  double value;
  uint64_t sequence;       ///< above that of every order before it on this channel
  uint64_t not_before_ms;  ///< Unix time between which it may take effect
  uint64_t not_after_ms;
};
/// No encoded order is longer.
constexpr size_t order_bytes_max = 330;

enum class CommandOutcome : uint8_t {
  applied,
  out_of_order,
  out_of_window,
  signature_invalid,
  unknown_key,
  conflict,
  unknown_channel,
  clock_not_set,
};

constexpr size_t command_signers_max = 8;

/// What became of an order, and who had signed it. (Kind::command, message Command)
struct Command {
  WallTime time;
  Order order;  ///< its origin is the log's, and not repeated in the record
  CommandOutcome outcome;
  uint8_t signers;      ///< bit i: key number i signed it, and the signature was checked
  ByteView signatures;  ///< theirs, 64 bytes each, in the order of their numbers
};

/// Values that a program keeps over a restart. (Kind::retained, message Retained)
struct Retained {
  WallTime time;
  uint32_t slot;
  uint64_t version;  ///< counts every change
  double values[8];
};

// As the encoders and decoders of leaf.hpp.

Result<size_t> encode_event(const Event& event, MutableBytes out);
Result<size_t> encode_correction(const Correction& correction, MutableBytes out);
Result<size_t> encode_command(const Command& command, MutableBytes out);
Result<size_t> encode_retained(const Retained& retained, MutableBytes out);
Status decode_event(ByteView body, Event& out);
Status decode_correction(ByteView body, Correction& out);
Status decode_command(ByteView body, Command& out);
Status decode_retained(ByteView body, Retained& out);

/// Writes the bytes that are signed: the line "cairn order/v1" and the message. Returns their size.
/// full, or bad_argument for an origin that is empty or over 255 bytes.
Result<size_t> encode_order(const Order& order, MutableBytes out);

}  // namespace cairn
