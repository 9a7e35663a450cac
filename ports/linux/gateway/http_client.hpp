// Requests over HTTP and HTTPS by libcurl: what anchors, witnesses and mirrors are asked with.
#pragma once

#include <cairn/linux/error.hpp>
#include <functional>
#include <string>
#include <vector>

namespace cairn::gateway {

using host::Error;

struct HttpRequest {
  std::string url;                   ///< http:// or https://
  std::string body;                  ///< of a POST; nothing: GET
  bool post = false;                 ///< POST, also with an empty body
  std::vector<std::string> headers;  ///< "Name: value"
  size_t answer_bytes_max = 1 << 20;
  unsigned timeout_s = 10;  ///< for all of it
  std::string ca_file;      ///< certificates to trust instead of the system's
};

struct HttpAnswer {
  long status = 0;
  std::string content_type;
  std::string body;
};

/// Sends a request and waits for the answer, whatever its status. Redirections are not followed.
/// Any number of threads may call it.
///
/// ok            there is an answer
/// bad_argument  not a URL of http or https
/// full          the answer is longer than answer_bytes_max
/// io            no connection, no answer in time, a certificate that is not trusted; stopped, see
///               StoppableRequests
Error send_request(const HttpRequest& request, HttpAnswer& answer);

/// Whatever answers as send_request() does.
using HttpSend = std::function<Error(const HttpRequest&, HttpAnswer&)>;

}  // namespace cairn::gateway
