#include "http_error.hpp"

#include "journal.hpp"

namespace service {

unsigned http_status(Status status) {
  switch (status) {
    case Status::ok:
      return 200;
    case Status::bad_argument:
    case Status::corrupt:
      return 400;
    case Status::signature_invalid:
      return 403;
    case Status::not_found:
      return 404;
    case Status::bad_state:
      return 409;
    case Status::pruned:
      return 410;
    default:
      return 503;
  }
}

HttpAnswer error_answer(const Error& error) {
  const unsigned status = http_status(error.status);
  // What failed inside is for the log, not for strangers.
  if (status != 503) return text_answer(status, error.message);
  report_error("http.unavailable", error);
  return text_answer(status, "the gateway cannot answer now; its log says why");
}

}  // namespace service
