// The text file of trusted anchors, line by line.
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cairn/linux/anchor_trust.hpp>
#include <cairn/linux/file.hpp>
#include <sstream>

namespace cairn::host {
namespace {

constexpr size_t file_bytes_max = 1 << 20;

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

bool holds_certificate(const std::string& pem) {
  BIO* text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  const bool found = certificate != nullptr;
  X509_free(certificate);
  BIO_free(text);
  ERR_clear_error();
  return found;
}

}  // namespace

class AnchorTrust::Parser {
 public:
  Parser(AnchorTrust& out, const std::string& path) : out_(out), path_(path) {}

  Error line(const std::string& text) {
    ++number_;
    std::istringstream in(text);
    words_.clear();
    for (std::string word; in >> word;)
      words_.push_back(word);
    if (words_.empty() || text[0] == '#') return {};
    if (words_[0] == "tsa") return tsa();
    if (words_[0] == "chain") return chain();
    if (words_[0] == "validator") return validator();
    if (words_[0] == "block") return block();
    if (words_[0] == "require") return require();
    return wrong("'" + words_[0] + "' is not one of tsa, chain, validator, block, require");
  }

  Error finish() const {
    for (const TrustedChain& chain : out_.chains_) {
      if (chain.trust.profile == EvmProfile::qbft && chain.trust.validators.empty())
        return {Status::corrupt, path_ + ": chain " + chain.name +
                                     " has no validator: name all of them, one a line, as "
                                     "`validator " +
                                     chain.name + " 0x...`"};
    }
    const size_t anchors = out_.authorities_.size() + out_.chains_.size();
    if (out_.required_ <= anchors) return {};
    return {Status::corrupt, path_ + ": requires " + std::to_string(out_.required_) +
                                 " anchors and names " + std::to_string(anchors)};
  }

 private:
  Error wrong(const std::string& what) const {
    return {Status::corrupt, path_ + ", line " + std::to_string(number_) + ": " + what};
  }
  Error expect(const std::string& form, size_t words) const {
    return words_.size() == words ? Error{} : wrong("expected `" + form + "`");
  }

  // A new name, for an anchor.
  Error name(const std::string& text) const {
    const auto is_named = [&](const auto& anchor) { return anchor.name == text; };
    const bool taken = std::any_of(out_.authorities_.begin(), out_.authorities_.end(), is_named) ||
                       std::any_of(out_.chains_.begin(), out_.chains_.end(), is_named);
    if (taken) return wrong("the name '" + text + "' stands in an earlier line");
    if (out_.authorities_.size() + out_.chains_.size() == trusted_anchors_max)
      return wrong("more than " + std::to_string(trusted_anchors_max) + " anchors");
    return {};
  }

  Error find_chain(const std::string& text, EvmProfile profile, TrustedChain*& found) const {
    for (TrustedChain& chain : out_.chains_) {
      if (chain.name != text) continue;
      found = &chain;
      if (chain.trust.profile == profile) return {};
      return wrong(profile == EvmProfile::qbft
                       ? "chain " + text + " is not of profile qbft and has no validators"
                       : "blocks of chain " + text + " are trusted by their validators");
    }
    return wrong("no chain '" + text + "' in the lines above");
  }

  Error tsa() {
    CAIRN_HOST_TRY(expect("tsa NAME CERTIFICATES.pem", 3));
    CAIRN_HOST_TRY(name(words_[1]));
    const std::string file = words_[2][0] == '/' ? words_[2] : folder_of(path_) + words_[2];
    std::string pem;
    CAIRN_HOST_TRY(read_file(file, file_bytes_max, pem));
    if (!holds_certificate(pem))
      return {Status::bad_argument, file + ": holds no certificate in PEM form; " + path_ +
                                        ", line " + std::to_string(number_) +
                                        ", should name the root of the authority"};
    out_.authorities_.push_back({words_[1], pem});
    return {};
  }

  Error chain() {
    CAIRN_HOST_TRY(expect("chain NAME CHAIN-ID CONTRACT SUBMITTER eth|qbft", 6));
    CAIRN_HOST_TRY(name(words_[1]));
    TrustedChain chain{words_[1], {}};
    const Result<uint64_t> id = parse_decimal(bytes_of(words_[2]));
    if (!id.ok() || id.value == 0) return wrong("'" + words_[2] + "' is not a chain id");
    chain.trust.chain_id = id.value;
    for (const auto& [word, address] : {std::make_pair(words_[3], &chain.trust.contract),
                                        std::make_pair(words_[4], &chain.trust.submitter)}) {
      if (parse_evm_address(word, *address) != Status::ok)
        return wrong("'" + word + "' is not an address: 0x and 40 hexadecimal digits");
    }
    if (words_[5] != "eth" && words_[5] != "qbft")
      return wrong("'" + words_[5] + "' is not a profile: eth or qbft");
    chain.trust.profile = words_[5] == "qbft" ? EvmProfile::qbft : EvmProfile::eth;
    out_.chains_.push_back(chain);
    return {};
  }

  Error validator() {
    CAIRN_HOST_TRY(expect("validator CHAIN-NAME ADDRESS", 3));
    TrustedChain* chain = nullptr;
    CAIRN_HOST_TRY(find_chain(words_[1], EvmProfile::qbft, chain));
    EvmAddress address;
    if (parse_evm_address(words_[2], address) != Status::ok)
      return wrong("'" + words_[2] + "' is not an address: 0x and 40 hexadecimal digits");
    auto& all = chain->trust.validators;
    if (std::find(all.begin(), all.end(), address) != all.end())
      return wrong("this validator stands in an earlier line");
    all.push_back(address);
    return {};
  }

  Error block() {
    CAIRN_HOST_TRY(expect("block CHAIN-NAME HASH", 3));
    TrustedChain* chain = nullptr;
    CAIRN_HOST_TRY(find_chain(words_[1], EvmProfile::eth, chain));
    Digest hash;
    if (parse_evm_hash(words_[2], hash) != Status::ok)
      return wrong("'" + words_[2] + "' is not a block hash: 0x and 64 hexadecimal digits");
    chain->trust.blocks.push_back(hash);
    return {};
  }

  Error require() {
    CAIRN_HOST_TRY(expect("require NUMBER", 2));
    const Result<uint64_t> count = parse_decimal(bytes_of(words_[1]));
    if (!count.ok() || count.value == 0 || count.value > trusted_anchors_max)
      return wrong("'" + words_[1] + "' is not a number of anchors, 1 to " +
                   std::to_string(trusted_anchors_max));
    if (out_.required_ != 0) return wrong("a second require");
    out_.required_ = static_cast<size_t>(count.value);
    return {};
  }

  AnchorTrust& out_;
  const std::string& path_;
  std::vector<std::string> words_;
  size_t number_ = 0;
};

Error AnchorTrust::parse(const std::string& text, const std::string& path) {
  *this = {};
  Parser parser(*this, path);
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    CAIRN_HOST_TRY(parser.line(line));
  return parser.finish();
}

Error AnchorTrust::load(const std::string& path) {
  std::string text;
  CAIRN_HOST_TRY(read_file(path, file_bytes_max, text));
  return parse(text, path);
}

}  // namespace cairn::host
