// Signatures whose truth the caller decides, so that what stands behind them is reached.
#pragma once

#include <cairn/policy.hpp>
#include <cstdlib>

/// Answers every signature of both algorithms alike.
class AnyVerifier {
 public:
  explicit AnyVerifier(int answer) : answer_(answer) {
    for (cairn::Verifier& v : list_)
      v = {sizeof v, 0, this, verify};
    list_[0].algorithm = CAIRN_ED25519;
    list_[1].algorithm = CAIRN_P256;
  }
  AnyVerifier(const AnyVerifier&) = delete;
  cairn::Verifiers verifiers() const { return {list_, 2}; }

 private:
  static int verify(void* user, const cairn::PublicKey*, const uint8_t*, size_t, const uint8_t*) {
    return static_cast<AnyVerifier*>(user)->answer_;
  }
  int answer_;
  cairn::Verifier list_[2];
};

/// A policy from a text that lives as long as the program.
struct AnyPolicy {
  cairn::Policy policy;

  template <size_t N>
  explicit AnyPolicy(const char (&text)[N]) {
    if (cairn::parse_policy(cairn::literal(text), policy) != cairn::Status::ok) std::abort();
  }
};
