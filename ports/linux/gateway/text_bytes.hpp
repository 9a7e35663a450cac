// Bytes as text: base64 for JSON.
#pragma once

#include <string>

namespace cairn::gateway {

std::string base64_of_bytes(const std::string& bytes);
/// Throws std::invalid_argument for what is not base64.
std::string bytes_of_base64(const std::string& text);

}  // namespace cairn::gateway
