// The gateway's own log: its leaves are the signed checkpoints of devices, exactly as their devices
// signed them. It lies on disk as c2sp.org/tlog-tiles, which any web server can serve.
#pragma once

#include <cairn/gateway/store.hpp>
#include <cairn/hash.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <cairn/merkle.hpp>
#include <mutex>

namespace cairn::gateway {

/// A device's checkpoint that is, or is to be, a leaf.
struct DeviceCheckpoint {
  std::string origin;
  uint64_t size = 0;
  std::string note;  ///< text, empty line, the device's own signature line
};

/// The newest head of the gateway's log.
struct AggregateHead {
  uint64_t size = 0;
  Digest root{};
  std::string note;  ///< signed by the gateway's log key; empty when nothing was signed yet
};

/// Where a device's checkpoint stands.
struct AggregateLeaf {
  uint64_t index = 0;
  uint64_t device_size = 0;
  std::string note;
};

struct AggregateOptions {
  std::string folder;         ///< of the tiles, and of the file `checkpoint`
  size_t queued_max = 65536;  ///< checkpoints that wait; add() answers full beyond it
};

/// One process owns the log, whose name is that of its key; add() and the lookups may be called by
/// any thread, integrate() by one.
///
/// Entries: "aggregate/LOG", the newest head; "leaf/LOG/INDEX", the leaf;
/// "leaf-of/LOG/ORIGIN/SIZE", its index.
class AggregateLog {
 public:
  AggregateLog() = default;

  /// Opens the log whose name is the key's, or begins it. Leaves that have their number but are in
  /// no tile yet, because the power failed, get there now.
  ///
  /// `store` and `key` must outlive it.
  ///
  /// ok         open
  /// bad_state  another process owns it
  /// damaged    the folder has fewer leaves than the store says were signed: restore it with
  ///            `cairn-gateway rebuild`
  /// corrupt    a tile holds something else, or the store's head is not signed by this key
  /// io, full
  Error open(const AggregateOptions& options, Store& store, const host::KeyFile& key);

  /// Queues a device's checkpoint. It is not durable here before integrate(); whoever acknowledges
  /// one has stored it as the device's head, and queues the heads that are in no leaf yet after a
  /// start (is_leaf()).
  ///
  /// ok    queued, or queued before
  /// full  too many wait: answer 503
  Error add(DeviceCheckpoint checkpoint);

  /// Gives numbers to what waits, writes and publishes its tiles, signs the new head and stores it.
  /// Nothing waits: ok, and nothing is done.
  ///
  /// Power loss: what has its number keeps it; open() goes on from there. No head is signed whose
  /// tiles are not durable, and no two heads that conflict.
  /// Cost: two commits of the store, and the flushes of TileWriter::publish().
  ///
  /// io, full: what waits goes on waiting, and the next call tries again.
  Error integrate();

  AggregateHead head() const;
  size_t queued() const;

  /// True when the device's checkpoint of this size is a leaf, or waits to be one.
  Error is_leaf(const std::string& origin, uint64_t device_size, bool& out) const;

  /// The first leaf of a device whose tree has at least `size_min` leaves: the one that covers the
  /// record `size_min - 1`. not_found: none yet.
  Error find(const std::string& origin, uint64_t size_min, AggregateLeaf& out) const;

  const std::string& folder() const { return options_.folder; }
  const std::string& origin() const { return key_->name(); }

 private:
  Error resume();
  Error number(std::vector<DeviceCheckpoint>& batch);
  Error write_leaves(uint64_t first, const std::vector<std::string>& notes);
  Error sign_head();
  std::string key_of(const std::string& origin, uint64_t device_size) const;

  AggregateOptions options_;
  Store* store_ = nullptr;
  const host::KeyFile* key_ = nullptr;
  host::LockFile lock_;
  host::TileWriter tiles_;
  Frontier frontier_;
  uint64_t numbered_ = 0;  ///< leaves that have an entry in the store
  uint64_t head_version_ = 0;
  mutable std::mutex mutex_;  ///< guards what follows
  AggregateHead head_;
  std::vector<DeviceCheckpoint> queue_;
};

}  // namespace cairn::gateway
