// What devices send, and what they are answered: the witness of c2sp.org/tlog-witness for their
// logs, and the compact reports of cairn/report.hpp. Transports call one of two functions with
// bytes and send back what they get.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/witness.hpp>
#include <functional>

namespace cairn::gateway {

struct IntakeOptions {
  size_t body_bytes_max = 1 << 20;
  size_t requests_max =
      1024;  ///< answered at the same time; beyond it the answer is 503, to reports 429
  std::string records_folder;  ///< where records of devices that report them are kept, as tiles;
                               ///< empty: they are not
  /// Records that reports have brought and no head covers yet, of all devices together. Who was
  /// silent longest brings them again. No batch of one device may be larger.
  size_t held_bytes_max = 64 << 20;
  /// Now, in POSIX seconds; empty: the system's clock. Cosignatures carry it.
  std::function<uint64_t()> now_s;
  /// Told of each device that this gateway freezes, once that is durable, by the thread that
  /// answers the device: raise an alarm. Empty: nobody is.
  std::function<void(const std::string& origin)> frozen;
};

/// The answers that are counted apart.
constexpr uint16_t intake_answers[] = {200, 202, 400, 403, 404, 409, 422, 429, 503};

/// What a gateway has counted since its start.
struct IntakeCounts {
  uint64_t answers[std::size(intake_answers)] = {};  ///< in the order of intake_answers
  uint64_t records = 0;
  uint64_t unkept = 0;  ///< heads whose records came and are not kept, since some before are not
  uint64_t records_failed = 0;  ///< heads that were not taken, since their records cannot be kept
  uint64_t reports_held = 0;    ///< now: devices whose reports no cosigned head covers yet
  uint64_t forks = 0;           ///< devices that were frozen: raise an alarm
  uint64_t commits = 0;         ///< of the store, for heads
  uint64_t heads = 0;           ///< that these made durable
};

/// Any number of threads may call it, and any number of processes may share the store. Requests
/// that arrive while the store commits are committed together by the next one.
///
/// A device's state decides first: what is unknown or pending is answered 404; what is suspended,
/// revoked or frozen has no key that is trusted, so 403. Of its keys the one for the size of the
/// checkpoint counts.
///
/// Entries: "head ORIGIN", the newest cosigned head: the device's checkpoint with its own signature
/// line and the gateway's first cosignature; "cosigned ORIGIN SIZE", that cosignature, for every
/// head.
class Intake {
 public:
  /// `witness_key` cosigns (type 0x04, so Ed25519); it is not the key of the aggregate log. All
  /// must outlive.
  Intake(Store& store, Registry& registry, AggregateLog& log, const host::KeyFile& witness_key,
         IntakeOptions options);
  ~Intake();

  /// Answers a request of add-checkpoint. `answer` is the body to send: the cosignature line, for
  /// 409 the decimal size and a line end (Content-Type text/x.tlog.size), else a line that says
  /// what is wrong. The head is durable, and queued for the aggregate log, before this returns 200.
  ///
  /// Two heads of one device that contradict each other, both signed by it, freeze the device: the
  /// proof is stored with that, before the answer, which is the protocol's: 422, or 409 where the
  /// request also starts from another size. Contradicting are: the same size as the newest head
  /// with another root; a size that was cosigned before, with another root; a larger size whose
  /// consistency proof leads to it, but from another root than that of the newest head, where the
  /// proof holds that root (its size is no power of two).
  ///
  /// Power loss: a head is durable before its cosignature leaves. 503: the store, the queue of the
  /// aggregate log or the key failed; whether the head was stored tells the next request.
  /// Cost: one signature verification, one signature, two reads and a part of one commit of the
  /// store. Asking again for the newest head commits nothing.
  WitnessAnswer add_checkpoint(ByteView body, std::string& answer);

  /// Answers a Report message with a ReportAnswer message: docs/format.md, "Reports". What is
  /// suspended, revoked or frozen is answered 404 here, and a record of a kind that the device may
  /// not report 403. A head is treated as add_checkpoint() treats it.
  ///
  /// `log` is the origin_hash() of the log that the transport says the message is of; one of
  /// another log is answered 404. Empty: it does not say. Then the key id in the message does,
  /// where one active device only has it; else 404.
  ///
  /// Records of a device that reports nothing else, from its first one on, are kept in
  /// `records_folder`/<hexadecimal SHA-256 of the origin>, as tiles, durable before the head that
  /// covers them. Where the folder lacks records before those that come, these are not kept, nor
  /// are later ones, and the head is taken; IntakeCounts says so. What the folder holds is known by
  /// the folder alone, so gateways that share a store may have one each.
  ///
  /// Entry: "frontier ORIGIN", that of the newest head that came in a report.
  std::string report(ByteView message, const std::string& log = {});

  /// Queues the newest heads that are in no leaf of the aggregate log. Call it after a start, and
  /// again, after integrating, while it answers full.
  ///
  /// ok    all are queued
  /// full  the queue of the log is full; the next call goes on from there
  /// io    of the store; the next call goes on
  Error queue_heads();

  /// The newest cosigned note of an origin: what GET <hash of origin>/checkpoint shows. not_found.
  Error checkpoint(const std::string& origin, std::string& note) const;

  IntakeCounts counts() const;
  /// Why the records of the newest head counted in records_failed could not be kept: the folder or
  /// the store failed, or other records lie there (corrupt). ok: none yet.
  Error records_failure() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace cairn::gateway
