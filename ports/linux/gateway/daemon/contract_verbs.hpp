// What `cairn-gateway contract` does: the contract and the account that an anchor on an EVM chain
// needs.
#pragma once

#include <cairn/linux/error.hpp>
#include <string>

namespace service {

using cairn::host::Error;

struct ContractArguments {
  std::string config = "/etc/cairn-gateway/gateway.toml";
  std::string anchor;      ///< its name; empty: the only one of type evm
  uint64_t seconds = 120;  ///< to wait for a block
  std::string out;         ///< file for the key
};

/// Creates the contract on the chain of a configured anchor, pays for it from its account, and
/// prints its address as the line for the configuration.
///
/// not_found     no such anchor is configured
/// bad_argument  several are, and none was named; or the node is one of another chain
/// bad_state     that anchor has a contract already
/// others        read_secret(), EvmKey::read(), deploy_anchor_contract()
Error deploy_contract(const ContractArguments& arguments);

/// Makes the key of an account in a file (mode 0600), and prints the account's address.
Error make_account(const ContractArguments& arguments);

}  // namespace service
