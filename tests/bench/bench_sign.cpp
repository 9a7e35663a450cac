// Signatures and checkpoints: what the interfaces and the text cost beside the bare libraries.
#include <cairn/checkpoint.hpp>
#include <cairn/linux/verifiers.hpp>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"
#include "support/signing.hpp"

using namespace cairn;
using bench::Case;
using bench::keep;
using bench::require;
using vectors::view;

namespace {

const std::string name = "plant.example/line-1/device-42";
const std::string text = name + "\n1048576\nBAObMt6XsWzhlguTrYgYc0qgjKTEWuKpmTLfPyO+3CE=\n";

Signature signature_by(const signing::Pair& pair) {
  Signature out;
  require(sign(pair.signer, view(text), out) == Status::ok);
  return out;
}

// What cairn does with one key: bare signatures, and checkpoints from the text to the verdict.
struct Ours {
  const Case& sign;
  const Case& verify;
  const Case& sign_checkpoint;
  const Case& open_checkpoint;
};

Ours add_ours(bench::Suite& suite, const signing::Pair& pair, NoteType type) {
  const Case& signs = suite.add(1, [&pair] {
    const Signature out = signature_by(pair);
    keep(&out);
  });
  const Case& verifies = suite.add(1, [&pair, signature = signature_by(pair)] {
    require(verify(host::all_verifiers(), pair.signer.public_key, view(text), signature) ==
            Status::ok);
  });
  const Case& signs_checkpoint = suite.add(1, [&pair, type] {
    uint8_t note[signed_checkpoint_bytes_max];
    const Checkpoint head = {view(name), 1048576, {}, {}};
    const auto size = format_checkpoint(head, note);
    require(size.ok());
    const auto line = sign_note({note, size.value}, view(name), type, pair.signer, 0,
                                {note + size.value + 1, sizeof note - size.value - 1});
    require(line.ok());
    keep(note);
  });
  const std::string note = text + "\n" + signing::line(pair, text, name, type);
  const Case& opens = suite.add(1, [&pair, type, note] {
    Checkpoint out;
    const NoteKey key = note_key(view(name), type, pair.signer.public_key);
    require(open_checkpoint(view(note), key, host::all_verifiers(), out) == Status::ok);
    keep(&out);
  });
  return {signs, verifies, signs_checkpoint, opens};
}

struct Theirs {
  std::string name, algorithm;
  const Case& sign;
  const Case& verify;
};

void print(bench::Report& report, const std::string& algorithm, const Ours& ours,
           const std::vector<Theirs>& theirs) {
  bench::Report::Peers sign_us, verify_us;
  for (const Theirs& peer : theirs) {
    if (peer.algorithm != algorithm) continue;
    sign_us[peer.name] = peer.sign.ns() / 1e3;
    verify_us[peer.name] = peer.verify.ns() / 1e3;
  }
  report.row(algorithm + " sign", ours.sign.ns() / 1e3, sign_us);
  report.row(algorithm + " verify", ours.verify.ns() / 1e3, verify_us);
  report.row(algorithm + " checkpoint: format and sign", ours.sign_checkpoint.ns() / 1e3, sign_us);
  report.row(algorithm + " checkpoint: parse and verify", ours.open_checkpoint.ns() / 1e3,
             verify_us);
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", bench::sign_lines(), count, arguments);
  bench::Suite suite;
  const signing::Ed25519Pair ed25519(1);
  const signing::P256Pair p256(1);
  const Ours ours_ed25519 = add_ours(suite, ed25519, NoteType::ed25519);
  const Ours ours_p256 = add_ours(suite, p256, NoteType::ecdsa);
  const std::string note = text + "\n" + signing::line(ed25519, text, name, NoteType::ed25519);
  const Case& parses = suite.add(1, [&] {
    Note parsed;
    Checkpoint out;
    require(parse_note(view(note), parsed) == Status::ok);
    require(parse_checkpoint(parsed.text, out) == Status::ok);
    keep(&out);
  });
  std::vector<Theirs> theirs;
  for (const peers::Signatures& peer : peers::signatures(text))
    theirs.push_back(
        {peer.name, peer.algorithm, suite.add(1, peer.sign), suite.add(1, peer.verify)});
  suite.run();
  print(report, "Ed25519", ours_ed25519, theirs);
  print(report, "P-256", ours_p256, theirs);
  report.row("checkpoint: parse alone", parses.ns() / 1e3);
  return report.finish();
}
