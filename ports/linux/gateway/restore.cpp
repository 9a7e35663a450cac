#include "restore.hpp"

#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/witnesses.hpp>
#include <set>

#include "device_format.hpp"
#include "note_lines.hpp"
#include "outbox_entries.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;
using host::string_of;

std::string origin_of(const RebuildOptions& options) {
  return string_of(options.log.key.name);
}

// A name that is read from a file, as messages may show it.
std::string shown(const std::string& name) {
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f; };
  return name.size() <= 64 && std::all_of(name.begin(), name.end(), is_plain) ? "'" + name + "'"
                                                                              : "another name";
}

// Size, kind and time are taken from what verifies, not from the file.
Error verify_receipt(const RebuildOptions& options, const std::string& file, StoredReceipt& out) {
  if (!parse_receipt(file, out).ok())
    return {Status::corrupt, "a receipt that cairn-gateway did not write"};
  const auto anchor = options.anchors.find(out.anchor);
  if (anchor == options.anchors.end())
    return {Status::not_found,
            "a receipt of the anchor " + shown(out.anchor) + ", which is not configured"};
  AnchorHead head;
  SignedTree tree;
  const Error opened = open_head(out.note, options.log.key, "the head of a receipt", tree);
  if (!opened.ok()) return opened;
  CAIRN_HOST_TRY(anchor_head(origin_of(options), tree, head));
  out.size = tree.size;
  out.kind = anchor->second->kind();
  const Error error = anchor->second->verify(head.digest, out.body, out.not_after_s);
  if (error.ok()) return {};
  return {error.status, "a receipt of the anchor " + shown(out.anchor) + ": " + error.message};
}

// The lines of further witnesses that verify, and what is left out of them.
std::string verified_lines(const RebuildOptions& options, const Note& note, RebuildReport& report) {
  std::string out;
  SignatureLines lines(note);
  NoteSignature line;
  while (lines.next(line) == Status::ok) {
    if (line.key_id == key_id(options.log.key) && equal(line.name, options.log.key.name)) continue;
    const auto key =
        std::find_if(options.further_witnesses.begin(), options.further_witnesses.end(),
                     [&line](const host::VerifierKey& one) {
                       return line.key_id == key_id(one.key) && equal(line.name, one.key.name);
                     });
    const std::string name = shown(string_of(line.name));
    const std::string text = string_of(line.line) + "\n";
    const std::string single = string_of(note.text) + "\n" + text;
    Note parsed;
    if (key == options.further_witnesses.end()) {
      ++report.left_out["a cosignature of " + name + ", which witnesses.policy does not name"];
    } else if (parse_note(bytes_of(single), parsed) != Status::ok ||
               verify_note(parsed, key->key, host::all_verifiers()) != Status::ok) {
      ++report.left_out["a cosignature of " + name + " that is wrong"];
    } else {
      out += text;
    }
  }
  return out;
}

// The cosignatures of one head after the other; those of one size may come in several files.
class CosignedHeads {
 public:
  CosignedHeads(const std::string& log, StoreFiller& filler, RebuildReport& report)
      : log_(log), filler_(filler), report_(report) {}

  Error add(const SignedTree& head, const std::string& signed_text, const std::string& lines) {
    if (head.size != size_ || note_.empty()) {
      CAIRN_HOST_TRY(finish());
      CAIRN_HOST_TRY(begin(head.size, signed_text));
    }
    for (size_t at = 0; at < lines.size();) {
      const size_t end = lines.find('\n', at) + 1;
      const std::string line = lines.substr(at, end - at);
      at = end;
      // It begins with the key's name, and in base64 its id: a later one of that key adds nothing.
      if (note_.find(line.substr(0, line.rfind(' ') + 6)) != std::string::npos) continue;
      note_ += line;
      ++report_.cosignatures;
    }
    return {};
  }

  Error finish() { return note_.empty() ? Error{} : filler_.put(key(), note_, version_); }

 private:
  std::string key() const { return key_of({"cosignatures", log_, key_number(size_)}); }
  // A head that came before, in front of others, is gone on with.
  Error begin(uint64_t size, const std::string& signed_text) {
    if (size < size_) CAIRN_HOST_TRY(filler_.flush());
    size_ = size;
    Entry entry;
    const Error error = filler_.store().get(key(), entry);
    if (!error.ok() && error.status != Status::not_found) return error;
    note_ = error.ok() ? entry.value : signed_text;
    version_ = error.ok() ? entry.version : 0;
    return {};
  }

  const std::string log_;
  StoreFiller& filler_;
  RebuildReport& report_;
  uint64_t size_ = 0;
  std::string note_;
  uint64_t version_ = 0;
};

}  // namespace

Error check_floor(const RebuildOptions& options, const SignedTree& found, const SignedTree& known,
                  const std::string& where) {
  if (known.size > found.size)
    return {Status::damaged, where + " proves that the log had " + std::to_string(known.size) +
                                 " leaves; the copies hold only " + std::to_string(found.size) +
                                 ". Name a mirror that has them."};
  Digest root;
  CAIRN_HOST_TRY(root_at(options.folder, found.size, known.size, root));
  if (root == known.root) return {};
  return {Status::proof_invalid, where + " is a head of " + std::to_string(known.size) +
                                     " leaves with another root than the copies have: the log's "
                                     "key signed two histories. Keep both."};
}

Error check_archive(const RebuildOptions& options, const SignedTree& found) {
  for (const ArchiveKind kind : {ArchiveKind::receipt, ArchiveKind::cosigned}) {
    const std::string where = options.folder + "/archive/" + archive_kind_name(kind);
    CAIRN_HOST_TRY(
        read_archive(TileSource(options.folder), kind, [&](const std::string& file) -> Error {
          StoredReceipt receipt;
          if (kind == ArchiveKind::receipt && !parse_receipt(file, receipt).ok()) return {};
          SignedTree head;
          const std::string& note = kind == ArchiveKind::receipt ? receipt.note : file;
          if (!open_head(note, options.log.key, where, head).ok()) return {};
          return check_floor(options, found, head, where);
        }));
  }
  return {};
}

Error restore_receipts(const RebuildOptions& options, StoreFiller& filler, RebuildReport& report) {
  const std::string log = origin_of(options);
  std::map<std::string, std::set<uint64_t>> sizes;  // by anchor
  std::map<std::string, DoneEntry> newest;
  const auto each = [&](const std::string& file) -> Error {
    StoredReceipt receipt;
    const Error error = verify_receipt(options, file, receipt);
    if (!error.ok()) ++report.left_out[error.message];
    if (!error.ok() || !sizes[receipt.anchor].insert(receipt.size).second) return {};
    DoneEntry& done = newest[receipt.anchor];
    if (receipt.size > done.size) done = {receipt.size, receipt.not_after_s, receipt.not_after_s};
    ++report.receipts;
    return filler.put(key_of({"receipt", log, key_number(receipt.size), receipt.anchor}),
                      text_of(receipt));
  };
  CAIRN_HOST_TRY(read_archive(TileSource(options.folder), ArchiveKind::receipt, each));
  for (const auto& [anchor, done] : newest)
    CAIRN_HOST_TRY(filler.put(key_of({"outbox-done", log, anchor}), text_of(done)));
  return {};
}

Error restore_cosigned(const RebuildOptions& options, StoreFiller& filler, RebuildReport& report) {
  CosignedHeads heads(origin_of(options), filler, report);
  const auto each = [&](const std::string& file) -> Error {
    SignedTree head;
    Note note;
    if (!open_head(file, options.log.key, "a file", head).ok() ||
        parse_note(bytes_of(file), note) != Status::ok) {
      ++report.left_out["a cosigned head that is none of this log"];
      return {};
    }
    const std::string lines = verified_lines(options, note, report);
    if (lines.empty()) return {};
    return heads.add(head, with_line_of(note, options.log.key), lines);
  };
  CAIRN_HOST_TRY(read_archive(TileSource(options.folder), ArchiveKind::cosigned, each));
  return heads.finish();
}

void RestoredForks::take(const std::string& file, RebuildReport& report) {
  Suspect suspect;
  suspect.file = file;
  host::ForkFacts facts;
  Error error = host::parse_fork_proof(bytes_of(file), suspect.proof);
  if (error.ok()) error = host::verify_fork_proof(suspect.proof, {}, facts);
  suspect.keys.resize(error.ok() ? suspect.proof.vkeys.size() : 0);
  for (size_t i = 0; error.ok() && i < suspect.keys.size(); ++i)
    error = suspect.keys[i].parse(suspect.proof.vkeys[i], "the key in the file");
  suspect.seen.resize(suspect.keys.size());
  const auto [begin, end] = suspects_.equal_range(facts.origin);
  if (std::any_of(begin, end, [&](const auto& one) { return one.second.file == file; })) return;
  if (error.ok()) {
    suspects_.emplace(facts.origin, std::move(suspect));
  } else {
    ++report.left_out["a proof of a fork that does not hold: " + error.message];
  }
}

Error RestoredForks::read(const RebuildOptions& options, Store& store, RebuildReport& report) {
  CAIRN_HOST_TRY(for_each_entry(store, prefix_of({"suspect"}), [&](const Entry& entry) {
    take(entry.value, report);
    return Error{};
  }));
  return read_archive(TileSource(options.folder), ArchiveKind::fork,
                      [&](const std::string& file) -> Error {
                        take(file, report);
                        return {};
                      });
}

void RestoredForks::see(const std::string& origin, ByteView bytes) {
  const auto [begin, end] = suspects_.equal_range(origin);
  for (auto at = begin; at != end; ++at) {
    Suspect& suspect = at->second;
    for (size_t i = 0; i < suspect.keys.size(); ++i) {
      Note note;
      if (suspect.seen[i] || parse_note(bytes, note) != Status::ok) continue;
      suspect.seen[i] = verify_note(note, suspect.keys[i].key, host::all_verifiers()) == Status::ok;
    }
  }
}

Error RestoredForks::enrol(const RebuildOptions& options, StoreFiller& filler,
                           RebuildReport& report) const {
  Registry registry(filler.store());
  for (const auto& [origin, suspect] : suspects_) {
    if (!std::all_of(suspect.seen.begin(), suspect.seen.end(), [](bool seen) { return seen; })) {
      ++report.left_out["a proof of a fork of " + shown(origin) +
                        ", by a key that signed nothing in this log"];
      const Digest hash = sha256(bytes_of(suspect.file));
      CAIRN_HOST_TRY(
          filler.put_new(key_of({"suspect", hex_of({hash.bytes, digest_bytes})}), suspect.file));
      continue;
    }
    const Error error = registry.enrol_frozen(suspect.proof, "rebuild", options.now_s);
    if (error.ok()) ++report.frozen;
    if (!error.ok() && error.status != Status::bad_state) return error;
  }
  return filler.flush();
}

}  // namespace cairn::gateway
