// What a gateway remembers: versioned entries behind three calls, so that a file on one box and a
// replicated database of a fleet serve alike.
//
// A gateway that forgets a head which it has cosigned could cosign a fork. So an answer means that
// the change is durable, and that every process which shares the store sees it.
#pragma once

#include <cairn/linux/error.hpp>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::gateway {

using host::Error;

/// One entry. Keys are UTF-8, 1 to 600 bytes; values any bytes, at most 16 MiB. See key_of().
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
  /// damaged    what is stored contradicts itself: raise an alarm, rebuild the store
  virtual Error get(const std::string& key, Entry& out) = 0;

  /// Reads several entries, each as get() does, with one question where a store can. `out` has one
  /// for each key, in their order; version 0: no such entry.
  ///
  /// ok, io, damaged as get()
  virtual Error get_batch(const std::vector<std::string>& keys, std::vector<Entry>& out);

  /// Applies many changes with one durable commit, in the order given; each sees those before it.
  /// Those whose expectations fail are left out and say so in `applied`.
  ///
  /// Power loss, or a lost connection: the unanswered batch may have been made, as a whole or not
  /// at all. io says so; settle_batch() finds out.
  ///
  /// ok            every change was applied or is marked as not applied
  /// bad_argument  a key or a value beyond its limit, or a key twice in one change; nothing was
  ///               written
  /// full          the disk is full; nothing was written
  /// io            unknown whether anything was written
  /// damaged       as get(); nothing was written
  virtual Error cas_batch(std::vector<Change>& changes) = 0;

  /// Reads up to `limit` entries whose keys begin with `prefix` and are greater than `after`, in
  /// the order of their bytes. Fewer than `limit`, or none, are the last.
  ///
  /// ok, io, damaged as get()
  virtual Error scan(const std::string& prefix, const std::string& after, size_t limit,
                     std::vector<Entry>& out) = 0;
};

/// Applies a batch like cas_batch(), and while that is unanswered (io), applies it again, for up to
/// `patience_ms`, until it is known what came of each change.
///
/// A change that was not applied again counts as applied when all that it wanted is what is stored:
/// by an unanswered try. That is exact as long as nobody else has written its entries since, and
/// as different callers write different values; it is never yes for what is not stored.
/// Where several changes of a batch write one key, only the last of them can be told.
///
/// ok  `applied` says what is stored
/// io  still unknown; nobody may be told that a change was applied, nor that it was not
/// bad_argument, full, damaged as cas_batch()
Error settle_batch(Store& store, std::vector<Change>& changes, unsigned patience_ms);

/// Entries that whoever walks through a store asks for at once.
constexpr size_t scan_page = 1024;

/// Calls `each` for every entry whose key begins with `prefix`, in the order of their bytes.
/// Statuses of Store::scan(), and the first other than ok that `each` answers.
Error for_each_entry(Store& store, const std::string& prefix,
                     const std::function<Error(const Entry&)>& each);

/// A key of several parts with a space between them, which neither origins nor names of keys have:
/// so no key of one origin lies among those of another. `prefix_of` ends with a space, for scan().
std::string key_of(std::initializer_list<std::string> parts);
std::string prefix_of(std::initializer_list<std::string> parts);

/// A number as part of a key: twenty digits, so that keys sort as their numbers do.
std::string key_number(uint64_t number);
/// The number in the last part of a key. corrupt: no twenty digits.
Result<uint64_t> number_in_key(const std::string& key);

}  // namespace cairn::gateway
