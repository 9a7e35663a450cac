#include "http.hpp"

namespace service {

namespace {

/// Cuts the first segment, without its slash, off a path.
std::string cut_segment(std::string& path) {
  const size_t end = path.find('/', 1);
  const std::string segment = path.substr(1, end == std::string::npos ? end : end - 1);
  path = end == std::string::npos ? "" : path.substr(end);
  return segment;
}

bool matches(std::string pattern, std::string path, std::vector<std::string>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string expected = cut_segment(pattern);
    if (expected == "{*}") {
      parameters.push_back(path.substr(1));
      return true;
    }
    const std::string segment = cut_segment(path);
    if (expected == "{}" && !segment.empty())
      parameters.push_back(segment);
    else if (segment != expected)
      return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::string HttpRequest::argument(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

HttpAnswer text_answer(unsigned status, const std::string& line) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = line + "\n";
  return answer;
}

RouteMatch match_route(const std::vector<HttpRoute>& routes, const std::string& method,
                       const std::string& path) {
  RouteMatch out;
  if (path.empty() || path[0] != '/') return out;
  const std::string wanted = method == "HEAD" ? "GET" : method;
  for (const HttpRoute& route : routes) {
    if (!matches(route.path, path, out.parameters)) continue;
    if (route.method == wanted) {
      out.route = &route;
      return out;
    }
    out.status = 405;
    if (out.allow.find(route.method) == std::string::npos)
      out.allow += (out.allow.empty() ? "" : ", ") + route.method;
  }
  return out;
}

}  // namespace service
