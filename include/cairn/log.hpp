// The log: an append-only ring of flash segments that survives a power cut at any instant, with
// the Merkle frontier of everything it holds. docs/format.md, "Log", has every byte and the
// recovery rules R1 to R9.
//
// A Log knows leaves (bytes), not what they mean, and signatures, not who made them. The recorder
// puts meaning on top.
#pragma once

#include "flash.hpp"
#include "merkle.hpp"
#include "platform.hpp"
#include "proof.hpp"
#include "sign.hpp"

namespace cairn {

/// Memory that a log works in. The caller owns it; it must outlive the log.
struct LogMemory {
  /// Frames are built and read here. At least log_frame_bytes(unit, largest leaf); more lets
  /// append_batch() write more with one program call.
  MutableBytes frame;
  /// Optional: leaf hashes of a batch. With n of them, append_batch() hashes n leaves at a time.
  Digest* digests = nullptr;
  size_t digest_count = 0;
};

/// A piece of a segment held in memory while frames are read. Used by the log and its cursors.
struct LogWindow {
  MutableBytes buffer;
  uint32_t segment = 0;
  uint32_t offset = 0;
  uint32_t size = 0;    ///< 0: holds nothing
  bool failed = false;  ///< a read failed for another reason than an uncorrectable error
};

/// Bytes of LogMemory::frame for records up to `leaf_bytes`.
constexpr size_t log_frame_bytes(uint32_t unit_bytes, size_t leaf_bytes) {
  const size_t frame = leaf_bytes + 6;
  const size_t least = frame < 64 ? 64 : frame;
  return (least + unit_bytes - 1) / unit_bytes * unit_bytes;
}

/// Largest leaf that a log takes on this flash with so much frame memory: what one frame, the
/// memory and a segment hold. 0: mount() and format() would refuse.
size_t log_leaf_limit(const Flash& flash, size_t frame_bytes);

/// Bytes that write_head() takes in a tree of up to `size` leaves, at most.
constexpr size_t log_head_bytes(uint32_t unit_bytes, uint64_t size) {
  return log_frame_bytes(unit_bytes, 10 + signature_bytes + digest_bytes * bit_length(size));
}

/// Whether the log also holds the roots of its tiles: each 256 leaves, aligned.
enum class LogTiles : uint8_t {
  none,
  /// Behind the last leaf of every tile, 46 bytes (padded). A proof then hashes the leaves of one
  /// tile; without, those of one tile for each level above.
  write,
  /// As write; and what a segment that is to be retired holds is written again into a newer one, up
  /// to a quarter of a segment: consistency from sizes that are multiples of 256 can be proved long
  /// after their leaves have gone. The first time that a segment fails and is passed over, what the
  /// one behind it holds is written where room is left.
  archive,
};

struct LogOptions {
  uint32_t log_id = 0;   ///< two logs never mix; the recorder derives it from the origin
  bool recycle = false;  ///< when full: true retires the oldest segment, false answers `full`
  /// Recycling never retires a record with this index or a later one. Raise it as the gateway
  /// acknowledges; UINT64_MAX: nothing is held back.
  uint64_t keep_from = 0;
  LogTiles tiles = LogTiles::none;
};

/// The newest head that was signed: its signature is on the medium.
struct SignedHead {
  uint64_t size = 0;
  Digest root{};
  Signature signature{};
};

/// What mounting found besides the records.
struct MountReport {
  bool damaged = false;        ///< acknowledged history is missing; appending is refused
  uint32_t torn_bytes = 0;     ///< of an unacknowledged write, discarded or fenced off
  uint32_t segments_read = 0;  ///< headers probed
};

class Log {
 public:
  /// Makes an empty log. Everything on the medium is given up.
  ///
  /// Power loss: until it returns, mount() answers not_formatted, finds the empty log, or what is
  /// left of an older log of this id (ok or damaged): call format() again.
  /// Cost: erases and writes one segment, and erases those that are not blank at the front;
  /// rewritable memory, where erasing does nothing, is overwritten as a whole.
  ///
  /// ok            mounted, empty
  /// bad_argument  geometry, or memory too small for it
  /// unsupported   tile frames, in a build without them (CAIRN_LOG_TILES)
  /// full, io      the medium failed; full when it said so
  Status format(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                const Platform& platform);

  /// Finds the log and everything that was acknowledged. Writes nothing.
  ///
  /// Power loss: changes nothing.
  /// Cost: O(log segments) probes and one walk of the newest segment, whose leaves are hashed. All
  /// segments are probed where bit rot, or a cut inside an erase, hides the newest one's neighbour,
  /// and on rewritable media after maintain(). Up to three of the oldest segments are walked,
  /// without hashing, where a cut came between NEXT and the header behind it.
  ///
  /// ok             mounted
  /// damaged        mounted for reading; acknowledged records are missing (see report())
  /// not_formatted  no log of this id here
  /// wrong_version  a log of a later format, or of another geometry
  /// bad_argument, unsupported  as format()
  /// io             a read failed otherwise than by an uncorrectable error; not mounted
  Status mount(const Flash& flash, const LogMemory& memory, const LogOptions& options,
               const Platform& platform);

  /// Appends one leaf, `kind` followed by `body`, and makes it durable before returning.
  ///
  /// Power loss: the record is complete or absent; earlier ones are unaffected.
  /// Cost: one program call of 6 + 1 + body bytes (padded to the unit), one read-back, one sync;
  /// at the end of a segment also NEXT, erase, header and frontier (maintain() does them ahead).
  ///
  /// ok            durable; the result is its index
  /// full          out of space, held back by keep_from, or a tree whose frontier leaves this leaf
  ///               no room in a segment
  /// bad_argument  larger than log_leaf_limit()
  /// io            the medium failed repeatedly; nothing was acknowledged, retry later. (A write
  ///               that failed and is complete all the same may be found by the next mount().)
  /// damaged       acknowledged history is missing: nothing may be added
  /// bad_state     not mounted, or a sync or a read-back failed (that call answered io, and what
  ///               reached the medium is unknown): mount again
  Result<uint64_t> append(uint8_t kind, ByteView body);

  /// Appends leaves (each kind and body in one range of bytes) with one durable commit.
  ///
  /// Power loss: a prefix of them is present, all of them once this has returned.
  /// Cost: as few program calls as the frame memory allows, one sync.
  ///
  /// Returns the index of the first. After an error, size() tells how many were stored.
  /// Statuses as append(); nothing is stored for bad_argument.
  Result<uint64_t> append_batch(const ByteView* leaves, size_t count);

  /// Like append_batch(), but leaves the sync to the next commit(), append() or write_head().
  /// The records are not acknowledged until then.
  Result<uint64_t> stage(const ByteView* leaves, size_t count);
  /// Syncs what was staged. io: what reached the medium is unknown; mount again.
  Status commit();

  /// Writes a frontier frame with a signature over the current size and root, and makes it and
  /// everything before it durable. Only after ok may the signature leave the device.
  ///
  /// Power loss: the head is recorded, or the signature was never seen by anyone.
  /// Statuses as append().
  Status write_head(const Signature& signature);

  /// Does in idle time what the next append at a segment's end would do: NEXT, erase, header. The
  /// records in the segment that is erased are retired now. Behind mount(), tile frames that a cut
  /// came in front of are written before.
  ///
  /// Power loss: the same may be done again; what NEXT says is retired.
  /// ok also when there was nothing to do. full: nothing may be retired. Others as append().
  Status maintain();

  /// Raises the index from which recycling holds records back. Never lowers it.
  void keep_from(uint64_t index) {
    if (index > options_.keep_from) options_.keep_from = index;
  }

  uint64_t size() const { return frontier_.size(); }
  /// Index of the oldest record that is held; size() when none is.
  uint64_t index_min() const { return index_min_; }
  Digest root() const { return frontier_.root(); }
  const Frontier& frontier() const { return frontier_; }
  const MountReport& report() const { return report_; }
  /// Null when nothing was ever signed.
  const SignedHead* head() const { return has_head_ ? &head_ : nullptr; }
  const Flash& flash() const { return *flash_; }
  const LogOptions& options() const { return options_; }
  /// Bytes of the medium in use, frames and headers included; for capacity warnings.
  uint64_t used_bytes() const;
  /// Whether leaves may be appended: ok, damaged, or bad_state when not mounted.
  Status writable() const;
  /// Largest leaf that append() takes; 0 when not mounted.
  size_t leaf_limit() const;
  /// Whether frames of so many bytes (log_frame_bytes() each), together less than a segment, can
  /// still be written: in the newest segment, or the next. Takes no account of writes that fail.
  ///
  /// ok, full (nothing may be retired for them), io, damaged, bad_state
  Status room_for(uint64_t frame_bytes) const;

  /// Reads one leaf.
  ///
  /// ok         its size is in the result
  /// pruned     retired, or before the first record
  /// not_found  index >= size()
  /// corrupt    the record is there no more: bit rot (its neighbours are intact)
  /// full       `out`, or the log's frame memory, is too small
  /// io         the medium failed; the record may be intact
  /// bad_state  not mounted
  /// Cost: O(log segments) probes and a walk of at most one segment.
  Result<size_t> read(uint64_t index, MutableBytes out) const;

  /// Root of the perfect subtree of leaves [index << level, (index + 1) << level): what proofs are
  /// built from. Cost: of levels up to 8, hashes its leaves; above, takes hashes from the frames
  /// that end batches and from tile frames, with O(log segments) probes and a walk of a segment or
  /// two for each, and hashes the leaves of one tile at most where batches end every 256 leaves or
  /// more often. 32 bytes of stack a level.
  ///
  /// ok            `out` is set
  /// bad_argument  not a whole subtree of this tree
  /// pruned        it lies before index_min(), and no frontier or tile frame holds it
  /// corrupt       a leaf is lost
  /// full          a leaf is larger than the frame memory
  /// io, bad_state  as read()
  Status node(unsigned level, uint64_t index, Digest& out) const;
  /// This log as a source of nodes for build_inclusion() and the others.
  NodeSource nodes() const;

  class Cursor;

 private:
  friend class Recorder;
  friend class RecorderOpening;
  friend class RecorderResume;
  friend class RecorderWriter;
  friend class Steps;
  friend class LogWalk;
  friend class LogReader;
  friend class LogWriter;
  friend class LogMount;
  friend class Cursor;

  enum class State : uint8_t { closed, open, damaged };
  /// What a NEXT frame says about the segment that follows.
  struct Promise {
    bool present = false;
    bool unsure = false;  ///< found by mounting: half-charged or unsynced, perhaps
    uint16_t erase_count = 0;
    uint32_t nonce = 0;
    uint64_t index_min = 0;
  };

  Status attach(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                const Platform& platform);
  uint32_t mark_distance() const;
  bool fits(uint64_t frame_bytes) const;
  Status usable() const;
  Status stage_one(uint8_t kind, ByteView body);

  const Flash* flash_ = nullptr;
  const Platform* platform_ = nullptr;
  LogMemory memory_;
  LogOptions options_;
  Frontier frontier_;
  SignedHead head_;
  MountReport report_;
  Promise promise_;
  uint64_t index_min_ = 0;
  uint64_t segment_first_ = 0;    ///< size at which the newest segment began
  uint64_t frontier_size_ = 0;    ///< size of the newest frontier frame in the newest segment
  uint32_t segment_ = 0;          ///< newest segment
  uint32_t sequence_ = 0;         ///< its number since format
  uint32_t header_crc_ = 0;       ///< seeds its check values
  uint32_t end_ = 0;              ///< offset behind its last valid frame
  uint32_t unsure_ = 0;           ///< NOR: offset of that frame as mounting found it; 0 once firm
  uint32_t mark_ = 0;             ///< NOR: offset of the mark behind what is being burnt; else 0
  uint32_t in_flight_bytes_ = 0;  ///< longest write that can have been interrupted
  uint32_t skipped_ = 0;          ///< unusable segments between the newest and the next
  uint16_t erase_count_ = 0;      ///< of the newest segment
  State state_ = State::closed;
  bool has_head_ = false;
  bool stepping_ = false;         ///< an operation in steps is under way
  bool spare_ready_ = false;      ///< the next segment is erased and has its header
  bool leaving_ = false;          ///< the next segment may have its frontier: this one is closed
  bool tail_dirty_ = false;       ///< rule R4 must run before the next program
  bool next_announced_ = false;   ///< the next segment was given up
  bool commit_open_ = false;      ///< programmed bytes await a sync
  bool tile_due_ = false;         ///< the newest whole tile has no tile frame yet
  bool tiles_unchecked_ = false;  ///< which tile frames are missing is not known since the start
};

/// Walks the records of a log in order. Independent of the log's own memory: any number may be
/// open. Appending or recycling while one is open ends its guarantees; open a new one.
class Log::Cursor {
 public:
  /// One step of the walk.
  struct Item {
    enum class Type : uint8_t { leaf, head };
    Type type = Type::leaf;
    uint64_t index = 0;     ///< leaf: its index. A jump means that records between are lost.
    ByteView leaf;          ///< points into the cursor's buffer until the next call
    uint64_t size = 0;      ///< head: tree size that was signed
    Signature signature{};  ///< head
  };

  /// Starts at the record `from` (or the oldest held). `buffer` must hold the largest leaf;
  /// larger ones read faster.
  /// ok, bad_state, bad_argument (buffer under 64 bytes), io.
  Status open(const Log& log, MutableBytes buffer, uint64_t from = 0);

  /// ok, end, full (the leaf is larger than the buffer; the next call goes on behind it), io (the
  /// next call tries the same place again), bad_state (not open).
  /// Records whose index cannot be told any more, because the medium lost their neighbours, are
  /// passed over: they show as a jump.
  Status next(Item& item);

 private:
  friend class LogWalk;

  const Log* log_ = nullptr;
  LogWindow window_;
  uint64_t from_ = 0;
  uint64_t index_ = 0;       ///< of the next leaf
  uint64_t index_end_ = 0;   ///< size at which the next segment begins
  uint32_t sequence_ = 0;    ///< segment being walked
  uint32_t header_crc_ = 0;  ///< its seed
  uint32_t offset_ = 0;      ///< of the next frame
  uint32_t batch_at_ = 0;    ///< inside a batch frame: the next leaf, and
  uint32_t batch_end_ = 0;   ///< where the payload ends; 0 outside
  bool index_known_ = false;
  bool segment_open_ = false;
};

}  // namespace cairn
