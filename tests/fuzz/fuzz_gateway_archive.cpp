// Files of a mirror's archive, of any bytes, as a store is rebuilt from them: what comes out of one
// verifies, and nothing is written where it contradicts the log.
//
// The first byte says what the file is. 0, 1, 2: a receipt, a cosigned head, a proof of a fork, as
// the bytes are. 3: a receipt about the log's head, of these bytes. 4: a head that the log's key
// and a further witness signed; its text up to a zero byte, or nothing for that of the log's head,
// then further lines. 5: a proof of a fork, of the device's true head and the text that follows,
// which it signed, too.
#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/gateway/device.hpp>
#include <cairn/gateway/opentimestamps_anchor.hpp>
#include <cairn/gateway/rebuild.hpp>
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/fork_proof.hpp>

#include "folder.hpp"
#include "outbox_entries.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using host::bytes_of;
namespace fs = std::filesystem;

namespace {

host::VerifierKey vkey_of(const Result<NoteKey>& key) {
  host::VerifierKey out;
  fuzz::check(key.ok() && out.parse(host::vkey_text(key.value), "key").ok());
  return out;
}

std::string line_under(const std::string& text, const host::KeyFile& key, NoteType type) {
  uint8_t line[512];
  const auto size = sign_note(bytes_of(text), bytes_of(key.name()), type, key.signer(), 1, line);
  return size.ok() ? host::string_of({line, size.value}) : std::string();
}

std::string signed_by(const host::KeyFile& key, const std::string& text) {
  return text + "\n" + line_under(text, key, NoteType::ed25519);
}

// A log with one leaf, the head of a device; a mirror of it, and room for what is rebuilt from
// that.
struct World {
  fuzz::Folder folder;
  host::KeyFile log, witness, upper, device;
  std::string head;  ///< signed
  std::string leaf;
  OpenTimestampsAnchor calendar{{}};
  RebuildOptions options;

  World() {
    for (const auto& [key, name] : {std::pair{&log, "log"}, std::pair{&witness, "witness"},
                                    std::pair{&upper, "upper"}, std::pair{&device, "device"}})
      fuzz::check(key->generate(folder / name, name, Algorithm::ed25519).ok());
    test::MemoryStore store;
    AggregateLog aggregate;
    leaf = signed_by(device, "device\n1\n" + std::string(43, 'A') + "=\n");
    fuzz::check(aggregate.open({mirror(), 10}, store, log).ok());
    fuzz::check(aggregate.add({"device", 1, leaf}).ok() && aggregate.integrate().ok());
    head = aggregate.head().note;
    options.folder = folder / "own";
    options.log = vkey_of(log.log_key());
    options.mirrors = {TileSource(mirror())};
    options.witnesses = {vkey_of(witness.cosigner_key())};
    options.anchors = {{"calendar", &calendar}};
    options.further_witnesses = {vkey_of(upper.cosigner_key())};
  }
  std::string mirror() const { return folder / "mirror"; }
  void show(ArchiveKind kind, const std::string& file) const {
    fs::remove_all(mirror() + "/archive");
    fs::remove_all(options.folder);
    fs::create_directories(options.folder);
    fuzz::check(Archive(mirror()).keep(kind, file).ok());
  }
};

std::string cosigned_file(const World& world, const std::string& text, const std::string& lines) {
  const std::string note = text.empty() ? world.head : signed_by(world.log, text);
  const std::string shown = note.substr(0, note.find("\n\n") + 1);
  return note + line_under(shown, world.upper, NoteType::cosignature) + lines;
}

std::string fork_file(const World& world, const std::string& text) {
  host::ForkProof proof;
  proof.vkeys = {host::vkey_text(world.device.log_key())};
  proof.first = world.leaf;
  proof.second = signed_by(world.device, text);
  return host::format_fork_proof(proof);
}

// The file that an input stands for.
std::string file_of(const World& world, unsigned form, const std::string& input) {
  const size_t end = std::min(input.find('\0'), input.size());
  switch (form) {
    case 3:
      return text_of(StoredReceipt{"calendar", 0, 0, 0, world.head, input});
    case 4:
      return cosigned_file(world, input.substr(0, end),
                           input.substr(std::min(end + 1, input.size())));
    case 5:
      return fork_file(world, input);
    default:
      return input;
  }
}

void check_receipts(const World& world, Store& store, const RebuildReport& report) {
  std::vector<StoredReceipt> receipts;
  fuzz::check(find_receipts(store, "log", 0, receipts).ok());
  fuzz::check(receipts.size() == report.receipts);
  uint64_t not_after_s = 0;
  for (const StoredReceipt& receipt : receipts) {
    fuzz::check(receipt.anchor == "calendar" && receipt.size == 1);
    fuzz::check(world.calendar.verify({}, receipt.body, not_after_s).ok());
  }
}

void check_cosigned(const World& world, Store& store, const RebuildReport& report) {
  std::vector<CosignedHead> heads;
  fuzz::check(list_cosigned(store, "log", 0, 10, heads).ok());
  fuzz::check(heads.size() == report.cosignatures);  // of one witness
  for (const CosignedHead& head : heads) {
    Note note;
    fuzz::check(parse_note(bytes_of(head.note), note) == Status::ok);
    for (const NoteKey& key : {world.options.log.key, world.options.further_witnesses[0].key})
      fuzz::check(verify_note(note, key, host::all_verifiers()) == Status::ok);
  }
}

// Only what the device signed itself has it frozen.
void check_forks(const World& world, Store& store, const RebuildReport& report,
                 const std::string& file) {
  Device device;
  const Error found = Registry(store).find("device", device);
  fuzz::check(found.ok() == (report.frozen != 0));
  if (!found.ok()) return;
  host::ForkProof proof;
  host::ForkFacts facts;
  fuzz::check(device.state == DeviceState::frozen);
  fuzz::check(host::parse_fork_proof(bytes_of(file), proof).ok());
  fuzz::check(host::verify_fork_proof(proof, {vkey_of(world.device.log_key())}, facts).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const World world;
  if (size < 1) return 0;
  const unsigned form = data[0] % 6;
  const std::string file =
      file_of(world, form, {reinterpret_cast<const char*>(data) + 1, size - 1});
  world.show(archive_kinds[form % 3], file);
  test::MemoryStore store;
  RebuildReport report;
  const Error error = rebuild(world.options, store, report);
  fuzz::check(error.ok() == error.message.empty());
  if (!error.ok()) {
    fuzz::check(error.status == Status::damaged || error.status == Status::proof_invalid);
    fuzz::check(store.entries().empty());
    return 0;
  }
  fuzz::check(store.entries().count(key_of({"aggregate", "log"})) == 1);
  check_receipts(world, store, report);
  check_cosigned(world, store, report);
  check_forks(world, store, report, file);
  return 0;
}
