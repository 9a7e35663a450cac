// PostgreSQL as the store uses it: one connection in pipeline mode, whose calls end in time.
#pragma once

#include <libpq-fe.h>

#include <cairn/gateway/store.hpp>
#include <chrono>
#include <string_view>

namespace cairn::gateway {

using Deadline = std::chrono::steady_clock::time_point;

/// The value of a parameter, in PostgreSQL's binary format.
struct Parameter {
  unsigned type = 0;  ///< the number of its type
  std::string bytes;
};
Parameter bytes_parameter(std::string_view bytes);
Parameter number_parameter(uint64_t number);
Parameter bytes_array(const std::vector<std::string_view>& items);
Parameter number_array(const std::vector<uint64_t>& numbers);

struct Query {
  const char* sql;
  std::vector<Parameter> parameters;
};

/// The rows that a query returned.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result, PQclear) {}

  int count() const { return PQntuples(result_.get()); }
  std::string_view bytes(int row, int column) const;
  uint64_t number(int row, int column) const;  ///< of a bigint
  bool is_true(int row, int column) const;     ///< of a boolean

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

/// How an exchange ended, as far as what to do next depends on it.
enum class Outcome {
  done,
  again,    ///< another transaction was in the way, or the server: nothing was done; begin again
  refused,  ///< the server said no; the transaction was rolled back
  lost,     ///< no answer: what was sent may have been done, or not
};

/// Never cancels what it has sent: cancelling a commit that waits for a standby makes it visible
/// without one.
class PostgresConnection {
 public:
  PostgresConnection() = default;
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() { PQfinish(handle_); }

  /// bad_argument: the connection string is wrong. io: no server that can be written answers.
  Error open(const std::string& connection, const std::string& password);

  /// Sends queries in one piece and waits for what they return. When one fails, those behind it are
  /// left out, and a transaction that they began is rolled back.
  Outcome run(const std::vector<Query>& queries, Deadline deadline, std::vector<Rows>& rows,
              Error& error);

  /// False after a lost answer, or discard(): no call may follow.
  bool is_usable() const { return usable_; }
  void discard() { usable_ = false; }
  std::string server() const;

  /// When the server had last read its settings, as it was found fit by adopt_server().
  const std::string& settings() const { return settings_; }
  void set_settings(std::string settings) { settings_ = std::move(settings); }

 private:
  bool send(const std::vector<Query>& queries);
  Outcome receive(Deadline deadline, std::vector<Rows>& rows, Error& error);
  bool wait(Deadline deadline);
  Outcome lost(const std::string& reason, Error& error);
  Outcome failed(const PGresult* result, Error& error);
  static void notice(void* self, const PGresult* result);

  PGconn* handle_ = nullptr;
  bool usable_ = false;
  std::string settings_;
  std::string warning_;  ///< of the exchange under way
};

}  // namespace cairn::gateway
