// A store that a fleet of gateways shares: PostgreSQL with synchronous replication.
#pragma once

#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

struct PostgresOptions {
  /// As libpq takes it: "host=a,b,c dbname=cairn user=gateway", or a postgresql:// address. Of
  /// several hosts the one that can be written is used.
  std::string connection;

  /// Of the user; empty: what libpq finds (passfile), or none.
  std::string password;

  /// Accepts a server that has no standby: when it is lost, so is what was answered.
  bool single = false;

  /// How long a call may take, waiting for another server to take over included. Then it returns
  /// io.
  unsigned answer_ms = 5000;

  /// Connections at the same time; more calls wait.
  unsigned connections_max = 8;
};

/// Checks a connection string that others may read: that it is one, and has no password in it.
///
/// ok            the caller may go on
/// bad_argument  the message has the reason
/// unsupported   this build is without libpq
Error check_connection(const std::string& connection);

/// How the server that is written to replicates, for those who watch it. The details of standbys
/// show to a role with pg_monitor only; for others all of them count as `other`.
struct Replication {
  std::string server;           ///< "host:port"
  bool synchronous = false;     ///< a commit waits for a standby
  uint64_t standbys = 0;        ///< attached, and such that commits wait for them
  uint64_t standbys_other = 0;  ///< attached besides
};

/// Any number of threads and processes may use it. It makes its tables, cairn_store and
/// cairn_entry, in the first schema of the role's search path.
///
/// A commit is answered when a standby has it on its disk too, so a standby that takes over knows
/// all that was answered. That depends on the server, so each new connection looks at it, and goes
/// on only when synchronous_standby_names is set, or, with `single`, when there is no standby at
/// all; and one whose session has read its settings again is given up for a new one, before
/// anything that it shows is told. synchronous_commit the store sets itself. A connection begins
/// with a commit of its own: what an unanswered one may have left on this server alone has reached
/// a standby before anybody reads it.
///
/// What can still lose answered changes, and is not seen from here: promoting a standby that
/// commits did not wait for; an administrator who cancels a commit that waits (pg_cancel_backend).
/// A server that was replaced, but neither stopped nor cut off, goes on answering get() and scan()
/// with what it knows; it cannot commit any more.
///
/// Cost: two round trips and one commit a batch; one round trip for get() and scan().
class PostgresStore : public Store {
 public:
  PostgresStore();
  ~PostgresStore() override;

  /// Connects, looks at the server, and makes the tables where there are none.
  ///
  /// ok             open
  /// bad_argument   the connection string is wrong
  /// bad_state      it replicates asynchronously, or not at all without `single`, or does not flush
  ///                (fsync = off)
  /// wrong_version  a newer cairn made the tables
  /// unsupported    this build is without libpq
  /// io             no server answers, or none can be written
  Error open(const PostgresOptions& options);

  Error get(const std::string& key, Entry& out) override;
  Error get_batch(const std::vector<std::string>& keys, std::vector<Entry>& out) override;
  Error cas_batch(std::vector<Change>& changes) override;
  Error scan(const std::string& prefix, const std::string& after, size_t limit,
             std::vector<Entry>& out) override;

  /// Asks the server. ok, io as get()
  Error replication(Replication& out);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace cairn::gateway
