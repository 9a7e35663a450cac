#include "config_anchors.hpp"

#include <cairn/linux/file.hpp>
#include <set>

namespace service {

namespace {

namespace gateway = cairn::gateway;

constexpr uint64_t year_s = 31536000;
constexpr size_t policy_bytes_max = 65536;

std::string required_url(ConfigTable& table, const std::string& example) {
  const std::string url = table.required_text("url", example);
  const bool is_http = url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0;
  if (!url.empty() && (!is_http || url.find("://") + 3 == url.size()))
    table.fault("url", "'" + url + "' is no URL of http or https", "Write \"" + example + "\".");
  return url;
}

unsigned timeout_of(ConfigTable& table) {
  return static_cast<unsigned>(table.number("timeout_seconds", 10, 1, 300));
}

template <typename Options>
void read_retries(ConfigTable& table, Options& out) {
  out.retry_min_s = table.number("retry_min_seconds", out.retry_min_s, 1, 86400);
  out.retry_max_s = table.number("retry_max_seconds", out.retry_max_s, 1, year_s);
  if (out.retry_max_s < out.retry_min_s)
    table.fault("retry_max_seconds", "retry_max_seconds is less than retry_min_seconds",
                "Retries come twice as late each time, from the one up to the other.");
}

/// Of entries in the store, labels of metrics and arguments of queries.
bool is_word(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "._-") == std::string::npos;
}

void read_outbox(ConfigTable& table, gateway::OutboxOptions& out) {
  out.name = table.required_text("name", "authority");
  if (!out.name.empty() && !is_word(out.name))
    table.fault("name", "'" + out.name + "' cannot name an anchor",
                "Write up to 64 letters, digits, dots, dashes and underscores.");
  out.interval_s = table.number("interval_seconds", out.interval_s, 1, year_s);
  out.poll_s = table.number("poll_seconds", out.poll_s, 1, 86400);
  read_retries(table, out);
  out.cost_max = table.number("cost_max", out.cost_max, 1, INT64_MAX);
  out.period_s = table.number("period_seconds", out.period_s, 1, year_s);
}

void read_authority(ConfigTable& table, const Reading& reading, AnchorConfig& out) {
  out.certificates = required_file(table, "certificates", "authority.pem", reading);
  out.policy = table.text("policy", "");
  if (out.policy.find_first_not_of("0123456789.") != std::string::npos)
    table.fault("policy", "'" + out.policy + "' is no object identifier",
                "Write numbers with dots between them, like \"1.2.3.4\".");
}

gateway::EvmAddress address_of(ConfigTable& table, const std::string& key,
                               const std::string& text) {
  gateway::EvmAddress address{};
  if (!text.empty() && cairn::host::parse_evm_address(text, address) != Status::ok)
    table.fault(key, "'" + text + "' is no address", "Write 0x and 40 hexadecimal digits.");
  return address;
}

/// What a chain costs has to be bounded by who pays for it.
void require_cap(ConfigTable& table) {
  if (table.has("cost_max")) return;
  table.fault("cost_max", "anchor.cost_max is missing",
              "Say how many gwei a period may cost, like cost_max = 20000000.");
}

void read_contract(ConfigTable& table, const Reading& reading, gateway::EvmAnchorOptions& out) {
  const std::string contract = table.text("contract", "");
  out.contract = address_of(table, "contract", contract);
  if (contract.empty() && reading.use != ConfigUse::contract)
    table.fault("contract", "anchor.contract is missing",
                "`cairn-gateway contract deploy` creates the contract and prints its address.");
  const std::string profile = table.one_of("profile", {"eth", "qbft"});
  const bool is_qbft = profile == "qbft";
  out.profile = is_qbft ? cairn::host::EvmProfile::qbft : cairn::host::EvmProfile::eth;
  for (const std::string& text : table.texts("validators"))
    out.validators.push_back(address_of(table, "validators", text));
  if (is_qbft == out.validators.empty())
    table.fault("validators", "validators belong to the profile qbft, and it needs all of them",
                "Write profile = \"qbft\" and validators = [\"0x...\", ...], or neither.");
}

void read_chain(ConfigTable& table, const Reading& reading, AnchorConfig& out) {
  gateway::EvmAnchorOptions& evm = out.evm;
  if (CAIRN_GATEWAY_WITH_EVM == 0)
    table.fault("type", "this cairn-gateway was built without libsecp256k1",
                "Install a build with it, or remove the anchor.");
  if (!table.has("chain_id"))
    table.fault("chain_id", "anchor.chain_id is missing", "Add a line like chain_id = 1.");
  evm.chain_id = table.number("chain_id", 1, 1, INT64_MAX);
  read_contract(table, reading, evm);
  out.key = required_secret(table, "key", reading);
  require_cap(table);
  evm.is_legacy = table.flag("legacy", evm.is_legacy);
  evm.fee_max_gwei = table.number("fee_max_gwei", evm.fee_max_gwei, 1, 1'000'000'000);
  evm.priority_gwei = table.number("priority_gwei", evm.priority_gwei, 0, 1'000'000'000);
  evm.gas_max = table.number("gas_max", evm.gas_max, 21000, 30'000'000);
  evm.confirmations = table.number("confirmations", evm.confirmations, 1, 10000);
  evm.stuck_s = table.number("stuck_seconds", evm.stuck_s, 1, year_s);
}

AnchorConfig read_anchor(ConfigTable& table, const Reading& reading) {
  AnchorConfig out;
  table.required_text("type", "rfc3161");
  out.type = table.one_of("type", anchor_types());
  read_outbox(table, out.outbox);
  out.url = required_url(table, "https://ledger.example/");
  out.https_ca = file_of(table, "https_ca", reading);
  out.timeout_s = timeout_of(table);
  if (out.type == "rfc3161") read_authority(table, reading, out);
  if (out.type == "evm") read_chain(table, reading, out);
  return out;
}

}  // namespace

const std::vector<std::string>& anchor_types() {
  static const std::vector<std::string> types = {"rfc3161", "evm", "opentimestamps"};
  return types;
}

void read_anchors(ConfigTable& file, const Reading& reading, std::vector<AnchorConfig>& out) {
  std::set<std::string> names;
  for (ConfigTable& table : file.tables("anchor")) {
    out.push_back(read_anchor(table, reading));
    if (!names.insert(out.back().outbox.name).second)
      table.fault("name", "two anchors are called '" + out.back().outbox.name + "'",
                  "Each has a name of its own, which its receipts are kept under.");
    if (out.size() == anchors_max + 1)
      table.fault("name", "these are too many anchors",
                  "There can be " + std::to_string(anchors_max) + ".");
    table.close();
  }
}

void read_witnesses(ConfigTable table, const Reading& reading, WitnessesConfig& out) {
  const std::string policy = required_file(table, "policy", "witnesses.policy", reading);
  out.interval_s = table.number("interval_seconds", out.interval_s, 1, year_s);
  read_retries(table, out);
  out.timeout_s = timeout_of(table);
  out.https_ca_file = file_of(table, "https_ca", reading);
  table.close();
  if (reading.use != ConfigUse::service || policy.empty() || reading.lacks(policy)) return;
  Error error = cairn::host::read_file(policy, policy_bytes_max, out.policy);
  const auto parsed = std::make_unique<cairn::Policy>();
  if (error.ok()) error = gateway::parse_witness_policy(out.policy, *parsed);
  if (!error.ok()) table.fault("policy", policy + ": " + error.message, "Correct that file.");
}

}  // namespace service
