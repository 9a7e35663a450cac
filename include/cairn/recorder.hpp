// The recorder: what an application appends to. It turns readings into leaves, closes batches,
// signs heads, and takes up after a crash at any instant without ever signing two heads that
// conflict. Log + tree + signer. docs/format.md, "Recorder".
#pragma once

#include "checkpoint.hpp"
#include "leaf.hpp"
#include "log.hpp"

namespace cairn {

/// When a batch is closed and signed. Zero switches a limit off; with all off, only seal() closes.
struct BatchPolicy {
  uint32_t leaves = 256;  ///< close so that the tree size is a multiple of this
  uint32_t bytes = 0;     ///< close after this many leaf bytes
  uint32_t time_ms = 0;   ///< close this long after the batch's first record (needs a clock)
  bool automatic = true;  ///< append() seals when due; false: the caller asks due() and seals
};

struct RecorderOptions {
  ByteView origin;  ///< the log's name, 1 to 255 bytes, a key name; must outlive
  BatchPolicy batch;
  LogOptions log;  ///< log_id is set by the recorder
  /// A step of the wall clock against the monotonic clock beyond this becomes a clock record.
  uint32_t clock_step_ms = 2000;
};

class Recorder {
 public:
  /// Makes an empty log and writes its begin record (and, for a successor of an abandoned log, the
  /// head that it continues). Everything on the medium is given up.
  ///
  /// `flash`, `platform` and `signer` are kept by address and must outlive the recorder.
  /// Power loss: open() answers not_formatted, or finds the new log.
  ///
  /// ok            open
  /// bad_argument  origin, key, geometry, or memory that cannot hold the first record or a close
  ///               record (122 bytes are the least); nothing was given up
  /// unsupported   tile frames, in a build without them (CAIRN_LOG_TILES)
  /// full, io      the medium failed
  Status create(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
                const Platform& platform, const Signer& signer, const Begin* predecessor = nullptr);

  /// Opens an existing log, finishes or discards what a power cut interrupted, and remembers to
  /// write a boot record in front of the next record.
  ///
  /// A batch whose close record is durable but whose signature is not is signed now: the same
  /// bytes, whatever happened before. Nothing that was signed is ever signed differently.
  ///
  /// ok             open
  /// damaged        open for reading; append() and seal() answer damaged
  /// not_formatted  no log of this origin here, or its create() was cut short
  /// wrong_version, bad_argument, unsupported, io  as Log::mount() and create()
  /// not_found      the log is another's: its begin record names another key or origin
  Status open(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
              const Platform& platform, const Signer& signer);

  /// Appends an application record and makes it durable. `kind` is at least 0x40.
  ///
  /// Power loss: the record is complete or absent.
  /// Cost: one program call; at a batch's end also a close record, one signature and a head; behind
  /// open() a boot record, behind a step of the wall clock a clock record.
  /// A failure to seal is not a failure to append: it is kept for last_seal(), and the next batch's
  /// end tries again.
  ///
  /// ok            durable; the result is its index
  /// bad_argument  a kind below 0x40, or a leaf over Log::leaf_limit(); nothing was written
  /// full          out of space but for what sealing needs; an automatic recorder has sealed
  /// others        as Log::append()
  Result<uint64_t> append(Kind kind, ByteView body);

  /// Appends many leaves (kind byte and body each, kinds from 0x40) with one durable commit, and
  /// closes batches in between and at the end where they are due. Returns the first index.
  /// Statuses as append(). After an error, log().size() tells how many were stored.
  Result<uint64_t> append_batch(const ByteView* leaves, size_t count);

  /// Like append_batch(), but leaves the sync to the next commit(), append() or seal(). The records
  /// are not acknowledged until then.
  Result<uint64_t> stage(const ByteView* leaves, size_t count);
  /// Syncs what was staged. io: what reached the medium is unknown; open again.
  Status commit() { return log_.commit(); }

  /// Records that `count` records were lost before they got here.
  Result<uint64_t> append_gap(uint64_t count, GapReason reason);

  /// True when the policy asks for a seal: by count, bytes, or time.
  bool due() const;

  /// Closes the batch: close record, signature, head. Then checkpoint() gives the new head.
  ///
  /// Power loss: the batch is sealed, or still open and nothing was signed.
  ///
  /// ok         sealed
  /// bad_state  nothing to seal since the last head
  /// io         the signer or the medium failed; the batch stays open, retry later
  /// damaged, full
  Status seal();
  /// How the last automatic seal went.
  Status last_seal() const { return last_seal_; }

  /// The newest gateway checkpoint that the device has heard; its hash goes into the next close
  /// record and proves that what follows is not older.
  void set_beacon(const Digest& checkpoint_hash);

  /// Writes the newest signed note; returns its size. bad_state: nothing signed yet. full.
  Result<size_t> checkpoint(MutableBytes out) const;
  /// The newest signed head in the form for narrow links.
  Status air_checkpoint(AirCheckpoint& out) const;

  /// Says that acknowledged history is missing which the medium itself does not show: a witness has
  /// cosigned more than this log holds. append() and seal() answer damaged until the next open().
  void abandon();

  /// The log's name and key. Not before create() or open() has answered ok.
  ByteView origin() const { return options_.origin; }
  const PublicKey& key() const { return signer_->public_key; }
  Log& log() { return log_; }
  const Log& log() const { return log_; }
  /// Number of the batch that is open.
  uint64_t batch() const { return batch_; }
  uint32_t boot() const { return boot_; }
  /// Records since the last head.
  uint64_t pending() const;

 private:
  /// Leaves that are staged together.
  struct Run {
    size_t count = 0;
    uint64_t bytes = 0;
    uint64_t frame_bytes = 0;  ///< at most
  };

  Status prepare(const Flash& flash, const LogMemory& memory, const RecorderOptions& options,
                 const Platform& platform, const Signer& signer);
  Status begin_log(const Flash& flash, const LogMemory& memory, const Begin* predecessor);
  uint64_t with_reserve(uint64_t frame_bytes) const;
  Status room_for(uint64_t frame_bytes) const;
  void after_append(uint64_t leaf_count, uint64_t leaf_bytes);
  Run next_run(const ByteView* leaves, size_t count) const;
  Status append_run(const ByteView* leaves, size_t count, size_t& taken);

  friend class RecorderOpening;
  friend class RecorderResume;
  friend class RecorderWriter;
  friend class Steps;

  Log log_;
  const Platform* platform_ = nullptr;
  const Signer* signer_ = nullptr;
  RecorderOptions options_;
  Digest beacon_{};
  uint64_t batch_ = 0;
  uint64_t batch_bytes_ = 0;     ///< leaf bytes since the last close record
  uint64_t batch_began_ms_ = 0;  ///< monotonic time of its first record
  uint64_t clock_monotonic_ms_ = 0;
  int64_t clock_unix_ms_ = 0;
  uint32_t boot_ = 0;
  uint32_t key_epoch_ = 0;
  bool has_beacon_ = false;
  bool has_clock_ = false;     ///< clock_ fields hold a pair of readings
  uint64_t pruned_noted_ = 0;  ///< index_min() in the newest pruned record since the start
  bool boot_pending_ = false;  ///< a boot record goes in front of the next record
  bool batch_open_ = false;    ///< records since the last close record
  Status last_seal_ = Status::ok;
};

/// The id that a log's segments carry: the first four bytes of SHA-256(origin), little-endian.
uint32_t log_id_of(ByteView origin);

}  // namespace cairn
