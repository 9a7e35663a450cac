// How the outbox keeps what it must not forget: JSON, with bytes in base64.
#pragma once

#include <cairn/gateway/outbox.hpp>

namespace cairn::gateway {

/// The newest receipt's head.
struct DoneEntry {
  uint64_t size = 0;
  uint64_t time_s = 0;
  uint64_t not_after_s = 0;
};

std::string text_of(const OutboxEntry& entry);
std::string text_of(const PeriodEntry& entry);
std::string text_of(const DoneEntry& entry);
/// Also what a file of the archive holds.
std::string text_of(const StoredReceipt& receipt);
/// corrupt: not what text_of() writes.
Error parse_receipt(const std::string& text, StoredReceipt& out);

// Reads the entry with a key of these parts and its version; without one `out` stays as it is, and
// the version is 0. corrupt: an entry that no cairn wrote.
Error read_entry(Store& store, std::initializer_list<std::string> key, OutboxEntry& out,
                 uint64_t& version);
Error read_entry(Store& store, std::initializer_list<std::string> key, PeriodEntry& out,
                 uint64_t& version);
Error read_entry(Store& store, std::initializer_list<std::string> key, DoneEntry& out,
                 uint64_t& version);

}  // namespace cairn::gateway
