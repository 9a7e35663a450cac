#include <cairn/checkpoint.hpp>
#include <cairn/gateway/mirror.hpp>
#include <cairn/gateway/rebuild.hpp>
#include <map>

#include "device_format.hpp"
#include "intake_head.hpp"
#include "note_lines.hpp"

namespace cairn::gateway {
namespace {

constexpr size_t changes_at_once = 1024;

struct DeviceHead {
  uint64_t size = 0;
  std::string note;
};

using DeviceHeads = std::map<std::string, DeviceHead>;

std::string retired_key(const NoteKey& witness) {
  return key_of({"retired-witness", hex_of_key_id(key_id(witness))});
}

Error check_empty(Store& store) {
  std::vector<Entry> entries;
  for (const char* kind : {"aggregate", "head", "leaf", "leaf-of"}) {
    CAIRN_HOST_TRY(store.scan(prefix_of({kind}), {}, 1, entries));
    if (!entries.empty())
      return {Status::bad_state, "the store is not empty: it has the entry '" + entries[0].key +
                                     "'. Rebuild into a new store; never over one that works."};
  }
  return {};
}

// Brings the folder to the largest head that any copy has.
Error complete_folder(const RebuildOptions& options, RebuildReport& report) {
  Mirror copy;
  CAIRN_HOST_TRY(copy.open(options.folder, options.log));
  report.taken_from = options.folder;
  std::string missing;
  for (const TileSource& mirror : options.mirrors) {
    const uint64_t before = copy.head().size;
    const bool empty = copy.head().note.empty();
    const Error error = copy.update(mirror);
    if (error.status == Status::proof_invalid) return error;
    if (!error.ok()) missing += " " + error.message;
    if (copy.head().size > before || (empty && error.ok())) report.taken_from = mirror.place();
  }
  report.head = copy.head();
  if (!report.head.note.empty()) return {};
  return {Status::not_found,
          "no copy has a signed head of " + host::string_of(options.log.key.name) + "." + missing};
}

Error check_known(const RebuildOptions& options, const SignedTree& head) {
  for (const KnownHead& known : options.known) {
    SignedTree tree;
    CAIRN_HOST_TRY(open_head(known.note, options.log.key, known.where, tree));
    if (tree.size > head.size)
      return {Status::damaged, known.where + " proves that the log had " +
                                   std::to_string(tree.size) + " leaves; the copies hold only " +
                                   std::to_string(head.size) + ". Name a mirror that has them."};
    Digest root;
    CAIRN_HOST_TRY(root_at(options.folder, tree.size, root));
    if (root != tree.root)
      return {Status::proof_invalid, known.where + " is a head of " + std::to_string(tree.size) +
                                         " leaves with another root than the copies have: the "
                                         "log's key signed two histories. Keep both."};
  }
  return {};
}

// Takes a device's checkpoint from its text alone: whoever let it into the log checked its
// signature.
bool take_text(ByteView bytes, Checkpoint& out) {
  Note note;
  return parse_note(bytes, note) == Status::ok && parse_checkpoint(note.text, out) == Status::ok;
}

// Applies changes that nothing can contradict, since the store is empty and ours.
class Filler {
 public:
  explicit Filler(Store& store) : store_(store) {}

  Error put(const std::string& key, const std::string& value) {
    changes_.push_back({{{key, 0, value}}});
    return changes_.size() < changes_at_once ? Error{} : flush();
  }
  Error flush() {
    CAIRN_HOST_TRY(store_.cas_batch(changes_));
    for (const Change& change : changes_)
      if (!change.applied)
        return {Status::bad_state,
                "another process writes to the store. Stop it, and rebuild "
                "into a new store."};
    changes_.clear();
    return {};
  }

 private:
  Store& store_;
  std::vector<Change> changes_;
};

// Reads every leaf: where it stands, and the newest head of each device.
Error fill_leaves(const RebuildOptions& options, const SignedTree& head, Filler& filler,
                  DeviceHeads& devices) {
  const std::string log = host::string_of(options.log.key.name);
  return read_all_entries(options.folder, head, [&](uint64_t index, ByteView entry) -> Error {
    Checkpoint checkpoint;
    if (!take_text(entry, checkpoint))
      return {Status::corrupt,
              "leaf " + std::to_string(index) + " of " + log + " is not a checkpoint."};
    const std::string origin = host::string_of(checkpoint.origin);
    DeviceHead& newest = devices[origin];
    if (newest.note.empty() || checkpoint.size > newest.size)
      newest = {checkpoint.size, host::string_of(entry)};
    return filler.put(key_of({"leaf-of", log, origin, key_number(checkpoint.size)}),
                      std::to_string(index));
  });
}

// A cosignature of one of our keys under a device's checkpoint is a head that was given out.
bool was_cosigned(const RebuildOptions& options, const std::string& text) {
  Note note;
  if (parse_note(host::bytes_of(text), note) != Status::ok) return false;
  for (const host::VerifierKey& witness : options.witnesses)
    if (verify_note(note, witness.key, host::all_verifiers()) == Status::ok) return true;
  return false;
}

void raise_floors(const RebuildOptions& options, DeviceHeads& devices, RebuildReport& report) {
  for (const std::string& note : options.device_notes) {
    Checkpoint checkpoint;
    if (!was_cosigned(options, note) || !take_text(host::bytes_of(note), checkpoint)) continue;
    DeviceHead& newest = devices[host::string_of(checkpoint.origin)];
    if (!newest.note.empty() && checkpoint.size <= newest.size) continue;
    newest = {checkpoint.size, note};
    ++report.raised;
  }
}

}  // namespace

Error rebuild(const RebuildOptions& options, Store& store, RebuildReport& report) {
  report = {};
  if (options.witnesses.empty())
    return {Status::bad_argument,
            "name the keys that cosigned for the lost store: they are retired with it."};
  CAIRN_HOST_TRY(check_empty(store));
  CAIRN_HOST_TRY(complete_folder(options, report));
  CAIRN_HOST_TRY(check_known(options, report.head));
  Filler filler(store);
  for (const host::VerifierKey& witness : options.witnesses)
    CAIRN_HOST_TRY(filler.put(retired_key(witness.key), witness.text));
  DeviceHeads devices;
  CAIRN_HOST_TRY(fill_leaves(options, report.head, filler, devices));
  raise_floors(options, devices, report);
  for (const auto& [origin, device] : devices)
    CAIRN_HOST_TRY(filler.put(head_key(origin), device.note));
  report.devices = devices.size();
  // The head comes last: before it the store still counts as lost.
  Note note;
  if (parse_note(host::bytes_of(report.head.note), note) != Status::ok)
    return {Status::corrupt, "the log's checkpoint is not a note."};
  CAIRN_HOST_TRY(filler.put(key_of({"aggregate", host::string_of(options.log.key.name)}),
                            with_line_of(note, options.log.key)));
  return filler.flush();
}

Error check_witness_key(Store& store, const NoteKey& witness) {
  Entry entry;
  const Error error = store.get(retired_key(witness), entry);
  if (error.status == Status::not_found) return {};
  CAIRN_HOST_TRY(error);
  return {Status::bad_state,
          "the key " + host::string_of(witness.name) +
              " cosigned for a store that was lost. From the rebuilt one it could sign a fork: "
              "make a new key, and have verifiers trust it."};
}

}  // namespace cairn::gateway
