// Further witnesses of the gateway's log: a client of c2sp.org/tlog-witness that asks those of a
// policy for their cosignatures and keeps what they give.
#pragma once

#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/archive.hpp>
#include <cairn/policy.hpp>
#include <functional>

namespace cairn::gateway {

struct WitnessesOptions {
  std::string policy;           ///< c2sp.org/tlog-policy, the text; witnesses with a URL are asked
  std::string tiles_folder;     ///< of the log, for consistency proofs
  uint64_t interval_s = 60;     ///< between two heads
  uint64_t retry_min_s = 5;     ///< after the first failure of a witness; doubles with each one,
  uint64_t retry_max_s = 3600;  ///< up to this
  unsigned timeout_s = 10;
  std::string https_ca_file;
  Archive* archive = nullptr;  ///< where what came is kept as a file before it is stored, or null
};

/// Parses a policy whose witnesses are to be asked; views into `text`.
///
/// ok, corrupt (malformed, and the message has the line), bad_argument: no witness has a URL
Error parse_witness_policy(const std::string& text, Policy& out);

/// What a witness answered over HTTP.
struct WitnessHttpAnswer {
  long status = 0;
  std::string body;
};

/// Sends a body to a URL by POST; see send_request().
using WitnessTransport =
    std::function<Error(const std::string& url, const std::string& body, WitnessHttpAnswer&)>;

/// What a status page shows of a witness.
struct WitnessPeer {
  std::string name;
  std::string url;
  uint64_t cosigned_size = 0;  ///< the newest head that it cosigned, as far as is known here
  uint64_t failures = 0;       ///< in a row
  uint64_t asked_s = 0;        ///< when it was asked last
  uint64_t next_s = 0;         ///< it is not asked before, unless the clock is set back
  std::string error;           ///< of the last failure

  /// Whether it is to be asked now about a head of this size.
  bool is_due(uint64_t size, uint64_t now_s) const;
};

/// step() is called by one thread, peers() by any.
///
/// Entries: "cosignatures LOG SIZE", the signed checkpoint with the cosignatures under it.
class Witnesses {
 public:
  /// `transport` is HTTP by libcurl when it is empty.
  Witnesses(Store& store, WitnessesOptions options, WitnessTransport transport = {});

  /// Parses the policy. As parse_witness_policy().
  Error open();

  /// Asks every witness that is due for its cosignature under `head`, checks it, and keeps what
  /// came, in the archive and then in the store. A witness that remembers another size says so
  /// (409), and is asked once more from there.
  ///
  /// `result` is what is known of the head afterwards: the quorum may have been reached earlier.
  ///
  /// What came and was not stored, for whatever reason, is asked for again; a witness then cosigns
  /// anew.
  ///
  /// Power loss: as above.
  /// Cost: one exchange with each witness, one commit of the store, two flushes.
  ///
  /// ok         also when witnesses failed: peers() says so
  /// io, full   the store or the archive does not answer
  /// bad_state  another process stored cosignatures of this head meanwhile
  Error step(const std::string& log, const AggregateHead& head, uint64_t now_s,
             QuorumResult& result);

  /// Asks each witness for its cosignature under a head that was restored from copies: one that
  /// remembers more says so. Nothing is kept. `silent` becomes why others said neither.
  ///
  /// ok
  /// damaged        a witness has cosigned more leaves; the message says which, and how many
  /// proof_invalid  a witness has cosigned other leaves than these
  Error check_restored(const AggregateHead& head, std::vector<std::string>& silent);

  std::vector<WitnessPeer> peers() const;

 private:
  Error ask(const AggregateHead& head, size_t peer, std::string& line, uint64_t& remembered);
  Error ask_from(const AggregateHead& head, uint64_t old_size, size_t peer, std::string& line,
                 uint64_t& remembered);
  Error take_line(const AggregateHead& head, const std::string& answer, size_t peer,
                  std::string& line) const;
  Error count(const std::string& log, const std::string& note, QuorumResult& result) const;
  Error keep(const std::string& key, uint64_t version, const std::string& note);
  void settle(const std::vector<size_t>& gave, bool is_kept, uint64_t size, uint64_t now_s);
  void fail(size_t peer, const Error& error, uint64_t now_s);

  Store& store_;
  const WitnessesOptions options_;
  const WitnessTransport transport_;
  std::unique_ptr<Policy> policy_;
  std::vector<size_t> numbers_;  ///< of the peers in the policy
  mutable std::mutex mutex_;     ///< guards what follows
  std::vector<WitnessPeer> peers_;
};

/// A head of a log with the cosignatures that came.
struct CosignedHead {
  uint64_t size = 0;
  std::string note;
};

/// The first `limit` cosigned heads of a log with at least `size_min` leaves, in the order of
/// sizes. ok, io; corrupt: an entry that no cairn wrote
Error list_cosigned(Store& store, const std::string& log, uint64_t size_min, size_t limit,
                    std::vector<CosignedHead>& out);

/// The smallest cosigned head of a log with at least `size_min` leaves. not_found: none yet.
Error find_cosigned(Store& store, const std::string& log, uint64_t size_min, CosignedHead& out);

}  // namespace cairn::gateway
