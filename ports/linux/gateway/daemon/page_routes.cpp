// The status page and the description of the interface: files that are compiled in, so that nothing
// has to be installed beside the program.
#include "pages.hpp"
#include "routes.hpp"

namespace service {

namespace {

constexpr char content_security[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

void add_page(std::vector<HttpRoute>& out, const char* path, const char* type, const char* text) {
  out.push_back({"GET", path, "query", false, 0, [type, text](const HttpRequest&) {
                   HttpAnswer answer;
                   answer.type = type;
                   answer.body = text;
                   answer.headers.emplace_back("Content-Security-Policy", content_security);
                   answer.headers.emplace_back("Referrer-Policy", "no-referrer");
                   answer.headers.emplace_back("Cache-Control", "no-cache");
                   return answer;
                 }});
}

}  // namespace

void add_page_routes(std::vector<HttpRoute>& out) {
  add_page(out, "/", "text/html; charset=utf-8", page_status_html);
  add_page(out, "/status.js", "text/javascript; charset=utf-8", page_status_js);
  add_page(out, "/status.css", "text/css; charset=utf-8", page_status_css);
  add_page(out, "/v1/openapi.json", "application/json", page_openapi_json);
}

}  // namespace service
