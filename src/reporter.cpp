// What a device sends next, and what an answer changes.
#include "cairn/reporter.hpp"

#include "mem.hpp"
#include "note_lines.hpp"
#include "wire/report_format.hpp"

namespace cairn {

// The content of a message while it is gathered: behind the place where its front will stand.
class Reporter::Content {
 public:
  Content(ReportContent kind, MutableBytes room, uint64_t position, uint32_t offset)
      : kind_(kind), packer_(room), room_(room), position_(position), offset_(offset) {}

  uint64_t position() const { return position_; }
  uint32_t offset() const { return offset_; }
  size_t size_bytes() const {
    return kind_ == ReportContent::records ? packer_.size_bytes() : used_;
  }

  // Both say whether more may fit.
  bool put_leaf(ByteView leaf) {
    if (kind_ == ReportContent::hashes) {
      return room_.size - used_ >= digest_bytes && put_hash(leaf_hash(leaf), 1);
    }
    const size_t taken = packer_.put(leaf, offset_);
    if (taken < leaf.size - offset_) {
      offset_ += static_cast<uint32_t>(taken);
      return false;
    }
    offset_ = 0;
    ++position_;
    return true;
  }
  bool put_hash(const Digest& hash, uint64_t leaves) {
    copy(room_.data + used_, hash.bytes, digest_bytes);
    used_ += digest_bytes;
    position_ += leaves;
    return room_.size - used_ >= digest_bytes;
  }
  bool fits_hash() const { return room_.size >= digest_bytes; }
  void begin_at(uint32_t offset) { offset_ = offset; }

 private:
  const ReportContent kind_;
  RecordPacker packer_;
  const MutableBytes room_;
  size_t used_ = 0;
  uint64_t position_;
  uint32_t offset_;
};

Status Reporter::begin(Recorder& recorder, const ReporterOptions& options) {
  reset(*this);
  if (recorder.log().leaf_limit() == 0) return Status::bad_state;
  const bool needs_leaf = options.mode != ReportMode::heads;
  if (options.witness.type != NoteType::cosignature ||
      options.witness.key.algorithm != CAIRN_ED25519 || (needs_leaf && options.leaf.size < 64)) {
    return Status::bad_argument;
  }
  recorder_ = &recorder;
  options_ = options;
  const PublicKey& key = recorder.key();
  key_id_ = key_id(note_key(recorder.origin(), log_note_type(key), key));
  stopped_ = Status::ok;
  return Status::ok;
}

uint64_t Reporter::signed_size() const {
  const SignedHead* head = recorder_->log().head();
  return head == nullptr ? 0 : head->size;
}

void Reporter::again() {
  phase_ = Phase::ask;
}

Status Reporter::successor(Begin& out) const {
  if (stopped_ != Status::damaged) return Status::bad_state;
  out.previous_origin = recorder_->origin();
  out.previous_size = target_.size;
  out.previous_root = target_.root;
  return Status::ok;
}

// ---- sending -----------------------------------------------------------------------------------

// A head that is being sent is kept: the log has the newest one only.
Status Reporter::choose_head() {
  if (target_.size == 0) {
    const uint64_t size = signed_size();
    if (size <= acknowledged_ && size <= cosigned_) return Status::end;
    target_ = *recorder_->log().head();
  }
  const bool sent = position_ == target_.size && offset_ == report_head_bytes;
  return sent ? Status::end : Status::ok;
}

Result<size_t> Reporter::next(MutableBytes out) {
  if (stopped_ != Status::ok) return stopped_;
  if (phase_ == Phase::ask) return send_ask(out);
  if (phase_ == Phase::asked) return Status::end;
  CAIRN_TRY(choose_head());
  if (position_ == target_.size) return send_head(out);
  const Result<size_t> sent = send_content(out);
  const bool lost = sent.status == Status::pruned || sent.status == Status::corrupt;
  if (!lost || as_subtrees_) return sent;
  as_subtrees_ = true;
  position_ = base_;
  offset_ = 0;
  return position_ == target_.size ? send_head(out) : send_content(out);
}

Result<size_t> Reporter::send_ask(MutableBytes out) {
  Report report;
  report.checkpoint.key_id = key_id_;
  report.checkpoint.size = signed_size();
  const Result<size_t> size = encode_report(report, out);
  if (size.ok()) phase_ = Phase::asked;
  return size;
}

void Reporter::stand_on(Report& report, bool signed_head) const {
  AirCheckpoint& air = report.checkpoint;
  air.has_signature = signed_head;
  air.has_root = signed_head && refused_;
  if (!signed_head) return;
  air.size = target_.size;
  air.root = target_.root;
  air.algorithm = recorder_->key().algorithm;
  air.signature = target_.signature;
}

Result<size_t> Reporter::send_content(MutableBytes out) {
  Report report;
  report.checkpoint.key_id = key_id_;
  report.first = position_;
  const bool subtrees = as_subtrees_ || options_.mode == ReportMode::heads;
  const uint64_t end = subtrees && position_ < cosigned_ ? cosigned_ : target_.size;
  const uint64_t named = subtrees ? end : 0;
  report.checkpoint.size = named;
  report.content = subtrees                              ? ReportContent::subtrees
                   : options_.mode == ReportMode::hashes ? ReportContent::hashes
                                                         : ReportContent::records;
  report.offset = report.content == ReportContent::records ? offset_ : 0;
  const Result<size_t> front = wire::encode_report_head(report, out.size, {});
  if (!front.ok()) return front;
  if (front.value > out.size) return Status::full;

  Content content(report.content, {out.data + front.value, out.size - front.value}, position_,
                  report.offset);
  CAIRN_TRY(subtrees ? fill_subtrees(content, end) : fill_leaves(content, report));
  const size_t size = content.size_bytes();
  if (size == 0) return Status::full;
  size_t front_size = 0;
  for (bool whole = content.position() == target_.size;; whole = false) {
    stand_on(report, whole);
    if (!whole) report.checkpoint.size = named;
    front_size = wire::encode_report_head(report, size, {}).value;
    if (!whole || front_size + size <= out.size) break;
  }
  memmove(out.data + front_size, out.data + front.value, size);
  CAIRN_TRY(wire::encode_report_head(report, size, {out.data, front_size}).status);
  position_ = content.position();
  offset_ = report.checkpoint.has_signature ? report_head_bytes : content.offset();
  head_sent_ = head_sent_ || report.checkpoint.has_signature;
  return front_size + size;
}

// What was gathered goes out, whatever keeps the next leaf from being read; that comes up again.
Status Reporter::fill_leaves(Content& content, Report& report) {
  const uint64_t first = content.position();
  const Status status = gather_leaves(content, report);
  return content.position() != first || content.offset() != report.offset ? Status::ok : status;
}

// pruned, corrupt: the next leaf is no more there.
Status Reporter::gather_leaves(Content& content, Report& report) {
  const Log& log = recorder_->log();
  Log::Cursor cursor;
  CAIRN_TRY(cursor.open(log, options_.leaf, content.position()));
  for (bool more = true; more && content.position() < target_.size;) {
    Log::Cursor::Item item;
    const Status status = cursor.next(item);
    if (status == Status::full) return Status::bad_argument;
    if (status != Status::ok && status != Status::end) return status;
    if (status == Status::ok && item.type == Log::Cursor::Item::Type::head) continue;
    if (status == Status::end || item.index != content.position()) {
      return content.position() < log.index_min() ? Status::pruned : Status::corrupt;
    }
    if (content.position() == report.first) {  // not more is held of a record than there is
      if (report.offset >= item.leaf.size) report.offset = 0;
      content.begin_at(report.offset);
    }
    more = content.put_leaf(item.leaf);
  }
  return Status::ok;
}

Status Reporter::fill_subtrees(Content& content, uint64_t end) {
  for (bool more = content.fits_hash(); more && content.position() < end;) {
    const unsigned level = cover_level(content.position(), end);
    Digest root;
    const Status status = recorder_->log().node(level, content.position() >> level, root);
    if (status != Status::ok) return content.size_bytes() == 0 ? status : Status::ok;
    more = content.put_hash(root, uint64_t{1} << level);
  }
  return Status::ok;
}

// The head alone: whole, or in pieces where the link takes no more.
Result<size_t> Reporter::send_head(MutableBytes out) {
  Report report;
  report.checkpoint.key_id = key_id_;
  stand_on(report, true);
  Result<size_t> size = encode_report(report, out);
  if (size.status != Status::full) {
    if (size.ok()) offset_ = report_head_bytes;
    head_sent_ = head_sent_ || size.ok();
    return size;
  }
  stand_on(report, false);
  uint8_t head[report_head_bytes];
  copy(head, target_.root.bytes, digest_bytes);
  copy(head + digest_bytes, target_.signature.bytes, signature_bytes);
  const uint32_t begin = refused_ ? 0 : digest_bytes;
  report.content = ReportContent::head;
  report.offset = offset_ < begin || offset_ > report_head_bytes ? begin : offset_;
  const Result<size_t> front = wire::encode_report_head(report, sizeof head, {});
  if (!front.ok()) return front;
  if (front.value >= out.size) return Status::full;
  report.bytes = ByteView(head).part(report.offset, out.size - front.value);
  size = encode_report(report, out);
  if (size.ok()) offset_ = report.offset + static_cast<uint32_t>(report.bytes.size);
  head_sent_ = head_sent_ || offset_ == report_head_bytes;
  return size;
}

// ---- answers -----------------------------------------------------------------------------------

Status Reporter::take(ByteView bytes) {
  if (stopped_ != Status::ok) return stopped_;
  ReportAnswer answer;
  CAIRN_TRY(decode_report_answer(bytes, answer));
  switch (answer.code) {
    case ReportCode::cosigned:
      return take_cosigned(answer);
    case ReportCode::accepted:
      return Status::ok;
    case ReportCode::conflict:
      return take_conflict(answer);
    case ReportCode::not_signed:
    case ReportCode::inconsistent:
      return take_refusal(answer);
    default:
      break;
  }
  again();
  return answer.code == ReportCode::unknown_log ? Status::not_found
         : answer.code == ReportCode::malformed ? Status::unsupported
                                                : Status::io;
}

Status Reporter::check_cosignature(const ReportAnswer& answer, uint64_t size,
                                   const Digest& root) const {
  if (answer.key_id != key_id(options_.witness)) return Status::signature_invalid;
  uint8_t text[key_name_bytes_max + 1 + decimal_bytes_max + 1 + base64_size(digest_bytes) + 1];
  const Result<size_t> text_size = format_checkpoint({recorder_->origin(), size, root, {}}, text);
  if (!text_size.ok()) return text_size.status;
  return verify_cosignature(answer.time, answer.cosignature, {text, text_size.value},
                            options_.witness.key, options_.verifiers);
}

Status Reporter::take_cosigned(const ReportAnswer& answer) {
  if (target_.size == 0 || answer.size != target_.size) return Status::ok;  // late
  CAIRN_TRY(check_cosignature(answer, target_.size, target_.root));
  acknowledged_ = cosigned_ = base_ = position_ = target_.size;
  offset_ = 0;
  target_.size = 0;
  phase_ = Phase::sending;
  as_subtrees_ = refused_ = head_sent_ = false;
  recorder_->log().keep_from(acknowledged_);
  if (answer.has_beacon) recorder_->set_beacon(answer.beacon);
  return Status::ok;
}

Status Reporter::take_conflict(const ReportAnswer& answer) {
  const uint64_t newest = signed_size();
  if (answer.size > newest) {
    // The proof of it comes when asked for.
    if (!answer.has_root || !answer.has_cosignature) {
      if (phase_ == Phase::asked) return Status::signature_invalid;
      again();
      return Status::ok;
    }
    CAIRN_TRY(check_cosignature(answer, answer.size, answer.root));
    target_.size = answer.size;
    target_.root = answer.root;
    recorder_->abandon();
    return stop(Status::damaged);
  }
  cosigned_ = answer.size;
  base_ = answer.held < answer.size ? answer.held : answer.size;
  // Content beyond what is signed here is not this log's.
  if (answer.held > newest) as_subtrees_ = true;
  position_ = answer.held > newest ? base_ : answer.held;
  offset_ = answer.held > newest ? 0 : answer.offset;
  if (target_.size < position_ || target_.size < cosigned_) target_.size = 0;
  if (offset_ >= report_head_bytes && position_ == target_.size) offset_ = 0;
  phase_ = Phase::sending;
  return Status::ok;
}

// Once, the gateway may have been told something wrong; with the root it knows what was signed.
Status Reporter::take_refusal(const ReportAnswer& answer) {
  if (refused_ && head_sent_) {
    const bool is_root = answer.code == ReportCode::inconsistent;
    return stop(is_root ? Status::proof_invalid : Status::signature_invalid);
  }
  if (refused_) return Status::ok;  // the same one again
  refused_ = true;
  head_sent_ = false;
  again();
  return Status::ok;
}

}  // namespace cairn
