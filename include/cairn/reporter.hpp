// The reporter: brings a recorder's log to a gateway, over any link, and takes up the thread after
// every loss: of a message, of power, of the gateway's memory, of the device's flash. It says what
// to send next and reads what is answered; the link is the caller's. docs/format.md, "Reports".
#pragma once

#include "recorder.hpp"
#include "report.hpp"

namespace cairn {

/// What a gateway gets besides signed heads.
enum class ReportMode : uint8_t {
  records,  ///< every leaf: the gateway can prove and keep them
  hashes,   ///< 32 bytes a leaf: it can prove whatever leaf it is shown later
  heads,    ///< roots of subtrees: it witnesses that the log only grows
};

struct ReporterOptions {
  ReportMode mode = ReportMode::records;
  NoteKey witness{};    ///< of type cosignature: whose cosignature counts; the name must outlive
  Verifiers verifiers;  ///< for it; must outlive
  /// Records and hashes: leaves are read here. At least the log's largest leaf, and 64 bytes; more
  /// reads faster. Must outlive. Heads need none.
  MutableBytes leaf;
};

/// No link may carry less. Heads and hashes of logs from 2^28 leaves on need up to 61 bytes.
constexpr size_t report_bytes_min = 51;

/// One conversation with a gateway. The caller owns it, and asks in a loop:
///
///   next() and send, until it answers end; take() what comes; again() when nothing does.
///
/// It needs no memory of its own: after a start it asks the gateway. Only what is under a signed
/// head is sent. One message may be under way or many: what arrives too early is refused with the
/// place to go on from. How long to wait, and when to try again, is the caller's; after failures,
/// wait twice as long each time.
class Reporter {
 public:
  /// `recorder` must be open and outlive the reporter; after opening it anew, begin anew.
  ///
  /// bad_argument  a witness that is not of type cosignature, or too little memory for leaves
  /// bad_state     the recorder is not open
  Status begin(Recorder& recorder, const ReporterOptions& options);

  /// Writes the next message; `out` is as large as the link takes, at least report_bytes_min.
  /// Returns its size.
  ///
  /// ok          send it
  /// end         nothing to send: all that is signed is acknowledged, or answers are due. Call
  ///             again() when none came in time
  /// full        `out` is too small
  /// damaged     the gateway has cosigned more than this log holds. The recorder answers damaged as
  ///             well. Stop, raise an alarm, and begin a new log: successor() names the old one
  /// signature_invalid, proof_invalid  the gateway has refused the head twice, the second time with
  ///             its root: it knows another key, or another history. Stop, raise an alarm
  /// pruned, corrupt  the gateway lacks records that are no more here, and their subtree's root is
  ///             lost with them (tile frames keep those, LogOptions::tiles): what follows cannot be
  ///             proved to extend what was cosigned. Go on with a successor log
  /// bad_argument  a leaf is larger than options.leaf
  /// io          the medium failed; try again
  ///
  /// Power loss: changes nothing on the medium.
  /// Cost: walks at most one segment and what is sent; heads: log2(size) nodes at most (Log::node)
  /// for each message. Stack: 3.2 KB, as of a proof from the log.
  Result<size_t> next(MutableBytes out);

  /// Reads an answer. A 200 counts when the witness's cosignature stands under the head that was
  /// sent: acknowledged() moves, the log may retire what lies before, and the gateway's beacon goes
  /// into the next close record.
  ///
  /// ok                 taken; answers that come late, or twice, change nothing that matters
  /// corrupt            no answer; ignored
  /// signature_invalid  a cosignature that is not the witness's; ignored
  /// not_found          404: the gateway does not know the log: enrol it, then again
  /// unsupported        400: the gateway does not understand
  /// io                 429, 503: try again later
  /// damaged, proof_invalid  as next() from now on; signature_invalid, when next() answers that too
  ///
  /// Cost: one signature verification for a 200. Stack: CAIRN_MAX_NOTE_TEXT_BYTES and 1.3 KB, and
  /// what the verifier takes.
  Status take(ByteView answer);

  /// No answer came: the next message asks how far the gateway is.
  void again();

  /// Size of the newest head of which the cosignature was seen since begin().
  uint64_t acknowledged() const { return acknowledged_; }

  /// For the first record of the log that follows an abandoned one: sets the previous_ fields.
  /// bad_state: nothing is abandoned.
  Status successor(Begin& out) const;

 private:
  enum class Phase : uint8_t { ask, asked, sending };
  class Content;

  Status choose_head();
  Result<size_t> send_ask(MutableBytes out);
  Result<size_t> send_content(MutableBytes out);
  Result<size_t> send_head(MutableBytes out);
  void stand_on(Report& report, bool signed_head) const;
  Status fill_leaves(Content& content, Report& report);
  Status gather_leaves(Content& content, Report& report);
  Status fill_subtrees(Content& content, uint64_t end);
  Status take_cosigned(const ReportAnswer& answer);
  Status take_conflict(const ReportAnswer& answer);
  Status take_refusal(const ReportAnswer& answer);
  Status check_cosignature(const ReportAnswer& answer, uint64_t size, const Digest& root) const;
  uint64_t signed_size() const;
  Status stop(Status why) {
    stopped_ = why;
    return why;
  }

  Recorder* recorder_ = nullptr;
  ReporterOptions options_;
  SignedHead target_;          ///< what is being sent; size 0: to be chosen
  uint64_t acknowledged_ = 0;  ///< cosignature seen
  uint64_t cosigned_ = 0;      ///< what the gateway says that it has cosigned
  uint64_t base_ = 0;          ///< where it lets content begin anew
  uint64_t position_ = 0;      ///< next index to send; target_.size: the head
  uint32_t offset_ = 0;        ///< bytes sent of the record, or of the head, that stands there
  uint32_t key_id_ = 0;
  Phase phase_ = Phase::ask;
  Status stopped_ = Status::bad_state;
  bool as_subtrees_ = false;  ///< until the next acknowledgement: records of it are lost
  bool refused_ = false;      ///< once: the head is sent with its root
  bool head_sent_ = false;    ///< since that
};

}  // namespace cairn
