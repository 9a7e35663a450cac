// cairn consistency: proves that a later tree extends an earlier one.
#include <cairn/witness.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "node_pass.hpp"
#include "text.hpp"

namespace command {

namespace {

struct ConsistencyArguments {
  std::string log;
  std::optional<uint64_t> from;
  std::optional<uint64_t> to;
  bool request = false;
  std::string out = "-";
};

/// The proof between two sizes, and the roots of both.
struct Growth {
  cairn::Digest root_from{};
  cairn::Digest root_to{};
  std::vector<cairn::Digest> hashes;
};

Growth build_growth(const LogDirectory& log, NodePass& pass, uint64_t from, uint64_t to) {
  Growth growth;
  growth.hashes.resize(cairn::proof_hashes_max);
  cairn::ProofBuffer buffer{growth.hashes.data(), growth.hashes.size()};
  cairn::Prover prover;
  cairn::Status status = prover.open(to, pass.nodes());
  if (status == cairn::Status::ok) status = prover.consistency(from, buffer);
  if (status == cairn::Status::ok) status = cairn::build_root(from, pass.nodes(), growth.root_from);
  growth.root_to = prover.root();
  if (status != cairn::Status::ok)
    throw refused(
        log.path() + ": the proof from " + std::to_string(from) + " to " + std::to_string(to),
        status);
  growth.hashes.resize(buffer.count);
  return growth;
}

Growth growth_of(const LogDirectory& log, uint64_t from, uint64_t to) {
  NodePass pass(log);
  (void)build_growth(log, pass, from, to);
  pass.run();
  return build_growth(log, pass, from, to);
}

std::string request_text(const LogDirectory& log, uint64_t from, const cairn::SignedHead& head,
                         const std::vector<cairn::Digest>& hashes) {
  std::string note;
  require(log.checkpoint_of(head, note));
  std::string text(note.size() + 64 * cairn::proof_hashes_max, '\0');
  const auto size =
      cairn::format_add_checkpoint(from, {hashes.data(), hashes.size()}, view(note),
                                   {reinterpret_cast<uint8_t*>(&text[0]), text.size()});
  if (!size.ok()) throw refused("the request", size.status);
  text.resize(size.value);
  return text;
}

uint64_t newest_size(const LogDirectory& log) {
  return head_at(log, std::nullopt).size;
}

void require_order(const LogDirectory& log, uint64_t from, uint64_t to) {
  if (to > log.log().size())
    throw wrong_use("--to", "the log has only " + counted(log.log().size(), "record"));
  if (from > to)
    throw wrong_use("--from", "lies behind the later size, " + std::to_string(to),
                    "Somebody who holds a checkpoint of size " + std::to_string(from) +
                        " knows more than this log: it may have been rolled back.");
}

int consistency(const ConsistencyArguments& arguments, const Output& output) {
  LogDirectory log;
  open_reader(log, arguments.log);
  const uint64_t from = *arguments.from;
  std::optional<StoredHead> head;
  if (arguments.request || !arguments.to)
    head = require_head(log, arguments.to.value_or(newest_size(log)));
  const uint64_t to = head ? head->size : *arguments.to;
  require_order(log, from, to);
  const Growth growth = growth_of(log, from, to);
  std::string text;
  Json lines = Json::array();
  for (const cairn::Digest& hash : growth.hashes) {
    lines.push_back(base64(hash));
    text += base64(hash) + "\n";
  }
  if (arguments.request)
    text = request_text(log, from, {to, growth.root_to, head->signature}, growth.hashes);
  if (!output.json || arguments.out != "-") write_output(arguments.out, text);
  Json report{
      {"ok", true},    {"origin", log.config().origin},      {"from", from},
      {"to", to},      {"root_from", hex(growth.root_from)}, {"root_to", hex(growth.root_to)},
      {"proof", lines}};
  if (arguments.request) report["request"] = text;
  output.object(report);
  return exit_done;
}

}  // namespace

void add_consistency(Commands& commands) {
  const auto arguments = std::make_shared<ConsistencyArguments>();
  CLI::App& verb = commands.add(
      {"consistency",
       "Prove that a log only grew between two sizes",
       "Prints the hashes that lead from the root of the first N records to that of the first M,\n"
       "one a line in base64 (RFC 6962; none when N is 0 or equals M). M defaults to the newest\n"
       "checkpoint.\n\n"
       "With --request it prints what a witness asks for: the proof and the signed checkpoint, as\n"
       "the body of an add-checkpoint call of c2sp.org/tlog-witness, ready for `cairn witness`.\n"
       "N is then the size that the witness cosigned last, 0 the first time.",
       {{"Ask a witness for the first time",
         "cairn consistency press4 --from 0 --request --out press4.request"},
        {"Ask again after it has cosigned size 512",
         "cairn consistency press4 --from 512 --request --out press4.request"},
        {"The bare proof", "cairn consistency press4 --from 512 --to 1024"}}},
      [arguments](const Output& output) { return consistency(*arguments, output); });
  add_log(verb, arguments->log);
  add_number(verb, "--from", arguments->from, "The earlier size").required();
  add_number(verb, "--to", arguments->to, "The later size (default: the newest checkpoint's)");
  add_switch(verb, "--request", arguments->request, "Print a request to a witness");
  add_file(verb, "--out", arguments->out, "File to write; standard output by default");
}

}  // namespace command
