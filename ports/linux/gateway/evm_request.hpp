// What the outbox keeps for an EVM anchor: RLP of the time of the first transaction, its nonce, its
// fee, and the raw transactions with that nonce, the newest last.
#pragma once

#include <cairn/linux/error.hpp>
#include <string>
#include <vector>

namespace cairn::gateway {

struct EvmRequest {
  uint64_t made_s = 0;  ///< when the newest was made
  uint64_t nonce = 0;
  uint64_t fee_wei = 0;
  std::vector<std::string> transactions;
};

std::string format_request(const EvmRequest& request);
/// corrupt: none
Status parse_request(const std::string& bytes, EvmRequest& out);

}  // namespace cairn::gateway
