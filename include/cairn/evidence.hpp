// Evidence: one file that proves, offline, that records stand unchanged at their place in a log.
// docs/format.md, "Evidence", and c2sp.org/tlog-proof@v1.
//
// A .cairn file holds leaves, their proofs and the signed checkpoint they lead to, level by level:
// the leaf of a higher level is the signed checkpoint of the level below. Receipts of outside
// ledgers may follow. Its last field is the SHA-256 of everything before it, and it has exactly one
// encoding, so no byte can change unseen.
#pragma once

#include "checkpoint.hpp"
#include "leaf.hpp"
#include "policy.hpp"
#include "proof.hpp"

namespace cairn {

constexpr size_t evidence_levels_max = 4;
constexpr size_t evidence_runs_max = 4;
constexpr size_t evidence_receipts_max = 16;

/// Leaves [first, first+count) of a log with one proof: an inclusion proof for a single leaf, a
/// range proof for several.
struct EvidenceRun {
  uint64_t first = 0;
  size_t count = 0;
  ByteView leaves;  ///< encoded; walk with LeafReader. Empty above level 0: see EvidenceLevel
  ProofView proof;
};

/// One log: runs of its leaves, and the checkpoint that they belong to.
///
/// On level 0 the first run holds the records that the evidence is about; further runs hold what
/// explains them: close records, which tell of time, and channel records, which name the readings
/// of samples. A higher level has one run of one leaf, which is not repeated: the checkpoint of the
/// level below, as signed by its log alone (text, empty line, the log's own signature line).
struct EvidenceLevel {
  EvidenceRun runs[evidence_runs_max];
  uint8_t run_count = 0;
  ByteView checkpoint;  ///< signed note, verbatim, with its cosignatures
};

using Receipt = ::cairn_receipt;
using ReceiptVerifier = ::cairn_receipt_verifier;

/// A parsed evidence file; views into the caller's bytes.
struct Evidence {
  EvidenceLevel levels[evidence_levels_max];
  uint8_t level_count = 0;
  uint8_t receipt_count = 0;
  ByteView receipts;  ///< encoded; walk with ReceiptReader
};

/// Parses a .cairn file and checks its form and its digest, nothing else.
///
/// ok             parsed
/// corrupt        truncated, changed, or not in canonical form; `fault` has field and offset
/// wrong_version  made by a later cairn
/// unsupported    more levels, runs or receipts than this build holds
Status parse_evidence(ByteView bytes, Evidence& out, Fault* fault = nullptr);

/// Walks the leaves of a run. Give it a whole EvidenceRun::leaves.
class LeafReader {
 public:
  explicit LeafReader(ByteView leaves) : rest_(leaves) {}
  /// ok, end, or corrupt.
  Status next(ByteView& leaf);

 private:
  ByteView rest_;
};

/// Walks the receipts of evidence. Give it the whole of Evidence::receipts.
class ReceiptReader {
 public:
  explicit ReceiptReader(ByteView receipts) : rest_(receipts) {}
  /// ok, end, or corrupt.
  Status next(Receipt& receipt);

 private:
  ByteView rest_;
};

/// Writes a .cairn file piece by piece into the caller's memory:
/// begin_level, then begin_run / leaf... / proof for each run, then checkpoint; behind the last
/// level the receipts; at last finish(). Above the first level there is one run, without leaves.
class EvidenceWriter {
 public:
  explicit EvidenceWriter(MutableBytes out) : out_(out) {}
  // Each returns ok; full when the memory is too small, and from then on; bad_state when called
  // out of turn, or for more levels, runs or receipts than evidence may have; bad_argument for an
  // empty leaf, note or receipt, or one of no kind or level. The last two change nothing.
  Status begin_level();
  Status begin_run(uint64_t first);
  Status leaf(ByteView bytes);
  Status proof(ProofView hashes);
  Status checkpoint(ByteView signed_note);
  Status receipt(const Receipt& receipt);
  /// Adds the digest; returns the file's size.
  Result<size_t> finish();

 private:
  enum class Step : uint8_t { level, run, leaf, proof, proven, sealed, anchored, finished, full };
  Status expect(bool now) const;
  MutableBytes rest() const;
  Status advance(Result<size_t> written);
  Status enclose(uint32_t field, size_t start);

  MutableBytes out_;
  size_t used_ = 0;
  size_t level_start_ = 0;
  size_t run_start_ = 0;
  uint8_t level_count_ = 0;
  uint8_t run_count_ = 0;
  uint8_t receipt_count_ = 0;
  Step step_ = Step::level;
};

/// What one question about evidence came to.
enum class Outcome : uint8_t {
  absent,  ///< the evidence says nothing about it
  passed,
  failed,
};

/// Where a bound in time comes from.
enum class TimeSource : uint8_t { none, beacon, cosignature, anchor };

/// The answer to every question separately. `overall` sums up what must hold.
struct Verdict {
  Outcome integrity = Outcome::absent;     ///< the file is whole, the leaf bytes lead to the root
  Outcome position = Outcome::absent;      ///< index and size are those of the signed head
  Outcome completeness = Outcome::absent;  ///< of a range: nothing missing between its ends
  Outcome log_key = Outcome::absent;       ///< the checkpoint is signed by the policy's log key
  Outcome quorum = Outcome::absent;        ///< enough of the policy's witnesses cosigned
  Outcome anchors = Outcome::absent;       ///< receipts of outside ledgers, as far as checked

  Status reason = Status::ok;  ///< of the first failure
  Fault fault;                 ///< where, when the file itself is wrong
  uint8_t level = 0;           ///< the level it concerns

  ByteView origin;     ///< of the lowest level
  uint64_t first = 0;  ///< record range that was proven
  uint64_t count = 0;
  uint64_t size = 0;         ///< of the tree it was proven in
  uint8_t quorum_level = 0;  ///< the lowest level with a quorum; 0 when there is none
  QuorumResult witnesses;    ///< of that level

  uint8_t receipt_count = 0;     ///< of the file; one in neither mask was not checked
  uint16_t receipts_passed = 0;  ///< bit i: receipt i proves what it says
  uint16_t receipts_failed = 0;  ///< bit i: receipt i is wrong

  /// Cosignatures and receipts bound the time from above, on whichever level they stand: the
  /// earliest of when a quorum had been reached and of all receipts that passed, or else the
  /// earliest valid cosignature. A beacon in a close record in front of the records bounds it from
  /// below.
  TimeSource not_after_source = TimeSource::none;
  uint64_t not_after_s = 0;       ///< POSIX seconds by which the records existed
  uint8_t not_after_receipt = 0;  ///< which one, where the source is an anchor
  TimeSource not_before_source = TimeSource::none;
  Digest not_before_beacon{};  ///< hash of the checkpoint that the device had heard before
  bool has_close = false;      ///< a close record at the end of the records, or the first one
  Close close{};               ///< behind them: the device's own account of time, a claim

  bool ok() const { return reason == Status::ok && integrity == Outcome::passed; }
};

/// Verifies evidence under a policy. Reads nothing but its arguments.
///
/// `record` is what the auditor has from elsewhere, or null. It must be exactly the body or the
/// whole leaf of the one record that the evidence is about.
///
/// The quorum may be reached on any level: the leaf of a higher level is the signed checkpoint of
/// the one below, so its cosigners vouch for both.
///
/// `receipts` checks the receipts of outside ledgers; null: they are present and not checked, and
/// so are those of ledgers that it was not told to trust. A receipt that is wrong is a failure.
///
/// Returns verdict.reason: ok when every question that the evidence raises passed. A quorum that
/// the policy asks for and the evidence lacks is a failure; a clock that says "not synchronised"
/// is not.
///
/// Cost: one signature verification a log key and witness on each level; one hash for every leaf
/// and proof hash; what `receipts` takes. Stack: 3 KB, and what the signatures need.
///
/// ok                 verified
/// corrupt            the file, or a checkpoint in it, is not well-formed; `fault` has the place
/// proof_invalid      a proof does not lead to its root, or `record` is another one
/// not_found          no log key of the policy signed, or the quorum is missing; see the outcomes
/// signature_invalid  a signature by a key of the policy is wrong
/// wrong_version, unsupported, io; and what `receipts` answers about one that is wrong
Status verify_evidence(ByteView file, const Policy& policy, const Verifiers& verifiers,
                       const ByteView* record, Verdict& verdict,
                       const ReceiptVerifier* receipts = nullptr);

// tlog-proof files: one leaf's proof and the checkpoint, without the leaf's bytes.

struct TlogProof {
  ByteView extra;  ///< base64 text, unauthenticated; empty when absent
  uint64_t index = 0;
  ByteView checkpoint;  ///< signed note
};

/// Parses a .tlog-proof file. `hashes` receives the proof. corrupt with `fault`, or full.
Status parse_tlog_proof(ByteView text, TlogProof& out, ProofBuffer& hashes, Fault* fault = nullptr);

/// Writes a .tlog-proof file; returns its size, or full. `extra` must be base64 already.
Result<size_t> format_tlog_proof(const TlogProof& tlog_proof, ProofView hashes, MutableBytes out);

/// Verifies a .tlog-proof for the leaf with this hash; fills the verdict as verify_evidence().
Status verify_tlog_proof(ByteView text, const Digest& leaf, const Policy& policy,
                         const Verifiers& verifiers, Verdict& verdict);

}  // namespace cairn
