#include "cairn/steps.hpp"

#include "one_of.hpp"
#include "recorder_opening.hpp"

#if CAIRN_BOUNDED_WORK

namespace cairn {

struct Steps::Work {
  Meter meter;
  Status status = Status::ok;
  Result<uint64_t> index = uint64_t{0};
  OneOf<RecorderOpening, RecorderWriter> operation;
};

Steps::Work& Steps::work() {
  static_assert(sizeof(Work) <= sizeof work_ && sizeof(Work) + 64 > sizeof work_,
                "correct the size of work_");
  return *reinterpret_cast<Work*>(work_);
}

Status Steps::begin(Recorder& recorder, Operation operation) {
  if (busy()) return Status::bad_state;
  if (operation != Operation::open) CAIRN_TRY(recorder.log_.writable());
  recorder_ = &recorder;
  operation_ = operation;
  reset(work());
  if (operation == Operation::open) return Status::ok;
  recorder.log_.stepping_ = true;
  work().operation.make<RecorderWriter>(recorder, &work().meter);
  return Status::ok;
}

Status Steps::begin_open(Recorder& recorder, const Flash& flash, const LogMemory& memory,
                         const RecorderOptions& options, const Platform& platform,
                         const Signer& signer) {
  if (busy()) return Status::bad_state;
  CAIRN_TRY(recorder.prepare(flash, memory, options, platform, signer));
  CAIRN_TRY(recorder.log_.attach(flash, memory, recorder.options_.log, platform));
  CAIRN_TRY(begin(recorder, Operation::open));
  work().operation.make<RecorderOpening>(recorder, &work().meter);
  return Status::ok;
}

Status Steps::begin_append(Recorder& recorder, Kind kind, ByteView body) {
  CAIRN_TRY(begin(recorder, Operation::append));
  kind_ = kind;
  body_ = body;
  return Status::ok;
}

Status Steps::begin_append_gap(Recorder& recorder, uint64_t count, GapReason reason) {
  CAIRN_TRY(begin(recorder, Operation::gap));
  count_ = count;
  reason_ = reason;
  return Status::ok;
}

Status Steps::begin_seal(Recorder& recorder) {
  if (!busy() && recorder.pending() == 0) return Status::bad_state;
  return begin(recorder, Operation::seal);
}

Status Steps::begin_maintain(Recorder& recorder) {
  return begin(recorder, Operation::maintain);
}

// False when the budget is used up.
bool Steps::run(Work& work) {
  RecorderWriter& writer = work.operation.as<RecorderWriter>();
  Step step = Step::done;
  if (operation_ == Operation::open) {
    step = work.operation.as<RecorderOpening>().run(work.status);
  } else if (operation_ == Operation::append) {
    step = writer.append(kind_, body_, work.index);
  } else if (operation_ == Operation::gap) {
    step = writer.append_gap(count_, reason_, work.index);
  } else if (operation_ == Operation::seal) {
    step = writer.seal(work.status);
  } else {
    step = writer.maintain(work.status);
  }
  return step == Step::done;
}

Result<bool> Steps::step(uint32_t budget, uint32_t& used) {
  used = 0;
  if (!busy() || budget == 0) return busy();
  Work& at_hand = work();
  at_hand.meter.left = budget;
  if (operation_ == Operation::open) {
    at_hand.operation.as<RecorderOpening>().forget();
  } else {
    at_hand.operation.as<RecorderWriter>().forget();
  }
  const bool done = run(at_hand);
  used = budget - at_hand.meter.left;
  if (!done) return true;
  const bool appended = operation_ == Operation::append || operation_ == Operation::gap;
  if (operation_ != Operation::open) recorder_->log_.stepping_ = false;
  operation_ = Operation::none;
  if (appended && at_hand.index.ok()) index_ = at_hand.index.value;
  const Status status = appended ? at_hand.index.status : at_hand.status;
  if (status != Status::ok) return status;
  return false;
}

}  // namespace cairn

#endif
