// Devices that bring heads to several gateways of one store at the same time: honest ones, to one
// gateway after the other, and ones that show two histories, one to each. Every cosignature is
// kept.
#pragma once

#include <atomic>
#include <thread>

#include "support/cosignatures.hpp"
#include "support/gateway_device.hpp"
#include "support/http_connection.hpp"

namespace gateway_tests {

struct TrafficCounts {
  std::atomic<size_t> cosigned{0};
  std::atomic<size_t> refused{0};  ///< 503 and broken connections: asked again
  std::atomic<size_t> raced{0};    ///< pairs of histories that were both answered
};

class Traffic {
 public:
  static constexpr uint64_t sizes_max = 2000;

  Traffic(const NoteKey& witness, std::vector<uint16_t> ports, size_t honest, size_t forked)
      : ports_(std::move(ports)), cosignatures_(witness) {
    for (size_t i = 0; i < honest; ++i)
      honest_.push_back(std::make_unique<Honest>("plant.example/honest-" + std::to_string(i)));
    for (size_t i = 0; i < forked; ++i)
      forked_.push_back(std::make_unique<Forked>("plant.example/forked-" + std::to_string(i)));
  }
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;
  ~Traffic() { end(); }

  /// All of them, to be enrolled.
  std::vector<gateway::Device> devices() const {
    std::vector<gateway::Device> out;
    for (const auto& one : honest_)
      out.push_back(one->device.enrolled());
    for (const auto& one : forked_)
      out.push_back(one->history[0].enrolled());
    return out;
  }

  void begin() {
    for (size_t i = 0; i < honest_.size(); ++i)
      threads_.emplace_back([this, i] { guarded([&] { grow(*honest_[i], i); }); });
    for (size_t side = 0; side < 2; ++side)
      threads_.emplace_back([this, side] { guarded([&] { race(side); }); });
  }
  void end() {
    ending_ = true;
    for (std::thread& thread : threads_)
      thread.join();
    threads_.clear();
  }

  const TrafficCounts& counts() const { return counts_; }
  /// What went wrong on the way; empty when nothing did.
  std::string trouble() const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return trouble_;
  }

  /// The size that each honest device knows to be cosigned.
  std::map<std::string, uint64_t> acknowledged() const {
    std::map<std::string, uint64_t> out;
    for (const auto& one : honest_)
      out[one->device.origin()] = one->cosigned;
    return out;
  }
  /// The first origin for which two histories were cosigned; empty when there is none.
  std::string cosigned_fork() const {
    for (const auto& one : honest_)
      if (!cosignatures_.agree(one->device.origin(), {&one->device})) return one->device.origin();
    for (const auto& one : forked_)
      if (!cosignatures_.agree(one->history[0].origin(), {&one->history[0], &one->history[1]}))
        return one->history[0].origin();
    return "";
  }

 private:
  struct Honest {
    explicit Honest(const std::string& origin) : device(origin, 1, sizes_max) {}
    TestDevice device;
    uint64_t cosigned = 0;
  };
  struct Forked {
    explicit Forked(const std::string& origin) : history{{origin, 2, 1}, {origin, 2, 1, 0}} {}
    TestDevice history[2];
  };

  void guarded(const std::function<void()>& part) {
    try {
      part();
    } catch (const std::exception& error) {
      const std::lock_guard<std::mutex> guard(mutex_);
      trouble_ += std::string(error.what()) + "\n";
    }
  }

  int ask(test::HttpConnection& connection, const std::string& body, std::string& answer) {
    const int status = connection.post("/add-checkpoint", body, answer);
    if (status == 200) {
      cosignatures_.add(body, answer);
      ++counts_.cosigned;
    } else if (status == 0 || status == 503) {
      ++counts_.refused;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return status;
  }

  void grow(Honest& one, size_t turn) {
    std::vector<std::unique_ptr<test::HttpConnection>> connections;
    for (const uint16_t port : ports_)
      connections.push_back(std::make_unique<test::HttpConnection>(port));
    uint64_t asked = 0;
    for (; !ending_ && one.cosigned + 1 < sizes_max; ++turn) {
      asked = std::max(asked, one.cosigned + 1);
      std::string answer;
      const int status = ask(*connections[turn % connections.size()],
                             one.device.request(one.cosigned, one.cosigned + 1), answer);
      if (status == 200) {
        ++one.cosigned;
      } else if (status == 409) {
        // One was stored, and its answer lost.
        const uint64_t size = std::stoull(answer);
        if (size < one.cosigned || size > asked)
          throw std::runtime_error(one.device.origin() + " was told " +
                                   std::to_string(one.cosigned) + ", and then " + answer);
        one.cosigned = size;
      } else if (status != 0 && status != 503) {
        throw std::runtime_error(one.device.origin() + " was answered " + std::to_string(status) +
                                 " " + answer);
      }
    }
  }

  /// Shows one history of each forked device to one gateway, while the other side shows the other.
  void race(size_t side) {
    test::HttpConnection connection(ports_[side % ports_.size()]);
    for (size_t i = 0; i < forked_.size(); ++i) {
      arrived_[side] = i + 1;
      while (arrived_[1 - side] < i + 1)
        if (ending_) return;
      const std::string body = forked_[i]->history[side].request(0, 1);
      std::string answer;
      int status = 0;
      while ((status = ask(connection, body, answer)) == 0 || status == 503)
        if (ending_) return;
      if (side == 0) ++counts_.raced;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  const std::vector<uint16_t> ports_;
  Cosignatures cosignatures_;
  TrafficCounts counts_;
  std::vector<std::unique_ptr<Honest>> honest_;
  std::vector<std::unique_ptr<Forked>> forked_;
  std::vector<std::thread> threads_;
  std::atomic<size_t> arrived_[2] = {};
  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  std::string trouble_;
};

}  // namespace gateway_tests
