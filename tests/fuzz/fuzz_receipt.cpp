// Bodies of receipts, and files of trusted anchors, of any bytes: nothing crashes, what is taken
// apart is put together to the same bytes, and nothing is believed.
#include <cairn/linux/anchor_trust.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/opentimestamps.hpp>
#include <cairn/linux/timestamp_token.hpp>
#include <cstdlib>

using namespace cairn;
using namespace cairn::host;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void take_evm(ByteView body) {
  EvmReceipt receipt;
  if (parse_evm_receipt(body, receipt) == Status::ok)
    require(format_evm_receipt(receipt) == string_of(body));
  for (const EvmProfile profile : {EvmProfile::eth, EvmProfile::qbft}) {
    EvmTrust trust;
    trust.chain_id = receipt.chain_id;
    trust.profile = profile;
    trust.validators.resize(1);
    EvmFact fact;
    require(!verify_evm_receipt(body, {}, trust, fact).ok());
  }
  std::vector<EvmAddress> sealers;
  (void)qbft_sealers(body, sealers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView bytes{data, size};
  take_evm(bytes);
  OpenTimestampsFact fact;
  (void)parse_opentimestamps(bytes, fact);
  Timestamp stamp;
  require(!verify_timestamp(bytes, {}, "", stamp).ok());
  AnchorTrust trust;
  if (trust.parse(string_of(bytes), "/nowhere/fuzz.anchors").ok())
    require(trust.required() <= trust.chains().size());
  return 0;
}
