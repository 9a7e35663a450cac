// What a recorder writes, in steps.
#pragma once

#include "cairn/recorder.hpp"
#include "log_writer.hpp"

namespace cairn {

/// One operation at a time. Functions that return a Step stop when the meter is empty.
class RecorderWriter {
 public:
  explicit RecorderWriter(Recorder& recorder, Meter* meter = nullptr)
      : recorder_(recorder), log_(recorder.log_), writer_(recorder.log_, meter) {}

  Step append(Kind kind, ByteView body, Result<uint64_t>& index);
  Step append_gap(uint64_t count, GapReason reason, Result<uint64_t>& index);
  Step seal(Status& status);
  /// Signs the tree as it is. The signature stays inside until the head is durable.
  Step sign_head(Status& status);
  Step maintain(Status& status);
  /// Writes what goes in front of a record.
  Step before_append(Status& status);
  /// Seals when this is wanted and the policy is automatic.
  Step seal_if(bool wanted);

  /// The frame memory holds something else than before.
  void forget() { writer_.forget(); }

 private:
  Step append_library(Kind kind, Status& status);
  Step append_boot(Status& status);
  Step append_clock_step(Status& status);
  Step append_pruned(Status& status);
  Step hash_previous();
  Step stage_close(Status& status);
  Status encode_close_record();
  Status encode_with(const Result<size_t>& size);
  bool ask_signer(Status& status);

  Recorder& recorder_;
  Log& log_;
  LogWriter writer_;
  union {
    uint8_t body_[small_body_bytes_max];  // of a library record
    Signature signature_;                 // when the close record is written
  };
  Digest digest_;  // of the newest head's text, then the root that is signed
  WallTime now_;
  uint64_t monotonic_ms_ = 0;
  uint64_t size_ = 0;
  uint64_t index_min_ = 0;
  uint32_t body_size_ = 0;
  uint32_t hashed_ = 0;
  Status status_ = Status::ok;  // of appending
  Status sealed_ = Status::ok;
  Status commit_ = Status::ok;
  bool stepped_ = false;
  bool wanted_ = false;
  struct {
    uint16_t append, gap, seal, sign_head, maintain, before, seal_if, library, boot, clock, pruned,
        hash_previous, close;
  } at_{};
};

}  // namespace cairn
