// Signatures and checkpoints: what the interfaces and the text cost beside the bare libraries.
#include <sodium.h>

#include <cairn/checkpoint.hpp>
#include <cstdlib>

#include "bench/bench.hpp"
#include "support/signing.hpp"

#ifdef CAIRN_TEST_WITH_PSA
#include <psa/crypto.h>
#endif

using namespace cairn;
using bench::Case;
using bench::keep;
using vectors::view;

namespace {

const std::string name = "plant.example/line-1/device-42";
const std::string text = name + "\n1048576\nBAObMt6XsWzhlguTrYgYc0qgjKTEWuKpmTLfPyO+3CE=\n";

void require(bool condition) {
  if (condition) return;
  std::fprintf(stderr, "bench_sign: a call failed\n");
  std::exit(1);
}

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
    require(verify(signing::verifiers(), pair.signer.public_key, view(text), signature) ==
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
    require(open_checkpoint(view(note), key, signing::verifiers(), out) == Status::ok);
    keep(&out);
  });
  return {signs, verifies, signs_checkpoint, opens};
}

void print(bench::Report& report, const std::string& algorithm, const Ours& ours,
           const std::string& library, const Case& sign, const Case& verify) {
  const double sign_us = sign.ns() / 1e3;
  const double verify_us = verify.ns() / 1e3;
  report.row(algorithm + " sign", ours.sign.ns() / 1e3, "us", 0, {{library, sign_us}});
  report.row(algorithm + " verify", ours.verify.ns() / 1e3, "us", 0, {{library, verify_us}});
  report.row(algorithm + " checkpoint: format and sign", ours.sign_checkpoint.ns() / 1e3, "us", 0,
             {{library, sign_us}});
  report.row(algorithm + " checkpoint: parse and verify", ours.open_checkpoint.ns() / 1e3, "us", 0,
             {{library, verify_us}});
}

#ifdef CAIRN_TEST_WITH_PSA

// The same P-256 calls on PSA itself, with both keys already in slots.
struct BarePsa {
  psa_key_id_t public_slot = 0;
  psa_algorithm_t algorithm;
  const signing::P256Pair& pair;

  explicit BarePsa(const signing::P256Pair& p) : algorithm(p.key.algorithm), pair(p) {
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_algorithm(&attributes, algorithm);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
    uint8_t point[65] = {0x04};
    std::memcpy(point + 1, pair.signer.public_key.bytes, 64);
    require(psa_import_key(&attributes, point, sizeof point, &public_slot) == PSA_SUCCESS);
  }
  Digest digest() const {
    Digest out;
    size_t size = 0;
    require(psa_hash_compute(PSA_ALG_SHA_256, view(text).data, text.size(), out.bytes,
                             sizeof out.bytes, &size) == PSA_SUCCESS);
    return out;
  }
  void sign() const {
    Signature out;
    size_t size = 0;
    require(psa_sign_hash(pair.key.slot, algorithm, digest().bytes, digest_bytes, out.bytes,
                          sizeof out.bytes, &size) == PSA_SUCCESS);
    keep(&out);
  }
  void verify(const Signature& signature) const {
    require(psa_verify_hash(public_slot, algorithm, digest().bytes, digest_bytes, signature.bytes,
                            sizeof signature.bytes) == PSA_SUCCESS);
  }
};

#endif

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("sign", count, arguments);
  if (!report.usable()) return 2;
  bench::Suite suite;

  const signing::Ed25519Pair ed25519(1);
  const Ours ours = add_ours(suite, ed25519, NoteType::ed25519);
  const Case& bare_sign = suite.add(1, [&] {
    Signature out;
    crypto_sign_detached(out.bytes, nullptr, view(text).data, text.size(), ed25519.key.secret);
    keep(&out);
  });
  const Case& bare_verify = suite.add(1, [&, signature = signature_by(ed25519)] {
    require(crypto_sign_verify_detached(signature.bytes, view(text).data, text.size(),
                                        ed25519.signer.public_key.bytes) == 0);
  });
  const std::string note = text + "\n" + signing::line(ed25519, text, name, NoteType::ed25519);
  const Case& parses = suite.add(1, [&] {
    Note parsed;
    Checkpoint out;
    require(parse_note(view(note), parsed) == Status::ok);
    require(parse_checkpoint(parsed.text, out) == Status::ok);
    keep(&out);
  });

#ifdef CAIRN_TEST_WITH_PSA
  const signing::P256Pair p256(1);
  const BarePsa psa(p256);
  const Ours ours_p256 = add_ours(suite, p256, NoteType::ecdsa);
  const Case& psa_sign = suite.add(1, [&] { psa.sign(); });
  const Case& psa_verify =
      suite.add(1, [&, signature = signature_by(p256)] { psa.verify(signature); });
#endif

  suite.run();
  report.row("checkpoint: parse alone", parses.ns() / 1e3, "us", 0);
  print(report, "Ed25519", ours, "libsodium", bare_sign, bare_verify);
#ifdef CAIRN_TEST_WITH_PSA
  print(report, "P-256", ours_p256, "PSA", psa_sign, psa_verify);
#endif
  return report.finish();
}
