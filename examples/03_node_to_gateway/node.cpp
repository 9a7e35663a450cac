// usage: example_03_node LOG WITNESS-VKEY LIMIT
//
// A device that records and reports, over any link: what a firmware does with a reporter, without
// the radio. Obeys lines from standard input, and answers each with one line:
//
//   record N    appends N readings and seals them; answers the size of the log
//   next        answers the next message, at most LIMIT bytes in hexadecimal, or the reason why
//               there is none
//   answer HEX  what came back; answers what it came to, and the size that is acknowledged
//   again       nothing came back
//
// LOG is a folder that `cairn init` has made. Cosignatures are kept in it, so that evidence from it
// has them.
#include <cairn/linux/log_directory.hpp>
#include <cairn/reporter.hpp>
#include <iostream>

#include "lines.hpp"

using namespace cairn;

namespace {

class Node {
 public:
  host::Error open(const std::string& folder, const std::string& witness_vkey) {
    if (host::Error error = log_.open_writer(folder); !error.ok()) return error;
    if (host::Error error = witness_.parse(witness_vkey, "the witness's key"); !error.ok()) {
      return error;
    }
    options_.witness = witness_.key;
    options_.verifiers = host::all_verifiers();
    options_.leaf = {leaf_, sizeof leaf_};
    const Status status = reporter_.begin(log_.recorder(), options_);
    if (status != Status::ok) return {status, "the witness does not cosign"};
    return {};
  }

  // Readings of a pressure, and the signature under them.
  Status record(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      Reading pressure;
      pressure.channel = 7;
      pressure.decimal = 21350 + static_cast<int64_t>(log_.log().size() % 40);
      pressure.places = 2;
      uint8_t body[64];
      const Result<size_t> size =
          encode_sample(wall_time(host::linux_platform()), &pressure, 1, body);
      if (!size.ok()) return size.status;
      CAIRN_TRY(log_.recorder().append(Kind::sample, {body, size.value}).status);
    }
    return log_.recorder().pending() == 0 ? Status::ok : log_.recorder().seal();
  }

  Result<size_t> next(MutableBytes out) { return reporter_.next(out); }
  void again() { reporter_.again(); }

  Status take(const Message& bytes) {
    const uint64_t before = reporter_.acknowledged();
    CAIRN_TRY(reporter_.take({bytes.data(), bytes.size()}));
    if (reporter_.acknowledged() == before) return Status::ok;
    ReportAnswer answer;
    CAIRN_TRY(decode_report_answer({bytes.data(), bytes.size()}, answer));
    uint8_t line[512];
    const Result<size_t> size = rebuild_cosignature(answer, options_.witness, line);
    if (!size.ok()) return size.status;
    const std::string text(line, line + size.value);
    return log_.add_cosignatures(answer.size, text).status;
  }

  uint64_t size() const { return log_.log().size(); }
  uint64_t acknowledged() const { return reporter_.acknowledged(); }
  // What the first record of a successor would name.
  uint64_t lost_size() const {
    Begin begin{};
    return reporter_.successor(begin) == Status::ok ? begin.previous_size : 0;
  }

 private:
  host::LogDirectory log_;
  Reporter reporter_;
  ReporterOptions options_;
  host::VerifierKey witness_;
  uint8_t leaf_[1024];
};

std::string obey(Node& node, const std::string& line, size_t limit) {
  if (line.compare(0, 7, "record ") == 0) {
    const Status status = node.record(static_cast<unsigned>(std::stoul(line.substr(7))));
    return status == Status::ok ? std::to_string(node.size()) : status_text(status);
  }
  if (line == "next") {
    Message out(limit);
    const Result<size_t> size = node.next({out.data(), out.size()});
    return size.ok() ? to_line({out.data(), size.value}) : status_text(size.status);
  }
  if (line.compare(0, 7, "answer ") == 0) {
    const auto bytes = from_line(line.substr(7));
    const Status status = bytes ? node.take(*bytes) : Status::corrupt;
    if (status == Status::damaged) return "damaged " + std::to_string(node.lost_size());
    return std::string(status_text(status)) + " " + std::to_string(node.acknowledged());
  }
  if (line != "again") return "unknown: " + line;
  node.again();
  return "ok";
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: example_03_node LOG WITNESS-VKEY LIMIT\n";
    return 2;
  }
  static Node node;
  if (const host::Error error = node.open(argv[1], argv[2]); !error.ok()) {
    std::cerr << "node: " << error.message << "\n";
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);)
    std::cout << obey(node, line, std::stoul(argv[3])) << std::endl;
} catch (const std::exception& error) {
  std::cerr << "node: " << error.what() << "\n";
  return 2;
}
