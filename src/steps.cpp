#include "cairn/steps.hpp"

#include "mem.hpp"

namespace cairn {

Status Steps::begin(Recorder& recorder, Operation operation) {
  if (busy()) return Status::bad_state;
  recorder_ = &recorder;
  operation_ = operation;
  return Status::ok;
}

Status Steps::begin_open(Recorder& recorder, const Flash& flash, const LogMemory& memory,
                         const RecorderOptions& options, const Platform& platform,
                         const Signer& signer) {
  CAIRN_TRY(begin(recorder, Operation::open));
  reset(recorder);
  flash_ = &flash;
  memory_ = memory;
  options_ = options;
  platform_ = &platform;
  signer_ = &signer;
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
  return begin(recorder, Operation::seal);
}

Status Steps::begin_maintain(Recorder& recorder) {
  return begin(recorder, Operation::maintain);
}

Status Steps::run() {
  Result<uint64_t> index = index_;
  switch (operation_) {
    case Operation::open:
      return recorder_->open(*flash_, memory_, options_, *platform_, *signer_);
    case Operation::append:
      index = recorder_->append(kind_, body_);
      break;
    case Operation::gap:
      index = recorder_->append_gap(count_, reason_);
      break;
    case Operation::seal:
      return recorder_->seal();
    case Operation::maintain:
      return recorder_->log().maintain();
    case Operation::none:
      break;
  }
  if (index.ok()) index_ = index.value;
  return index.status;
}

Result<bool> Steps::step(uint32_t budget, uint32_t& used) {
  used = 0;
  if (!busy()) return false;
  if (budget == 0) return true;
  used = 1;
  const Status status = run();
  operation_ = Operation::none;
  if (status != Status::ok) return status;
  return false;
}

}  // namespace cairn
