// What systemd is told: ready, reloading, stopping, and that the service is alive.
#pragma once

#include <chrono>
#include <string>

namespace service {

void notify_ready(const std::string& status);
void notify_reloading();
void notify_stopping();
/// Feeds the watchdog.
void notify_alive();
/// How often to feed it, half of what systemd waits; zero when it does not watch.
std::chrono::milliseconds watchdog_interval();

}  // namespace service
