// C API: evidence and .tlog-proof files.
#include "c_api_leaf.hpp"
#include "c_api_policy.hpp"
#include "cairn/evidence.hpp"

static_assert(CAIRN_EVIDENCE_LEVELS_MAX == cairn::evidence_levels_max);
static_assert(CAIRN_EVIDENCE_RUNS_MAX == cairn::evidence_runs_max);
static_assert(CAIRN_EVIDENCE_RECEIPTS_MAX == cairn::evidence_receipts_max);
static_assert(CAIRN_ABSENT == static_cast<int>(cairn::Outcome::absent));
static_assert(CAIRN_PASSED == static_cast<int>(cairn::Outcome::passed));
static_assert(CAIRN_FAILED == static_cast<int>(cairn::Outcome::failed));
static_assert(CAIRN_TIME_SOURCE_NONE == static_cast<int>(cairn::TimeSource::none));
static_assert(CAIRN_TIME_SOURCE_BEACON == static_cast<int>(cairn::TimeSource::beacon));
static_assert(CAIRN_TIME_SOURCE_COSIGNATURE == static_cast<int>(cairn::TimeSource::cosignature));
static_assert(CAIRN_TIME_SOURCE_ANCHOR == static_cast<int>(cairn::TimeSource::anchor));

namespace cairn::c_api {

static cairn_verdict to_c(const Verdict& verdict) {
  cairn_verdict made = {};
  made.integrity = static_cast<uint8_t>(verdict.integrity);
  made.position = static_cast<uint8_t>(verdict.position);
  made.completeness = static_cast<uint8_t>(verdict.completeness);
  made.log_key = static_cast<uint8_t>(verdict.log_key);
  made.quorum = static_cast<uint8_t>(verdict.quorum);
  made.anchors = static_cast<uint8_t>(verdict.anchors);
  made.level = verdict.level;
  made.has_close = flag(verdict.has_close);
  made.reason = number(verdict.reason);
  made.fault = {static_cast<uint32_t>(verdict.fault.field), verdict.fault.position};
  made.origin = to_c(verdict.origin);
  made.first = verdict.first;
  made.count = verdict.count;
  made.size = verdict.size;
  made.witnesses = to_c(verdict.witnesses);
  made.quorum_level = verdict.quorum_level;
  made.receipt_count = verdict.receipt_count;
  made.receipts_passed = verdict.receipts_passed;
  made.receipts_failed = verdict.receipts_failed;
  made.not_after_receipt = verdict.not_after_receipt;
  made.not_after_source = static_cast<uint8_t>(verdict.not_after_source);
  made.not_before_source = static_cast<uint8_t>(verdict.not_before_source);
  made.not_after_s = verdict.not_after_s;
  made.not_before_beacon = to_c(verdict.not_before_beacon);
  made.close = to_c(verdict.close);
  return made;
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_parse_evidence(const void* data, size_t size, cairn_evidence* out, cairn_fault* fault) {
  if (!readable(data, size) || out == nullptr) return bad_argument;
  FaultOut at(fault);
  return number(parse_evidence(view(data, size), make<Evidence>(out), at));
}

size_t cairn_evidence_level_count(const cairn_evidence* evidence) {
  return in<Evidence>(evidence).level_count;
}

int cairn_evidence_level_at(const cairn_evidence* evidence, size_t level,
                            cairn_evidence_level* out) {
  if (evidence == nullptr || out == nullptr) return bad_argument;
  const Evidence& from = in<Evidence>(evidence);
  if (level >= from.level_count) return CAIRN_E_NOT_FOUND;
  *out = {from.levels[level].run_count, to_c(from.levels[level].checkpoint)};
  return CAIRN_OK;
}

int cairn_evidence_run_at(const cairn_evidence* evidence, size_t level, size_t run,
                          cairn_evidence_run* out) {
  if (evidence == nullptr || out == nullptr) return bad_argument;
  const Evidence& from = in<Evidence>(evidence);
  if (level >= from.level_count || run >= from.levels[level].run_count) return CAIRN_E_NOT_FOUND;
  const EvidenceRun& found = from.levels[level].runs[run];
  *out = {found.first, found.count, to_c(found.leaves),
          reinterpret_cast<const cairn_digest*>(found.proof.hashes), found.proof.count};
  return CAIRN_OK;
}

size_t cairn_evidence_receipt_count(const cairn_evidence* evidence) {
  return in<Evidence>(evidence).receipt_count;
}

int cairn_evidence_receipt_at(const cairn_evidence* evidence, size_t receipt, cairn_receipt* out) {
  if (evidence == nullptr || out == nullptr) return bad_argument;
  ReceiptReader reader(in<Evidence>(evidence).receipts);
  Receipt found;
  for (size_t i = 0; reader.next(found) == Status::ok; ++i) {
    if (i != receipt) continue;
    *out = found;
    return CAIRN_OK;
  }
  return CAIRN_E_NOT_FOUND;
}

int cairn_leaf_reader_open(cairn_leaf_reader* reader, const cairn_evidence_run* run) {
  if (reader == nullptr || run == nullptr || !readable(run->leaves.data, run->leaves.size)) {
    return bad_argument;
  }
  make<LeafReader>(reader, view(run->leaves));
  return CAIRN_OK;
}

int cairn_leaf_reader_next(cairn_leaf_reader* reader, cairn_bytes* out) {
  if (reader == nullptr || out == nullptr) return bad_argument;
  ByteView leaf;
  const Status status = in<LeafReader>(reader).next(leaf);
  if (status == Status::ok) *out = to_c(leaf);
  return number(status);
}

int cairn_evidence_writer_init(cairn_evidence_writer* writer, void* out, size_t capacity) {
  if (writer == nullptr || !readable(out, capacity)) return bad_argument;
  make<EvidenceWriter>(writer, room(out, capacity));
  return CAIRN_OK;
}

int cairn_evidence_begin_level(cairn_evidence_writer* writer) {
  return writer == nullptr ? bad_argument : number(in<EvidenceWriter>(writer).begin_level());
}

int cairn_evidence_begin_run(cairn_evidence_writer* writer, uint64_t first) {
  return writer == nullptr ? bad_argument : number(in<EvidenceWriter>(writer).begin_run(first));
}

int cairn_evidence_leaf(cairn_evidence_writer* writer, const void* leaf, size_t size) {
  if (writer == nullptr || !readable(leaf, size)) return bad_argument;
  return number(in<EvidenceWriter>(writer).leaf(view(leaf, size)));
}

int cairn_evidence_proof(cairn_evidence_writer* writer, const cairn_digest* proof,
                         size_t proof_count) {
  if (writer == nullptr || !readable(proof, proof_count)) return bad_argument;
  return number(in<EvidenceWriter>(writer).proof({from_c(proof), proof_count}));
}

int cairn_evidence_checkpoint(cairn_evidence_writer* writer, const void* signed_note, size_t size) {
  if (writer == nullptr || !readable(signed_note, size)) return bad_argument;
  return number(in<EvidenceWriter>(writer).checkpoint(view(signed_note, size)));
}

int cairn_evidence_receipt(cairn_evidence_writer* writer, const cairn_receipt* receipt) {
  if (writer == nullptr || receipt == nullptr || !readable(receipt->body, receipt->body_size)) {
    return bad_argument;
  }
  return number(in<EvidenceWriter>(writer).receipt(*receipt));
}

int cairn_evidence_finish(cairn_evidence_writer* writer) {
  return writer == nullptr ? bad_argument : size_of(in<EvidenceWriter>(writer).finish());
}

int cairn_verify_evidence(const void* file, size_t size, const cairn_policy* policy,
                          const cairn_verifier* verifiers, size_t verifier_count,
                          const void* record, size_t record_size,
                          const cairn_receipt_verifier* receipts, cairn_verdict* verdict) {
  if (!readable(file, size) || policy == nullptr || !usable(verifiers, verifier_count) ||
      !readable(record, record_size) || verdict == nullptr) {
    return bad_argument;
  }
  if (receipts != nullptr && (!sized(receipts) || receipts->verify == nullptr)) return bad_argument;
  Verdict reached;
  const ByteView given = view(record, record_size);
  const Status status =
      verify_evidence(view(file, size), in<Policy>(policy), {verifiers, verifier_count},
                      record == nullptr ? nullptr : &given, reached, receipts);
  *verdict = to_c(reached);
  return number(status);
}

int cairn_parse_tlog_proof(const void* text, size_t size, cairn_tlog_proof* out,
                           cairn_digest* proof_out, size_t capacity, cairn_fault* fault) {
  if (!readable(text, size) || out == nullptr || !readable(proof_out, capacity)) {
    return bad_argument;
  }
  FaultOut at(fault);
  TlogProof parsed;
  ProofBuffer proof{from_c(proof_out), capacity};
  const Status status = parse_tlog_proof(view(text, size), parsed, proof, at);
  if (status != Status::ok) return number(status);
  *out = {to_c(parsed.extra), parsed.index, to_c(parsed.checkpoint)};
  return static_cast<int>(proof.count);
}

int cairn_format_tlog_proof(const cairn_tlog_proof* tlog_proof, const cairn_digest* proof,
                            size_t proof_count, void* out, size_t capacity) {
  if (tlog_proof == nullptr || !readable(proof, proof_count) || !readable(out, capacity)) {
    return bad_argument;
  }
  const TlogProof from = {view(tlog_proof->extra), tlog_proof->index, view(tlog_proof->checkpoint)};
  return size_of(format_tlog_proof(from, {from_c(proof), proof_count}, room(out, capacity)));
}

int cairn_verify_tlog_proof(const void* text, size_t size, const cairn_digest* leaf,
                            const cairn_policy* policy, const cairn_verifier* verifiers,
                            size_t verifier_count, cairn_verdict* verdict) {
  if (!readable(text, size) || leaf == nullptr || policy == nullptr ||
      !usable(verifiers, verifier_count) || verdict == nullptr) {
    return bad_argument;
  }
  Verdict reached;
  const Status status = verify_tlog_proof(view(text, size), *from_c(leaf), in<Policy>(policy),
                                          {verifiers, verifier_count}, reached);
  *verdict = to_c(reached);
  return number(status);
}
