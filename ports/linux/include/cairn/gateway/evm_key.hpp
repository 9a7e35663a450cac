// The key of the account that anchors on an EVM chain: secp256k1, in a file of its own.
#pragma once

#include <cairn/linux/evm_receipt.hpp>

namespace cairn::gateway {

using host::Error;
using host::EvmAddress;

/// A private key that was read from its file. Wiped on destruction; never printed.
class EvmKey {
 public:
  EvmKey() = default;
  EvmKey(const EvmKey&) = delete;
  EvmKey& operator=(const EvmKey&) = delete;
  ~EvmKey() { forget(); }

  /// Makes a new key and writes it to `path` (mode 0600, never over an existing file): 64
  /// hexadecimal digits and a line end. bad_state: the file is there already; other: system_error()
  Error generate(const std::string& path);

  /// Reads such a file; "0x" may stand in front.
  ///
  /// bad_state  others than the owner may read or write it; the message says chmod 600
  /// corrupt    not a private key of secp256k1
  /// other      read_file()
  Error load(const std::string& path);
  /// As load(), of the file's text; `path` is named in messages.
  Error read(const std::string& text, const std::string& path);
  void forget();

  bool is_loaded() const { return loaded_; }
  /// The account.
  const EvmAddress& address() const { return address_; }

  /// A recoverable signature, deterministic (RFC 6979): r and s, 32 bytes each, and the recovery
  /// id, 0 or 1. io: no key is loaded.
  Error sign(const Digest& digest, std::array<uint8_t, 65>& out) const;

 private:
  std::array<uint8_t, 32> secret_{};
  EvmAddress address_{};
  bool loaded_ = false;
};

}  // namespace cairn::gateway
