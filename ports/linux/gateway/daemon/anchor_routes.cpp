// What others said of the gateway's own log: receipts of anchors, cosignatures of witnesses.
#include "device_json.hpp"
#include "routes.hpp"

namespace service {

namespace {

namespace gateway = cairn::gateway;

/// The receipts of the smallest anchored head that covers `size` leaves, and that head.
HttpAnswer receipts(Core& core, const HttpRequest& request) {
  uint64_t size = 0;
  if (!number_of(request, "size", 0, size)) return text_answer(400, "size is a number");
  std::vector<gateway::StoredReceipt> found;
  const Error error = gateway::find_receipts(*core.store, core.log.origin(), size, found);
  if (!error.ok()) return error_answer(error);
  if (found.empty()) return text_answer(404, "no head of that size has been anchored yet");
  Json list = Json::array();
  for (const gateway::StoredReceipt& receipt : found)
    list.push_back({{"anchor", receipt.anchor},
                    {"kind", receipt.kind},
                    {"not_after", receipt.not_after_s},
                    {"href", "/v1/receipt?anchor=" + receipt.anchor +
                                 "&size=" + std::to_string(receipt.size)}});
  return json_answer({{"size", found[0].size}, {"note", found[0].note}, {"receipts", list}});
}

/// One receipt as the anchor gave it: of RFC 3161 the token, in DER.
HttpAnswer receipt(Core& core, const HttpRequest& request) {
  const std::string anchor = request.argument("anchor");
  uint64_t size = 0;
  if (!number_of(request, "size", 0, size) || size == 0 || anchor.empty())
    return text_answer(400, "give an anchor's name, and the size of a head");
  std::vector<gateway::StoredReceipt> found;
  const Error error = gateway::find_receipts(*core.store, core.log.origin(), size, found);
  if (!error.ok()) return error_answer(error);
  for (const gateway::StoredReceipt& one : found) {
    if (one.size != size || one.anchor != anchor) continue;
    HttpAnswer answer;
    answer.type = "application/octet-stream";
    answer.body = one.body;
    answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + anchor + "-" +
                                                           std::to_string(size) + ".receipt\"");
    return answer;
  }
  return text_answer(404, "that anchor has no receipt for the head of that size");
}

/// The smallest cosigned head that covers `size` leaves, with its cosignatures.
HttpAnswer cosigned(Core& core, const HttpRequest& request) {
  uint64_t size = 0;
  if (!number_of(request, "size", 0, size)) return text_answer(400, "size is a number");
  gateway::CosignedHead head;
  const Error error = gateway::find_cosigned(*core.store, core.log.origin(), size, head);
  if (error.status == Status::not_found) return text_answer(404, error.message);
  if (!error.ok()) return error_answer(error);
  HttpAnswer answer;
  answer.type = "text/plain; charset=utf-8";
  answer.body = head.note;
  return answer;
}

}  // namespace

void add_anchor_routes(Service& service, std::vector<HttpRoute>& out) {
  Core& core = service.core();
  const auto add = [&out](const char* path, std::function<HttpAnswer(const HttpRequest&)> answer) {
    out.push_back({"GET", path, "query", true, 0, std::move(answer)});
  };
  add("/v1/receipts", [&core](const HttpRequest& request) { return receipts(core, request); });
  add("/v1/receipt", [&core](const HttpRequest& request) { return receipt(core, request); });
  add("/v1/cosigned", [&core](const HttpRequest& request) { return cosigned(core, request); });
}

}  // namespace service
