// cairn ots: what a calendar of OpenTimestamps promised, as a file for its clients.
#include <cairn/evidence.hpp>
#include <cairn/linux/opentimestamps.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

namespace {

struct OtsArguments {
  std::string file;
  std::string out;
};

/// The first receipt of a calendar in evidence.
cairn::Receipt calendar_receipt(const std::string& path, const cairn::Evidence& evidence) {
  cairn::ReceiptReader reader(evidence.receipts);
  cairn::Receipt receipt;
  while (reader.next(receipt) == Status::ok)
    if (receipt.kind == CAIRN_RECEIPT_OPENTIMESTAMPS) return receipt;
  throw wrong_use(path, "it has no receipt of OpenTimestamps", "`cairn show` lists those it has.");
}

int ots(const OtsArguments& arguments, const Output& output) {
  const std::string bytes = read_input(arguments.file);
  const auto evidence = std::make_unique<cairn::Evidence>();
  cairn::Fault fault;
  Status status = cairn::parse_evidence(view(bytes), *evidence, &fault);
  if (status != Status::ok) throw refused(arguments.file, status, fault, Position::byte);
  const cairn::Receipt receipt = calendar_receipt(arguments.file, *evidence);
  const cairn::ByteView timestamp{receipt.body, receipt.body_size};
  cairn::Note note;
  cairn::host::OpenTimestampsFact fact;
  status = cairn::parse_note(evidence->levels[receipt.level].checkpoint, note, &fault);
  if (status == Status::ok) status = cairn::host::parse_opentimestamps(timestamp, fact);
  if (status != Status::ok) throw refused(arguments.file, status);
  const std::string file =
      cairn::host::format_opentimestamps_file(cairn::sha256(note.text), timestamp);
  write_output(arguments.out, text_of(note.text));
  write_output(arguments.out + ".ots", file);
  output.line(arguments.out + ": the checkpoint of level " + std::to_string(receipt.level + 1));
  Json calendars = Json::array();
  for (const std::string& url : fact.calendars) {
    output.field("calendar", printable(url));
    calendars.push_back(url);
  }
  output.object({{"ok", true},
                 {"file", arguments.out},
                 {"timestamp", arguments.out + ".ots"},
                 {"level", receipt.level},
                 {"calendars", calendars}});
  return exit_done;
}

}  // namespace

void add_ots(Commands& commands) {
  const auto arguments = std::make_shared<OtsArguments>();
  CLI::App& verb = commands.add(
      {"ots",
       "Write a receipt of OpenTimestamps as a file for its clients",
       "Evidence may hold what a calendar of OpenTimestamps answered about a checkpoint. Writes\n"
       "the checkpoint's text to a file, and the timestamp to the same name with .ots: the client\n"
       "completes it from the calendar, and checks it against Bitcoin. What ties a record to the\n"
       "checkpoint is in the evidence: `cairn verify`.",
       {{"For the client, which then says `ots upgrade` and `ots verify`",
         "cairn ots press4-1042.cairn --out checkpoint.txt"}}},
      [arguments](const Output& output) { return ots(*arguments, output); });
  add_file(verb, "FILE", arguments->file, "The evidence").required();
  add_file(verb, "--out", arguments->out, "File for the checkpoint's text").required();
}

}  // namespace command
