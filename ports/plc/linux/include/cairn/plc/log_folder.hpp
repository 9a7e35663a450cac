// A log folder of cairn::linux, made by `cairn init`, as a log of a controller.
#pragma once

#include <cairn_plc_port.h>
#include <cairn/linux/file_flash.hpp>
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/log_config.hpp>

#include <vector>

namespace cairn::host {

/// What the pump of one log needs of this machine: file, key, clock, lock. Must stay where it is,
/// and outlive the pump. Files block and sync, so such a log is pumped by a task or a process.
class PlcLogFolder {
 public:
  PlcLogFolder() = default;
  PlcLogFolder(const PlcLogFolder&) = delete;
  PlcLogFolder& operator=(const PlcLogFolder&) = delete;

  /// Takes the folder's lock, loads its key (from `key_path` when it has moved) and opens its file;
  /// then log() is complete but for its area. Opens no recorder yet: the first pump does.
  /// `batch.automatic` and all other settings of the folder count; records are committed one by
  /// one.
  ///
  /// ok            ready
  /// not_found     no log in this folder
  /// bad_state     another process holds the lock; or it is a copy, which only its device appends
  /// to others        as KeyFile::load() and FileFlash::open()
  Error open(const std::string& path, const std::string& key_path = {});

  /// For a cairn_plc_port. Set its area, and keys, channels, keeps as wanted.
  cairn_plc_log& log() { return log_; }
  const std::string& origin() const { return config_.origin; }
  /// The file below the log, for its last error.
  FileFlash& flash() { return flash_; }

 private:
  void fill();

  LogConfig config_;
  LockFile lock_;
  KeyFile key_;
  FileFlash flash_;
  std::vector<uint8_t> frame_;
  std::vector<cairn_verifier> verifiers_;
  cairn_log_memory memory_ = CAIRN_LOG_MEMORY_INIT;
  cairn_recorder_options options_ = CAIRN_RECORDER_OPTIONS_INIT;
  cairn_plc_log log_ = CAIRN_PLC_LOG_INIT;
  cairn_plc_writer writer_{};
};

/// Milliseconds of the clock that the log's platform has, for cairn_plc_port: no system call on
/// processors whose kernel shows its clock to programs.
uint64_t plc_monotonic_ms(void* unused);

}  // namespace cairn::host
