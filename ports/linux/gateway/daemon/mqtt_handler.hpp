// Devices over MQTT: which topic asks what, and where the answer goes.
#pragma once

#include "core.hpp"
#include "mqtt_message.hpp"

namespace service {

/// Handles PREFIX/HASH/checkpoint, the body of add-checkpoint, answered at PREFIX/HASH/cosigned
/// and, with a cosigned head, at PREFIX/HASH/head; and PREFIX/HASH/enrol, answered at
/// PREFIX/HASH/enrolled: these answers begin with their status and a line end. And
/// PREFIX/HASH/report, a Report message, with a ReportAnswer message at PREFIX/HASH/answer.
/// `core` must outlive it.
MqttHandler make_mqtt_handler(Core& core, const std::string& prefix);

}  // namespace service
