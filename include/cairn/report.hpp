// Reports: the messages by which a device brings its log to a gateway, over any link, and what it
// is answered. Messages only; reporter.hpp is the device that sends them. docs/format.md,
// "Reports", and messages Report and ReportAnswer of src/wire/cairn.proto.
//
// A report carries content of the log from one index on, in order, and the signed head that this
// leads up to, when both fit; else further reports follow. The gateway holds what has come without
// a gap, and says up to where. What comes twice is passed over, what comes too early is refused
// with the place to go on from.
#pragma once

#include "checkpoint.hpp"
#include "leaf.hpp"
#include "merkle.hpp"
#include "proof.hpp"

namespace cairn {

/// What a report carries besides its checkpoint. The number is that of the field, less 3.
enum class ReportContent : uint8_t {
  none,      ///< with a signature: a head; without: asks how far the gateway is
  records,   ///< packed leaves: PackedRecords and RecordPacker
  hashes,    ///< leaf hashes
  subtrees,  ///< roots of the perfect subtrees that cover [first, checkpoint.size), or the first
             ///< few
  head,      ///< a piece of the head: of the 96 bytes root || signature of checkpoint.size
};

/// Of root || signature. Pieces begin at 0, or without the root at 32.
constexpr size_t report_head_bytes = digest_bytes + signature_bytes;

/// A message from a device. (message Report)
///
/// A checkpoint with a signature is the head itself: the content in front of it is complete, up to
/// checkpoint.size. Without a signature, checkpoint.size names the head that a piece or subtrees
/// belong to, or when asking the newest one of the device; with records and hashes it is 0. The
/// root may stand beside a signature only. It is needed where the gateway comes to another one.
struct Report {
  AirCheckpoint checkpoint;
  uint64_t first = 0;  ///< index of the first record, hash, or leaf under the subtrees; else 0
  uint32_t offset =
      0;  ///< records: bytes of the first one that stand before; head: where it begins
  ReportContent content = ReportContent::none;
  ByteView bytes;  ///< the content
};

/// Returns the size written; full when `out` is smaller; bad_argument for what decode_report()
/// would refuse.
Result<size_t> encode_report(const Report& report, MutableBytes out);

/// Takes a report apart; `out` points into `bytes`.
///
/// corrupt: not exactly what encode_report() writes, or values that do not go together as Report
/// says. Packed records are walked, so PackedRecords finds nothing wrong with them afterwards.
Status decode_report(ByteView bytes, Report& out);

/// One record of a report, or a part of it.
struct ReportRecord {
  uint64_t index = 0;
  uint32_t size_bytes = 0;  ///< of the whole record
  uint32_t offset = 0;      ///< where the bytes belong
  ByteView bytes;
  /// True when the record ends here.
  bool ends() const { return offset + bytes.size == size_bytes; }
};

/// Walks the records of a report without copying them. Only the first can lack its beginning, only
/// the last its end.
class PackedRecords {
 public:
  /// `report.content` is records.
  explicit PackedRecords(const Report& report)
      : rest_(report.bytes), index_(report.first), offset_(report.offset) {}
  /// ok, end, or corrupt.
  Status next(ReportRecord& out);

 private:
  Status next_run();

  ByteView rest_;
  uint64_t index_;
  uint32_t offset_;
  uint32_t size_bytes_ = 0;  ///< of the records of this run
  uint32_t left_ = 0;        ///< records of this run
};

/// Packs records into the caller's memory: one byte or two in front of a run of equal sizes.
class RecordPacker {
 public:
  explicit RecordPacker(MutableBytes out) : out_(out) {}
  /// Adds the record from `offset` on (0 but for the first), as much as fits. Returns the number of
  /// bytes taken; with fewer than were left, nothing more fits.
  size_t put(ByteView record, size_t offset = 0);
  size_t size_bytes() const { return used_; }

 private:
  MutableBytes out_;
  size_t used_ = 0;
  size_t run_at_ = 0;          ///< where the run's head begins,
  size_t run_head_ = 0;        ///< and its size
  size_t run_size_bytes_ = 0;  ///< of its records
  uint32_t run_count_ = 0;
};

/// Appends the hashes or subtrees of a report to the frontier of what is held, and passes over
/// hashes that it has.
///
/// ok            appended, or nothing was new
/// not_found     they begin behind frontier.size(), subtrees also before it; nothing was appended
/// bad_argument  other content
/// full          beyond 2^CAIRN_MAX_LEVELS - 1 leaves
Status extend_frontier(const Report& report, Frontier& frontier);

/// The answer to a report: the HTTP status codes of tlog-witness and two more, whatever the
/// transport.
enum class ReportCode : uint16_t {
  cosigned = 200,      ///< the head is cosigned; `size`, `time` and `cosignature` say how
  accepted = 202,      ///< taken; `held` and `offset` say up to where
  malformed = 400,     ///< not a report
  not_signed = 403,    ///< the signature is not the log's over the root that the content leads to
  unknown_log = 404,   ///< no log of this key id, or suspended
  conflict = 409,      ///< nothing was taken; `held` and `offset` say where to go on
  inconsistent = 422,  ///< the content leads to another root than the one signed
  busy = 429,          ///< too many: try again later
  unavailable = 503,   ///< the store or the signer failed; nothing was taken
};

/// A message to a device. (message ReportAnswer)
struct ReportAnswer {
  ReportCode code = ReportCode::malformed;
  uint64_t size = 0;    ///< newest head that the gateway has cosigned; 0: none
  uint64_t held = 0;    ///< accepted and conflict: everything before this index is held,
  uint32_t offset = 0;  ///< and so many bytes of the record, or of the head, that stands there
  bool has_root = false;
  Digest root{};  ///< of `size`; for a device that asks and has fewer records
  bool has_cosignature = false;
  uint32_t key_id = 0;  ///< of the cosigner, and when it signed; 0 without cosignature
  uint64_t time = 0;
  Signature cosignature{};
  bool has_beacon = false;
  Digest beacon{};  ///< SHA-256 of the text of the gateway's newest checkpoint
};

constexpr size_t report_answer_bytes_max = 175;

/// Returns the size written, at most report_answer_bytes_max; full; bad_argument: a code that is
/// none, cosigned without a cosignature, a cosignature without time, time or key id without a
/// cosignature, held or offset beside another code, sizes and times from 2^63 on, an offset beyond
/// leaf_bytes_max.
Result<size_t> encode_report_answer(const ReportAnswer& answer, MutableBytes out);
/// corrupt: not exactly what encode_report_answer() writes.
Status decode_report_answer(ByteView bytes, ReportAnswer& out);

/// Rebuilds the cosignature line of an answer, "— name base64\n", as the witness wrote it; returns
/// its size.
///
/// bad_argument  no cosignature, not of this key, or a key that is not of type cosignature; full
Result<size_t> rebuild_cosignature(const ReportAnswer& answer, const NoteKey& witness,
                                   MutableBytes out);

}  // namespace cairn
