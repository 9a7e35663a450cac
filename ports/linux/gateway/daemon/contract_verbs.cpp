#include "contract_verbs.hpp"

#include <cstdio>

#include "anchor_factory.hpp"

namespace service {

#if CAIRN_GATEWAY_WITH_EVM

namespace {

namespace gateway = cairn::gateway;

Error find_chain(const Config& config, const std::string& name, const AnchorConfig*& out) {
  out = nullptr;
  for (const AnchorConfig& anchor : config.anchors) {
    if (anchor.type != "evm" || (!name.empty() && anchor.outbox.name != name)) continue;
    if (out != nullptr)
      return {Status::bad_argument, "there are several anchors of type evm. Name one by --anchor."};
    out = &anchor;
  }
  if (out != nullptr) return {};
  return {Status::not_found, "no [[anchor]] of type evm" +
                                 (name.empty() ? "" : " is called '" + name + "'") +
                                 " is in the configuration. Add it, without its contract."};
}

}  // namespace

Error deploy_contract(const ContractArguments& arguments) {
  Config config;
  CAIRN_HOST_TRY(read_config(arguments.config, ConfigUse::contract, config));
  const AnchorConfig* anchor = nullptr;
  CAIRN_HOST_TRY(find_chain(config, arguments.anchor, anchor));
  if (anchor->evm.contract != gateway::EvmAddress{})
    return {Status::bad_state, "the anchor '" + anchor->outbox.name +
                                   "' has a contract already. Any number of gateways may share "
                                   "one; remove the line to create another."};
  gateway::EvmKey key;
  CAIRN_HOST_TRY(load_account(anchor->key, key));
  std::fprintf(stderr, "account %s pays on chain %llu\n",
               cairn::host::evm_address_text(key.address()).c_str(),
               static_cast<unsigned long long>(anchor->evm.chain_id));
  gateway::EvmAddress contract{};
  CAIRN_HOST_TRY(
      gateway::deploy_anchor_contract(evm_options(*anchor), key, arguments.seconds, contract));
  std::printf("contract = \"%s\"\n", cairn::host::evm_address_text(contract).c_str());
  return {};
}

Error make_account(const ContractArguments& arguments) {
  gateway::EvmKey key;
  CAIRN_HOST_TRY(key.generate(arguments.out));
  std::printf("%s\n", cairn::host::evm_address_text(key.address()).c_str());
  return {};
}

#else

namespace {

Error left_out() {
  return {cairn::Status::unsupported,
          "this cairn-gateway was built without libsecp256k1. Install a build with it."};
}

}  // namespace

Error deploy_contract(const ContractArguments&) {
  return left_out();
}

Error make_account(const ContractArguments&) {
  return left_out();
}

#endif

}  // namespace service
