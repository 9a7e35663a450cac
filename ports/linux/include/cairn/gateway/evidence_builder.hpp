// Evidence from a gateway, end to end: records in the device's log, the device's checkpoint with
// the gateway's cosignature, its place in the gateway's log, and the head of that with the
// cosignatures of others.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>

namespace cairn::gateway {

/// Records of one device.
struct RecordSpan {
  std::string origin;
  uint64_t first = 0;
  uint64_t count = 1;
};

/// Any number of threads may call it. Not for devices that keep their records to themselves: those
/// make the lower part of the evidence, and the gateway has the upper one.
class EvidenceBuilder {
 public:
  /// No evidence is larger.
  static constexpr size_t evidence_bytes_max = size_t{16} << 20;

  /// `records_folder` is that of IntakeOptions. `store` and `log` must outlive it.
  EvidenceBuilder(Store& store, const AggregateLog& log, std::string records_folder)
      : store_(store), log_(log), records_folder_(std::move(records_folder)) {}

  /// Builds one .cairn file about these records: they, the close record of their batch and the last
  /// one before them that names a beacon, of the 4,096 records before them, under the smallest
  /// checkpoint of the device that the gateway's log holds; and that checkpoint under a head of
  /// the gateway's log: the one with receipts of the most anchors, or else one that others
  /// cosigned, or else the newest. Of several, the one with the most cosignatures, and of those the
  /// smallest. With `anchor`, the name of one, only heads that it has a receipt for count, whoever
  /// else has one too.
  ///
  /// `cairn verify` accepts it under a policy with the log's keys of device and gateway.
  ///
  /// Cost: reads of tiles, as TileFolder has them; no commit.
  ///
  /// ok            `file` holds it
  /// not_found     the records are not here, or no signed head of the gateway covers them yet: ask
  ///               again when it has integrated; or the anchor has no receipt for them yet
  /// bad_argument  an empty span
  /// full          longer than evidence_bytes_max: ask for fewer records
  /// damaged       the tiles lead to another root than the device signed: restore them
  /// io            of store or files
  Error build(const RecordSpan& span, std::string& file, const std::string& anchor = "") const;

  /// Builds one .cairn file about a head: the smallest one of that log with at least `size_min`
  /// leaves that is a leaf of the gateway's log, under a head of that, chosen as build() does.
  /// Where the other log is a lower gateway's, `cairn join` puts this on top of its evidence.
  ///
  /// not_found  no such head yet; the others as build()
  Error build_head(const std::string& origin, uint64_t size_min, std::string& file,
                   const std::string& anchor = "") const;

  /// The records of the batches that the device closed from `from_ms` on and up to `to_ms`, by its
  /// own account (close records, POSIX milliseconds). Where its clock was set back meanwhile, they
  /// may be others: look at the close records in the evidence. A head that is in no leaf of the
  /// gateway's log yet does not count.
  ///
  /// Cost: one scan over the device's leaves, and log2 of their number reads of tiles.
  ///
  /// ok, not_found (none, or the records are not here), io
  Error find_time(const std::string& origin, int64_t from_ms, int64_t to_ms, RecordSpan& out) const;

 private:
  Store& store_;
  const AggregateLog& log_;
  const std::string records_folder_;
};

}  // namespace cairn::gateway
