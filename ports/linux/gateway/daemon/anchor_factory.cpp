#include "anchor_factory.hpp"

#include <cairn/gateway/opentimestamps_anchor.hpp>
#include <cairn/gateway/timestamp_anchor.hpp>
#include <cairn/linux/file.hpp>

namespace service {

namespace {

namespace gateway = cairn::gateway;

constexpr size_t certificates_bytes_max = 1 << 20;

Error make_authority(const AnchorConfig& config, MadeAnchor& out) {
  gateway::TimestampAnchorOptions options;
  options.url = config.url;
  options.policy = config.policy;
  options.https_ca_file = config.https_ca;
  options.timeout_s = config.timeout_s;
  CAIRN_HOST_TRY(
      cairn::host::read_file(config.certificates, certificates_bytes_max, options.certificates));
  if (options.certificates.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    return {Status::bad_argument, config.certificates +
                                      " holds no certificate in PEM form. Write the authority's "
                                      "root certificate into it."};
  out.anchor = std::make_unique<gateway::TimestampAnchor>(options);
  return {};
}

Error make_calendar(const AnchorConfig& config, MadeAnchor& out) {
  gateway::OpenTimestampsAnchorOptions options;
  options.url = config.url;
  options.https_ca_file = config.https_ca;
  options.timeout_s = config.timeout_s;
  out.anchor = std::make_unique<gateway::OpenTimestampsAnchor>(options);
  return {};
}

Error make_chain(const AnchorConfig& config, MadeAnchor& out) {
#if CAIRN_GATEWAY_WITH_EVM
  out.key = std::make_unique<gateway::EvmKey>();
  CAIRN_HOST_TRY(load_account(config.key, *out.key));
  out.account = cairn::host::evm_address_text(out.key->address());
  out.anchor = std::make_unique<gateway::EvmAnchor>(evm_options(config), *out.key);
  return {};
#else
  return {Status::unsupported,
          config.outbox.name + ": this cairn-gateway was built without libsecp256k1"};
#endif
}

}  // namespace

Error make_anchor(const AnchorConfig& config, MadeAnchor& out) {
  out = {};
  if (config.type == "evm") return make_chain(config, out);
  if (config.type == "opentimestamps") return make_calendar(config, out);
  return make_authority(config, out);
}

#if CAIRN_GATEWAY_WITH_EVM
Error load_account(const SecretPath& secret, gateway::EvmKey& key) {
  std::string text;
  CAIRN_HOST_TRY(read_secret(secret, text));
  const Error error = key.read(text, secret.path);
  cairn::wipe(&text[0], text.size());
  return error;
}
#endif

gateway::EvmAnchorOptions evm_options(const AnchorConfig& config) {
  gateway::EvmAnchorOptions options = config.evm;
  options.url = config.url;
  options.https_ca_file = config.https_ca;
  options.timeout_s = config.timeout_s;
  return options;
}

std::string site_of(const std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "";
  const size_t begin = scheme + 3;
  const size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const size_t user = url.rfind('@', end);
  const size_t host = user == std::string::npos || user < begin ? begin : user + 1;
  return url.substr(0, begin) + url.substr(host, end - host);
}

std::string without_url(const std::string& text, const std::string& url) {
  std::string out = text;
  const std::string site = site_of(url);
  for (size_t at = out.find(url); at != std::string::npos; at = out.find(url, at + site.size()))
    out.replace(at, url.size(), site);
  return out;
}

}  // namespace service
