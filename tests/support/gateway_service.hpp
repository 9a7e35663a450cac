// cairn-gateway as a process of its own, in a folder, on a free port of 127.0.0.1; it ends with its
// scope.
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "support/host.hpp"
#include "support/http_connection.hpp"

namespace gateway_tests {

class Service {
 public:
  /// Makes keys and state in `folder`. `name` is that of the log; `more` is what the configuration
  /// has besides addresses and keys, and goes on in [gateway].
  Service(std::string program, std::string folder, const std::string& name, std::string more)
      : program_(std::move(program)), folder_(std::move(folder)), more_(std::move(more)) {
    run({"init", "--name", name, "--folder", folder_, "--state", folder_ + "/state"});
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service() { stop(SIGKILL); }

  const std::string& folder() const { return folder_; }
  uint16_t port() const { return port_; }
  pid_t process() const { return process_; }

  /// True when it is ready; false when it ended instead, or does not get ready in time. A second
  /// start takes the port of the first.
  bool start() {
    begun_ = log().size();
    configure();
    process_ = spawn({"serve", "--config", folder_ + "/gateway.toml"});
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (!said("service.ready")) {
      int status = 0;
      if (waitpid(process_, &status, WNOHANG) == process_) process_ = 0;
      if (process_ == 0 || std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    const std::string text = said_so_far();
    const size_t at = text.find("http.listening address=127.0.0.1:");
    port_ = static_cast<uint16_t>(std::stoul(text.substr(text.find(':', at) + 1)));
    return true;
  }
  /// Its exit status, or 128 and the signal that ended it.
  int stop(int signal = SIGTERM) {
    if (process_ <= 0) return -1;
    int status = 0;
    ::kill(process_, signal);
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  /// What it wrote to its log since the last start.
  std::string said_so_far() const { return log().substr(begun_); }
  bool said(const std::string& text) const { return said_so_far().find(text) != std::string::npos; }

  /// The answer to GET, and its status.
  int get(const std::string& path, std::string& answer) const {
    return test::HttpConnection(port_).get(path, answer);
  }
  int status_of(const std::string& path) const {
    std::string answer;
    return get(path, answer);
  }
  /// A metric without labels; -1 when it is not there.
  double metric(const std::string& name) const {
    std::string page;
    get("/metrics", page);
    const std::string line = "\ncairn_gateway_" + name + " ";
    const size_t at = page.find(line);
    return at == std::string::npos ? -1 : std::stod(page.substr(at + line.size()));
  }

 private:
  void configure() const {
    host_tests::write(folder_ + "/gateway.toml",
                      "[gateway]\nstate_folder = \"state\"\nlog_key = \"log.key\"\n"
                      "witness_key = \"witness.key\"\n" +
                          more_ + "[[listen]]\naddress = \"127.0.0.1:" + std::to_string(port_) +
                          "\"\n");
  }

  std::string log() const {
    std::ifstream file(folder_ + "/service.log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  pid_t spawn(const std::vector<std::string>& arguments) const {
    const std::string log = folder_ + "/service.log";
    std::vector<char*> words{const_cast<char*>(program_.c_str())};
    for (const std::string& argument : arguments)
      words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    const pid_t child = fork();
    if (child != 0) return child;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(output, 1);
    dup2(output, 2);
    execv(words[0], words.data());
    _exit(127);
  }

  void run(const std::vector<std::string>& arguments) const {
    std::filesystem::create_directories(folder_);
    int status = 0;
    waitpid(spawn(arguments), &status, 0);
    if (status != 0) throw std::runtime_error(program_ + " " + arguments[0] + ": " + log());
  }

  std::string program_;
  std::string folder_;
  std::string more_;
  pid_t process_ = 0;
  uint16_t port_ = 0;
  size_t begun_ = 0;  ///< where the log of the last start begins
};

}  // namespace gateway_tests
