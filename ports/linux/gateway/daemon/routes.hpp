// What the gateway answers over HTTP and MQTT. docs/gateway.md has the list; /v1/openapi.json
// describes it, and a test compares both.
#pragma once

#include "device_json.hpp"
#include "http_error.hpp"
#include "service.hpp"

namespace service {

/// All routes; bodies from devices have at most `body_bytes_max`. `service` must outlive them.
std::vector<HttpRoute> make_routes(Service& service, size_t body_bytes_max);

// Parts of it, by ListenConfig::serve.
void add_device_routes(Service& service, size_t body_bytes_max, std::vector<HttpRoute>& out);
void add_log_routes(Service& service, std::vector<HttpRoute>& out);
void add_query_routes(Service& service, std::vector<HttpRoute>& out);
void add_anchor_routes(Service& service, std::vector<HttpRoute>& out);
void add_page_routes(std::vector<HttpRoute>& out);
void add_health_routes(Service& service, std::vector<HttpRoute>& out);

HttpAnswer json_answer(const Json& value);

/// A number of the query; `otherwise` when it is not there. False when it is none.
bool number_of(const HttpRequest& request, const std::string& name, uint64_t otherwise,
               uint64_t& out);

}  // namespace service
