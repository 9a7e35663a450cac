#include <cairn/gateway/store.hpp>

namespace cairn::gateway {

std::string key_number(uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(20 - digits.size(), '0') + digits;
}

}  // namespace cairn::gateway
