#include <cairn/evidence.hpp>
#include <cairn/gateway/archive_fill.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/mirror.hpp>
#include <map>

#include "device_format.hpp"
#include "intake_head.hpp"
#include "json_fields.hpp"
#include "note_lines.hpp"
#include "restore.hpp"

namespace cairn::gateway {
namespace {

struct DeviceHead {
  uint64_t size = 0;
  std::string note;
  uint64_t version = 0;  ///< of its entry
  bool is_new = false;   ///< not what the store has
};

using DeviceHeads = std::map<std::string, DeviceHead>;

std::string retired_key(const NoteKey& witness) {
  return key_of({"retired-witness", hex_of_key_id(key_id(witness))});
}

Error not_empty(const std::string& what) {
  return {Status::bad_state, "the store is not empty: it has " + what +
                                 ". Rebuild into a new store; never over one that works."};
}

// Other logs may have been brought in before, and nobody has cosigned since: that takes a device
// that is not frozen.
Error check_fresh(Store& store, const std::string& log) {
  Entry entry;
  const Error head = store.get(key_of({"aggregate", log}), entry);
  if (head.ok()) return not_empty("the head of " + log);
  if (head.status != Status::not_found) return head;
  std::vector<Entry> entries;
  for (const char* kind : {"leaf", "leaf-of", "receipt", "cosignatures"}) {
    CAIRN_HOST_TRY(store.scan(prefix_of({kind, log}), {}, 1, entries));
    if (!entries.empty()) return not_empty("the entry '" + entries[0].key + "'");
  }
  const Registry registry(store);
  std::vector<Device> devices;
  std::string after;
  do {
    CAIRN_HOST_TRY(registry.list(after, 256, devices));
    for (const Device& device : devices)
      if (device.state != DeviceState::frozen)
        return not_empty("the device '" + device.origin + "'");
    if (!devices.empty()) after = devices.back().origin;
  } while (!devices.empty());
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
    if (!error.ok()) {
      missing += " " + error.message;
      ++report.left_out["a mirror, in part or whole: " + error.message];
    }
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
    CAIRN_HOST_TRY(check_floor(options, head, tree, known.where));
  }
  return check_archive(options, head);
}

// Takes a device's checkpoint from its text alone: whoever let it into the log checked its
// signature.
bool take_text(ByteView bytes, Checkpoint& out) {
  Note note;
  return parse_note(bytes, note) == Status::ok && parse_checkpoint(note.text, out) == Status::ok;
}

// The heads that other logs brought in.
Error load_heads(Store& store, DeviceHeads& devices, RestoredForks& forks) {
  return for_each_entry(store, prefix_of({"head"}), [&](const Entry& entry) -> Error {
    Checkpoint checkpoint;
    if (!take_text(host::bytes_of(entry.value), checkpoint))
      return {Status::corrupt, "the entry '" + entry.key + "' is no checkpoint."};
    const std::string origin = host::string_of(checkpoint.origin);
    devices[origin] = {checkpoint.size, entry.value, entry.version, false};
    forks.see(origin, host::bytes_of(entry.value));
    return {};
  });
}

void raise(DeviceHead& head, uint64_t size, const std::string& note) {
  head.size = size;
  head.note = note;
  head.is_new = true;
}

// Reads every leaf: where it stands, and the newest head of each device.
Error fill_leaves(const RebuildOptions& options, const SignedTree& head, StoreFiller& filler,
                  DeviceHeads& devices, RestoredForks& forks) {
  const std::string log = host::string_of(options.log.key.name);
  return read_all_entries(options.folder, head, [&](uint64_t index, ByteView entry) -> Error {
    Checkpoint checkpoint;
    if (!take_text(entry, checkpoint))
      return {Status::corrupt,
              "leaf " + std::to_string(index) + " of " + log + " is not a checkpoint."};
    const std::string origin = host::string_of(checkpoint.origin);
    DeviceHead& newest = devices[origin];
    if (newest.note.empty() || checkpoint.size > newest.size)
      raise(newest, checkpoint.size, host::string_of(entry));
    forks.see(origin, entry);
    return filler.put(key_of({"leaf-of", log, origin, key_number(checkpoint.size)}),
                      std::to_string(index));
  });
}

// The cosignatures of our keys under a device's checkpoint: it is a head that was given out.
std::string own_lines(const RebuildOptions& options, const std::string& text) {
  std::string lines;
  Note note;
  if (parse_note(host::bytes_of(text), note) != Status::ok) return lines;
  for (const host::VerifierKey& witness : options.witnesses)
    if (verify_note(note, witness.key, host::all_verifiers()) == Status::ok)
      lines += with_line_of(note, witness.key).substr(note.text.size + 1);
  return lines;
}

Error raise_floors(const RebuildOptions& options, StoreFiller& filler, DeviceHeads& devices,
                   RebuildReport& report) {
  std::map<std::string, std::string> cosignatures;
  for (const std::string& note : options.device_notes) {
    Checkpoint checkpoint;
    const std::string lines = own_lines(options, note);
    if (lines.empty() || !take_text(host::bytes_of(note), checkpoint)) continue;
    const std::string origin = host::string_of(checkpoint.origin);
    cosignatures[cosigned_key(origin, checkpoint.size)] = lines;
    DeviceHead& newest = devices[origin];
    if (!newest.note.empty() && checkpoint.size <= newest.size) continue;
    raise(newest, checkpoint.size, note);
    ++report.raised;
  }
  for (const auto& [key, lines] : cosignatures)
    CAIRN_HOST_TRY(filler.put_new(key, lines));
  return {};
}

Error fill(const RebuildOptions& options, RestoredForks& forks, StoreFiller& filler,
           RebuildReport& report) {
  DeviceHeads devices;
  for (const host::VerifierKey& witness : options.witnesses)
    CAIRN_HOST_TRY(filler.put_new(retired_key(witness.key), witness.text));
  CAIRN_HOST_TRY(load_heads(filler.store(), devices, forks));
  CAIRN_HOST_TRY(fill_leaves(options, report.head, filler, devices, forks));
  CAIRN_HOST_TRY(raise_floors(options, filler, devices, report));
  for (const auto& [origin, device] : devices)
    if (device.is_new) CAIRN_HOST_TRY(filler.put(head_key(origin), device.note, device.version));
  report.devices = devices.size();
  CAIRN_HOST_TRY(restore_receipts(options, filler, report));
  CAIRN_HOST_TRY(restore_cosigned(options, filler, report));
  for (const ArchiveKind kind : archive_kinds)
    CAIRN_HOST_TRY(
        filler.put(archived_key(host::string_of(options.log.key.name), kind), std::string()));
  CAIRN_HOST_TRY(filler.flush());
  return forks.enrol(options, filler, report);
}

}  // namespace

Error rebuild(const RebuildOptions& options, Store& store, RebuildReport& report) {
  report = {};
  const std::string log = host::string_of(options.log.key.name);
  if (options.witnesses.empty())
    return {Status::bad_argument,
            "name the keys that cosigned for the lost store: they are retired with it."};
  CAIRN_HOST_TRY(check_fresh(store, log));
  CAIRN_HOST_TRY(complete_folder(options, report));
  CAIRN_HOST_TRY(check_known(options, report.head));
  if (options.asked != nullptr)
    CAIRN_HOST_TRY(options.asked->check_restored(report.head, report.silent));
  Note note;
  if (parse_note(host::bytes_of(report.head.note), note) != Status::ok)
    return {Status::corrupt, "the log's checkpoint is not a note."};
  RestoredForks forks;
  CAIRN_HOST_TRY(forks.read(options, store, report));
  StoreFiller filler(store);
  CAIRN_HOST_TRY(fill(options, forks, filler, report));
  // The head comes last: before it the store still counts as lost.
  CAIRN_HOST_TRY(filler.put(key_of({"aggregate", log}), with_line_of(note, options.log.key)));
  return filler.flush();
}

Error known_heads(const std::string& bytes, const std::string& where, const host::VerifierKey& log,
                  std::vector<KnownHead>& out) {
  std::vector<std::string> notes = {bytes};
  Evidence evidence;
  if (parse_evidence(host::bytes_of(bytes), evidence) == Status::ok)
    for (size_t i = 0; i < evidence.level_count; ++i)
      notes.push_back(host::string_of(evidence.levels[i].checkpoint));
  const Json json = Json::parse(bytes, nullptr, false);
  if (json.is_object() && json.contains("note") && json["note"].is_string())
    notes.push_back(json["note"]);
  const size_t before = out.size();
  SignedTree head;
  for (const std::string& note : notes)
    if (open_head(note, log.key, where, head).ok()) out.push_back({where, note});
  if (out.size() > before) return {};
  return {Status::not_found, where + " holds no head signed by " + host::string_of(log.key.name) +
                                 ": neither as a checkpoint nor in evidence or a receipt."};
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
