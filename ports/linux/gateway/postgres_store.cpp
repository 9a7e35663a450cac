// Each call takes a connection from a pool. What is lost before the commit was sent is done again
// on another one; an unanswered commit is not.

#include <algorithm>
#include <cairn/gateway/postgres_store.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "batch_plan.hpp"
#include "postgres_server.hpp"
#include "store_checks.hpp"

namespace cairn::gateway {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds pause_min{10};
constexpr std::chrono::milliseconds pause_max{200};

constexpr const char* select_one = "SELECT version, value FROM cairn_entry WHERE key = $1";
constexpr const char* select_some =
    "SELECT key, version, value FROM cairn_entry WHERE key = ANY($1)";
constexpr const char* select_range =
    "SELECT key, version, value FROM cairn_entry WHERE key >= $1 AND key < $2"
    " ORDER BY key LIMIT $3";
// Locked in the order of their keys, so that batches wait for one another in no circle.
constexpr const char* select_batch =
    "SELECT key, version FROM cairn_entry WHERE key = ANY($1) ORDER BY key FOR UPDATE";
constexpr const char* remove_rows = "DELETE FROM cairn_entry WHERE key = ANY($1)";
constexpr const char* replace_rows =
    "UPDATE cairn_entry e SET version = n.version, value = n.value"
    " FROM unnest($1, $2, $3) AS n(key, version, value) WHERE e.key = n.key";
constexpr const char* make_rows =
    "INSERT INTO cairn_entry(key, version, value) SELECT * FROM unnest($1, $2, $3)";

}  // namespace

struct PostgresStore::Inside {
  PostgresOptions options;
  std::mutex mutex;  ///< guards what follows
  std::condition_variable given_back;
  std::vector<std::unique_ptr<PostgresConnection>> idle;
  unsigned taken = 0;

  using Call = std::function<Outcome(PostgresConnection&, Deadline, Error&)>;

  Error connect(Deadline deadline, std::unique_ptr<PostgresConnection>& connection);
  bool take(Deadline deadline, std::unique_ptr<PostgresConnection>& connection);
  void give_back(std::unique_ptr<PostgresConnection> connection);
  Outcome call_once(const Call& call, Deadline deadline, Error& error);
  Error call(const Call& call);
};

namespace {

// Something that changes nothing: with a lost answer, or from a server that may have forgotten, it
// is asked again.
Outcome read(PostgresConnection& connection, std::vector<Query> queries, bool single,
             Deadline deadline, std::vector<Rows>& rows, Error& error) {
  queries.push_back({look_again, {}});
  const Outcome outcome = connection.run(queries, deadline, rows, error);
  if (outcome == Outcome::lost) return Outcome::again;
  if (outcome != Outcome::done || single) return outcome;
  error = judge_again(connection, rows.back());
  return error.ok() ? outcome : Outcome::again;
}

std::vector<Query> writes_of(BatchPlan& plan) {
  std::vector<std::string_view> removed, replaced, replaced_values, made, made_values;
  std::vector<uint64_t> replaced_versions, made_versions;
  for (const auto& [key, entry] : plan.entries()) {
    if (entry.is_removed()) removed.push_back(key);
    if (entry.is_replaced()) {
      replaced.push_back(key);
      replaced_versions.push_back(entry.version);
      replaced_values.push_back(*entry.value);
    }
    if (entry.is_made()) {
      made.push_back(key);
      made_versions.push_back(entry.version);
      made_values.push_back(*entry.value);
    }
  }
  std::vector<Query> queries;
  if (!removed.empty()) queries.push_back({remove_rows, {bytes_array(removed)}});
  if (!replaced.empty()) {
    queries.push_back(
        {replace_rows,
         {bytes_array(replaced), number_array(replaced_versions), bytes_array(replaced_values)}});
  }
  if (!made.empty()) {
    queries.push_back(
        {make_rows, {bytes_array(made), number_array(made_versions), bytes_array(made_values)}});
  }
  return queries;
}

// Locks the rows and reads their versions.
Outcome lock(PostgresConnection& connection, BatchPlan& plan, bool single, Deadline deadline,
             Error& error) {
  std::vector<std::string_view> keys;
  for (auto& [key, entry] : plan.entries()) {
    keys.push_back(key);
    entry.stored = 0;
  }
  std::vector<Rows> rows;
  const Outcome outcome = read(connection, {{"BEGIN", {}}, {select_batch, {bytes_array(keys)}}},
                               single, deadline, rows, error);
  if (outcome != Outcome::done) return outcome;
  for (int row = 0; row < rows[1].count(); ++row)
    plan.entries().at(rows[1].bytes(row, 0)).stored = rows[1].number(row, 1);
  return outcome;
}

Outcome commit(PostgresConnection& connection, BatchPlan& plan, bool single, Deadline deadline,
               Error& error) {
  std::vector<Query> queries = writes_of(plan);
  queries.push_back({"COMMIT", {}});
  queries.push_back({look_again, {}});
  std::vector<Rows> rows;
  const Outcome outcome = connection.run(queries, deadline, rows, error);
  if (outcome != Outcome::done || single) return outcome;
  error = judge_again(connection, rows.back());
  return error.ok() ? outcome : Outcome::lost;
}

}  // namespace

Error PostgresStore::Inside::connect(Deadline deadline,
                                     std::unique_ptr<PostgresConnection>& connection) {
  auto made = std::make_unique<PostgresConnection>();
  CAIRN_HOST_TRY(made->open(options.connection, options.password));
  CAIRN_HOST_TRY(adopt_server(*made, options.single, deadline));
  connection = std::move(made);
  return {};
}

// A place, and with it an idle connection if there is one.
bool PostgresStore::Inside::take(Deadline deadline,
                                 std::unique_ptr<PostgresConnection>& connection) {
  std::unique_lock<std::mutex> lock(mutex);
  const auto is_place = [this]() { return taken < options.connections_max; };
  if (!given_back.wait_until(lock, deadline, is_place)) return false;
  ++taken;
  if (idle.empty()) return true;
  connection = std::move(idle.back());
  idle.pop_back();
  return true;
}

void PostgresStore::Inside::give_back(std::unique_ptr<PostgresConnection> connection) {
  const std::lock_guard<std::mutex> lock(mutex);
  --taken;
  if (connection != nullptr && connection->is_usable()) idle.push_back(std::move(connection));
  given_back.notify_one();
}

Outcome PostgresStore::Inside::call_once(const Call& call, Deadline deadline, Error& error) {
  std::unique_ptr<PostgresConnection> connection;
  if (!take(deadline, connection)) {
    error = {Status::io, "all " + std::to_string(options.connections_max) +
                             " connections to PostgreSQL were busy for " +
                             std::to_string(options.answer_ms) + " ms."};
    return Outcome::refused;
  }
  if (connection == nullptr) error = connect(deadline, connection);
  const Outcome outcome =
      connection == nullptr ? Outcome::again : call(*connection, deadline, error);
  give_back(std::move(connection));
  return outcome;
}

Error PostgresStore::Inside::call(const Call& call) {
  const Deadline deadline = Clock::now() + std::chrono::milliseconds(options.answer_ms);
  std::string reason;
  for (auto pause = pause_min;; pause = std::min(2 * pause, pause_max)) {
    Error error;
    if (call_once(call, deadline, error) != Outcome::again) return error;
    // A try that the end of the time cut short knows less than the one before.
    if (reason.empty() || Clock::now() < deadline) reason = error.message;
    if (Clock::now() + pause >= deadline) return {Status::io, reason};
    std::this_thread::sleep_for(pause);
  }
}

PostgresStore::PostgresStore() = default;
PostgresStore::~PostgresStore() = default;

Error PostgresStore::open(const PostgresOptions& options) {
  auto inside = std::make_unique<Inside>();
  inside->options = options;
  std::unique_ptr<PostgresConnection> connection;
  const Deadline deadline = Clock::now() + std::chrono::milliseconds(options.answer_ms);
  CAIRN_HOST_TRY(inside->connect(deadline, connection));
  inside->idle.push_back(std::move(connection));
  inside_ = std::move(inside);
  return {};
}

Error PostgresStore::get(const std::string& key, Entry& out) {
  return inside_->call([&](PostgresConnection& connection, Deadline deadline, Error& error) {
    std::vector<Rows> rows;
    const Outcome outcome = read(connection, {{select_one, {bytes_parameter(key)}}},
                                 inside_->options.single, deadline, rows, error);
    if (outcome != Outcome::done) return outcome;
    if (rows[0].count() == 0) {
      error = {Status::not_found, "no entry '" + key + "' in PostgreSQL."};
    } else {
      out = {key, rows[0].number(0, 0), std::string(rows[0].bytes(0, 1))};
    }
    return outcome;
  });
}

Error PostgresStore::get_batch(const std::vector<std::string>& keys, std::vector<Entry>& out) {
  out.clear();
  if (keys.empty()) return {};
  std::map<std::string_view, size_t> places;
  std::vector<std::string_view> asked;
  for (const std::string& key : keys) {
    places[key] = out.size();
    out.push_back({key, 0, ""});
    asked.push_back(key);
  }
  return inside_->call([&](PostgresConnection& connection, Deadline deadline, Error& error) {
    std::vector<Rows> rows;
    const Outcome outcome = read(connection, {{select_some, {bytes_array(asked)}}},
                                 inside_->options.single, deadline, rows, error);
    if (outcome != Outcome::done) return outcome;
    for (int row = 0; row < rows[0].count(); ++row) {
      Entry& entry = out[places.at(rows[0].bytes(row, 0))];
      entry.version = rows[0].number(row, 1);
      entry.value = std::string(rows[0].bytes(row, 2));
    }
    return outcome;
  });
}

Error PostgresStore::cas_batch(std::vector<Change>& changes) {
  CAIRN_HOST_TRY(check_batch(changes));
  BatchPlan plan(changes);
  Error result =
      inside_->call([&](PostgresConnection& connection, Deadline deadline, Error& error) {
        const Outcome outcome = lock(connection, plan, inside_->options.single, deadline, error);
        if (outcome != Outcome::done) return outcome;
        plan.apply(changes);
        return commit(connection, plan, inside_->options.single, deadline, error);
      });
  if (!result.ok())
    for (Change& change : changes)
      change.applied = false;
  return result;
}

Error PostgresStore::scan(const std::string& prefix, const std::string& after, size_t limit,
                          std::vector<Entry>& out) {
  out.clear();
  const KeyRange range = range_of(prefix, after);
  return inside_->call([&](PostgresConnection& connection, Deadline deadline, Error& error) {
    std::vector<Rows> rows;
    const Outcome outcome = read(
        connection,
        {{select_range,
          {bytes_parameter(range.first), bytes_parameter(range.end), number_parameter(limit)}}},
        inside_->options.single, deadline, rows, error);
    if (outcome != Outcome::done) return outcome;
    for (int row = 0; row < rows[0].count(); ++row)
      out.push_back({std::string(rows[0].bytes(row, 0)), rows[0].number(row, 1),
                     std::string(rows[0].bytes(row, 2))});
    return outcome;
  });
}

Error PostgresStore::replication(Replication& out) {
  return inside_->call([&](PostgresConnection& connection, Deadline deadline, Error& error) {
    error = ask_replication(connection, deadline, out);
    return error.ok() ? Outcome::done : Outcome::refused;
  });
}

}  // namespace cairn::gateway
