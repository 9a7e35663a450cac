// cairn prove: evidence for a record, or a range of them.
#include <cairn/evidence.hpp>

#include "commands.hpp"
#include "evidence_plan.hpp"
#include "files.hpp"
#include "node_pass.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

namespace {

struct ProveArguments {
  std::string log;
  std::optional<uint64_t> index;
  std::optional<uint64_t> to;
  std::optional<uint64_t> size;
  std::string out;
  std::string record;
  bool no_names = false;
};

/// The checkpoint that evidence up to `last` leads to: the smallest with cosignatures, or else the
/// smallest.
StoredHead choose_head(const LogDirectory& log, uint64_t last,
                       const std::optional<uint64_t>& size) {
  if (size) {
    if (*size <= last)
      throw wrong_use("--size",
                      "a checkpoint of that size does not cover record " + std::to_string(last));
    return require_head(log, *size);
  }
  for (const uint64_t cosigned : log.cosigned_sizes()) {
    if (cosigned <= last) continue;
    const auto head = find_head(log, cosigned);
    if (head && head->size == cosigned) return *head;
  }
  if (const auto head = find_head(log, last + 1)) return *head;
  throw wrong_use(log.path() + ": record " + std::to_string(last), "no signed checkpoint covers it",
                  "Sign one with `cairn seal " + log.path() + "`.");
}

/// The root of a tree, and the proofs of runs in it.
struct Proofs {
  cairn::Digest root{};
  std::vector<std::vector<cairn::Digest>> runs;
};

void require_proof(Status status, const LogDirectory& log, const RecordRun& run) {
  if (status != Status::ok)
    throw refused(log.path() + ": the proof of " + record_range(run.first, run.count), status);
}

Proofs build_proofs(const LogDirectory& log, NodePass& pass, const std::vector<RecordRun>& runs,
                    uint64_t size) {
  cairn::Prover prover;
  require_proof(prover.open(size, pass.nodes()), log, {0, size});
  Proofs proofs{prover.root(), {}};
  for (const RecordRun& run : runs) {
    std::vector<cairn::Digest> hashes(cairn::range_proof_hashes_max);
    cairn::ProofBuffer buffer{hashes.data(), hashes.size()};
    require_proof(run.count == 1 ? prover.inclusion(run.first, buffer)
                                 : prover.range(run.first, run.count, buffer),
                  log, run);
    hashes.resize(buffer.count);
    proofs.runs.push_back(hashes);
  }
  return proofs;
}

Proofs proofs_of(const LogDirectory& log, const std::vector<RecordRun>& runs, uint64_t size) {
  NodePass pass(log);
  (void)build_proofs(log, pass, runs, size);
  pass.run();
  return build_proofs(log, pass, runs, size);
}

void require_ok(Status status) {
  if (status != Status::ok) throw refused("the evidence", status);
}

std::string evidence_of(const LogDirectory& log, const std::vector<RecordRun>& runs,
                        const Proofs& proofs, const std::string& note) {
  std::vector<std::vector<std::string>> leaves;
  size_t bytes = note.size() + 1024;
  for (const RecordRun& run : runs) {
    leaves.emplace_back();
    for (uint64_t i = 0; i < run.count; ++i) {
      leaves.back().push_back(leaf_at(log, run.first + i));
      bytes += leaves.back().back().size() + 16;
    }
    bytes += cairn::range_proof_hashes_max * cairn::digest_bytes + 256;
  }
  std::string file(bytes, '\0');
  cairn::EvidenceWriter writer({reinterpret_cast<uint8_t*>(&file[0]), file.size()});
  require_ok(writer.begin_level());
  for (size_t i = 0; i < runs.size(); ++i) {
    require_ok(writer.begin_run(runs[i].first));
    for (const std::string& leaf : leaves[i])
      require_ok(writer.leaf(view(leaf)));
    require_ok(writer.proof({proofs.runs[i].data(), proofs.runs[i].size()}));
  }
  require_ok(writer.checkpoint(view(note)));
  const auto size = writer.finish();
  require_ok(size.status);
  file.resize(size.value);
  return file;
}

std::string tlog_proof_of(uint64_t index, const std::vector<cairn::Digest>& hashes,
                          const std::string& note) {
  std::string file(note.size() + 64 * (hashes.size() + 4), '\0');
  cairn::TlogProof proof;
  proof.index = index;
  proof.checkpoint = view(note);
  const auto size = cairn::format_tlog_proof(proof, {hashes.data(), hashes.size()},
                                             {reinterpret_cast<uint8_t*>(&file[0]), file.size()});
  require_ok(size.status);
  file.resize(size.value);
  return file;
}

int prove(const ProveArguments& arguments, const Output& output) {
  const bool standard = ends_with(arguments.out, ".tlog-proof");
  if (!standard && !ends_with(arguments.out, ".cairn"))
    throw wrong_use("--out " + arguments.out, "unknown kind of evidence",
                    "Choose a name that ends with .cairn or .tlog-proof.");
  const uint64_t first = *arguments.index;
  const uint64_t last = arguments.to.value_or(first);
  if (last < first) throw wrong_use("--to", "lies before the first record");
  if (standard && last != first)
    throw wrong_use("--to", "a .tlog-proof proves one record", "Choose .cairn for a range.");
  if (!arguments.record.empty() && last != first)
    throw wrong_use("--record", "holds one record, not a range");
  LogDirectory log;
  open_reader(log, arguments.log);
  require_index(log, first);
  require_index(log, last);
  const StoredHead stored = choose_head(log, last, arguments.size);
  std::vector<RecordRun> runs{{first, 1}};
  if (!standard) runs = plan_evidence(log, first, last, !arguments.no_names);
  const Proofs proofs = proofs_of(log, runs, stored.size);
  const cairn::SignedHead head{stored.size, proofs.root, stored.signature};
  const std::string note = note_of(log, head);
  const std::string file =
      standard ? tlog_proof_of(first, proofs.runs[0], note) : evidence_of(log, runs, proofs, note);
  if (!arguments.record.empty()) write_output(arguments.record, leaf_at(log, first));
  write_output(arguments.out, file);
  const bool cosigned = signatures_json(view(note)).size() > 1;
  output.line(arguments.out + ": " + record_range(first, last - first + 1) + " under the " +
              (cosigned ? "cosigned " : "") + "checkpoint of size " + std::to_string(head.size) +
              ", " + counted(file.size(), "byte"));
  output.object({{"ok", true},
                 {"file", arguments.out},
                 {"origin", log.config().origin},
                 {"first", first},
                 {"count", last - first + 1},
                 {"size", head.size},
                 {"cosigned", cosigned},
                 {"bytes", file.size()}});
  return exit_done;
}

}  // namespace

void add_prove(Commands& commands) {
  const auto arguments = std::make_shared<ProveArguments>();
  CLI::App& verb = commands.add(
      {"prove",
       "Write evidence for a record, or a range of records",
       "The evidence holds everything that verifying needs, except the policy: the records, the\n"
       "proof that they stand in the log, the signed checkpoint with its cosignatures, the close\n"
       "record of the batch, in which the device states its time, the last beacon before them, "
       "and\n"
       "the channel records that name the readings. It leads to the smallest checkpoint with "
       "cosignatures that covers the\n"
       "records, or else to the smallest.\n\n"
       "With a name that ends with .tlog-proof it is the standard form c2sp.org/tlog-proof, which\n"
       "other tools read: the proof of one record without the record itself.",
       {{"Evidence for record 1042", "cairn prove press4 1042 --out press4-1042.cairn"},
        {"For ten records, with proof that none is left out",
         "cairn prove press4 1040 --to 1049 --out press4-hour.cairn"},
        {"For tools that read the standard form, with the record beside it",
         "cairn prove press4 1042 --out press4-1042.tlog-proof --record press4-1042.leaf"}}},
      [arguments](const Output& output) { return prove(*arguments, output); });
  add_log(verb, arguments->log);
  add_number(verb, "INDEX", arguments->index, "The record, counted from 0").required();
  add_number(verb, "--to", arguments->to, "The last record of a range");
  add_number(verb, "--size", arguments->size, "Lead to the checkpoint of exactly this size");
  add_file(verb, "--out", arguments->out, "File to write: .cairn or .tlog-proof").required();
  add_switch(verb, "--no-names", arguments->no_names,
             "Leave out the channel records that name the readings: smaller");
  add_file(verb, "--record", arguments->record, "Write the record's leaf to this file, too");
}

}  // namespace command
