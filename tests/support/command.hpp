// Runs the command `cairn` in a folder of its own, as a user would.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/catch.hpp"

extern char** environ;

namespace command_test {

using Arguments = std::vector<std::string>;
using Json = nlohmann::json;

/// What a run came to.
struct Ran {
  int status = -1;  ///< exit status; 128 + signal when it was killed
  std::string out;
  std::string err;

  /// The last line of the output as JSON.
  Json json() const {
    const size_t end = out.find_last_not_of('\n');
    const size_t begin = out.find_last_of('\n', end);
    return Json::parse(out.substr(begin == std::string::npos ? 0 : begin + 1, end - begin));
  }
  bool says(const std::string& text) const { return (out + err).find(text) != std::string::npos; }
};

/// A running `cairn`.
class Process {
 public:
  Process(const std::string& folder, const Arguments& arguments, bool empty_environment = false) {
    int in[2];
    int out[2];
    int err[2];
    REQUIRE(pipe2(in, O_CLOEXEC) == 0);
    REQUIRE(pipe2(out, O_CLOEXEC) == 0);
    REQUIRE(pipe2(err, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    std::vector<char*> argv{const_cast<char*>("cairn")};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    char* nothing[] = {nullptr};
    REQUIRE(posix_spawn(&pid_, CAIRN_TEST_COMMAND, &actions, nullptr, argv.data(),
                        empty_environment ? nothing : environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    ::close(err[1]);
    in_ = in[1];
    out_ = out[0];
    err_ = err[0];
  }
  ~Process() {
    close_input();
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void write(const std::string& text) {
    // The other side may have gone away: that is its business, not a signal for us.
    signal(SIGPIPE, SIG_IGN);
    size_t done = 0;
    while (done < text.size()) {
      const ssize_t count = ::write(in_, text.data() + done, text.size() - done);
      if (count <= 0) return;
      done += static_cast<size_t>(count);
    }
  }
  void close_input() {
    if (in_ >= 0) ::close(in_);
    in_ = -1;
  }
  void kill(int number) { ::kill(pid_, number); }

  /// Waits for a text on standard output, at most 20 s.
  bool wait_for(const std::string& text) {
    for (int i = 0; i < 2000 && ran_.out.find(text) == std::string::npos; ++i)
      if (!read_some(10)) break;
    return ran_.out.find(text) != std::string::npos;
  }
  /// Reads everything and waits for the end.
  Ran finish() {
    close_input();
    while (read_some(-1)) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    ran_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ran_;
  }

 private:
  bool read_some(int timeout_ms) {
    pollfd files[2] = {{out_open_ ? out_ : -1, POLLIN, 0}, {err_open_ ? err_ : -1, POLLIN, 0}};
    if (!out_open_ && !err_open_) return false;
    if (poll(files, 2, timeout_ms) <= 0) return true;
    if (files[0].revents != 0) out_open_ = take(out_, ran_.out);
    if (files[1].revents != 0) err_open_ = take(err_, ran_.err);
    return true;
  }
  static bool take(int file, std::string& to) {
    char buffer[65536];
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count > 0) to.append(buffer, static_cast<size_t>(count));
    return count > 0;
  }

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  bool out_open_ = true;
  bool err_open_ = true;
  Ran ran_;
};

/// A temporary folder in which `cairn` runs.
class Bench {
 public:
  Bench() {
    std::string name = std::filesystem::temp_directory_path().string() + "/cairn-test-XXXXXX";
    REQUIRE(mkdtemp(&name[0]) != nullptr);
    folder_ = name;
  }
  ~Bench() {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_, ignored))
      if (entry.is_directory()) allow_writing(entry.path());
    std::filesystem::remove_all(folder_, ignored);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Ran run(const Arguments& arguments, const std::string& input = "") const {
    Process process(folder_, arguments);
    process.write(input);
    return process.finish();
  }
  /// Runs and requires exit status 0; returns the output.
  std::string good(const Arguments& arguments, const std::string& input = "") const {
    const Ran ran = run(arguments, input);
    INFO(joined(arguments) + "\n" + ran.out + ran.err);
    REQUIRE(ran.status == 0);
    return ran.out;
  }
  /// Runs with --json, requires exit status 0; returns the last object.
  Json json(Arguments arguments, const std::string& input = "") const {
    arguments.push_back("--json");
    const Ran ran = run(arguments, input);
    INFO(joined(arguments) + "\n" + ran.out + ran.err);
    REQUIRE(ran.status == 0);
    return ran.json();
  }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  const std::string& folder() const { return folder_; }
  std::string read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    INFO(name);
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream out(path(name), std::ios::binary);
    out << bytes;
    REQUIRE(out.good());
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }
  void copy(const std::string& from, const std::string& to) const {
    std::filesystem::copy(path(from), path(to), std::filesystem::copy_options::recursive);
  }
  /// Changes one byte of a file.
  void flip(const std::string& name, size_t at) const {
    std::string bytes = read(name);
    REQUIRE(at < bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write(name, bytes);
  }

  /// A log "log" with the key "key" and some readings; sealed.
  void make_log(const std::string& origin = "plant.example/press4", unsigned rows = 40) const {
    good({"keygen", "--name", origin, "--out", "key"});
    good({"init", "log", "--key", "key", "--batch", "16"});
    write("readings.csv", readings(rows));
    good({"append", "log", "--csv", "readings.csv"});
  }
  /// A witness "witness", and a policy "policy" that asks for it.
  void make_witness() const {
    good({"keygen", "--name", "witness.example/north", "--out", "witness"});
    good({"policy", "--log", "key.vkey", "--witness", "north=witness.vkey", "--quorum", "all",
          "--out", "policy"});
  }
  /// Has the newest checkpoint cosigned, after one of size `from`.
  void cosign(uint64_t from) const {
    good({"consistency", "log", "--from", std::to_string(from), "--request", "--out", "request"});
    good({"witness", "--key", "witness", "--state", "state", "--log", "key.vkey", "request",
          "--out", "cosignature"});
    good({"cosign", "log", "cosignature", "--witness", "witness.vkey"});
  }

  static std::string readings(unsigned rows) {
    std::string text = "cycle,temperature [degC],running,note\n";
    for (unsigned i = 0; i < rows; ++i)
      text += std::to_string(i) + "," + std::to_string(20 + i % 7) + "." + std::to_string(i % 10) +
              "0," + (i % 2 == 0 ? "true" : "false") + ",row " + std::to_string(i) + "\n";
    return text;
  }

 private:
  static void allow_writing(const std::filesystem::path& folder) {
    std::error_code ignored;
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all,
                                 std::filesystem::perm_options::add, ignored);
  }
  static std::string joined(const Arguments& arguments) {
    std::string text = "cairn";
    for (const std::string& argument : arguments)
      text += " " + argument;
    return text;
  }

  std::string folder_;
};

}  // namespace command_test
