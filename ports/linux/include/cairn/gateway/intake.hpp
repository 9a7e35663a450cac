// What devices send, and what they are answered: the witness of c2sp.org/tlog-witness for their
// logs, and the compact reports of cairn/report.hpp. Transports call one of two functions with
// bytes and send back what they get.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/witness.hpp>

namespace cairn::gateway {

struct IntakeOptions {
  size_t body_bytes_max = 1 << 20;
  std::string records_folder;  ///< where records of devices that report them are kept, as tiles
};

/// What a gateway has counted since its start.
struct IntakeCounts {
  uint64_t answers[8] = {};  ///< by answer: 200, 400, 403, 404, 409, 422, 429, 503
  uint64_t records = 0;
  uint64_t forks = 0;
  uint64_t commits = 0;  ///< of the store
};

/// Any number of threads may call it. Requests that arrive while the store commits are committed
/// together by the next one.
///
/// Entries: "head ORIGIN", the newest cosigned head; "fork ORIGIN", the proof of a fork.
class Intake {
 public:
  /// `witness_key` cosigns (type 0x04); it is not the key of the aggregate log. All must outlive.
  Intake(Store& store, Registry& registry, AggregateLog& log, const host::KeyFile& witness_key,
         IntakeOptions options);
  ~Intake();

  /// Answers a request of add-checkpoint. The cosignature line, or for 409 the decimal size, is in
  /// `answer`. The head is durable, and queued for the aggregate log, before this returns 200.
  ///
  /// Two heads of one device that conflict, both signed by it, freeze the device: the proof is
  /// stored first, then 422 is answered.
  WitnessAnswer add_checkpoint(ByteView body, std::string& answer);

  /// Answers a Report message with a ReportAnswer message.
  std::string report(ByteView message);

  /// The newest cosigned note of an origin: what GET <hash of origin>/checkpoint shows. not_found.
  Error checkpoint(const std::string& origin, std::string& note) const;

  IntakeCounts counts() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace cairn::gateway
