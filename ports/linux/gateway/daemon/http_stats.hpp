// What the HTTP side counts: for every route its answers by status, and how long they took.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "metrics.hpp"

namespace service {

class HttpStats {
 public:
  /// One request of `route` (its pattern; empty: none matched) was answered.
  void count(const std::string& route, unsigned status, double seconds);
  void write(MetricPage& page) const;

 private:
  struct Route {
    std::map<unsigned, uint64_t> answers;
    Histogram seconds;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Route> routes_;
};

}  // namespace service
