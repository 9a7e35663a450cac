// HTTP as the routes see it: a request that has arrived whole, and its answer.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace service {

struct HttpRequest {
  std::string path;
  std::vector<std::string> parameters;       ///< what the route's {} stand for
  std::map<std::string, std::string> query;  ///< decoded
  std::string body;
  std::string if_none_match;

  /// A parameter of the query; empty when it is not there.
  std::string argument(const std::string& name) const;
};

struct HttpAnswer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// One path and what answers there.
struct HttpRoute {
  std::string method;  ///< "GET", which answers HEAD too, or "POST"
  std::string path;    ///< "{}" stands for one segment, "{*}" at the end for all that follow
  std::string group;   ///< of ListenConfig::serve; empty: on every address
  bool blocks = true;  ///< answered by the worker pool, not by the thread that serves sockets
  size_t body_bytes_max = 0;
  std::function<HttpAnswer(const HttpRequest&)> answer;
};

/// An answer in plain text: one line that says what is wrong, for people.
HttpAnswer text_answer(unsigned status, const std::string& line);

/// Finds the route of a request among `routes`.
struct RouteMatch {
  const HttpRoute* route = nullptr;
  unsigned status = 404;  ///< without a route: 404, or 405 with `allow`
  std::string allow;
  std::vector<std::string> parameters;
};
RouteMatch match_route(const std::vector<HttpRoute>& routes, const std::string& method,
                       const std::string& path);

}  // namespace service
