// cairn prove: evidence for a record, or a range of them.
#include <cairn/evidence.hpp>
#include <map>
#include <set>

#include "commands.hpp"
#include "files.hpp"
#include "log_access.hpp"
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

/// Leaves that stand together in the evidence.
struct Run {
  uint64_t first;
  uint64_t count;
};

/// The checkpoint that evidence up to `last` leads to: the smallest with cosignatures, or else the
/// smallest.
cairn::SignedHead choose_head(const LogDirectory& log, uint64_t last,
                              const std::optional<uint64_t>& size) {
  if (size) {
    if (*size <= last)
      throw wrong_use("--size",
                      "a checkpoint of that size does not cover record " + std::to_string(last));
    return head_at(log, size);
  }
  for (const uint64_t cosigned : log.cosigned_sizes()) {
    if (cosigned <= last) continue;
    const auto head = head_from(log, cosigned);
    if (head && head->size == cosigned) return *head;
  }
  if (const auto head = head_from(log, last + 1)) return *head;
  throw wrong_use(log.path() + ": record " + std::to_string(last), "no signed checkpoint covers it",
                  "Sign one with `cairn seal " + log.path() + "`.");
}

bool is_close(const std::string& leaf) {
  return !leaf.empty() && static_cast<uint8_t>(leaf[0]) == static_cast<uint8_t>(cairn::Kind::close);
}

/// The close record of the batch that `last` belongs to: the device's own account of time.
std::optional<uint64_t> close_of(const LogDirectory& log, uint64_t last) {
  const auto head = head_from(log, last + 1);
  if (!head || !is_close(leaf_at(log, head->size - 1))) return std::nullopt;
  return head->size - 1;
}

/// Where the channels of the samples in [first, last] were declared last before `first`.
std::set<uint64_t> declarations_of(const LogDirectory& log, uint64_t first, uint64_t last) {
  std::map<uint32_t, uint64_t> declared;
  std::set<uint64_t> needed;
  Walk walk(log.log());
  cairn::Log::Cursor::Item item;
  while (walk.next(item)) {
    if (item.type != cairn::Log::Cursor::Item::Type::leaf || item.leaf.empty()) continue;
    if (item.index > last) break;
    cairn::Channel channel{};
    if (item.leaf[0] == static_cast<uint8_t>(cairn::Kind::channel) &&
        cairn::decode_channel(item.leaf.part(1), channel) == Status::ok)
      declared[channel.number] = item.index;
    cairn::SampleReader reader;
    if (item.index < first || item.leaf[0] != static_cast<uint8_t>(cairn::Kind::sample) ||
        reader.open(item.leaf.part(1)) != Status::ok)
      continue;
    cairn::Reading reading;
    while (reader.next(reading) == Status::ok) {
      const auto found = declared.find(reading.channel);
      if (found != declared.end() && found->second < first) needed.insert(found->second);
    }
  }
  return needed;
}

/// Runs of records that hold the declarations. Those that stand close together go into one run.
std::vector<Run> runs_of(const std::set<uint64_t>& indexes) {
  constexpr uint64_t gap_max = 16;
  std::vector<Run> runs;
  for (const uint64_t index : indexes) {
    if (!runs.empty() && index - (runs.back().first + runs.back().count) <= gap_max)
      runs.back().count = index + 1 - runs.back().first;
    else
      runs.push_back({index, 1});
  }
  return runs;
}

/// The records, the close record of their batch, and the names of their readings.
std::vector<Run> evidence_runs(const LogDirectory& log, uint64_t first, uint64_t last, bool names) {
  std::vector<Run> runs{{first, last - first + 1}};
  const auto close = close_of(log, last);
  if (close && *close > last) runs.push_back({*close, 1});
  if (!names) return runs;
  const std::vector<Run> declarations = runs_of(declarations_of(log, first, last));
  if (runs.size() + declarations.size() > cairn::evidence_runs_max)
    remark("the channels were declared in too many places: the evidence holds numbers only");
  else
    runs.insert(runs.end(), declarations.begin(), declarations.end());
  return runs;
}

std::vector<cairn::Digest> proof_of(const LogDirectory& log, const Run& run, uint64_t size) {
  std::vector<cairn::Digest> hashes(cairn::range_proof_hashes_max);
  cairn::ProofBuffer buffer{hashes.data(), hashes.size()};
  const cairn::NodeSource nodes = log.log().nodes();
  const Status status = run.count == 1
                            ? cairn::build_inclusion(run.first, size, nodes, buffer)
                            : cairn::build_range(run.first, run.count, size, nodes, buffer);
  if (status != Status::ok)
    throw refused(log.path() + ": the proof of " + record_range(run.first, run.count), status);
  hashes.resize(buffer.count);
  return hashes;
}

void require_ok(Status status) {
  if (status != Status::ok) throw refused("the evidence", status);
}

std::string evidence_of(const LogDirectory& log, const std::vector<Run>& runs,
                        const cairn::SignedHead& head) {
  const std::string note = note_of(log, head);
  std::vector<std::vector<std::string>> leaves;
  size_t bytes = note.size() + 1024;
  for (const Run& run : runs) {
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
    const std::vector<cairn::Digest> hashes = proof_of(log, runs[i], head.size);
    require_ok(writer.proof({hashes.data(), hashes.size()}));
  }
  require_ok(writer.checkpoint(view(note)));
  const auto size = writer.finish();
  require_ok(size.status);
  file.resize(size.value);
  return file;
}

std::string tlog_proof_of(const LogDirectory& log, uint64_t index, const cairn::SignedHead& head) {
  const std::string note = note_of(log, head);
  const std::vector<cairn::Digest> hashes = proof_of(log, {index, 1}, head.size);
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
  const cairn::SignedHead head = choose_head(log, last, arguments.size);
  const std::string file =
      standard ? tlog_proof_of(log, first, head)
               : evidence_of(log, evidence_runs(log, first, last, !arguments.no_names), head);
  if (!arguments.record.empty()) write_output(arguments.record, leaf_at(log, first));
  write_output(arguments.out, file);
  const bool cosigned = signatures_json(view(note_of(log, head))).size() > 1;
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
       "record of the batch, in which the device states its time, and the channel records that\n"
       "name the readings. It leads to the smallest checkpoint with cosignatures that covers the\n"
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
