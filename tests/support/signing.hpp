// Keys for tests, and the verifiers of the adapters that this build has.
#pragma once

#include <cairn/note.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/vectors.hpp"

namespace signing {

inline cairn::Verifiers verifiers() {
  static const std::vector<cairn::Verifier> list = {
#ifdef CAIRN_TEST_WITH_SODIUM
      cairn::ed25519_verifier(),
#endif
#ifdef CAIRN_TEST_WITH_PSA
      cairn::p256_verifier(),
#endif
  };
  return {list.data(), list.size()};
}

/// A key that the tests sign with. Not copied: the signer holds the key's address.
struct Pair {
  cairn::Signer signer{};

  Pair() = default;
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
};

#ifdef CAIRN_TEST_WITH_SODIUM
struct Ed25519Pair : Pair {
  cairn::Ed25519Key key{};

  explicit Ed25519Pair(const vectors::Bytes& seed) {
    if (cairn::ed25519_signer(vectors::view(seed), key, signer) != cairn::Status::ok) {
      throw std::runtime_error("no Ed25519 key");
    }
  }
  /// A key of its own for each number.
  explicit Ed25519Pair(uint8_t number) : Ed25519Pair(vectors::Bytes(32, number)) {}
};
#endif

#ifdef CAIRN_TEST_WITH_PSA
struct P256Pair : Pair {
  cairn::P256Key key{};

  explicit P256Pair(const vectors::Bytes& scalar) {
    if (cairn::p256_signer(vectors::view(scalar), key, signer) != cairn::Status::ok) {
      throw std::runtime_error("no P-256 key");
    }
  }
  explicit P256Pair(uint8_t number) : P256Pair(vectors::Bytes(32, number)) {}
  ~P256Pair() { cairn::p256_forget(key); }
};
#endif

/// One signature line of `pair` over a note's text.
inline std::string line(const Pair& pair, const std::string& text, const std::string& name,
                        cairn::NoteType type, uint64_t time = 0) {
  uint8_t out[512];
  const auto written =
      cairn::sign_note(vectors::view(text), vectors::view(name), type, pair.signer, time, out);
  if (!written.ok()) throw std::runtime_error("cannot sign");
  return {reinterpret_cast<const char*>(out), written.value};
}

/// The verifier key of `pair` as text.
inline std::string vkey(const Pair& pair, const std::string& name, cairn::NoteType type) {
  uint8_t out[512];
  const auto written =
      cairn::format_vkey(cairn::note_key(vectors::view(name), type, pair.signer.public_key), out);
  if (!written.ok()) throw std::runtime_error("no vkey");
  return {reinterpret_cast<const char*>(out), written.value};
}

}  // namespace signing
