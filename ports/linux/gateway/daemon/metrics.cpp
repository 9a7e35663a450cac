#include "metrics.hpp"

#include <cstdio>

#include "http_stats.hpp"

namespace service {

namespace {

constexpr char name_prefix[] = "cairn_gateway_";

std::string number_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

void Histogram::add(double seconds) {
  ++count_;
  sum_ += seconds;
  for (size_t i = 0; i < bounds.size(); ++i) {
    if (seconds > bounds[i]) continue;
    ++buckets_[i];
    return;
  }
}

uint64_t Histogram::below(size_t i) const {
  uint64_t sum = 0;
  for (size_t j = 0; j <= i; ++j)
    sum += buckets_[j];
  return sum;
}

void MetricPage::head(const std::string& name, const std::string& help, const char* type) {
  if (name == last_) return;
  last_ = name;
  text_ += "# HELP " + (name_prefix + name) + " " + help + "\n";
  text_ += "# TYPE " + (name_prefix + name) + " " + type + "\n";
}

void MetricPage::line(const std::string& name, const Labels& labels, const std::string& value) {
  text_ += name_prefix + name;
  for (size_t i = 0; i < labels.size(); ++i)
    text_ += (i == 0 ? "{" : ",") + labels[i].first + "=\"" + escaped(labels[i].second) + "\"";
  text_ += (labels.empty() ? " " : "} ") + value + "\n";
}

void MetricPage::counter(const std::string& name, const std::string& help, uint64_t value,
                         const Labels& labels) {
  head(name, help, "counter");
  line(name, labels, std::to_string(value));
}

void MetricPage::gauge(const std::string& name, const std::string& help, double value,
                       const Labels& labels) {
  head(name, help, "gauge");
  line(name, labels, number_text(value));
}

void MetricPage::histogram(const std::string& name, const std::string& help, const Histogram& value,
                           const Labels& labels) {
  head(name, help, "histogram");
  for (size_t i = 0; i <= Histogram::bounds.size(); ++i) {
    const bool last = i == Histogram::bounds.size();
    Labels all = labels;
    all.emplace_back("le", last ? "+Inf" : number_text(Histogram::bounds[i]));
    line(name + "_bucket", all, std::to_string(last ? value.count() : value.below(i)));
  }
  line(name + "_sum", labels, number_text(value.sum()));
  line(name + "_count", labels, std::to_string(value.count()));
}

void HttpStats::count(const std::string& route, unsigned status, double seconds) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Route& entry = routes_[route.empty() ? "none" : route];
  ++entry.answers[status];
  entry.seconds.add(seconds);
}

void HttpStats::write(MetricPage& page) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [route, entry] : routes_)
    for (const auto& [status, count] : entry.answers)
      page.counter("http_requests_total", "Requests answered, by route and status.", count,
                   {{"route", route}, {"status", std::to_string(status)}});
  for (const auto& [route, entry] : routes_)
    page.histogram("http_request_seconds", "Time from a request's last byte to its answer.",
                   entry.seconds, {{"route", route}});
}

}  // namespace service
