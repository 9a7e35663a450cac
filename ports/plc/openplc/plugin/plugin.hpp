// The plug-in: what the runtime's calls share. The runtime starts and stops it from one thread and
// calls the hooks of the scan from another.
#pragma once

#include <condition_variable>
#include <thread>

#include "retain_mailbox.hpp"
#include "retain_store.hpp"
#include "variable_recorder.hpp"

namespace cairn::openplc {

/// Whether this build of the plug-in has the retain calls.
extern const bool is_retain_store;

class Plugin {
 public:
  ~Plugin() { stop(); }

  /// Reads the settings and opens the retain store.
  host::Error init(const openplc_runtime& runtime);
  /// Starts the writer. A log that cannot be opened is reported, and the program runs on without.
  host::Error start();
  /// Writes what is left, signs the batch, ends the writer.
  void stop();

  /// In the scan.
  void cycle_end();
  /// In the scan: copies values that changed.
  bool retain(ByteView values);

  /// Fetches the values that were retained for `program`; empty when there are none for it.
  host::Error restore(const std::string& program, std::vector<uint8_t>& values);
  /// Writes the newest values now.
  host::Error save_retained();
  host::Error clear_retained();

  void log_error(const host::Error& error) const;

 private:
  void run();
  void write();
  void note_version(uint16_t quality);

  openplc_runtime runtime_{};
  Settings settings_;
  VariableRecorder recorder_;
  bool recording_ = false;  ///< the log is open: changed while no thread runs but the starter's
  std::atomic<bool> scanning_{false};
  Status reported_ = Status::ok;  ///< what the log's state was when it was last reported

  RetainMailbox mailbox_;
  std::mutex store_mutex_;  ///< of the fields that follow, and of taking from the mailbox
  RetainStore store_;
  std::string program_;
  uint16_t version_quality_ = 0;
  bool version_noted_ = true;

  std::thread writer_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
};

}  // namespace cairn::openplc
