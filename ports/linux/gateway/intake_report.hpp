// The intake of reports: docs/format.md, "Reports".
#pragma once

#include <list>
#include <map>

#include "intake_head.hpp"
#include "provisional.hpp"
#include "record_tiles.hpp"

namespace cairn::gateway {

class Reports {
 public:
  explicit Reports(Heads& heads) : heads_(heads), tiles_(heads.options().records_folder) {}

  /// Judges a message; what is answered is in `answer`. `log` as of Intake::report().
  void judge(ByteView message, const std::string& log, ReportAnswer& answer);

  uint64_t records() const { return records_; }
  uint64_t unkept() const { return unkept_; }
  /// Devices of which something is provisional.
  uint64_t held() const;
  /// As Intake::records_failure().
  Error failure(uint64_t& count) const;

 private:
  struct Session;
  using Sessions = std::map<std::string, std::shared_ptr<Session>>;

  /// What is provisional of one device; `mutex` for one report at a time.
  struct Session {
    std::mutex mutex;
    Provisional held;
    uint64_t frontier_version = 0;  ///< of the entry that it began with
    // Guarded by the mutex of Reports:
    size_t bytes = 0;                               ///< held, after the newest report
    std::list<Sessions::iterator>::iterator place;  ///< in `by_use_`
    bool is_forgotten = false;
  };
  /// One report with everything that it is judged by.
  struct Case {
    const Report& report;
    Signatory by;
    Head head;
    Session& session;
    ReportAnswer& answer;
  };

  ReportCode find_device(uint32_t key_id, const std::string& log, Device& out) const;
  std::shared_ptr<Session> session_of(const std::string& origin);
  void hold(const std::shared_ptr<Session>& session, size_t bytes, bool is_empty);
  void forget(Sessions::iterator session);
  Error begin(Case& one) const;
  ReportCode judge(Case& one);
  static ReportCode open_head(Case& one, const AirCheckpoint& air, const Digest& root,
                              MutableBytes bytes, SignedCheckpoint& out);
  ReportCode take_head(Case& one, const AirCheckpoint& air);
  ReportCode refuse(Case& one, ReportCode code);
  ReportCode advance(Case& one, const SignedCheckpoint& next);
  Error keep_records(const Case& one);
  void note_failure(const Error& error);
  ReportCode tell_cosigned(Case& one, const std::string& line) const;
  void tell_place(Case& one, ReportCode code) const;

  Heads& heads_;
  RecordTiles tiles_;
  std::atomic<uint64_t> records_{0};
  std::atomic<uint64_t> unkept_{0};
  mutable std::mutex mutex_;  ///< guards what follows
  uint64_t failures_ = 0;     ///< heads that were refused for their records
  Error failure_;             ///< the newest
  Sessions sessions_;
  std::list<Sessions::iterator> by_use_;  ///< who was silent longest is first
  size_t bytes_ = 0;                      ///< of all sessions
};

}  // namespace cairn::gateway
