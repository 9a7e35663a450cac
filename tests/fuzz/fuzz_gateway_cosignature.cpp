// Answers of a further witness to add-checkpoint, of any bytes: what is kept is the head with the
// one line of that witness's key, and the line verifies. Answers are separated by a zero byte; each
// has a status in three digits and its body, in which '@' stands for a right cosignature.
#include <cairn/gateway/witnesses.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/witness.hpp>

#include "folder.hpp"
#include "support/memory_store.hpp"

using namespace cairn;
using namespace cairn::gateway;
using host::bytes_of;

namespace {

constexpr uint64_t head_size = 5;

// A log with a few leaves, and the key of the witness.
struct World {
  fuzz::Folder folder;
  test::MemoryStore store;
  host::KeyFile log_key, witness;
  AggregateLog log;
  std::string policy, cosignature;

  World() {
    fuzz::check(log_key.generate(folder / "log", "log", Algorithm::ed25519).ok());
    fuzz::check(witness.generate(folder / "witness", "witness", Algorithm::ed25519).ok());
    fuzz::check(log.open({folder / "tiles", head_size}, store, log_key).ok());
    for (uint64_t i = 0; i < head_size; ++i)
      fuzz::check(log.add({"d", i + 1, "d\n" + std::to_string(i + 1) + "\n\n— d x\n"}).ok());
    fuzz::check(log.integrate().ok());
    const NoteKey cosigner = witness.cosigner_key().value;
    policy = "log " + host::vkey_text(log_key.log_key()) + "\nwitness w " +
             host::vkey_text(cosigner) + " http://w\nquorum w\n";
    const std::string head = log.head().note;
    Note note;
    uint8_t line[256];
    fuzz::check(parse_note(bytes_of(head), note) == Status::ok);
    const auto size =
        sign_note(note.text, cosigner.name, cosigner.type, witness.signer(), 1000, line);
    fuzz::check(size.ok());
    cosignature = host::string_of({line, size.value});
  }
};

// What the witness answers, one after the other; then nothing.
struct Answers {
  const World& world;
  std::string bytes;

  Error next(const std::string& body, WitnessHttpAnswer& out) {
    Digest hashes[proof_hashes_max];
    ProofBuffer proof{hashes, proof_hashes_max};
    AddCheckpoint request;
    fuzz::check(parse_add_checkpoint(bytes_of(body), request, proof) == Status::ok);
    fuzz::check(equal(request.checkpoint, bytes_of(world.log.head().note)));
    const size_t end = std::min(bytes.find('\0'), bytes.size());
    const std::string answer = bytes.substr(0, end);
    bytes.erase(0, end + 1);
    if (answer.size() < 3) return {Status::io, "no answer"};
    out.status = std::atol(answer.substr(0, 3).c_str());
    for (const char c : answer.substr(3))
      out.body += c == '@' ? world.cosignature : std::string(1, c);
    return {};
  }
};

// The head and a line under it that verifies.
void check_kept(const World& world, const std::string& kept) {
  const std::string head = world.log.head().note;
  fuzz::check(kept == head + world.cosignature);
  Note note;
  fuzz::check(parse_note(bytes_of(kept), note) == Status::ok);
  fuzz::check(verify_note(note, world.witness.cosigner_key().value, host::all_verifiers()) ==
              Status::ok);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World world;
  test::MemoryStore store;
  Answers answers{world, std::string(reinterpret_cast<const char*>(data), size)};
  WitnessesOptions options;
  options.policy = world.policy;
  options.tiles_folder = world.folder / "tiles";
  Witnesses witnesses(store, options,
                      [&answers](const std::string&, const std::string& body,
                                 WitnessHttpAnswer& out) { return answers.next(body, out); });
  fuzz::check(witnesses.open().ok());
  QuorumResult result;
  fuzz::check(witnesses.step("log", world.log.head(), 1, result).ok());
  CosignedHead found;
  const bool kept = find_cosigned(store, "log", head_size, found).ok();
  if (kept) check_kept(world, found.note);
  const WitnessPeer peer = witnesses.peers().at(0);
  fuzz::check(kept == result.reached && kept == peer.error.empty());
  fuzz::check(kept == (peer.cosigned_size == head_size));
  return 0;
}
