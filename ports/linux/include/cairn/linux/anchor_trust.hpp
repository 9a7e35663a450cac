// Which outside ledgers a verifier trusts: a text file beside the policy, and the check of receipts
// by it. docs/format.md, "Trust in anchors".
#pragma once

#include <cairn/evidence.hpp>
#include <cairn/linux/evm_receipt.hpp>

namespace cairn::host {

constexpr size_t trusted_anchors_max = 32;

/// A time-stamping authority.
struct TrustedAuthority {
  std::string name;
  std::string certificates;  ///< PEM: its root, and what its chain needs
};

/// A contract on a chain.
struct TrustedChain {
  std::string name;
  EvmTrust trust;
};

/// What checking a receipt came to.
struct ReceiptFinding {
  Status status = Status::not_found;  ///< not_found: not checked
  std::string anchor;                 ///< name of the anchor that it is of, where one was found
  std::string detail;                 ///< who says so, or why not
  uint64_t not_after_s = 0;           ///< 0: it tells no time
};

/// The anchors of one verifier. verify() is for one thread at a time.
class AnchorTrust {
 public:
  /// Reads a file. Paths in it count from its folder.
  ///
  /// ok
  /// corrupt       malformed; the message names the line and what is wrong with it
  /// bad_argument  a file that it names holds no certificate
  /// other         read_file()
  Error load(const std::string& path);

  /// As load(), of a text; `path` is named in messages.
  Error parse(const std::string& text, const std::string& path);

  const std::vector<TrustedAuthority>& authorities() const { return authorities_; }
  const std::vector<TrustedChain>& chains() const { return chains_; }
  /// How many different anchors must have passed.
  size_t required() const { return required_; }

  /// verify_evidence() with these anchors. When more than one is required, the time is that by
  /// which so many had spoken.
  ///
  /// As verify_evidence(); not_found when fewer anchors passed than are required.
  Status verify(ByteView file, const Policy& policy, const Verifiers& verifiers,
                const ByteView* record, Verdict& verdict);

  /// Of the receipts that verify() saw last, in their order.
  const std::vector<ReceiptFinding>& findings() const { return findings_; }

 private:
  class Parser;
  static int check(void* user, uint8_t index, const Receipt* receipt, const uint8_t* digest,
                   uint64_t* not_after_s);
  ReceiptFinding find(const Receipt& receipt, const Digest& digest) const;
  ReceiptFinding find_authority(ByteView token, const Digest& digest) const;
  ReceiptFinding find_chain(ByteView body, const Digest& digest) const;
  void count(Verdict& verdict) const;

  std::vector<TrustedAuthority> authorities_;
  std::vector<TrustedChain> chains_;
  size_t required_ = 0;
  std::vector<ReceiptFinding> findings_;
};

}  // namespace cairn::host
