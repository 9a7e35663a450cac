#include <cairn/evidence.hpp>
#include <cairn/policy.hpp>
#include <cairn/witness.hpp>

#include "evidence_text.hpp"
#include "files.hpp"
#include "log_access.hpp"
#include "receipt_text.hpp"
#include "show.hpp"
#include "text.hpp"

namespace command {

using cairn::Status;

namespace {

/// A file and where its text came from.
struct Shown {
  const std::string& path;
  const std::string& bytes;
  const Output& output;
};

std::string type_text(cairn::NoteType type) {
  switch (type) {
    case cairn::NoteType::ed25519:
      return "Ed25519";
    case cairn::NoteType::ecdsa:
      return "ECDSA P-256";
    default:
      return "Ed25519 cosignatures";
  }
}

/// The lines of a signed checkpoint; returns its object.
Json show_note(const Output& output, cairn::ByteView bytes, const std::string& path) {
  cairn::Note note;
  cairn::Checkpoint checkpoint;
  cairn::Fault fault;
  Status status = cairn::parse_note(bytes, note, &fault);
  if (status == Status::ok) status = cairn::parse_checkpoint(note.text, checkpoint, &fault);
  if (status != Status::ok) throw refused(path, status, fault);
  output.field("origin", printable(text_of(checkpoint.origin)));
  output.field("size", counted(checkpoint.size, "record"));
  output.field("root", hex(checkpoint.root));
  if (!checkpoint.extensions.empty())
    output.field("extensions", printable(text_of(checkpoint.extensions)));
  const Json signatures = signatures_json(bytes);
  for (const Json& line : signatures) {
    std::string text = printable(line["name"]) + ", key id " + std::string(line["key_id"]);
    if (line.contains("time")) text += ", cosigned at " + std::string(line["time"]);
    output.field("signature", text);
  }
  return {{"origin", text_of(checkpoint.origin)},
          {"size", checkpoint.size},
          {"root", hex(checkpoint.root)},
          {"signatures", signatures}};
}

void show_checkpoint(const Shown& shown) {
  shown.output.line(shown.path + ": signed checkpoint (not verified)");
  Json json{{"ok", true}, {"type", "checkpoint"}};
  json.update(show_note(shown.output, view(shown.bytes), shown.path));
  shown.output.object(json);
}

void show_tlog_proof(const Shown& shown) {
  cairn::Digest hashes[cairn::proof_hashes_max];
  cairn::ProofBuffer buffer{hashes, cairn::proof_hashes_max};
  cairn::TlogProof proof;
  cairn::Fault fault;
  const Status status = cairn::parse_tlog_proof(view(shown.bytes), proof, buffer, &fault);
  if (status != Status::ok) throw refused(shown.path, status, fault);
  shown.output.line(shown.path + ": proof of one record (not verified)");
  shown.output.field("index", grouped(proof.index));
  shown.output.field("proof", std::to_string(buffer.count) + " hashes");
  if (!proof.extra.empty()) shown.output.field("extra", text_of(proof.extra));
  Json json{{"ok", true},
            {"type", "tlog-proof"},
            {"index", proof.index},
            {"hashes", buffer.count},
            {"checkpoint", show_note(shown.output, proof.checkpoint, shown.path)}};
  shown.output.object(json);
}

void show_evidence(const Shown& shown) {
  const auto evidence = std::make_unique<cairn::Evidence>();
  cairn::Fault fault;
  const Status status = cairn::parse_evidence(view(shown.bytes), *evidence, &fault);
  if (status != Status::ok) throw refused(shown.path, status, fault, Position::byte);
  shown.output.line(shown.path + ": evidence (whole, not verified)");
  Json levels = Json::array();
  for (unsigned i = 0; i < evidence->level_count; ++i) {
    const cairn::EvidenceLevel& level = evidence->levels[i];
    if (evidence->level_count > 1) shown.output.line("  level " + std::to_string(i + 1));
    Json runs = Json::array();
    for (unsigned run = 0; run < level.run_count; ++run)
      runs.push_back({{"first", level.runs[run].first},
                      {"count", level.runs[run].count},
                      {"hashes", level.runs[run].proof.count}});
    const Json records = print_records(shown.output, level);
    levels.push_back({{"runs", runs},
                      {"records", records},
                      {"checkpoint", show_note(shown.output, level.checkpoint, shown.path)}});
  }
  const Json receipts = print_receipts(shown.output, *evidence, {});
  shown.output.object(
      {{"ok", true}, {"type", "evidence"}, {"levels", levels}, {"receipts", receipts}});
}

void show_request(const Shown& shown) {
  cairn::Digest hashes[cairn::proof_hashes_max];
  cairn::ProofBuffer buffer{hashes, cairn::proof_hashes_max};
  cairn::AddCheckpoint request;
  cairn::Fault fault;
  const Status status = cairn::parse_add_checkpoint(view(shown.bytes), request, buffer, &fault);
  if (status != Status::ok) throw refused(shown.path, status, fault);
  shown.output.line(shown.path + ": request to a witness");
  shown.output.field("cosigned before", counted(request.old_size, "record"));
  shown.output.field("proof", std::to_string(buffer.count) + " hashes");
  shown.output.object({{"ok", true},
                       {"type", "witness-request"},
                       {"old_size", request.old_size},
                       {"hashes", buffer.count},
                       {"checkpoint", show_note(shown.output, request.checkpoint, shown.path)}});
}

void show_vkey(const Shown& shown, const cairn::NoteKey& key) {
  shown.output.line(shown.path + ": verifier key");
  shown.output.field("name", printable(text_of(key.name)));
  shown.output.field("type", type_text(key.type));
  shown.output.field("key id", key_id_text(cairn::key_id(key)));
  shown.output.object({{"ok", true},
                       {"type", "vkey"},
                       {"name", text_of(key.name)},
                       {"key_type", type_text(key.type)},
                       {"key_id", key_id_text(cairn::key_id(key))}});
}

void show_policy(const Shown& shown, const cairn::Policy& policy) {
  shown.output.line(shown.path + ": policy");
  Json logs = Json::array();
  for (unsigned i = 0; i < policy.log_count; ++i) {
    logs.push_back(text_of(policy.logs[i].key.name));
    shown.output.field("log", printable(text_of(policy.logs[i].key.name)) + ", key id " +
                                  key_id_text(cairn::key_id(policy.logs[i].key)));
  }
  Json witnesses = Json::array();
  for (unsigned i = 0; i < policy.witness_count; ++i) {
    const cairn::Policy::Witness& witness = policy.witnesses[i];
    witnesses.push_back(text_of(witness.name));
    shown.output.field("witness", printable(text_of(witness.name)) + ": " +
                                      printable(text_of(witness.key.name)) + ", key id " +
                                      key_id_text(cairn::key_id(witness.key)));
  }
  for (unsigned i = 0; i < policy.group_count; ++i)
    shown.output.field("group", printable(text_of(policy.groups[i].name)) + ": " +
                                    std::to_string(policy.groups[i].threshold) + " of " +
                                    std::to_string(policy.groups[i].members));
  std::string quorum = "none";
  if (policy.quorum == cairn::Policy::Quorum::witness)
    quorum = text_of(policy.witnesses[policy.quorum_index].name);
  if (policy.quorum == cairn::Policy::Quorum::group)
    quorum = text_of(policy.groups[policy.quorum_index].name);
  shown.output.field("quorum", printable(quorum));
  shown.output.object({{"ok", true},
                       {"type", "policy"},
                       {"logs", logs},
                       {"witnesses", witnesses},
                       {"quorum", quorum}});
}

void show_air(const Shown& shown, const cairn::AirCheckpoint& air) {
  shown.output.line(shown.path + ": checkpoint in the compact form for narrow links");
  shown.output.field("key id", key_id_text(air.key_id));
  shown.output.field("size", counted(air.size, "record"));
  shown.output.field("root", air.has_root ? hex(air.root) : "left out: the receiver computes it");
  shown.output.field("signature", air.has_signature ? "present" : "absent");
  shown.output.object({{"ok", true},
                       {"type", "air-checkpoint"},
                       {"key_id", key_id_text(air.key_id)},
                       {"size", air.size},
                       {"root", air.has_root ? Json(hex(air.root)) : Json(nullptr)},
                       {"signed", air.has_signature}});
}

bool starts_with(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

/// Whole or not, it begins like evidence.
bool looks_like_evidence(const std::string& bytes) {
  const auto evidence = std::make_unique<cairn::Evidence>();
  cairn::Fault fault;
  const Status status = cairn::parse_evidence(view(bytes), *evidence, &fault);
  return status == Status::ok || status == Status::wrong_version ||
         fault.field != cairn::Field::header;
}

/// A policy has a quorum line, which nothing else has.
bool looks_like_policy(const std::string& text) {
  return starts_with(text, "quorum ") || text.find("\nquorum ") != std::string::npos;
}

}  // namespace

void show_file(const std::string& path, const Output& output) {
  const std::string bytes = read_input(path);
  const Shown shown{path, bytes, output};
  if (starts_with(bytes, "PRIVATE+KEY+"))
    throw wrong_use(path, "a private key: it is not shown", "Show its .vkey file instead.");
  if (starts_with(bytes, "c2sp.org/tlog-proof@") || ends_with(path, ".tlog-proof"))
    return show_tlog_proof(shown);
  if (looks_like_evidence(bytes) || ends_with(path, ".cairn")) return show_evidence(shown);
  if (starts_with(bytes, "old ")) return show_request(shown);
  if (bytes.find("\n\n\xE2\x80\x94 ") != std::string::npos) return show_checkpoint(shown);
  if (looks_like_policy(bytes)) {
    const auto policy = std::make_unique<cairn::Policy>();
    cairn::Fault fault;
    const Status status = cairn::parse_policy(view(bytes), *policy, &fault);
    if (status != Status::ok) throw refused(path, status, fault);
    return show_policy(shown, *policy);
  }
  cairn::NoteKey key;
  const std::string line = bytes.substr(0, bytes.find('\n'));
  if (cairn::parse_vkey(view(line), key) == Status::ok) return show_vkey(shown, key);
  cairn::AirCheckpoint air;
  if (cairn::decode_air_checkpoint(view(bytes), air) == Status::ok) return show_air(shown, air);
  throw wrong_use(path, "not a file that cairn knows",
                  "It reads evidence, checkpoints, proofs, requests, verifier keys and policies.");
}

}  // namespace command
