// cairn cosign: keeps a witness's cosignature with the log.
#include "commands.hpp"
#include "files.hpp"
#include "log_access.hpp"
#include "text.hpp"

namespace command {

namespace {

struct CosignArguments {
  std::string log;
  std::string file;
  std::vector<std::string> witnesses;
  std::optional<uint64_t> size;
};

/// Every line must be a well-formed signature line.
size_t count_lines(const std::string& lines, const std::string& path) {
  cairn::SignatureLines walk(view(lines));
  cairn::NoteSignature line;
  cairn::Fault fault;
  size_t count = 0;
  for (;;) {
    const cairn::Status status = walk.next(line, &fault);
    if (status == cairn::Status::end) break;
    if (status != cairn::Status::ok) throw refused(path, status, fault);
    ++count;
  }
  if (count == 0) throw wrong_use(path, "no cosignature line in it");
  return count;
}

void verify_lines(const std::string& note, const std::string& path, const std::string& vkey,
                  uint64_t size) {
  cairn::host::VerifierKey key = load_vkey(vkey);
  if (key.key.type == cairn::NoteType::ed25519) key.key.type = cairn::NoteType::cosignature;
  cairn::Note parsed;
  cairn::Status status = cairn::parse_note(view(note), parsed);
  if (status == cairn::Status::ok)
    status = cairn::verify_note(parsed, key.key, cairn::host::all_verifiers());
  if (status == cairn::Status::ok) return;
  const std::string name = text_of(key.key.name);
  if (status == cairn::Status::not_found)
    throw wrong_use(path, "no cosignature by " + name, "Check --witness and the file.");
  Failure failure(exit_not_verified, path,
                  "not " + name + "'s signature of the checkpoint of size " + std::to_string(size),
                  "If it belongs to another checkpoint, name its size with --size.");
  failure.status = status;
  throw failure;
}

int cosign(const CosignArguments& arguments, const Output& output) {
  LogDirectory log;
  open_reader(log, arguments.log);
  const cairn::SignedHead head = head_at(log, arguments.size);
  const std::string lines = read_input(arguments.file);
  const size_t count = count_lines(lines, arguments.file);
  std::string note;
  require(log.checkpoint_of(head, note));
  for (const std::string& witness : arguments.witnesses)
    verify_lines(note + lines, arguments.file, witness, head.size);
  require(log.add_cosignatures(head.size, lines));
  output.line("kept " + counted(count, "cosignature") + " with the checkpoint of size " +
              std::to_string(head.size) +
              (arguments.witnesses.empty() ? " (not verified: no --witness given)" : ""));
  output.object({{"ok", true},
                 {"size", head.size},
                 {"cosignatures", count},
                 {"verified", !arguments.witnesses.empty()}});
  return exit_done;
}

}  // namespace

void add_cosign(Commands& commands) {
  const auto arguments = std::make_shared<CosignArguments>();
  CLI::App& verb = commands.add(
      {"cosign",
       "Keep a witness's cosignature with the log",
       "Stores the lines that a witness answered beside the log, so that `cairn checkpoint` and\n"
       "`cairn prove` include them. With --witness the signature is verified first.\n\n"
       "A cosignature belongs to one checkpoint: the newest, unless --size names another.",
       {{"Keep what the witness answered",
         "cairn cosign press4 press4.cosignature --witness north.key.vkey"}}},
      [arguments](const Output& output) { return cosign(*arguments, output); });
  add_log(verb, arguments->log);
  add_file(verb, "FILE", arguments->file, "The cosignature lines; - is standard input").required();
  add_list(verb, "--witness", arguments->witnesses, "VKEY",
           "Verifier key of the witness, as text or file");
  add_number(verb, "--size", arguments->size, "Size of the checkpoint that was cosigned");
}

}  // namespace command
