// Verification of evidence and of tlog-proofs: every question is answered on its own, and the first
// failure is the reason for the whole.
#include "cairn/evidence.hpp"
#include "cairn/merkle.hpp"
#include "proof_range.hpp"

namespace cairn {
namespace {

struct OpenedHead {
  Note note;
  Checkpoint checkpoint;
};

class Judge {
 public:
  Judge(const Policy& policy, const Verifiers& verifiers, Verdict& verdict)
      : policy_(policy), verifiers_(verifiers), verdict_(verdict) {}

  /// Takes the next level's checkpoint: its form, its log's key, its cosignatures.
  Status open(ByteView signed_note, Fault& fault);
  /// Says which leaves of the lowest level it is all about.
  void begin(uint64_t first, uint64_t count);

  // Each leads something to the root of the checkpoint opened last.
  void check_leaf(uint64_t index, const Digest& leaf, ProofView proof);
  void check_run(const EvidenceRun& run);
  void check_level_below(const EvidenceRun& run);
  void check_record(const EvidenceRun& run, ByteView record);

  /// Hears what outside ledgers say about the checkpoints.
  void check_receipts(const Evidence& evidence, const ReceiptVerifier* verifier);

  /// Sums up.
  Status finish();

 private:
  void pass(Outcome& question) {
    if (question == Outcome::absent) question = Outcome::passed;
  }
  void fail(Outcome& question, Status why) {
    question = Outcome::failed;
    if (verdict_.reason != Status::ok) return;
    verdict_.reason = why;
    verdict_.level = level_;
  }
  void settle_proof(Status proven);
  const NoteKey* check_log_key();
  void check_cosignatures(const NoteKey& log);
  Status lead_to_root(const EvidenceRun& run);
  void hear_close(uint64_t index, ByteView leaf);
  void tell_times();
  void tell_not_after();

  const Policy& policy_;
  const Verifiers& verifiers_;
  Verdict& verdict_;
  OpenedHead below_;
  OpenedHead head_;
  Close close_;
  uint64_t close_index_ = 0;   // of close_
  uint64_t beacon_index_ = 0;  // of the close record that carried beacon_
  Digest beacon_;
  uint64_t quorum_time_ = 0;
  uint64_t cosigned_time_ = 0;
  uint64_t anchored_time_ = 0;
  uint8_t anchored_by_ = 0;  // the receipt that told anchored_time_
  uint8_t level_ = 0;
  bool opened_ = false;
  bool has_quorum_ = false;
  bool has_close_ = false;
  bool has_beacon_ = false;
};

// Keeps the earlier of two times; 0 is none.
void keep_earlier(uint64_t& kept, uint64_t time) {
  if (time != 0 && (kept == 0 || time < kept)) kept = time;
}

Status Judge::open(ByteView signed_note, Fault& fault) {
  if (opened_) ++level_;
  opened_ = true;
  below_ = head_;
  Status status = parse_note(signed_note, head_.note, &fault);
  if (status == Status::ok) status = parse_checkpoint(head_.note.text, head_.checkpoint, &fault);
  if (status != Status::ok) {
    fail(verdict_.integrity, status);
    return status;
  }
  if (level_ == 0) {
    verdict_.origin = head_.checkpoint.origin;
    verdict_.size = head_.checkpoint.size;
  }
  const NoteKey* log = check_log_key();
  if (log != nullptr) check_cosignatures(*log);
  return Status::ok;
}

// A log that is changing its key has several; one must have signed, none may have signed wrongly.
const NoteKey* Judge::check_log_key() {
  const ByteView origin = head_.checkpoint.origin;
  const NoteKey* signer = nullptr;
  Status status = Status::not_found;
  const NoteKey* key = find_log(policy_, origin);
  for (; key != nullptr; key = find_log(policy_, origin, key)) {
    const Status verified = verify_note(head_.note, *key, verifiers_);
    if (verified == Status::ok && signer == nullptr) signer = key;
    if (verified != Status::ok && verified != Status::not_found) status = verified;
  }
  if (signer == nullptr || status != Status::not_found) {
    fail(verdict_.log_key, status);
    return nullptr;
  }
  pass(verdict_.log_key);
  return signer;
}

void Judge::check_cosignatures(const NoteKey& log) {
  QuorumResult result;
  const Status status = check_quorum(policy_, head_.note, log, verifiers_, result);
  const bool reached = status == Status::ok && result.reached &&
                       policy_.quorum != Policy::Quorum::none && !has_quorum_;
  if (level_ == 0 || reached) verdict_.witnesses = result;
  if (status != Status::ok) {
    fail(verdict_.quorum, status);
    return;
  }
  if (reached) {
    has_quorum_ = true;
    verdict_.quorum_level = level_;
    pass(verdict_.quorum);
  }
  keep_earlier(quorum_time_, result.time_quorum);
  keep_earlier(cosigned_time_, result.time_min);
}

void Judge::begin(uint64_t first, uint64_t count) {
  verdict_.first = first;
  verdict_.count = count;
}

// The proof ties the leaf bytes, their place and the root together; the place is that of a signed
// head only if the log signed.
void Judge::settle_proof(Status proven) {
  if (proven != Status::ok) {
    fail(verdict_.integrity, proven);
    fail(verdict_.position, proven);
    return;
  }
  pass(verdict_.integrity);
  if (verdict_.log_key == Outcome::passed) {
    pass(verdict_.position);
  } else {
    verdict_.position = Outcome::failed;
  }
}

void Judge::check_leaf(uint64_t index, const Digest& leaf, ProofView proof) {
  const Checkpoint& to = head_.checkpoint;
  settle_proof(verify_inclusion(index, to.size, leaf, proof, to.root));
}

void Judge::check_run(const EvidenceRun& run) {
  const Status status = lead_to_root(run);
  settle_proof(status);
  const bool subject = run.first == verdict_.first && run.count == verdict_.count;
  if (!subject || run.count == 1) return;
  if (status == Status::ok) {
    pass(verdict_.completeness);
  } else {
    fail(verdict_.completeness, status);
  }
}

Status Judge::lead_to_root(const EvidenceRun& run) {
  const Checkpoint& to = head_.checkpoint;
  LeafReader leaves(run.leaves);
  ByteView leaf;
  if (run.count == 1) {
    CAIRN_TRY(leaves.next(leaf));
    hear_close(run.first, leaf);
    return verify_inclusion(run.first, to.size, leaf_hash(leaf), run.proof, to.root);
  }
  Frontier frontier;
  CAIRN_TRY(begin_range(run.first, run.count, to.size, run.proof, frontier));
  Status status = leaves.next(leaf);
  for (; status == Status::ok; status = leaves.next(leaf)) {
    hear_close(frontier.size(), leaf);
    CAIRN_TRY(frontier.append(leaf_hash(leaf)));
  }
  if (status != Status::end) return status;
  return end_range(run.first, run.count, to.size, run.proof, frontier, to.root);
}

// Keeps the first close record from the last of the records on, and the last beacon in front of
// the first.
void Judge::hear_close(uint64_t index, ByteView leaf) {
  Close close;
  if (leaf[0] != static_cast<uint8_t>(Kind::close)) return;
  if (decode_close(leaf.part(1), close) != Status::ok) return;
  const bool behind = index >= verdict_.first && index - verdict_.first >= verdict_.count - 1;
  if (behind && (!has_close_ || index < close_index_)) {
    has_close_ = true;
    close_index_ = index;
    close_ = close;
  }
  const bool in_front = index < verdict_.first;
  if (in_front && close.has_beacon && (!has_beacon_ || index > beacon_index_)) {
    has_beacon_ = true;
    beacon_index_ = index;
    beacon_ = close.beacon;
  }
}

// The leaf is the checkpoint below with one of its log's signature lines.
void Judge::check_level_below(const EvidenceRun& run) {
  const Checkpoint& to = head_.checkpoint;
  SignatureLines lines(below_.note);
  NoteSignature line;
  Status status = Status::proof_invalid;
  while (status != Status::ok && lines.next(line) == Status::ok) {
    if (!equal(line.name, below_.checkpoint.origin)) continue;
    const uint8_t leaf_prefix = 0;
    Sha256 hash;
    hash.update({&leaf_prefix, 1});
    hash.update(below_.note.text);
    hash.update(literal("\n"));
    hash.update(line.line);
    hash.update(literal("\n"));
    status = verify_inclusion(run.first, to.size, hash.finish(), run.proof, to.root);
  }
  settle_proof(status);
}

void Judge::check_record(const EvidenceRun& run, ByteView record) {
  LeafReader leaves(run.leaves);
  ByteView leaf;
  const bool one = run.count == 1 && leaves.next(leaf) == Status::ok;
  if (one && (equal(record, leaf) || equal(record, leaf.part(1)))) return;
  fail(verdict_.integrity, Status::proof_invalid);
}

// Numbers that are no status count as a failure of the verifier.
Status status_of_answer(int answer) {
  if (answer == 0) return Status::ok;
  const bool known = answer < 0 && answer >= static_cast<int>(Status::unsupported);
  return known ? static_cast<Status>(answer) : Status::io;
}

// The level's checkpoint has been opened before, so that it parses.
void Judge::check_receipts(const Evidence& evidence, const ReceiptVerifier* verifier) {
  verdict_.receipt_count = evidence.receipt_count;
  if (verifier == nullptr) return;
  ReceiptReader reader(evidence.receipts);
  Receipt receipt;
  Note note;
  for (uint8_t i = 0; reader.next(receipt) == Status::ok; ++i) {
    (void)parse_note(evidence.levels[receipt.level].checkpoint, note);
    const Digest digest = sha256(note.text);
    uint64_t time = 0;
    const Status status =
        status_of_answer(verifier->verify(verifier->user, i, &receipt, digest.bytes, &time));
    const auto bit = static_cast<uint16_t>(1u << i);
    if (status == Status::not_found) continue;
    if (status != Status::ok) {
      verdict_.receipts_failed = static_cast<uint16_t>(verdict_.receipts_failed | bit);
      level_ = receipt.level;
      fail(verdict_.anchors, status);
      continue;
    }
    verdict_.receipts_passed = static_cast<uint16_t>(verdict_.receipts_passed | bit);
    pass(verdict_.anchors);
    const uint64_t before = anchored_time_;
    keep_earlier(anchored_time_, time);
    if (anchored_time_ != before) anchored_by_ = i;
  }
}

void Judge::tell_not_after() {
  verdict_.not_after_s = quorum_time_ != 0 || anchored_time_ != 0 ? quorum_time_ : cosigned_time_;
  if (verdict_.not_after_s != 0) verdict_.not_after_source = TimeSource::cosignature;
  keep_earlier(verdict_.not_after_s, anchored_time_);
  if (anchored_time_ == 0 || verdict_.not_after_s != anchored_time_) return;
  verdict_.not_after_source = TimeSource::anchor;
  verdict_.not_after_receipt = anchored_by_;
}

void Judge::tell_times() {
  tell_not_after();
  if (has_beacon_) {
    verdict_.not_before_source = TimeSource::beacon;
    verdict_.not_before_beacon = beacon_;
  }
  verdict_.has_close = has_close_;
  if (has_close_) verdict_.close = close_;
}

Status Judge::finish() {
  if (policy_.quorum != Policy::Quorum::none && !has_quorum_) {
    fail(verdict_.quorum, Status::not_found);
  }
  const bool proven = verdict_.integrity == Outcome::passed &&
                      verdict_.position == Outcome::passed && verdict_.log_key == Outcome::passed;
  if (proven) tell_times();
  return verdict_.reason;
}

}  // namespace

Status verify_evidence(ByteView file, const Policy& policy, const Verifiers& verifiers,
                       const ByteView* record, Verdict& verdict, const ReceiptVerifier* receipts) {
  verdict = {};
  Evidence evidence;
  const Status status = parse_evidence(file, evidence, &verdict.fault);
  if (status != Status::ok) {
    verdict.integrity = Outcome::failed;
    verdict.reason = status;
    return status;
  }
  const EvidenceRun& subject = evidence.levels[0].runs[0];
  Judge judge(policy, verifiers, verdict);
  judge.begin(subject.first, subject.count);
  for (uint8_t i = 0; i < evidence.level_count; ++i) {
    const EvidenceLevel& level = evidence.levels[i];
    if (judge.open(level.checkpoint, verdict.fault) != Status::ok) {
      verdict.fault.position = static_cast<uint32_t>(level.checkpoint.data - file.data);
      return verdict.reason;
    }
    if (i != 0) {
      judge.check_level_below(level.runs[0]);
      continue;
    }
    for (uint8_t run = 0; run < level.run_count; ++run)
      judge.check_run(level.runs[run]);
    if (record != nullptr) judge.check_record(subject, *record);
  }
  judge.check_receipts(evidence, receipts);
  return judge.finish();
}

Status verify_tlog_proof(ByteView text, const Digest& leaf, const Policy& policy,
                         const Verifiers& verifiers, Verdict& verdict) {
  verdict = {};
  TlogProof file;
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  const Status status = parse_tlog_proof(text, file, proof, &verdict.fault);
  if (status != Status::ok) {
    verdict.integrity = Outcome::failed;
    verdict.reason = status;
    return status;
  }
  Judge judge(policy, verifiers, verdict);
  judge.begin(file.index, 1);
  CAIRN_TRY(judge.open(file.checkpoint, verdict.fault));
  judge.check_leaf(file.index, leaf, proof);
  return judge.finish();
}

}  // namespace cairn
