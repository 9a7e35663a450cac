// What a failed call of the library is over HTTP.
#pragma once

#include <cairn/linux/error.hpp>

#include "http.hpp"

namespace service {

using cairn::Status;
using cairn::host::Error;

unsigned http_status(Status status);
HttpAnswer error_answer(const Error& error);

}  // namespace service
