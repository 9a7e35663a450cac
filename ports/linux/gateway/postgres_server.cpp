#include "postgres_server.hpp"

namespace cairn::gateway {
namespace {

constexpr uint64_t schema_version = 1;

// An answer must mean durable on the standby too, whatever the server's default is; a limit of time
// would end the wait of a commit for its standby. A gateway that dies must not hold rows for hours.
constexpr const char* set_session =
    "SELECT set_config(s.name, v.value, false) FROM pg_settings s JOIN (VALUES"
    " ('synchronous_commit', 'on'), ('statement_timeout', '0'), ('lock_timeout', '0'),"
    " ('transaction_timeout', '0'), ('idle_in_transaction_session_timeout', '10s'),"
    " ('client_connection_check_interval', '2s')) v(name, value) ON s.name = v.name"
    " WHERE s.name <> 'synchronous_commit' OR s.setting NOT IN ('on', 'remote_apply')";

// pg_basebackup shows as a standby for as long as it copies. Whom a commit waits for shows to some
// roles only; for others sync_state is null.
constexpr const char* look =
    "SELECT current_setting('fsync'), current_setting('synchronous_standby_names'), count(*),"
    " count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')),"
    " count(*) FILTER (WHERE sync_state IS NULL), pg_conf_load_time()::text"
    " FROM pg_stat_replication WHERE application_name <> 'pg_basebackup'";

struct Seen {
  bool flushes = false;
  std::string names;  ///< synchronous_standby_names
  uint64_t standbys = 0;
  uint64_t synchronous = 0;
  uint64_t unknown = 0;
  std::string settings;  ///< when they were read
};

// Two that make the tables at the same time would collide in PostgreSQL's catalogue.
constexpr const char* make_alone = "SELECT pg_advisory_xact_lock(7161681132913029742)";
constexpr const char* make_about =
    "CREATE TABLE IF NOT EXISTS cairn_store"
    "(one boolean PRIMARY KEY DEFAULT true CHECK (one), schema_version bigint NOT NULL,"
    " connections bigint NOT NULL)";
// Room in the pages, so that a replaced row stays in its page and its index entry stands.
constexpr const char* make_entries =
    "CREATE TABLE IF NOT EXISTS cairn_entry"
    "(key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL) WITH (fillfactor = 70)";
constexpr const char* begin_about =
    "INSERT INTO cairn_store(schema_version, connections) VALUES ($1, 0) ON CONFLICT DO NOTHING";
constexpr const char* there_is =
    "SELECT to_regclass('cairn_store') IS NOT NULL AND to_regclass('cairn_entry') IS NOT NULL";
constexpr const char* first_commit =
    "UPDATE cairn_store SET connections = connections + 1 RETURNING schema_version";

// A query whose failure is an error and nothing else.
Error ask(PostgresConnection& connection, const std::vector<Query>& queries, Deadline deadline,
          std::vector<Rows>& rows) {
  Error error;
  if (connection.run(queries, deadline, rows, error) == Outcome::done) return {};
  return error;
}

Error make_tables(PostgresConnection& connection, Deadline deadline) {
  std::vector<Rows> rows;
  CAIRN_HOST_TRY(ask(connection, {{there_is, {}}}, deadline, rows));
  if (rows[0].is_true(0, 0)) return {};
  return ask(connection,
             {{"BEGIN", {}},
              {make_alone, {}},
              {make_about, {}},
              {make_entries, {}},
              {begin_about, {number_parameter(schema_version)}},
              {"COMMIT", {}}},
             deadline, rows);
}

Error see(PostgresConnection& connection, Deadline deadline, Seen& seen) {
  std::vector<Rows> rows;
  CAIRN_HOST_TRY(ask(connection, {{set_session, {}}, {look, {}}}, deadline, rows));
  const Rows& found = rows.back();
  seen = {found.bytes(0, 0) == "on", std::string(found.bytes(0, 1)),
          found.number(0, 2),        found.number(0, 3),
          found.number(0, 4),        std::string(found.bytes(0, 5))};
  return {};
}

Error judge(const std::string& server, const Seen& seen, bool single) {
  const std::string at = "PostgreSQL at " + server;
  if (!seen.flushes) {
    return {Status::bad_state, at + " does not flush its log (fsync = off): a power cut would lose "
                                    "what was answered. Set fsync = on."};
  }
  if (seen.names.empty() && seen.standbys != 0) {
    return {Status::bad_state,
            at + " replicates asynchronously: standbys are attached (" +
                std::to_string(seen.standbys) +
                "), but synchronous_standby_names is empty, so "
                "one that takes over would have forgotten what was answered last. Set "
                "synchronous_standby_names."};
  }
  if (seen.names.empty() && !single) {
    return {Status::bad_state,
            at + " has no standby: when it is lost, so is what was answered. Set "
                 "synchronous_standby_names and attach a standby, or accept that: single = true."};
  }
  if (!seen.names.empty() && seen.synchronous + seen.unknown == 0) {
    return {Status::io, at + " waits for a standby: none of synchronous_standby_names (" +
                            seen.names + ") is attached. Start one."};
  }
  return {};
}

}  // namespace

const char* const look_again =
    "SELECT current_setting('synchronous_standby_names'), pg_conf_load_time()::text";

Error judge_again(PostgresConnection& connection, const Rows& seen) {
  const std::string at = "PostgreSQL at " + connection.server();
  if (seen.bytes(0, 1) == connection.settings()) return {};
  connection.discard();
  if (seen.bytes(0, 0).empty())
    return {Status::io, at +
                            " has stopped to replicate synchronously: synchronous_standby_names is "
                            "empty now. Set it again."};
  return {Status::io, at + " has read its settings again meanwhile."};
}

Error adopt_server(PostgresConnection& connection, bool single, Deadline deadline) {
  Seen seen;
  CAIRN_HOST_TRY(see(connection, deadline, seen));
  CAIRN_HOST_TRY(judge(connection.server(), seen, single));
  CAIRN_HOST_TRY(make_tables(connection, deadline));
  connection.set_settings(seen.settings);
  std::vector<Rows> rows;
  CAIRN_HOST_TRY(ask(connection, {{first_commit, {}}, {look_again, {}}}, deadline, rows));
  if (!single) CAIRN_HOST_TRY(judge_again(connection, rows[1]));
  const uint64_t version = rows[0].count() == 1 ? rows[0].number(0, 0) : 0;
  if (version == schema_version) return {};
  return {Status::wrong_version, "the tables at " + connection.server() + " have version " +
                                     std::to_string(version) + ", this cairn knows " +
                                     std::to_string(schema_version) +
                                     ". Use the one that made them."};
}

Error ask_replication(PostgresConnection& connection, Deadline deadline, Replication& out) {
  Seen seen;
  CAIRN_HOST_TRY(see(connection, deadline, seen));
  out = {connection.server(), !seen.names.empty(), seen.synchronous,
         seen.standbys - seen.synchronous};
  return {};
}

}  // namespace cairn::gateway
