#include "postgres.hpp"

#include <poll.h>

#include <algorithm>
#include <cairn/gateway/postgres_store.hpp>
#include <cerrno>
#include <cstring>

namespace cairn::gateway {
namespace {

// Numbers of types, which are the same in every database (pg_type.dat).
constexpr unsigned type_bytea = 17, type_int8 = 20, type_bytea_array = 1001, type_int8_array = 1016;
constexpr int binary = 1;

void append_big_endian(std::string& out, uint64_t number, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;)
    out.push_back(static_cast<char>(number >> (8 * i)));
}

std::string big_endian(uint64_t number, unsigned bytes) {
  std::string out;
  append_big_endian(out, number, bytes);
  return out;
}

// An array of one dimension whose indexes begin with 1, without nulls.
std::string array_header(unsigned type, size_t count) {
  return big_endian(1, 4) + big_endian(0, 4) + big_endian(type, 4) + big_endian(count, 4) +
         big_endian(1, 4);
}

std::string trimmed(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

using ConnectionOptions = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

Error parse_connection(const std::string& connection, ConnectionOptions& out) {
  char* wrong = nullptr;
  out.reset(PQconninfoParse(connection.c_str(), &wrong));
  if (out != nullptr) return {};
  const std::string reason = trimmed(wrong);
  PQfreemem(wrong);
  return {Status::bad_argument, "the connection string of PostgreSQL is wrong: " + reason};
}

bool is_class(const std::string& state, const char* prefix) {
  return state.compare(0, std::strlen(prefix), prefix) == 0;
}

}  // namespace

Parameter bytes_parameter(std::string_view bytes) {
  return {type_bytea, std::string(bytes)};
}

Parameter number_parameter(uint64_t number) {
  return {type_int8, big_endian(number, 8)};
}

Parameter bytes_array(const std::vector<std::string_view>& items) {
  std::string out = array_header(type_bytea, items.size());
  for (const std::string_view item : items) {
    append_big_endian(out, item.size(), 4);
    out.append(item);
  }
  return {type_bytea_array, std::move(out)};
}

Parameter number_array(const std::vector<uint64_t>& numbers) {
  std::string out = array_header(type_int8, numbers.size());
  for (const uint64_t number : numbers) {
    append_big_endian(out, 8, 4);
    append_big_endian(out, number, 8);
  }
  return {type_int8_array, std::move(out)};
}

std::string_view Rows::bytes(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

uint64_t Rows::number(int row, int column) const {
  uint64_t number = 0;
  for (const char byte : bytes(row, column))
    number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

bool Rows::is_true(int row, int column) const {
  return number(row, column) != 0;
}

Error check_connection(const std::string& connection) {
  ConnectionOptions options(nullptr, PQconninfoFree);
  CAIRN_HOST_TRY(parse_connection(connection, options));
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const bool is_secret = std::string_view(option->dispchar) == "*";
    if (is_secret && option->val != nullptr)
      return {Status::bad_argument,
              std::string("the connection string of PostgreSQL holds a ") + option->keyword};
  }
  return {};
}

Error PostgresConnection::open(const std::string& connection, const std::string& password) {
  // What stands before "dbname" its string may override, what stands behind it not. A host that
  // does not answer is given up after 2 s, one that stops answering after 5.
  const char* names[] = {"application_name",
                         "connect_timeout",
                         "keepalives_idle",
                         "keepalives_count",
                         "keepalives_interval",
                         "password",
                         "tcp_user_timeout",
                         "dbname",
                         "target_session_attrs",
                         "client_encoding",
                         nullptr};
  const char* values[] = {"cairn-gateway",
                          "2",
                          "2",
                          "3",
                          "1",
                          password.empty() ? nullptr : password.c_str(),
                          "5000",
                          connection.c_str(),
                          "read-write",
                          "UTF8",
                          nullptr};
  ConnectionOptions options(nullptr, PQconninfoFree);
  CAIRN_HOST_TRY(parse_connection(connection, options));
  handle_ = PQconnectdbParams(names, values, 1);
  if (PQstatus(handle_) != CONNECTION_OK) {
    return {Status::io, "no PostgreSQL server that can be written answers: " +
                            trimmed(PQerrorMessage(handle_)) + "."};
  }
  PQsetNoticeReceiver(handle_, notice, this);
  usable_ = PQsetnonblocking(handle_, 1) == 0 && PQenterPipelineMode(handle_) == 1;
  return usable_ ? Error() : Error{Status::io, "libpq does not start a pipeline."};
}

std::string PostgresConnection::server() const {
  const char* host = PQhost(handle_);
  const char* port = PQport(handle_);
  return std::string(host == nullptr ? "" : host) + ":" + (port == nullptr ? "" : port);
}

Outcome PostgresConnection::run(const std::vector<Query>& queries, Deadline deadline,
                                std::vector<Rows>& rows, Error& error) {
  warning_.clear();
  rows.clear();
  error = {};
  if (!send(queries)) return lost(trimmed(PQerrorMessage(handle_)), error);
  const Outcome outcome = receive(deadline, rows, error);
  if (outcome == Outcome::lost || PQtransactionStatus(handle_) != PQTRANS_INERROR) return outcome;
  std::vector<Rows> none;
  Error ignored;
  if (!send({{"ROLLBACK", {}}}) || receive(deadline, none, ignored) != Outcome::done) {
    usable_ = false;  // the server rolls back when the connection ends
  }
  return outcome;
}

bool PostgresConnection::send(const std::vector<Query>& queries) {
  for (const Query& query : queries) {
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> sizes, formats;
    for (const Parameter& parameter : query.parameters) {
      types.push_back(parameter.type);
      values.push_back(parameter.bytes.data());
      sizes.push_back(static_cast<int>(parameter.bytes.size()));
      formats.push_back(binary);
    }
    if (PQsendQueryParams(handle_, query.sql, static_cast<int>(types.size()), types.data(),
                          values.data(), sizes.data(), formats.data(), binary) != 1) {
      return false;
    }
  }
  return PQpipelineSync(handle_) == 1;
}

Outcome PostgresConnection::receive(Deadline deadline, std::vector<Rows>& rows, Error& error) {
  Outcome outcome = Outcome::done;
  for (;;) {
    if (!wait(deadline)) return lost("", error);
    PGresult* const result = PQgetResult(handle_);
    const ExecStatusType status = PQresultStatus(result);
    if (PQstatus(handle_) != CONNECTION_OK) {
      PQclear(result);
      return lost(trimmed(PQerrorMessage(handle_)), error);
    }
    if (result == nullptr) continue;  // the end of one query
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      rows.emplace_back(result);
      continue;
    }
    if (status == PGRES_FATAL_ERROR) outcome = failed(result, error);
    PQclear(result);
    if (status == PGRES_PIPELINE_SYNC) break;
  }
  if (!warning_.empty()) return lost(warning_, error);
  return outcome;
}

// Waits until a result is there. False when the time is over.
bool PostgresConnection::wait(Deadline deadline) {
  while (PQstatus(handle_) == CONNECTION_OK) {
    const int flushed = PQflush(handle_);
    if (flushed < 0) return true;  // what libpq says is in its next result
    if (flushed == 0 && PQisBusy(handle_) == 0) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd descriptor = {PQsocket(handle_), POLLIN, 0};
    if (flushed != 0) descriptor.events |= POLLOUT;
    const int ready = poll(&descriptor, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return true;
    if (ready > 0 && (descriptor.revents & ~POLLOUT) != 0 && PQconsumeInput(handle_) == 0) {
      return true;
    }
  }
  return true;
}

Outcome PostgresConnection::lost(const std::string& reason, Error& error) {
  usable_ = false;
  if (reason.empty()) {
    error = {Status::io,
             "PostgreSQL at " + server() +
                 " does not answer in time. When it is a commit that waits, see whether "
                 "the standbys of synchronous_standby_names are attached "
                 "(pg_stat_replication)."};
  } else {
    error = {Status::io, "PostgreSQL at " + server() + " was lost: " + reason + "."};
  }
  return Outcome::lost;
}

Outcome PostgresConnection::failed(const PGresult* result, Error& error) {
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string state = field == nullptr ? "" : field;
  const std::string reason = "PostgreSQL at " + server() + ": " +
                             trimmed(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)) +
                             " (SQLSTATE " + state + ").";
  error = {Status::io, reason};
  // Class 40 is what another transaction caused, 23505 an entry that another one made first.
  if (is_class(state, "40") || state == "23505") return Outcome::again;
  if (state == "25006") {  // read only: another server has taken over
    usable_ = false;
    return Outcome::again;
  }
  if (state == "53100") error = {Status::full, reason + " Free some space on its disk."};
  if (is_class(state, "XX00") && state != "XX000") {
    error = {Status::damaged, reason + " Restore a backup, or rebuild it (cairn-gateway rebuild)."};
  }
  return Outcome::refused;
}

// A commit that stops waiting for its standby says so in a warning, and then that it is done.
void PostgresConnection::notice(void* self, const PGresult* result) {
  const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity == nullptr || std::strcmp(severity, "WARNING") != 0) return;
  static_cast<PostgresConnection*>(self)->warning_ =
      trimmed(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
}

}  // namespace cairn::gateway
