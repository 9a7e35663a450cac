// What the verbs that read a log share: opening it, finding its signed heads, its notes.
#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/linux/log_directory.hpp>
#include <optional>
#include <vector>

#include "output.hpp"

namespace command {

using cairn::host::LogDirectory;

/// Opens a log for reading. A damaged one is opened too, with a remark.
void open_reader(LogDirectory& log, const std::string& path);

/// Opens a log for appending; refuses a damaged one. `key` may be empty; `batch` overrides the
/// number of records after which a batch is signed.
void open_writer(LogDirectory& log, const std::string& path, const std::string& key,
                 std::optional<uint64_t> batch = {});

/// Has the next close record name the checkpoint in a file, if one is given: a beacon.
void hear_beacon(LogDirectory& log, const std::string& path);

/// Walks a log; owns the buffer.
class Walk {
 public:
  explicit Walk(const cairn::Log& log, uint64_t from = 0);
  /// False at the end. Throws when the log cannot be read.
  bool next(cairn::Log::Cursor::Item& item);

 private:
  std::vector<uint8_t> buffer_;
  cairn::Log::Cursor cursor_;
};

/// A signed head as it stands in the log: the root is for the reader to compute.
struct StoredHead {
  uint64_t size;
  cairn::Signature signature;
};

/// The first signed head of at least `size_min` leaves.
std::optional<StoredHead> find_head(const LogDirectory& log, uint64_t size_min);

/// The one of exactly `size`. Throws when there is none.
StoredHead require_head(const LogDirectory& log, uint64_t size);

/// The newest head, or the one of exactly `size`, with its root. Throws when there is none.
cairn::SignedHead head_at(const LogDirectory& log, std::optional<uint64_t> size);

/// The root of the tree's first `size` leaves. Throws.
cairn::Digest root_at(const LogDirectory& log, uint64_t size);

/// A head's signed note with the cosignatures that are kept for it.
std::string note_of(const LogDirectory& log, const cairn::SignedHead& head);

/// Reads one leaf. Throws.
std::string leaf_at(const LogDirectory& log, uint64_t index);

/// The index must lie in the log and must not have been retired. Throws.
void require_index(const LogDirectory& log, uint64_t index);

/// Signatures of a note, taken apart: name, key id, time of a cosignature.
Json signatures_json(cairn::ByteView note);

}  // namespace command
