// What the gateway answers over HTTP and MQTT. docs/gateway.md has the list; /v1/openapi.json
// describes it, and a test compares both.
#pragma once

#include "device_json.hpp"
#include "service.hpp"

namespace service {

/// All routes. `service` must outlive them.
std::vector<HttpRoute> make_routes(Service& service);

// Parts of it, by ListenConfig::serve.
void add_device_routes(Service& service, std::vector<HttpRoute>& out);
void add_log_routes(Service& service, std::vector<HttpRoute>& out);
void add_query_routes(Service& service, std::vector<HttpRoute>& out);
void add_anchor_routes(Service& service, std::vector<HttpRoute>& out);
void add_page_routes(std::vector<HttpRoute>& out);
void add_health_routes(Service& service, std::vector<HttpRoute>& out);

/// Handles PREFIX/HASH/checkpoint, the body of add-checkpoint, answered at PREFIX/HASH/cosigned
/// and, with a cosigned head, at PREFIX/HASH/head; and PREFIX/HASH/enrol, answered at
/// PREFIX/HASH/enrolled: these answers begin with their status and a line end. And
/// PREFIX/HASH/report, a Report message, with a ReportAnswer message at PREFIX/HASH/answer.
MqttClient::Handle make_mqtt_handler(Service& service, const std::string& prefix);

/// The HTTP status for a failed call of the library.
unsigned http_status(Status status);
HttpAnswer error_answer(const Error& error);
HttpAnswer json_answer(const Json& value);

/// A number of the query; `otherwise` when it is not there. False when it is none.
bool number_of(const HttpRequest& request, const std::string& name, uint64_t otherwise,
               uint64_t& out);

}  // namespace service
