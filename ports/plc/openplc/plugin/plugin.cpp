#include "plugin.hpp"

#include <chrono>
#include <cstring>
#include <memory>

#include "exports.hpp"

namespace cairn::openplc {
namespace {

using host::Error;

constexpr std::chrono::milliseconds write_interval{20};

}  // namespace

std::unique_ptr<Plugin> plugin;

void Plugin::log_error(const Error& error) const {
  if (!error.message.empty()) runtime_.log_error("cairn: %s", error.message.c_str());
}

Error Plugin::init(const openplc_runtime& runtime) {
  runtime_ = runtime;
  runtime_.config_path[sizeof runtime_.config_path - 1] = '\0';
  CAIRN_HOST_TRY(read_settings(runtime_.config_path, settings_));
  if (is_retain_store != !settings_.retain_folder.empty()) {
    return {Status::bad_argument,
            std::string(runtime_.config_path) +
                (is_retain_store ? ": 'retain' is missing. Without it, use libcairn_openplc.so."
                                 : ": 'retain' needs libcairn_openplc_retain.so.")};
  }
  if (is_retain_store) CAIRN_HOST_TRY(store_.open(settings_.retain_folder, settings_.retain_key));
  return recorder_.bind(settings_, runtime_);
}

Error Plugin::start() {
  if (writer_.joinable()) return {};
  const Error error = settings_.log.empty() ? Error{} : recorder_.open();
  recording_ = !settings_.log.empty() && error.ok();
  scanning_ = recording_;
  reported_ = error.status;
  stopping_ = false;
  writer_ = std::thread([this] { run(); });
  return error;
}

void Plugin::stop() {
  if (!writer_.joinable()) return;
  scanning_ = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  writer_.join();
  recording_ = false;
}

void Plugin::cycle_end() {
  if (scanning_.load(std::memory_order_relaxed)) recorder_.scan();
}

bool Plugin::retain(ByteView values) {
  if (values.empty() || values.size > retain_bytes_max) return false;
  mailbox_.put(values);
  return true;
}

Error Plugin::restore(const std::string& program, std::vector<uint8_t>& values) {
  const std::lock_guard<std::mutex> lock(store_mutex_);
  Retained found;
  const Error error = store_.load(found);
  version_quality_ = !error.ok() ? 2 : error.message.empty() ? 0 : 1;
  version_noted_ = error.status == Status::not_found;
  program_ = program;
  values.clear();
  if (error.status == Status::not_found) return {};
  if (!error.ok()) return error;
  if (found.program != program) {
    runtime_.log_warn("cairn: the retained values are another program's and are not restored");
    return error;
  }
  values = std::move(found.values);
  return error;
}

Error Plugin::save_retained() {
  const std::lock_guard<std::mutex> lock(store_mutex_);
  const ByteView values = mailbox_.take();
  return values.empty() ? Error{} : store_.save(program_, values);
}

Error Plugin::clear_retained() {
  const std::lock_guard<std::mutex> lock(store_mutex_);
  return store_.clear();
}

void Plugin::note_version(uint16_t quality) {
  if (!recording_ || settings_.retain_channel == 0) return;
  log_error(recorder_.write_version(store_.version(), quality));
}

// A log that fails does so on every write: it is reported once, and when it takes records again.
void Plugin::write() {
  if (!recording_) return;
  const Error error = recorder_.write();
  if (error.status == reported_) return;
  reported_ = error.status;
  if (!error.ok()) return log_error(error);
  runtime_.log_info("cairn: the log takes records again");
}

void Plugin::run() {
  const std::chrono::milliseconds interval{settings_.retain_interval_ms};
  auto saved_at = std::chrono::steady_clock::now() - interval;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, write_interval, [this] { return stopping_; })) {
    lock.unlock();
    write();
    if (is_retain_store) {
      {
        const std::lock_guard<std::mutex> store_lock(store_mutex_);
        if (!version_noted_) note_version(version_quality_);
        version_noted_ = true;
      }
      const auto now = std::chrono::steady_clock::now();
      if (now - saved_at >= interval) {
        log_error(save_retained());
        saved_at = now;
      }
    }
    lock.lock();
  }
  lock.unlock();
  if (is_retain_store) {
    log_error(save_retained());
    const std::lock_guard<std::mutex> store_lock(store_mutex_);
    note_version(0);
  }
  if (recording_) log_error(recorder_.close());
}

}  // namespace cairn::openplc

using cairn::openplc::plugin;

extern "C" {

int init(void* args) {
  if (args == nullptr) return -1;
  openplc_runtime runtime;
  std::memcpy(&runtime, args, sizeof runtime);
  auto fresh = std::make_unique<cairn::openplc::Plugin>();
  const cairn::host::Error error = fresh->init(runtime);
  if (!error.ok()) {
    fresh->log_error(error);
    return -1;
  }
  plugin = std::move(fresh);
  return 0;
}

int start_loop(void) {
  if (plugin == nullptr) return -1;
  const cairn::host::Error error = plugin->start();
  plugin->log_error(error);
  return error.ok() ? 0 : -1;
}

void stop_loop(void) {
  if (plugin != nullptr) plugin->stop();
}

void cleanup(void) {
  plugin.reset();
}

void cycle_start(void) {}

void cycle_end(void) {
  if (plugin != nullptr) plugin->cycle_end();
}

}  // extern "C"
