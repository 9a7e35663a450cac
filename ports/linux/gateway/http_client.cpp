#include "http_client.hpp"

#include <curl/curl.h>

#include <cairn/gateway/stoppable_requests.hpp>
#include <memory>

namespace cairn::gateway {
namespace {

/// Of the StoppableRequests of this thread.
thread_local const std::atomic<bool>* stop_flag = nullptr;

// libcurl calls it about once a second, also while nothing arrives.
int is_stopped(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return stop_flag != nullptr && *stop_flag ? 1 : 0;
}

struct Sink {
  std::string* body;
  size_t bytes_max;
  bool overflowed = false;
};

size_t take_piece(char* data, size_t size, size_t count, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  if (size * count > sink.bytes_max - sink.body->size()) {
    sink.overflowed = true;
    return 0;
  }
  sink.body->append(data, size * count);
  return size * count;
}

// libcurl wants to be started once, before threads use it.
bool start_library() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return started;
}

using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

Headers header_list(const std::vector<std::string>& lines) {
  Headers headers(nullptr, &curl_slist_free_all);
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) break;
    (void)headers.release();
    headers.reset(longer);
  }
  return headers;
}

void set_options(CURL* curl, const HttpRequest& request, const curl_slist* headers, Sink& sink,
                 char* reason) {
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(request.timeout_s));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
#if LIBCURL_VERSION_NUM >= 0x075700
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // nor wait for the resolver
#endif
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_piece);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  if (request.post) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
}

}  // namespace

StoppableRequests::StoppableRequests(const std::atomic<bool>& stop) {
  stop_flag = &stop;
}

StoppableRequests::~StoppableRequests() {
  stop_flag = nullptr;
}

Error send_request(const HttpRequest& request, HttpAnswer& answer) {
  answer = {};
  if (is_stopped(nullptr, 0, 0, 0, 0) != 0)
    return {Status::io, request.url + " is not asked any more."};
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(
      start_library() ? curl_easy_init() : nullptr, &curl_easy_cleanup);
  if (curl == nullptr) return {Status::io, "libcurl does not start."};
  char reason[CURL_ERROR_SIZE] = "";
  Sink sink{&answer.body, request.answer_bytes_max};
  const Headers headers = header_list(request.headers);
  set_options(curl.get(), request, headers.get(), sink, reason);
  const CURLcode code = curl_easy_perform(curl.get());
  if (sink.overflowed)
    return {Status::full, request.url + " answers with more than " +
                              std::to_string(request.answer_bytes_max) + " bytes."};
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    return {Status::bad_argument, "'" + request.url + "' is not a URL of http or https."};
  if (code != CURLE_OK)
    return {Status::io, request.url + " does not answer: " +
                            (reason[0] != 0 ? reason : curl_easy_strerror(code)) + "."};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  const char* type = nullptr;
  curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) answer.content_type = type;
  return {};
}

}  // namespace cairn::gateway
