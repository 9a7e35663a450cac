// cairn append: readings into a log.
#include <csignal>

#include "commands.hpp"
#include "feed.hpp"
#include "files.hpp"
#include "input.hpp"
#include "log_access.hpp"
#include "progress.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

namespace {

struct AppendArguments {
  std::string log;
  std::string key;
  std::string beacon;
  Input input;
  std::optional<uint64_t> batch;
  std::optional<uint64_t> skip;
  bool each = false;
  bool acknowledge = false;
  bool no_seal = false;
};

struct Totals {
  uint64_t rows = 0;
  uint64_t first = 0;  ///< size of the log before
  uint64_t heads = 0;
  bool stopped = false;
};

volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int) {
  stop_requested = 1;
}

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    sigaction(number, &action, nullptr);
}

void acknowledge(const Output& output, const LogDirectory& log, uint64_t rows) {
  const uint64_t newest = log.log().size() - 1;
  output.line("acknowledged " + std::to_string(newest));
  output.object({{"acknowledged", newest}, {"rows", rows}});
  output.flush();
}

/// The batch policy asks for a signature by time, even when no reading comes in.
void seal_when_due(LogDirectory& log) {
  if (log.recorder().pending() > 0 && log.recorder().due())
    require(log.explain(log.recorder().seal(), "seal"));
}

uint64_t head_size(const LogDirectory& log) {
  return log.log().head() == nullptr ? 0 : log.log().head()->size;
}

void append_all(const AppendArguments& arguments, LogDirectory& log, Feed& feed,
                const Output& output, Totals& totals) {
  Progress progress("appending", "bytes", feed.bytes_total());
  Chunk chunk;
  while (stop_requested == 0 && feed.next(chunk)) {
    if (chunk.rows == 0) {
      seal_when_due(log);
      continue;
    }
    const std::vector<cairn::ByteView>& leaves = chunk.leaves.leaves();
    const auto first = log.recorder().append_batch(leaves.data(), leaves.size());
    if (!first.ok()) require(log.explain(first.status, "append to"));
    if (log.recorder().last_seal() != Status::ok)
      require(log.explain(log.recorder().last_seal(), "seal"));
    totals.rows += chunk.rows;
    if (arguments.acknowledge) acknowledge(output, log, totals.rows);
    progress.at(chunk.bytes_read);
  }
  totals.stopped = stop_requested != 0;
}

void seal_at_end(LogDirectory& log) {
  const Status status = log.recorder().seal();
  if (status != Status::bad_state) require(log.explain(status, "seal"));
}

void report(const LogDirectory& log, const Totals& totals, const Output& output) {
  const uint64_t size = log.log().size();
  output.line((totals.stopped ? "stopped by a signal: appended " : "appended ") +
              counted(totals.rows, "row") + "; the log has " + counted(size, "record") +
              ", of which " + grouped(head_size(log)) + " are under a signed checkpoint");
  output.object({{"ok", true},
                 {"rows", totals.rows},
                 {"first", totals.first},
                 {"size", size},
                 {"signed", head_size(log)},
                 {"stopped", totals.stopped}});
}

int append(const AppendArguments& arguments, const Output& output) {
  check_input(arguments.input);
  Feed::Options options;
  options.skip = arguments.skip.value_or(0);
  if (arguments.each) options.rows_max = 1;
  auto source = open_input(arguments.input);
  LogDirectory log;
  open_writer(log, arguments.log, arguments.key, arguments.batch);
  hear_beacon(log, arguments.beacon);
  catch_signals();
  Feed feed(std::move(source), options);
  Totals totals;
  totals.first = log.log().size();
  append_all(arguments, log, feed, output, totals);
  if (!arguments.no_seal) seal_at_end(log);
  const cairn::host::Error error = feed.error();
  if (!error.ok()) {
    Failure failure =
        wrong_use("", error.message,
                  counted(totals.rows, "row") + " before it " + (totals.rows == 1 ? "is" : "are") +
                      " in the log: correct the input and go on with --skip " +
                      std::to_string(totals.rows + options.skip) + ".");
    failure.status = error.status;
    throw failure;
  }
  report(log, totals, output);
  return exit_done;
}

const Page append_page{
    "append",
    "Append readings to a log",
    "Each row of a CSV file, each object of a JSON Lines file and each sampling of the sensors\n"
    "becomes one record with typed readings; numbers keep their digits as they were written. Each\n"
    "line of --lines becomes one record of opaque bytes. The file name - is standard input.\n\n"
    "A file is checked as a whole before the log is touched. From a pipe, what has arrived is\n"
    "committed at the latest after 50 ms, or 1,024 rows; a fault in it stops the append, and what\n"
    "came before stays. Batches are signed as they fill, and at the end. SIGINT and SIGTERM end\n"
    "it properly: what was read is committed and signed.\n\n"
    "With --ack every durable commit is announced: \"acknowledged N\" means that the records up "
    "to\n"
    "N will survive whatever happens to this process or machine.",
    {{"Readings from a file", "cairn append press4 --csv readings.csv"},
     {"Readings as they come", "mosquitto_sub -t press4/# | cairn append press4 --jsonl - --ack"},
     {"This machine's own sensors, every second for a minute",
      "cairn append press4 --sensors --interval 1 --count 60"},
     {"A log file, line by line, signed every 64 records",
      "cairn append press4 --lines /var/log/press4.log --batch 64"}}};

void add_inputs(CLI::App& verb, Input& input) {
  add_file(verb, "--csv", input.csv, "CSV file; its first row names the channels");
  add_file(verb, "--jsonl", input.jsonl, "JSON Lines file, one flat object a line");
  add_file(verb, "--lines", input.lines, "Text file, one record a line");
  add_switch(verb, "--sensors", input.sensors,
             "Sample this machine's thermal, load, memory, disk and network readings");
  add_seconds(verb, "--interval", input.interval_s, "Seconds between two samples (default 1)");
  add_number(verb, "--count", input.count, "Stop after this many rows");
  add_text(verb, "--delimiter", input.delimiter, "CHAR", "What separates CSV cells (default ,)")
      .check([](const std::string& text) {
        return text.size() == 1 || text == "\\t" ? std::string() : "not one character, or \\t";
      });
  add_switch(verb, "--no-header", input.no_header,
             "CSV without a first row of names: the channels are column1, column2, ...");
}

}  // namespace

void add_append(Commands& commands) {
  const auto arguments = std::make_shared<AppendArguments>();
  CLI::App& verb = commands.add(
      append_page, [arguments](const Output& output) { return append(*arguments, output); });
  add_log(verb, arguments->log);
  add_inputs(verb, arguments->input);
  add_number(verb, "--skip", arguments->skip, "Leave out this many rows at the beginning");
  add_number(verb, "--batch", arguments->batch,
             "Sign after this many records, the library's own included (default: as `init` says)",
             0, UINT32_MAX);
  add_switch(verb, "--each", arguments->each, "Commit every row by itself");
  add_switch(verb, "--ack", arguments->acknowledge, "Announce every durable commit");
  add_switch(verb, "--no-seal", arguments->no_seal, "Leave the last batch open");
  add_file(verb, "--beacon", arguments->beacon,
           "A checkpoint of another log that was heard: proves that what follows is not older");
  add_file(verb, "--key", arguments->key, "Private key, when it is not where `init` found it");
}

}  // namespace command
