// A cursor's walk over the records of a log, in steps.
#pragma once

#include "log_reader.hpp"

namespace cairn {

class LogWalk {
 public:
  /// `reader` reads through `window`, which has the buffer.
  LogWalk(Log::Cursor& cursor, LogReader& reader, LogWindow& window)
      : cursor_(cursor), reader_(reader), window_(window) {}

  /// Opens the cursor, a new one, at the record `from`. io: a read failed.
  Step open(const Log& log, uint64_t from, Status& status);
  /// What `item` points to is there until the next call.
  Step next(Log::Cursor::Item& item, Status& status);

 private:
  using Item = Log::Cursor::Item;

  Step open_segment(Status& status);
  Step next_frame(Item& item, Status& status);
  void take_frame(Item& item, Status& status);
  void take_frontier(Item& item);
  Step next_of_batch(Item& item, Status& status);
  Step number_backwards();
  Step number_from_successor();
  void deliver(Item& item, uint32_t offset, uint32_t size, Status& status);

  Log::Cursor& cursor_;
  LogReader& reader_;
  LogWindow& window_;
  Log::Cursor before_;  // to go back to when a read fails
  Segment segment_;
  Frame frame_;
  uint64_t leaves_ = 0;
  uint32_t offset_ = 0;
  LogReader::Found found_{};
  bool delivered_ = false;
  bool known_ = false;
  struct {
    uint16_t open, next, open_segment, next_frame, next_of_batch, number_backwards, successor;
  } at_{};
};

}  // namespace cairn
