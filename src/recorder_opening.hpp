// What a start finds out from the log, in steps.
#pragma once

#include "log_mount.hpp"
#include "one_of.hpp"
#include "recorder_writer.hpp"

namespace cairn {

/// Reads from a log that was mounted how its recorder goes on.
class RecorderResume {
 public:
  explicit RecorderResume(Recorder& recorder, Meter* meter = nullptr)
      : recorder_(recorder), log_(recorder.log_), reader_(log_, window_, meter) {
    window_.buffer = log_.memory_.frame;
  }

  Step run(Status& status);
  /// The frame memory holds something else than before.
  void forget() { window_.size = 0; }

 private:
  Step check_begin(Status& status);
  Status judge_begin() const;
  Step resume_from(uint64_t from, Status& status);
  void take_leaf(ByteView leaf);

  Recorder& recorder_;
  Log& log_;
  LogWindow window_;
  LogReader reader_;
  Log::Cursor cursor_;
  LogWalk walk_{cursor_, reader_, window_};
  Log::Cursor::Item item_;
  uint64_t from_ = 0;
  bool found_ = false;
  struct {
    uint16_t run, check_begin, resume_from;
  } at_{};
};

/// Recorder::open() of a recorder that is prepared, whose log is attached.
class RecorderOpening {
 public:
  explicit RecorderOpening(Recorder& recorder, Meter* meter = nullptr)
      : recorder_(recorder), meter_(meter) {}

  Step run(Status& status);
  /// The frame memory holds something else than before.
  void forget();

 private:
  enum class Part : uint8_t { none, mount, resume, sign };

  Recorder& recorder_;
  Meter* meter_;
  OneOf<LogMount, RecorderResume, RecorderWriter> part_;
  Part now_ = Part::none;
  uint16_t at_ = 0;
};

}  // namespace cairn
