// cairn consistency: proves that a later tree extends an earlier one.
#include <cairn/witness.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "log_access.hpp"
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

std::vector<cairn::Digest> proof_of(const LogDirectory& log, uint64_t from, uint64_t to) {
  std::vector<cairn::Digest> hashes(cairn::proof_hashes_max);
  cairn::ProofBuffer buffer{hashes.data(), hashes.size()};
  const cairn::Status status = cairn::build_consistency(from, to, log.log().nodes(), buffer);
  if (status != cairn::Status::ok)
    throw refused(
        log.path() + ": the proof from " + std::to_string(from) + " to " + std::to_string(to),
        status);
  hashes.resize(buffer.count);
  return hashes;
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

int consistency(const ConsistencyArguments& arguments, const Output& output) {
  LogDirectory log;
  open_reader(log, arguments.log);
  const uint64_t from = *arguments.from;
  cairn::SignedHead head{};
  if (arguments.request || !arguments.to)
    head = head_at(log, arguments.to);
  else
    head.size = *arguments.to;
  if (head.size > log.log().size())
    throw wrong_use("--to", "the log has only " + counted(log.log().size(), "record"));
  if (from > head.size)
    throw wrong_use("--from", "lies behind the later size, " + std::to_string(head.size),
                    "Somebody who holds a checkpoint of size " + std::to_string(from) +
                        " knows more than this log: it may have been rolled back.");
  const std::vector<cairn::Digest> hashes = proof_of(log, from, head.size);
  std::string text;
  Json lines = Json::array();
  for (const cairn::Digest& hash : hashes) {
    lines.push_back(base64(hash));
    text += base64(hash) + "\n";
  }
  if (arguments.request) text = request_text(log, from, head, hashes);
  if (!output.json || arguments.out != "-") write_output(arguments.out, text);
  Json report{{"ok", true},
              {"origin", log.config().origin},
              {"from", from},
              {"to", head.size},
              {"root_from", hex(root_at(log, from))},
              {"root_to", hex(root_at(log, head.size))},
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
