#include <cairn/gateway/opentimestamps_anchor.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/opentimestamps.hpp>

#include "http_client.hpp"

namespace cairn::gateway {

Error OpenTimestampsAnchor::prepare(const AnchorHead& head, const std::string&,
                                    AnchorRequest& out) {
  out = {host::string_of(head.digest), 1};
  return {};
}

Error OpenTimestampsAnchor::submit(const AnchorHead&, const std::string& request,
                                   std::string& receipt) {
  HttpRequest post;
  post.url = options_.url + "/digest";
  post.body = request;
  post.post = true;
  post.headers = {"Accept: application/vnd.opentimestamps.v1",
                  "Content-Type: application/x-www-form-urlencoded"};
  post.answer_bytes_max = 10000;
  post.timeout_s = options_.timeout_s;
  post.ca_file = options_.https_ca_file;
  HttpAnswer answer;
  CAIRN_HOST_TRY(send_request(post, answer));
  if (answer.status != 200)
    return {Status::io, post.url + " answered " + std::to_string(answer.status)};
  uint64_t not_after_s = 0;
  const Error error = verify({}, answer.body, not_after_s);
  if (!error.ok()) return {Status::bad_state, post.url + ": " + error.message};
  receipt = answer.body;
  return {};
}

Error OpenTimestampsAnchor::poll(const AnchorHead& head, const std::string& request,
                                 std::string& receipt) {
  return submit(head, request, receipt);
}

Error OpenTimestampsAnchor::verify(const Digest&, const std::string& receipt,
                                   uint64_t& not_after_s) const {
  host::OpenTimestampsFact fact;
  not_after_s = 0;
  if (host::parse_opentimestamps(host::bytes_of(receipt), fact) == Status::ok) return {};
  return {Status::corrupt, "not a timestamp of OpenTimestamps"};
}

}  // namespace cairn::gateway
