// cairn export: the readings of a log as CSV, JSON Lines or lines: the inverse of append.
#include <csv.h>

#include "commands.hpp"
#include "files.hpp"
#include "leaf_text.hpp"
#include "log_access.hpp"
#include "progress.hpp"
#include "text.hpp"

namespace command {

using cairn::Kind;
using cairn::Reading;
using cairn::Status;
using Item = cairn::Log::Cursor::Item;

namespace {

struct ExportArguments {
  std::string log;
  bool csv = false;
  bool jsonl = false;
  bool lines = false;
  bool index = false;
  std::optional<uint64_t> from;
  std::optional<uint64_t> to;
};

/// A cell as CSV has it: quoted (by libcsv) only where it must be.
std::string csv_cell(const std::string& text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  if (text.find_first_of(",\"\r\n") == std::string::npos && !text.empty() &&
      !is_blank(text.front()) && !is_blank(text.back()))
    return text;
  std::string quoted(2 * text.size() + 2, '\0');
  quoted.resize(csv_write(&quoted[0], quoted.size(), text.data(), text.size()));
  return quoted;
}

/// A value as JSON has it. Numbers are written digit by digit as they were appended, which a
/// JSON writer that goes through floating point would not do.
std::string json_value(const Reading& reading) {
  const std::string text = reading_text(reading);
  return reading.type == Reading::Type::text ? Json(text).dump() : text;
}

class Exporter {
 public:
  Exporter(const ExportArguments& arguments, const LogDirectory& log)
      : arguments_(arguments), log_(log) {
    from_ = std::max(arguments.from.value_or(0), log.log().index_min());
    to_ = std::min(arguments.to.value_or(UINT64_MAX), log.log().size() - 1);
  }

  void run() {
    if (arguments_.csv) {
      find_columns();
      print_header();
    }
    uint64_t expected = from_;
    walk("exporting", [&](const Item& item) {
      lost_ += item.index - expected;
      expected = item.index + 1;
      print(item);
    });
    if (expected <= to_) lost_ += to_ + 1 - expected;
  }

  uint64_t rows() const { return rows_; }
  uint64_t left_out() const { return left_out_; }
  uint64_t lost() const { return lost_; }

 private:
  /// Visits the leaves of the range, and the channel declarations before it.
  template <typename Visit>
  void walk(const char* what, Visit visit) {
    channels_ = {};
    Progress progress(what, "records", to_ + 1);
    Walk walk(log_.log());
    Item item;
    while (walk.next(item)) {
      if (item.type != Item::Type::leaf) continue;
      if (item.index > to_) break;
      channels_.learn(item.leaf);
      progress.at(item.index);
      if (item.index >= from_) visit(item);
    }
  }

  void find_columns() {
    walk("reading channels", [this](const Item& item) {
      cairn::SampleReader reader;
      if (!open_sample(item, reader)) return;
      Reading reading;
      while (reader.next(reading) == Status::ok)
        column_of(channels_.label(reading.channel));
    });
  }

  size_t column_of(const std::string& label) {
    const auto [place, added] = columns_.emplace(label, labels_.size());
    if (added) labels_.push_back(label);
    return place->second;
  }

  static bool open_sample(const Item& item, cairn::SampleReader& reader) {
    return !item.leaf.empty() && item.leaf[0] == static_cast<uint8_t>(Kind::sample) &&
           reader.open(item.leaf.part(1)) == Status::ok;
  }

  void print_header() const {
    std::string line = arguments_.index ? "index,time" : "";
    for (const std::string& label : labels_)
      line += (line.empty() ? "" : ",") + csv_cell(label);
    std::cout << line << '\n';
  }

  void print(const Item& item) {
    if (item.leaf.empty()) return;
    cairn::SampleReader reader;
    if (arguments_.lines && item.leaf[0] == static_cast<uint8_t>(Kind::opaque)) {
      std::cout.write(item.leaf.part(1).text(), static_cast<std::streamsize>(item.leaf.size - 1));
      std::cout << '\n';
    } else if (!arguments_.lines && open_sample(item, reader)) {
      std::cout << (arguments_.csv ? csv_row(item, reader) : json_row(item, reader)) << '\n';
    } else {
      if (item.leaf[0] >= cairn::application_kind_min &&
          item.leaf[0] != static_cast<uint8_t>(Kind::channel))
        ++left_out_;
      return;
    }
    ++rows_;
    if (!std::cout) throw wrong_use("standard output", "cannot be written");
  }

  std::string csv_row(const Item& item, cairn::SampleReader& reader) {
    std::vector<std::string> cells(labels_.size());
    Reading reading;
    while (reader.next(reading) == Status::ok)
      cells[column_of(channels_.label(reading.channel))] = csv_cell(reading_text(reading));
    std::string line;
    if (arguments_.index)
      line = std::to_string(item.index) + "," + iso_time_ms(reader.time().unix_ms);
    bool first = !arguments_.index;
    for (const std::string& cell : cells) {
      if (!first) line += ',';
      line += cell;
      first = false;
    }
    return line;
  }

  std::string json_row(const Item& item, cairn::SampleReader& reader) const {
    std::string line;
    if (arguments_.index)
      line = "\"index\":" + std::to_string(item.index) + ",\"time\":\"" +
             iso_time_ms(reader.time().unix_ms) + "\"";
    Reading reading;
    while (reader.next(reading) == Status::ok) {
      if (!line.empty()) line += ',';
      line += Json(channels_.label(reading.channel)).dump() + ":" + json_value(reading);
    }
    return "{" + line + "}";
  }

  const ExportArguments& arguments_;
  const LogDirectory& log_;
  Channels channels_;
  std::map<std::string, size_t> columns_;
  std::vector<std::string> labels_;
  uint64_t from_ = 0;
  uint64_t to_ = 0;
  uint64_t rows_ = 0;
  uint64_t left_out_ = 0;
  uint64_t lost_ = 0;
};

int export_log(ExportArguments arguments, const Output& output) {
  if (output.json) arguments.jsonl = true;
  if (int{arguments.csv} + int{arguments.jsonl} + int{arguments.lines} != 1)
    throw wrong_use("", "no format named, or several", "Choose one of --csv, --jsonl and --lines.");
  if (arguments.lines && arguments.index)
    throw wrong_use("--index", "lines have no columns to add");
  if (arguments.from.value_or(0) > arguments.to.value_or(UINT64_MAX))
    throw wrong_use("--to", "lies before --from");
  LogDirectory log;
  open_reader(log, arguments.log);
  if (log.log().size() == 0) return exit_done;
  Exporter exporter(arguments, log);
  exporter.run();
  if (exporter.left_out() != 0)
    remark(counted(exporter.left_out(), "record") + " left out: " +
           (arguments.lines ? "not opaque; export them with --csv or --jsonl"
                            : "not samples; export lines with --lines"));
  if (exporter.lost() == 0) return exit_done;
  throw Failure(exit_not_verified, arguments.log, counted(exporter.lost(), "record") + " lost",
                "What is left was printed. `cairn check` names the lost ones.");
}

}  // namespace

void add_export(Commands& commands) {
  const auto arguments = std::make_shared<ExportArguments>();
  CLI::App& verb = commands.add(
      {"export",
       "Print the readings of a log as CSV, JSON Lines or lines",
       "The inverse of `cairn append`: numbers have the digits they came in with; only +5, .5, "
       "-0.0,\n"
       "1E5 and TRUE come back in the usual spelling, 5, 0.5, 0.0, 1e+05 and true. A column or "
       "key\n"
       "is called as in the input, \"name\" or \"name [unit]\"; a reading that a record does not\n"
       "have is an empty cell, or a missing key. The library's own records are not printed; see\n"
       "them with `cairn show --records`.",
       {{"Everything as CSV", "cairn export press4 --csv > readings.csv"},
        {"Some records, with their index and time",
         "cairn export press4 --jsonl --index --from 1040 --to 1049"},
        {"Opaque records, as they came with append --lines", "cairn export press4 --lines"}}},
      [arguments](const Output& output) { return export_log(*arguments, output); });
  add_log(verb, arguments->log);
  describe_json(verb, "The same as --jsonl");
  add_switch(verb, "--csv", arguments->csv, "Samples as CSV, with a header row");
  add_switch(verb, "--jsonl", arguments->jsonl, "Samples as JSON Lines");
  add_switch(verb, "--lines", arguments->lines, "Opaque records, one a line");
  add_switch(verb, "--index", arguments->index, "Add the record's index and time");
  add_number(verb, "--from", arguments->from, "First record (default 0)");
  add_number(verb, "--to", arguments->to, "Last record (default: the newest)");
}

}  // namespace command
