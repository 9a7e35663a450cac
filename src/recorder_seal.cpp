// Closing batches and signing heads, in steps.
#include "recorder_writer.hpp"

namespace cairn {

namespace {

constexpr size_t text_bytes_max =
    key_name_bytes_max + 1 + decimal_bytes_max + 1 + base64_size(digest_bytes) + 1;

}  // namespace

Step RecorderWriter::seal_if(bool wanted) {
  CAIRN_STEPS(at_.seal_if)
  wanted_ = wanted && recorder_.options_.batch.automatic && recorder_.pending() != 0;
  if (!wanted_) CAIRN_DONE(at_.seal_if);
  CAIRN_AWAIT(at_.seal_if, seal(sealed_));
  recorder_.last_seal_ = sealed_;
  CAIRN_STEPS_END(at_.seal_if);
}

// `digest_`: of the text of the newest head, which is made again for each piece of it.
Step RecorderWriter::hash_previous() {
  const SignedHead* head = log_.head();
  CAIRN_STEPS(at_.hash_previous)
  if (head == nullptr) CAIRN_DONE(at_.hash_previous);
  hashed_ = 0;
  do {
    CAIRN_UNIT(at_.hash_previous, writer_.reader());
    uint8_t text[text_bytes_max];
    const Result<size_t> size =
        format_checkpoint({recorder_.options_.origin, head->size, head->root, {}}, text);
    if (hashed_ == 0) writer_.tree().begin(size.value);
    const ByteView piece = ByteView{text, size.value}.part(hashed_, 64);
    writer_.tree().hash(piece);
    hashed_ += static_cast<uint32_t>(piece.size);
  } while (!writer_.tree().is_hashed());
  digest_ = writer_.tree().digest();
  CAIRN_STEPS_END(at_.hash_previous);
}

Status RecorderWriter::encode_close_record() {
  Close close{};
  close.batch = recorder_.batch_;
  close.boot = recorder_.boot_;
  close.monotonic_ms = monotonic_ms(*recorder_.platform_);
  close.time = wall_time(*recorder_.platform_);
  close.key_epoch = recorder_.key_epoch_;
  close.has_previous = log_.head() != nullptr;
  if (close.has_previous) close.previous = digest_;
  close.has_beacon = recorder_.has_beacon_;
  close.beacon = recorder_.beacon_;
  return encode_with(encode_close(close, body_));
}

Step RecorderWriter::stage_close(Status& status) {
  CAIRN_STEPS(at_.close)
  status = log_.usable();
  if (status != Status::ok) CAIRN_DONE(at_.close);
  CAIRN_AWAIT(at_.close, hash_previous());
  status = encode_close_record();
  CAIRN_AWAIT(at_.close, append_library(Kind::close, status));
  if (status != Status::ok) CAIRN_DONE(at_.close);
  ++recorder_.batch_;
  recorder_.batch_open_ = false;
  recorder_.batch_bytes_ = 0;
  CAIRN_STEPS_END(at_.close);
}

// Asks for the signature once. False: it is not there yet. Who works without a budget is not kept
// waiting: sealing fails with io, and a later one goes on here.
bool RecorderWriter::ask_signer(Status& status) {
  uint8_t text[text_bytes_max];
  const Result<size_t> size =
      format_checkpoint({recorder_.options_.origin, log_.size(), digest_, {}}, text);
  status = size.status;
  return !size.ok() || try_sign(*recorder_.signer_, {text, size.value}, signature_, status) ||
         !writer_.reader().is_metered();
}

Step RecorderWriter::sign_head(Status& status) {
  CAIRN_STEPS(at_.sign_head)
  status = log_.usable();
  if (status != Status::ok) CAIRN_DONE(at_.sign_head);
  CAIRN_AWAIT(at_.sign_head, writer_.tree().root(log_.frontier(), digest_));
  do {
    CAIRN_UNIT(at_.sign_head, writer_.reader());
  } while (!ask_signer(status));
  if (status != Status::ok) CAIRN_DONE(at_.sign_head);
  CAIRN_AWAIT(at_.sign_head, writer_.write_head(digest_, signature_, status));
  CAIRN_STEPS_END(at_.sign_head);
}

Step RecorderWriter::seal(Status& status) {
  CAIRN_STEPS(at_.seal)
  status = Status::bad_state;
  if (recorder_.pending() == 0) CAIRN_DONE(at_.seal);
  status = Status::ok;
  if (recorder_.boot_pending_ && recorder_.batch_open_) CAIRN_AWAIT(at_.seal, append_boot(status));
  // Without open records the last leaf is a close record whose head is missing: sign it.
  if (status == Status::ok && recorder_.batch_open_) CAIRN_AWAIT(at_.seal, stage_close(status));
  if (status == Status::ok) CAIRN_AWAIT(at_.seal, sign_head(status));
  if (status == Status::ok) CAIRN_DONE(at_.seal);
  // The records that wait for this commit are kept all the same.
  commit_ = log_.usable();
  if (commit_ == Status::ok) CAIRN_AWAIT(at_.seal, writer_.sync(commit_));
  if (commit_ != Status::ok) status = commit_;
  CAIRN_STEPS_END(at_.seal);
}

}  // namespace cairn
