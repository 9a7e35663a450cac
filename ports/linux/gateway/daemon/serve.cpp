// The verb `serve`: the service between its start and the signal that ends it.
#include <csignal>
#include <cstring>

#include "journal.hpp"
#include "notify.hpp"
#include "service.hpp"
#include "verbs.hpp"

namespace service {

namespace {

constexpr std::chrono::milliseconds tick(1000);

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, number);
  return set;
}

void reload(Service& service) {
  notify_reloading();
  const Error error = service.reload();
  if (!error.ok()) report_error("service.not_reloaded", error);
  notify_ready(error.ok() ? "serving" : "serving; the changed configuration has faults");
}

/// Until SIGTERM or SIGINT. systemd kills a service whose watchdog nobody feeds.
void attend(Service& service, const sigset_t& signals) {
  const auto feeding = watchdog_interval();
  const auto pause = feeding.count() == 0 ? tick : std::min(tick, feeding);
  const timespec wait = {pause.count() / 1000, pause.count() % 1000 * 1000000};
  for (;;) {
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) reload(service);
    service.tick();
    if (service.is_alive()) notify_alive();
  }
}

}  // namespace

Error serve(const std::string& config_path) {
  // Before the first thread: all others leave these signals to this one.
  const sigset_t signals = awaited_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Service service;
  const Error error = service.start(config_path);
  if (!error.ok()) {
    report_error("service.not_started", error);
    return error;
  }
  notify_ready("serving");
  attend(service, signals);
  notify_stopping();
  service.stop();
  return {};
}

}  // namespace service
