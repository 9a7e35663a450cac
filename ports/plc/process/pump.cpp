// cairn-plc-pump: the process that does the work of a log whose blocks run in the real-time process
// of a PLC runtime. It takes records out of the memory that both share, and appends and signs them.
#include <cairn_plc_shared_area.h>

#include <CLI/CLI.hpp>
#include <cairn/plc/log_folder.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

namespace {

using cairn::Status;
using cairn::host::Error;

constexpr int exit_failed = 1;
constexpr int exit_wrong_use = 2;
constexpr uint32_t units_at_once = 4096;
// How long a pump that is told to end goes on emptying the queues.
constexpr std::chrono::seconds ending_time{5};

volatile std::sig_atomic_t ending = 0;

void end(int) {
  ending = 1;
}

struct Arguments {
  std::string log;
  std::string area = "cairn-plc";
  uint32_t log_id = 0;
  std::string key;
  unsigned pause_ms = 2;
  bool keep = false;
  unsigned keys_needed = 0;
  std::vector<std::string> command_keys;
  std::vector<uint32_t> channels;
};

// Everything that a pump needs of a log's folder, at addresses that stay.
class PumpedLog {
 public:
  Error open(const Arguments& arguments);
  /// One turn: true when there is more to do. A state that has changed is reported.
  bool pump();

 private:
  Error load_command_keys(const Arguments& arguments);
  void report(int state);

  std::string path_;
  cairn::host::PlcLogFolder folder_;
  std::vector<cairn_public_key> command_keys_;
  std::vector<uint32_t> channels_;
  std::vector<cairn_plc_log> logs_;
  cairn_plc_port port_ = CAIRN_PLC_PORT_INIT;
  uint32_t log_id_ = 0;
  int reported_ = 0;
};

Error PumpedLog::load_command_keys(const Arguments& arguments) {
  for (const std::string& file : arguments.command_keys) {
    cairn::host::VerifierKey key;
    CAIRN_HOST_TRY(key.load(file));
    command_keys_.push_back(key.key.key);
  }
  channels_ = arguments.channels;
  return {};
}

Error PumpedLog::open(const Arguments& arguments) {
  path_ = arguments.log;
  CAIRN_HOST_TRY(folder_.open(path_, arguments.key));
  CAIRN_HOST_TRY(load_command_keys(arguments));
  log_id_ = arguments.log_id;
  logs_.assign(log_id_ + 1, CAIRN_PLC_LOG_INIT);
  for (uint32_t i = 0; i <= log_id_; ++i) {
    logs_[i].pump = CAIRN_PLC_PROCESS;
    logs_[i].area = cairn_plc_share_area(arguments.area.c_str(), i);
    if (logs_[i].area != nullptr) continue;
    const std::string name = "/dev/shm/" + arguments.area + "-" + std::to_string(i);
    return cairn::host::system_error("share", name, errno);
  }
  folder_.log().area = logs_[log_id_].area;
  cairn_plc_log& log = logs_[log_id_] = folder_.log();
  log.keeps = arguments.keep || arguments.keys_needed != 0;
  log.keys_needed = static_cast<uint8_t>(arguments.keys_needed);
  log.keys = command_keys_.data();
  log.key_count = command_keys_.size();
  log.channels = channels_.data();
  log.channel_count = channels_.size();
  port_.log_count = static_cast<uint32_t>(logs_.size());
  port_.logs = logs_.data();
  port_.monotonic_ms = cairn::host::plc_monotonic_ms;
  const int status = cairn_plc_start(&port_);
  if (status == CAIRN_OK) return {};
  return {
      static_cast<Status>(status),
      "The log cannot be pumped: " + std::string(cairn::status_text(static_cast<Status>(status))) +
          ". Check the numbers of keys and channels; remove /dev/shm/" + arguments.area +
          "-* when another version of cairn has made them."};
}

void PumpedLog::report(int state) {
  if (state == reported_) return;
  reported_ = state;
  const std::string reason =
      folder_.flash().last_error().ok() ? "" : " (" + folder_.flash().last_error().message + ")";
  folder_.flash().clear_error();
  std::fprintf(stderr, "cairn-plc-pump: the log %s: %s%s\n", path_.c_str(),
               state == 0 ? "records again" : cairn::status_text(static_cast<Status>(state)),
               reason.c_str());
}

bool PumpedLog::pump() {
  uint32_t used = 0;
  const int state = cairn_plc_pump(log_id_, units_at_once, &used);
  report(state < 0 ? state : 0);
  return state > 0;
}

int run(const Arguments& arguments) {
  PumpedLog log;
  const Error error = log.open(arguments);
  if (!error.ok()) {
    std::fprintf(stderr, "cairn-plc-pump: %s\n", error.message.c_str());
    return exit_failed;
  }
  std::printf("pumping %s\n", arguments.log.c_str());
  std::fflush(stdout);
  const std::chrono::milliseconds pause{arguments.pause_ms};
  while (ending == 0) {
    if (!log.pump()) std::this_thread::sleep_for(pause);
  }
  const auto latest = std::chrono::steady_clock::now() + ending_time;
  while (log.pump() && std::chrono::steady_clock::now() < latest) {
  }
  cairn_plc_stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Appends what the function blocks of a PLC record to a log, and signs it"};
  app.name("cairn-plc-pump");
  app.add_option("LOG", arguments.log, "Folder of the log, from 'cairn init'")->required();
  app.add_option("--area", arguments.area, "Name of the memory shared with the PLC's runtime")
      ->capture_default_str();
  app.add_option("--log-id", arguments.log_id, "LogId of this log in the program")
      ->check(CLI::Range(0, CAIRN_PLC_LOGS - 1))
      ->capture_default_str();
  app.add_option("--key", arguments.key, "Private key of the log, when it has moved");
  app.add_option("--pause", arguments.pause_ms, "Milliseconds between looks at an empty queue")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_flag("--keep", arguments.keep, "Keep retained values, for CAIRN_Retain8");
  app.add_option("--command-key", arguments.command_keys,
                 "Verifier key of somebody who may sign set-points, for CAIRN_Command")
      ->type_name("FILE");
  app.add_option("--keys-needed", arguments.keys_needed, "Signatures that a set-point needs")
      ->check(CLI::Range(0, CAIRN_COMMAND_SIGNERS_MAX));
  app.add_option("--channel", arguments.channels, "Set-point that may be commanded")
      ->type_name("NUMBER");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return exit_wrong_use;
  }
  std::signal(SIGTERM, end);
  std::signal(SIGINT, end);
  return run(arguments);
}
