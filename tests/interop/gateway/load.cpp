// usage: gateway_load PORT DEVICES THREADS SECONDS [FILE]
//
// Devices of load_devices.hpp send heads over HTTP as fast as they are answered, each from the size
// that was cosigned last. Prints requests, rate, and the median and the 99th percentile of the time
// to an answer; with FILE, "ORIGIN SIZE" of what was cosigned last goes there. A connection that
// breaks is opened again, and the request sent again: that is what devices do.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "load_devices.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t sizes_max = 4096;

struct Options {
  uint16_t port = 0;
  size_t devices = 0;
  size_t threads = 0;
  double seconds = 0;
  const char* file = nullptr;
};

/// A device and how far it is.
struct Run {
  explicit Run(size_t number) : device(number) {}
  load::Device device;
  uint64_t cosigned = 0;
};

class Connection {
 public:
  explicit Connection(uint16_t port) : port_(port) {}
  ~Connection() { close(); }

  /// Posts a body; the status, or 0 when the connection broke.
  int post(const std::string& body, std::string& answer) {
    if (socket_ < 0 && !open()) return 0;
    const std::string request = "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body;
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      close();
      return 0;
    }
    const int status = receive(answer);
    if (status == 0) close();
    return status;
  }

 private:
  bool open() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return true;
    close();
    return false;
  }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  int receive(std::string& answer) {
    std::string text;
    char buffer[4096];
    for (;;) {
      const size_t head = text.find("\r\n\r\n");
      if (head != std::string::npos) {
        const size_t at = text.find("Content-Length: ");
        const size_t length = at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
        if (text.size() >= head + 4 + length) {
          answer = text.substr(head + 4, length);
          return std::stoi(text.substr(9, 3));
        }
      }
      const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) return 0;
      text.append(buffer, static_cast<size_t>(count));
    }
  }

  const uint16_t port_;
  int socket_ = -1;
};

struct Totals {
  std::vector<double> seconds;  ///< of answers 200
  size_t refused = 0;           ///< other answers than 200 and 409
  size_t broken = 0;
};

void drive(const Options& options, const load::Tree& tree, std::vector<std::unique_ptr<Run>>& runs,
           size_t thread, Clock::time_point end, Totals& totals) {
  Connection connection(options.port);
  for (size_t i = thread; Clock::now() < end; i += options.threads) {
    if (i >= runs.size()) i = thread;
    if (i >= runs.size()) return;
    Run& run = *runs[i];
    if (run.cosigned + 1 >= sizes_max) return;
    const std::string body = tree.request(run.device, run.cosigned, run.cosigned + 1);
    std::string answer;
    const Clock::time_point begin = Clock::now();
    const int status = connection.post(body, answer);
    if (status == 200) {
      totals.seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
      ++run.cosigned;
    } else if (status == 409) {
      const uint64_t size = std::stoull(answer);
      load::require(size >= run.cosigned, "the gateway has forgotten a head that it cosigned");
      run.cosigned = size;
    } else if (status == 0) {
      ++totals.broken;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    } else {
      ++totals.refused;
    }
  }
}

void print(const std::vector<Totals>& totals, double seconds) {
  std::vector<double> all;
  size_t refused = 0;
  size_t broken = 0;
  for (const Totals& part : totals) {
    all.insert(all.end(), part.seconds.begin(), part.seconds.end());
    refused += part.refused;
    broken += part.broken;
  }
  std::sort(all.begin(), all.end());
  const auto at = [&all](double part) {
    return all.empty() ? 0 : all[static_cast<size_t>(static_cast<double>(all.size() - 1) * part)];
  };
  std::printf("cosigned %zu, %.0f a second, p50 %.2f ms, p99 %.2f ms, refused %zu, broken %zu\n",
              all.size(), static_cast<double>(all.size()) / seconds, at(0.5) * 1e3, at(0.99) * 1e3,
              refused, broken);
}

}  // namespace

int main(int argc, char** argv) {
  load::require(argc == 5 || argc == 6, "see the head of load.cpp");
  const Options options = {static_cast<uint16_t>(std::atoi(argv[1])),
                           std::strtoul(argv[2], nullptr, 10), std::strtoul(argv[3], nullptr, 10),
                           std::strtod(argv[4], nullptr), argc == 6 ? argv[5] : nullptr};
  const load::Tree tree(sizes_max);
  std::vector<std::unique_ptr<Run>> runs;
  for (size_t i = 0; i < options.devices; ++i)
    runs.push_back(std::make_unique<Run>(i));
  const Clock::time_point begin = Clock::now();
  const auto end = begin + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(options.seconds));
  std::vector<Totals> totals(options.threads);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < options.threads; ++i)
    threads.emplace_back([&, i] { drive(options, tree, runs, i, end, totals[i]); });
  for (std::thread& thread : threads)
    thread.join();
  print(totals, std::chrono::duration<double>(Clock::now() - begin).count());
  if (options.file != nullptr) {
    std::ofstream out(options.file);
    for (const auto& run : runs)
      out << run->device.origin << ' ' << run->cosigned << '\n';
  }
  return 0;
}
