// The gateway's own log: its leaves are the signed checkpoints of devices, exactly as their devices
// signed them. It lies on disk as c2sp.org/tlog-tiles, which any web server can serve.
#pragma once

#include <cairn/gateway/archive.hpp>
#include <cairn/gateway/store.hpp>
#include <cairn/gateway/tile_tree.hpp>
#include <cairn/hash.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <cairn/merkle.hpp>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace cairn::gateway {

/// A device's checkpoint that is, or is to be, a leaf.
struct DeviceCheckpoint {
  std::string origin;
  uint64_t size = 0;
  std::string note;  ///< text, empty line, the device's own signature line
};

/// The newest head of the gateway's log, signed by its key.
using AggregateHead = SignedTree;

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

/// One process owns the log, whose name is that of its key; integrate() is for one thread,
/// everything else for any.
///
/// Entries: "aggregate LOG", the newest head; "leaf LOG INDEX", a leaf that is not in the tiles of
/// that head yet; "leaf-of LOG ORIGIN SIZE", the index of a leaf.
class AggregateLog {
 public:
  /// Opens the log whose name is the key's, or begins it. Leaves that have their number but are in
  /// no signed tree yet, because the power failed, get there now.
  ///
  /// `store` and `key` must outlive it.
  ///
  /// ok            open
  /// bad_argument  not an Ed25519 key, which tlog-tiles demands
  /// bad_state     another process owns it
  /// damaged       the folder does not hold the tree that was signed last: it lost files, or
  ///               belongs to another store. Or it shows a head that the store does not know: the
  ///               store is an old copy, or another's. `cairn-gateway rebuild` restores them.
  /// corrupt       the store's head is not one of this key, or leaves are missing in the store
  /// io, full
  Error open(const AggregateOptions& options, Store& store, const host::KeyFile& key);

  /// Queues a device's checkpoint. It is not durable here before integrate(): whoever acknowledges
  /// one stores it as the device's head, and after a start queues the heads that are in no leaf.
  ///
  /// ok    queued, or queued before
  /// full  too many wait: ask the device to come again
  Error add(DeviceCheckpoint checkpoint);

  /// Gives numbers to what waits, publishes its tiles, signs the new head and stores it. What is a
  /// leaf already is left out.
  ///
  /// Power loss: what has its number keeps it, and open() goes on from there. No head is signed
  /// whose tiles are not durable, and no two heads that conflict. Cost: two commits of the store,
  /// one read of it a checkpoint, the flushes of TileWriter::publish(), one signature. Nothing when
  /// nothing waits.
  ///
  /// ok         nothing waits any more of what waited
  /// bad_state  another process wrote this log's head; no head was signed over it
  /// others     of store and tiles: what waits goes on waiting, and the next call tries again
  Error integrate();

  AggregateHead head() const;
  /// How many checkpoints wait, those that are being integrated included.
  size_t queued() const;

  /// True when the device's checkpoint of this size is a leaf, or waits to be one.
  Error is_leaf(const std::string& origin, uint64_t device_size, bool& out) const;

  /// The first leaf in the signed tree of a device whose own tree had at least `size_min` leaves
  /// then: it covers the record `size_min - 1`. not_found: none yet.
  Error find(const std::string& origin, uint64_t size_min, AggregateLeaf& out) const;

  /// The sizes of a device's tree that its checkpoints in the signed tree had, ascending.
  Error device_sizes(const std::string& origin, std::vector<uint64_t>& out) const;

  /// The signed head of an earlier size, or of the newest: signed anew from what the tiles hold,
  /// which gives the same bytes each time. not_found: the tree has not been so large.
  Error head_at(uint64_t size, AggregateHead& out) const;

  const std::string& folder() const { return options_.folder; }
  /// The files beside the tiles. Present once the log is open.
  Archive& archive() const { return *archive_; }
  const std::string& origin() const { return key_->name(); }

 private:
  Error resume();
  Error read_head(AggregateHead& out);
  Error check_shown(const AggregateHead& head) const;
  Error load_tiles(const AggregateHead& head);
  Error append_leaves(const std::vector<std::string>& notes);
  Error number(const std::vector<DeviceCheckpoint>& batch);
  Error finish();
  Error show(const std::string& note) const;
  Error sign(uint64_t size, const Digest& root, std::string& note) const;
  void requeue(std::vector<DeviceCheckpoint> batch);

  AggregateOptions options_;
  Store* store_ = nullptr;
  const host::KeyFile* key_ = nullptr;
  host::LockFile lock_;
  std::unique_ptr<Archive> archive_;
  host::TileWriter tiles_;
  Frontier frontier_;  ///< of all leaves that have numbers
  uint64_t head_version_ = 0;
  bool resumed_ = false;      ///< memory, store and tiles agree
  mutable std::mutex mutex_;  ///< guards what follows
  AggregateHead head_;
  std::vector<DeviceCheckpoint> queue_;
  std::unordered_set<std::string> waiting_;  ///< keys of what is queued or being integrated
};

}  // namespace cairn::gateway
