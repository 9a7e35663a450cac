// What the newest segment holds. Reads only (rules R2, R3 and R8 of docs/format.md).
#include "log_mount.hpp"

#include "mem.hpp"

namespace cairn {

using namespace log_format;

Step LogMount::run(Status& status) {
  CAIRN_STEPS(at_.run)
  CAIRN_AWAIT(at_.run, find_and_walk(status));
  if (window_.failed) {
    log_.state_ = Log::State::closed;
    status = Status::io;
  }
  CAIRN_STEPS_END(at_.run);
}

Step LogMount::find_and_walk(Status& status) {
  CAIRN_STEPS(at_.find_and_walk)
  CAIRN_AWAIT(at_.find_and_walk, find_newest());
  if (!found_) {
    CAIRN_AWAIT(at_.find_and_walk, explain_absence(status));
    CAIRN_DONE(at_.find_and_walk);
  }
  CAIRN_AWAIT(at_.find_and_walk, follow_promises());
  begin_walk();
  CAIRN_AWAIT(at_.find_and_walk, walk_newest());
  damaged_ = !known_;
  CAIRN_AWAIT(at_.find_and_walk, judge_next());
  damaged_ = damaged_ || log_.report_.damaged;
  CAIRN_AWAIT(at_.find_and_walk, judge_tail());
  log_.tiles_unchecked_ = log_.options_.tiles != LogTiles::none;
  log_.report_.damaged = damaged_;
  log_.state_ = damaged_ ? Log::State::damaged : Log::State::open;
  CAIRN_AWAIT(at_.find_and_walk, find_index_min());
  status = damaged_ ? Status::damaged : Status::ok;
  CAIRN_STEPS_END(at_.find_and_walk);
}

void LogMount::begin_walk() {
  log_.segment_ = newest_.index;
  log_.sequence_ = newest_.header.sequence;
  log_.header_crc_ = newest_.crc;
  log_.segment_first_ = newest_.first_leaf;
  log_.erase_count_ = newest_.header.erase_count;
  const uint32_t announced = 1u << (newest_.header.in_flight_log2 & 31);
  if (announced > log_.in_flight_bytes_) log_.in_flight_bytes_ = announced;
}

// Counts and hashes the newest segment's leaves. Not `known_`: the size of the tree is lost.
Step LogMount::walk_newest() {
  CAIRN_STEPS(at_.walk_newest)
  CAIRN_AWAIT(at_.walk_newest, walk_up_to(reader_.layout().frames_end()));
  if (log_.flash_->kind != CAIRN_FLASH_NOR || !last_.is_mark()) CAIRN_DONE(at_.walk_newest);
  // With nothing behind it, a mark says that what it names is being programmed flat: the log ends
  // in front of that, even where it reads as a whole frame (R4).
  back_ = last_.offset;
  known_ = reader_.marked(newest_.index, last_, hole_);
  if (!known_) CAIRN_DONE(at_.walk_newest);
  CAIRN_AWAIT(at_.walk_newest, walk_up_to(hole_));
  known_ = known_ && log_.end_ == hole_;
  if (known_) log_.mark_ = log_.unsure_ = back_;
  CAIRN_STEPS_END(at_.walk_newest);
}

Step LogMount::walk_up_to(uint32_t end) {
  CAIRN_STEPS(at_.walk_up_to)
  log_.has_head_ = false;
  last_ = newest_.frontier;
  known_ = true;
  CAIRN_AWAIT(at_.walk_up_to, take_frontier(newest_.frontier));
  offset_ = newest_.frontier.next;
  while (offset_ < end) {
    CAIRN_AWAIT(at_.walk_up_to, reader_.walk(newest_.index, newest_.crc, offset_, frame_, kind_));
    if (kind_ == LogReader::Found::end) break;
    if (kind_ == LogReader::Found::hole) {
      known_ = false;
      continue;
    }
    last_ = frame_;
    CAIRN_AWAIT(at_.walk_up_to, take_frame());
  }
  log_.unsure_ = last_.offset;
  log_.end_ = offset_;
  CAIRN_STEPS_END(at_.walk_up_to);
}

Step LogMount::take_frame() {
  CAIRN_STEPS(at_.take_frame)
  if (frame_.type == FrameType::frontier) {
    CAIRN_AWAIT(at_.take_frame, take_frontier(frame_));
  } else if (frame_.is_gap()) {
    GapFrame gap;
    if (!reader_.gap(newest_.index, frame_, gap) || gap.size != log_.frontier_.size())
      known_ = false;
  } else if (frame_.type != FrameType::tile && frame_.type != FrameType::gap && known_) {
    CAIRN_AWAIT(at_.take_frame, take_leaves());
  }
  CAIRN_STEPS_END(at_.take_frame);
}

Step LogMount::take_frontier(const Frame& frame) {
  const bool first = frame.offset == newest_.frontier.offset;
  CAIRN_STEPS(at_.take_frontier)
  if (!reader_.frontier_frame(newest_.index, frame, content_)) {
    known_ = false;
    CAIRN_DONE(at_.take_frontier);
  }
  if (known_ && !first && content_.size != log_.frontier_.size()) {
    known_ = false;  // records are missing or too many: nothing explains that
    CAIRN_DONE(at_.take_frontier);
  }
  CAIRN_AWAIT(at_.take_frontier,
              reader_.read_frontier(newest_.index, content_, log_.frontier_, known_));
  log_.frontier_size_ = content_.size;
  if (known_) CAIRN_AWAIT(at_.take_frontier, take_head());
  CAIRN_STEPS_END(at_.take_frontier);
}

Step LogMount::take_head() {
  CAIRN_STEPS(at_.take_head)
  size_ = content_.size;
  offset_tail_ = content_.tail;
  if ((content_.flags & frontier_signed) != 0) {
    CAIRN_AWAIT(at_.take_head, tree().root(log_.frontier_, root_));
  } else if ((content_.flags & frontier_old_head) == 0 || !read_old_head()) {
    CAIRN_DONE(at_.take_head);
  }
  CAIRN_UNIT(at_.take_head, reader_);
  const uint8_t* p = reader_.bytes(newest_.index, offset_tail_, signature_bytes);
  if (p != nullptr) {
    log_.head_.size = size_;
    log_.head_.root = root_;
    copy(log_.head_.signature.bytes, p, signature_bytes);
    log_.has_head_ = true;
  }
  CAIRN_STEPS_END(at_.take_head);
}

bool LogMount::read_old_head() {
  const uint8_t* p = reader_.bytes(newest_.index, offset_tail_, 8 + digest_bytes);
  if (p == nullptr) return false;
  size_ = load_le64(p);
  copy(root_.bytes, p + 8, digest_bytes);
  offset_tail_ += 8 + static_cast<uint32_t>(digest_bytes);
  return true;
}

// The leaf may be larger than the window: it is hashed in pieces.
Step LogMount::take_leaf(uint32_t offset, uint32_t size) {
  CAIRN_STEPS(at_.take_leaf)
  tree().begin_leaf(size);
  leaf_at_ = offset;
  do {
    CAIRN_UNIT(at_.take_leaf, reader_);
    const uint32_t step_max = static_cast<uint32_t>(window_.buffer.size);
    const uint32_t piece = static_cast<uint32_t>(tree().piece());
    const uint32_t step = piece < step_max ? piece : step_max;
    const uint8_t* p = reader_.bytes(newest_.index, leaf_at_, step);
    known_ = p != nullptr || step == 0;
    if (!known_) CAIRN_DONE(at_.take_leaf);
    tree().hash({p, step});
    leaf_at_ += step;
  } while (!tree().is_hashed());
  CAIRN_AWAIT(at_.take_leaf, tree().add(log_.frontier_, status_));
  known_ = status_ == Status::ok;
  CAIRN_STEPS_END(at_.take_leaf);
}

Step LogMount::take_leaves() {
  CAIRN_STEPS(at_.take_leaves)
  behind_ = frame_.payload();
  if (frame_.type == FrameType::record) {
    CAIRN_AWAIT(at_.take_leaves, take_leaf(frame_.payload(), frame_.size));
    CAIRN_DONE(at_.take_leaves);
  }
  while (known_ && next_batch_leaf(reader_, newest_.index, behind_, frame_.payload() + frame_.size,
                                   leaf_, leaf_size_)) {
    CAIRN_AWAIT(at_.take_leaves, take_leaf(leaf_, leaf_size_));
  }
  CAIRN_STEPS_END(at_.take_leaves);
}

Step LogMount::find_index_min() {
  CAIRN_STEPS(at_.index_min)
  CAIRN_AWAIT(at_.index_min, reader_.live_segment(reader_.oldest_sequence(), probe_, held_));
  if (held_) {
    log_.index_min_ = probe_.first_leaf;
    CAIRN_DONE(at_.index_min);
  }
  // Its first frontier has rotted. NEXT tells, or else it is the first record that a walk can
  // number.
  CAIRN_AWAIT(at_.index_min, announced_index_min());
  if (named_) {
    log_.index_min_ = index_min_;
    CAIRN_DONE(at_.index_min);
  }
  CAIRN_AWAIT(at_.index_min, find_first_numbered());
  CAIRN_STEPS_END(at_.index_min);
}

Step LogMount::find_first_numbered() {
  CAIRN_STEPS(at_.first_numbered)
  log_.index_min_ = log_.frontier_.size();
  parts_.make<Numbering>(reader_, window_);
  CAIRN_AWAIT(at_.first_numbered, numbering().walk.open(log_, 0, status_));
  while (status_ == Status::ok || status_ == Status::full) {
    CAIRN_AWAIT(at_.first_numbered, numbering().walk.next(numbering().item, status_));
    if (status_ != Status::ok && status_ != Status::full) break;
    if (numbering().item.type != Log::Cursor::Item::Type::leaf) continue;
    if (numbering().item.index < log_.index_min_) log_.index_min_ = numbering().item.index;
    break;
  }
  window_.failed = window_.failed || status_ == Status::io;
  CAIRN_STEPS_END(at_.first_numbered);
}

Status Log::mount(const Flash& flash, const LogMemory& memory, const LogOptions& options,
                  const Platform& platform) {
  CAIRN_TRY(attach(flash, memory, options, platform));
  Status status = Status::ok;
  (void)LogMount(*this).run(status);
  return status;
}

}  // namespace cairn
