// Writes a log as tiles and entry bundles, which any web server can serve: c2sp.org/tlog-tiles.
//
// Files never change. They are written under another name first; publish() flushes them, gives them
// their names, and flushes their folders. So a file that has its name has its bytes, whenever the
// power fails. Partial tiles stay beside the full one.
#pragma once

#include <cairn/hash.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/shared_flush.hpp>
#include <cairn/linux/tile_layout.hpp>

namespace cairn::host {

class TileWriter {
 public:
  /// Makes the folder where there is none, and goes on behind the first `size` leaves, whose tiles
  /// lie there. One writer at a time: hold a LockFile. Where many write at the same time, each its
  /// own folder, `shared` flushes for all of them; it must outlive.
  ///
  /// ok            open
  /// bad_argument  size over tree_size_max
  /// not_found     a tile or bundle of that size is not there
  /// corrupt       one is too short
  /// other         system_error()
  Error open(const std::string& folder, uint64_t size, SharedFlush* shared = nullptr);

  /// Appends leaves; full tiles are written, but nobody sees them yet.
  ///
  /// bad_argument  a leaf is longer than entry_bytes_max; nothing was appended
  /// bad_state     not open, or an earlier call failed: open it again
  /// corrupt       a tile is there already and holds something else: another log's
  /// other         system_error()
  Error append(const ByteView* leaves, size_t count);

  /// Names everything appended so far, with the partial tiles of this size, and makes it durable.
  /// Sign or show no checkpoint of this size before it returned ok.
  ///
  /// Power loss: some files of the new size may have their names; publishing again after appending
  /// the same leaves finds them right.
  /// Cost: a flush of each new file and of each folder that it lies in; where there are more than
  /// sixteen, of the whole file system instead. With a SharedFlush, two of that.
  /// Statuses of append().
  Error publish();

  uint64_t size() const { return size_; }
  /// Of the tree so far, from what is in memory. bad_state: not open
  Result<Digest> root() const;
  /// Leaves at the last publish(), or at open().
  uint64_t published() const { return published_; }

 private:
  static constexpr size_t pending_max = 4096;
  static constexpr size_t flushed_singly_max = 16;

  Error append_in_tile(const ByteView* leaves, size_t count);
  Error complete(unsigned tile_level);
  Error write_tile(unsigned tile_level, unsigned width);
  Error write(const std::string& name, ByteView bytes);
  std::vector<std::string> folders_of(const std::vector<std::string>& paths) const;
  Error flush(const std::vector<std::string>& paths);
  Error settle();
  Error fail(Error error);

  std::string folder_;
  Descriptor descriptor_;  ///< of the folder; closed after a failure
  uint64_t size_ = 0;
  uint64_t published_ = 0;
  SharedFlush* shared_ = nullptr;
  uint64_t failures_before_ = 0;             ///< of `shared_`
  std::vector<Digest> hashes_[tile_levels];  ///< of the tiles that are not full
  std::string bundle_;                       ///< the same of entries
  std::vector<std::string> pending_;         ///< files that have not got their names
  std::vector<std::string> found_;           ///< files that were there, durable or not
};

}  // namespace cairn::host
