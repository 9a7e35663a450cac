#include <cairn/linux/file.hpp>
#include <cairn/linux/platform.hpp>
#include <cairn/linux/verifiers.hpp>
#include <cairn/plc/log_folder.hpp>

namespace cairn::host {

namespace {
constexpr size_t frame_bytes = 256 * 1024;
}

Error PlcLogFolder::open(const std::string& path, const std::string& key_path) {
  const Error error = read_log_config(path + "/config.json", config_);
  if (error.status == Status::not_found) {
    return {Status::not_found, path + " is not a log. Make one with `cairn init`."};
  }
  CAIRN_HOST_TRY(error);
  if (config_.is_copy) {
    return {Status::bad_state, "the log " + path +
                                   " is a copy of a device's flash. Only the device "
                                   "itself appends to it."};
  }
  CAIRN_HOST_TRY(lock_.take(path + "/lock", "the log " + path));
  CAIRN_HOST_TRY(key_.load(key_path.empty() ? config_.key_path : key_path));
  CAIRN_HOST_TRY(flash_.open(path + "/log", config_.settings.geometry, false));
  fill();
  return {};
}

void PlcLogFolder::fill() {
  const BatchPolicy& batch = config_.settings.batch;
  const ByteView origin = bytes_of(config_.origin);
  frame_.resize(frame_bytes);
  memory_.frame = frame_.data();
  memory_.frame_bytes = frame_.size();
  options_.origin = {origin.data, origin.size};
  options_.batch = {batch.leaves, batch.bytes, batch.time_ms, batch.automatic};
  options_.log.recycle = config_.settings.recycle ? 1 : 0;
  options_.log.keep_from = UINT64_MAX;
  const Verifiers& all = all_verifiers();
  verifiers_.assign(all.list, all.list + all.count);
  log_.pump = CAIRN_PLC_TASK;
  log_.writer = &writer_;
  log_.flash = &flash_.flash();
  log_.memory = &memory_;
  log_.options = &options_;
  log_.platform = &linux_platform();
  log_.signer = &key_.signer();
  log_.verifiers = verifiers_.data();
  log_.verifier_count = verifiers_.size();
}

uint64_t plc_monotonic_ms(void*) {
  return cairn_monotonic_ms(&linux_platform());
}

}  // namespace cairn::host
