// How a verb gives up: one exception, which main() prints, with the exit status of the command.
#pragma once

#include <cairn/status.hpp>
#include <stdexcept>
#include <string>

namespace command {

/// Exit statuses of `cairn`.
constexpr int exit_done = 0;          ///< done, or verified
constexpr int exit_not_verified = 1;  ///< what was asked about does not hold
constexpr int exit_wrong_use = 2;     ///< wrong use, unreadable input, or a failing machine

/// A message in three parts: which file or argument, what is wrong with it, what to do.
struct Failure : std::runtime_error {
  Failure(int exit_status, std::string place, const std::string& what, std::string advice = "")
      : std::runtime_error(what),
        exit(exit_status),
        where(std::move(place)),
        remedy(std::move(advice)) {}
  int exit;
  std::string where;
  std::string remedy;
  std::string field;                         ///< of an input, in plain words; may be empty
  cairn::Status status = cairn::Status::ok;  ///< why, in the library's terms
  int code = 0;                              ///< a witness's answer, and
  uint64_t size = 0;                         ///< the size that it cosigned last
};

/// Wrong use or unreadable input.
inline Failure wrong_use(std::string where, const std::string& what, std::string remedy = "") {
  return {exit_wrong_use, std::move(where), what, std::move(remedy)};
}

/// How the positions in a Fault count.
enum class Position { line, byte };

/// Input that the library refused: the status, the field and its position, and what to do.
Failure refused(std::string where, cairn::Status status, cairn::Fault fault = {},
                Position position = Position::line);

/// "signature line, line 4"; empty when the fault names no field.
std::string fault_text(cairn::Fault fault, Position position);

/// What a caller of the library does about a status; may be empty.
const char* remedy_of(cairn::Status status);

}  // namespace command
