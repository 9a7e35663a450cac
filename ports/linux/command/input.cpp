#include "input.hpp"

#include <cairn/linux/csv_source.hpp>
#include <cairn/linux/jsonl_source.hpp>
#include <cairn/linux/leaf_buffer.hpp>
#include <cairn/linux/lines_source.hpp>
#include <cairn/linux/platform.hpp>
#include <cairn/linux/sensors.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "files.hpp"
#include "progress.hpp"

namespace command {

using cairn::Status;
using cairn::host::OpenedSource;
using cairn::host::Source;
using cairn::host::SourceRecord;

namespace {

/// Gives the rows of another source at an interval, and at most so many.
class Paced : public Source {
 public:
  Paced(std::unique_ptr<Source> inner, std::chrono::duration<double> interval,
        std::optional<uint64_t> count)
      : inner_(std::move(inner)), interval_(interval), left_(count.value_or(UINT64_MAX)) {
    name_ = inner_->name();
    bytes_total_ = inner_->bytes_total();
  }

  Status next(SourceRecord& out) override {
    if (left_ == 0) return Status::end;
    --left_;
    const auto now = Clock::now();
    if (due_ > now) std::this_thread::sleep_until(due_);
    due_ = std::max(due_, now) + std::chrono::duration_cast<Clock::duration>(interval_);
    const Status status = inner_->next(out);
    bytes_read_ = inner_->bytes_read();
    error_ = inner_->error();
    return status;
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::unique_ptr<Source> inner_;
  std::chrono::duration<double> interval_;
  uint64_t left_;
  Clock::time_point due_{};
};

OpenedSource open_one(const Input& input) {
  const cairn::Platform& platform = cairn::host::linux_platform();
  if (!input.csv.empty()) {
    cairn::host::CsvOptions options;
    options.delimiter = input.delimiter == "\\t" ? '\t' : input.delimiter[0];
    options.header = !input.no_header;
    return cairn::host::open_csv(input.csv, options, platform);
  }
  if (!input.jsonl.empty()) return cairn::host::open_jsonl(input.jsonl, platform);
  if (!input.lines.empty()) return cairn::host::open_lines(input.lines, platform);
  return cairn::host::open_sensors(platform);
}

}  // namespace

std::unique_ptr<Source> open_input(const Input& input) {
  const int inputs = static_cast<int>(!input.csv.empty()) + static_cast<int>(!input.jsonl.empty()) +
                     static_cast<int>(!input.lines.empty()) + static_cast<int>(input.sensors);
  if (inputs != 1)
    throw wrong_use("", inputs == 0 ? "no input named" : "more than one input named",
                    "Choose one of --csv, --jsonl, --lines and --sensors.");
  OpenedSource opened = open_one(input);
  require(opened.error);
  if (!input.sensors && !input.count) return std::move(opened.source);
  const std::chrono::duration<double> interval(input.sensors ? input.interval_s : 0);
  return std::make_unique<Paced>(std::move(opened.source), interval, input.count);
}

void check_input(const Input& input) {
  const std::string& path = !input.csv.empty()     ? input.csv
                            : !input.jsonl.empty() ? input.jsonl
                                                   : input.lines;
  std::error_code ignored;
  if (input.sensors || !std::filesystem::is_regular_file(path, ignored)) return;
  const std::unique_ptr<Source> source = open_input(input);
  Progress progress("checking " + path, "bytes", source->bytes_total());
  SourceRecord record;
  cairn::host::LeafBuffer leaves;
  Status status;
  while ((status = source->next(record)) == Status::ok) {
    leaves.clear();
    require(leaves.add(record, *source));
    progress.at(source->bytes_read());
  }
  if (status != Status::end) require(source->error());
}

}  // namespace command
