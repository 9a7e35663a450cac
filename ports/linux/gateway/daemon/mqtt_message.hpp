// What is made of a message that came over MQTT, whoever carries it.
#pragma once

#include <cairn/linux/error.hpp>
#include <functional>
#include <string>
#include <vector>

namespace service {

using cairn::host::Error;

struct MqttPublication {
  std::string topic;
  std::string payload;
  bool retain = false;
  /// When set, asked for the payload at the moment of publishing, one publication after the other:
  /// so what is retained never goes back to an older state.
  std::function<Error(std::string& payload)> newest;
};

/// What became of a message.
struct MqttOutcome {
  bool taken = true;  ///< false: nothing is durable, the broker is to keep it
  std::vector<MqttPublication> answers;
};

/// Called by many threads at once.
using MqttHandler =
    std::function<MqttOutcome(const std::string& topic, const std::string& payload)>;

}  // namespace service
