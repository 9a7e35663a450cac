// What is written down about a log beside the log itself: config.json in its folder.
#pragma once

#include <cairn/linux/file_flash.hpp>
#include <cairn/recorder.hpp>

namespace cairn::host {

/// What is chosen when a log is made.
struct LogSettings {
  FileGeometry geometry;
  BatchPolicy batch;
  bool recycle = false;  ///< when full, retire the oldest segment
};

/// What config.json holds.
struct LogConfig {
  std::string origin;
  std::string vkey;      ///< of the log; its name is the origin
  std::string key_path;  ///< of the private key, absolute; empty for a copy
  LogSettings settings;
  bool is_copy = false;  ///< of a device's flash: only that device appends
};

/// The name of a kind of memory, "nor"; "unknown" for no CAIRN_FLASH_ number.
const char* flash_kind_name(uint8_t kind);
/// The CAIRN_FLASH_ number of such a name; 0 for none.
uint8_t flash_kind_of(const std::string& name);

/// Reads and checks a config.json.
///
/// ok             read
/// corrupt        not JSON, or a field is missing, unknown, of the wrong type or out of range; the
///                message names it
/// wrong_version  written by a later version of cairn
/// others         as read_file()
Error read_log_config(const std::string& path, LogConfig& out);

/// Writes a config.json as a whole. Statuses as write_file().
Error write_log_config(const std::string& path, const LogConfig& config);

}  // namespace cairn::host
