// What a call of cairn::linux came to, in words that a person at a terminal can act on.
//
// The C++ namespace of this library is cairn::host: `linux` is a macro of GNU compilers.
#pragma once

#include <cairn/status.hpp>
#include <string>

namespace cairn::host {

/// A status, and for a failure what happened, to which file, and what to do about it.
struct [[nodiscard]] Error {
  Status status = Status::ok;
  std::string message;  ///< empty when ok; one sentence or several, no final line end

  bool ok() const { return status == Status::ok; }
};

/// The error of a failed system call: `action` ("open", "write"), its file, and `number`, an errno.
/// ENOSPC, EDQUOT and EFBIG become Status::full, ENOENT not_found, EEXIST bad_state, EISDIR and
/// ENOTDIR bad_argument, everything else io.
Error system_error(const std::string& action, const std::string& path, int number);

}  // namespace cairn::host

/// Returns from the calling function when `expression` is an Error that is not ok.
#define CAIRN_HOST_TRY(expression)                                                    \
  do {                                                                                \
    if (::cairn::host::Error cairn_host_error = (expression); !cairn_host_error.ok()) \
      return cairn_host_error;                                                        \
  } while (false)
