// What a gateway remembers: versioned entries behind three calls, so that a file on one box and a
// replicated database of a fleet serve alike.
//
// A gateway that forgets a head which it has cosigned could cosign a fork. So an answer means that
// the change is durable, and that every process which shares the store sees it.
#pragma once

#include <cairn/linux/error.hpp>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::gateway {

using host::Error;

/// One entry. Keys are UTF-8, at most 600 bytes; values any bytes, at most 16 MiB. See key_of().
struct Entry {
  std::string key;
  uint64_t version = 0;  ///< 1 when it was made, one more with each write
  std::string value;
};

/// Replaces, makes or removes one entry, if it still is what the caller believes.
struct Write {
  std::string key;
  uint64_t expected = 0;             ///< version that must be stored; 0: no such entry
  std::optional<std::string> value;  ///< none: remove it
};

/// Writes that happen together or not at all.
struct Change {
  std::vector<Write> writes;
  bool applied = false;  ///< out: false when an expectation was wrong; nothing of it was written
};

/// Any number of threads may call it, and any number of processes may share what is behind it.
class Store {
 public:
  virtual ~Store() = default;

  /// Reads one entry: the newest that any process has been told is written.
  ///
  /// ok         `out` holds it
  /// not_found  no such entry
  /// io         the store does not answer; the message says what to look at
  virtual Error get(const std::string& key, Entry& out) = 0;

  /// Applies many changes with one durable commit, in the order given; each sees those before it.
  /// Those whose expectations fail are left out and say so in `applied`.
  ///
  /// Power loss, or a lost connection: some unanswered changes may have been made. io says so; read
  /// the entries again: what is stored is what you wanted, or it was not applied.
  ///
  /// ok            every change was applied or is marked as not applied
  /// bad_argument  a key or a value beyond its limit, or a key twice in one change; nothing was
  ///               written
  /// full          the disk is full; nothing was written
  /// io            unknown whether anything was written
  virtual Error cas_batch(std::vector<Change>& changes) = 0;

  /// Reads up to `limit` entries whose keys begin with `prefix` and are greater than `after`, in
  /// the order of their bytes. An empty `out` is the end.
  ///
  /// ok, io as get()
  virtual Error scan(const std::string& prefix, const std::string& after, size_t limit,
                     std::vector<Entry>& out) = 0;
};

/// A key of several parts with a space between them, which neither origins nor names of keys have:
/// so no key of one origin lies among those of another. `prefix_of` ends with a space, for scan().
std::string key_of(std::initializer_list<std::string> parts);
std::string prefix_of(std::initializer_list<std::string> parts);

/// A number as part of a key: twenty digits, so that keys sort as their numbers do.
std::string key_number(uint64_t number);
/// The number in the last part of a key. corrupt: no twenty digits.
Result<uint64_t> number_in_key(const std::string& key);

}  // namespace cairn::gateway
