// Metrics in the text format of Prometheus, version 0.0.4.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace service {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// How long something took. Not for two threads at once.
class Histogram {
 public:
  static constexpr std::array<double, 10> bounds = {0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                    0.025,  0.05,  0.1,    0.5,   2.5};
  void add(double seconds);
  uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  /// How many took at most bounds[i].
  uint64_t below(size_t i) const;

 private:
  std::array<uint64_t, bounds.size()> buckets_{};
  uint64_t count_ = 0;
  double sum_ = 0;
};

/// A page of metrics, written from top to bottom. Values of one name must follow each other.
class MetricPage {
 public:
  void counter(const std::string& name, const std::string& help, uint64_t value,
               const Labels& labels = {});
  void gauge(const std::string& name, const std::string& help, double value,
             const Labels& labels = {});
  void histogram(const std::string& name, const std::string& help, const Histogram& value,
                 const Labels& labels);
  const std::string& text() const { return text_; }

 private:
  void head(const std::string& name, const std::string& help, const char* type);
  void line(const std::string& name, const Labels& labels, const std::string& value);

  std::string last_;
  std::string text_;
};

}  // namespace service
