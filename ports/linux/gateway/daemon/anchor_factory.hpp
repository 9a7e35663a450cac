// Anchors by their configuration.
#pragma once

#include <cairn/gateway/anchor.hpp>

#include "config.hpp"

namespace service {

/// An anchor with the key that it uses.
struct MadeAnchor {
  std::unique_ptr<cairn::gateway::EvmKey> key;
  std::unique_ptr<cairn::gateway::Anchor> anchor;
  std::string account;  ///< evm: the address, else empty
};

/// Loads keys and certificates; asks nobody.
///
/// ok; bad_argument: `certificates` holds none; read_secret(), EvmKey::read(), read_file()
Error make_anchor(const AnchorConfig& config, MadeAnchor& out);

/// Loads the key of an account.
Error load_account(const SecretPath& secret, cairn::gateway::EvmKey& key);

/// With what the configuration says outside of `evm`.
cairn::gateway::EvmAnchorOptions evm_options(const AnchorConfig& config);

/// A text without what a URL may hold beyond its host: user, password, a token in its path.
std::string without_url(const std::string& text, const std::string& url);
/// Scheme, host and port of a URL.
std::string site_of(const std::string& url);

}  // namespace service
