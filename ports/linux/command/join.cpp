// cairn join: puts evidence of an upper gateway on top of that of a lower one.
#include <cairn/evidence.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

namespace {

struct JoinArguments {
  std::string lower;
  std::string upper;
  std::string out;
};

struct Part {
  std::string bytes;
  cairn::Evidence evidence;
};

std::unique_ptr<Part> load(const std::string& path) {
  auto part = std::make_unique<Part>();
  part->bytes = read_input(path);
  cairn::Fault fault;
  const Status status = cairn::parse_evidence(view(part->bytes), part->evidence, &fault);
  if (status != Status::ok) throw refused(path, status, fault, Position::byte);
  return part;
}

/// The one record of the upper evidence has to be the head that the lower one leads to: the same
/// text, signed by the log.
void check_fit(const Part& lower, const Part& upper, const JoinArguments& arguments) {
  const cairn::EvidenceLevel& top = lower.evidence.levels[lower.evidence.level_count - 1];
  const cairn::EvidenceRun& run = upper.evidence.levels[0].runs[0];
  cairn::LeafReader reader(run.leaves);
  cairn::ByteView leaf;
  cairn::Note head, record;
  if (upper.evidence.levels[0].run_count != 1 || run.count != 1 ||
      reader.next(leaf) != Status::ok || cairn::parse_note(leaf, record) != Status::ok)
    throw wrong_use(arguments.upper, "it is not about a checkpoint",
                    "Ask the upper gateway for it by /v1/evidence?origin=...&head=SIZE.");
  const Status status = cairn::parse_note(top.checkpoint, head);
  if (status != Status::ok) throw refused(arguments.lower, status);
  if (!cairn::equal(head.text, record.text))
    throw wrong_use(
        arguments.upper,
        "it is about another checkpoint than the one that " + arguments.lower + " leads to",
        "Ask for the head of that size.");
}

Status copy_run(cairn::EvidenceWriter& writer, const cairn::EvidenceRun& run, bool with_leaves) {
  CAIRN_TRY(writer.begin_run(run.first));
  cairn::LeafReader reader(run.leaves);
  cairn::ByteView leaf;
  while (with_leaves && reader.next(leaf) == Status::ok)
    CAIRN_TRY(writer.leaf(leaf));
  return writer.proof(run.proof);
}

Status copy_levels(cairn::EvidenceWriter& writer, const cairn::Evidence& from, bool with_leaves) {
  for (size_t i = 0; i < from.level_count; ++i) {
    CAIRN_TRY(writer.begin_level());
    for (size_t run = 0; run < from.levels[i].run_count; ++run)
      CAIRN_TRY(copy_run(writer, from.levels[i].runs[run], with_leaves && i == 0));
    CAIRN_TRY(writer.checkpoint(from.levels[i].checkpoint));
  }
  return Status::ok;
}

Status copy_receipts(cairn::EvidenceWriter& writer, const cairn::Evidence& from, uint8_t raised) {
  cairn::ReceiptReader reader(from.receipts);
  cairn::Receipt receipt;
  while (reader.next(receipt) == Status::ok) {
    receipt.level = static_cast<uint8_t>(receipt.level + raised);
    CAIRN_TRY(writer.receipt(receipt));
  }
  return Status::ok;
}

std::string joined(const Part& lower, const Part& upper, const JoinArguments& arguments) {
  std::string file(lower.bytes.size() + upper.bytes.size(), '\0');
  cairn::EvidenceWriter writer({reinterpret_cast<uint8_t*>(&file[0]), file.size()});
  Status status = copy_levels(writer, lower.evidence, true);
  if (status == Status::ok) status = copy_levels(writer, upper.evidence, false);
  if (status == Status::ok) status = copy_receipts(writer, lower.evidence, 0);
  if (status == Status::ok)
    status = copy_receipts(writer, upper.evidence, lower.evidence.level_count);
  if (status == Status::bad_state)
    throw wrong_use(arguments.upper, "together these are too many levels or receipts",
                    "Evidence holds " + std::to_string(cairn::evidence_levels_max) +
                        " levels and " + std::to_string(cairn::evidence_receipts_max) +
                        " receipts.");
  if (status == Status::ok) {
    const auto size = writer.finish();
    status = size.status;
    file.resize(size.value);
  }
  if (status != Status::ok) throw refused(arguments.out, status);
  return file;
}

int join(const JoinArguments& arguments, const Output& output) {
  const auto lower = load(arguments.lower);
  const auto upper = load(arguments.upper);
  check_fit(*lower, *upper, arguments);
  const std::string file = joined(*lower, *upper, arguments);
  write_output(arguments.out, file);
  const size_t levels = size_t{lower->evidence.level_count} + upper->evidence.level_count;
  output.line(arguments.out + ": evidence of " + std::to_string(levels) + " levels, " +
              std::to_string(file.size()) + " bytes; not verified");
  output.object(
      {{"ok", true}, {"file", arguments.out}, {"levels", levels}, {"bytes", file.size()}});
  return exit_done;
}

}  // namespace

void add_join(Commands& commands) {
  const auto arguments = std::make_shared<JoinArguments>();
  CLI::App& verb = commands.add(
      {"join",
       "Put evidence of an upper gateway on top of a lower one's",
       "Where the log of one gateway is witnessed by another, evidence of the first leads to a\n"
       "checkpoint of its log, and that is a leaf of the other's log. The joined file leads from\n"
       "the record to the upper gateway's head, with the receipts and cosignatures of both.\n\n"
       "UPPER is about that checkpoint: /v1/evidence?origin=LOG&head=SIZE of the upper gateway.\n"
       "Nothing is verified; `cairn verify` does that.",
       {{"Lead on to the alliance's gateway",
         "cairn join press4-1042.cairn city.cairn --out whole.cairn"}}},
      [arguments](const Output& output) { return join(*arguments, output); });
  add_file(verb, "LOWER", arguments->lower, "Evidence about records").required();
  add_file(verb, "UPPER", arguments->upper, "Evidence about the checkpoint it leads to").required();
  add_file(verb, "--out", arguments->out, "File to write").required();
}

}  // namespace command
