#include "text_bytes.hpp"

#include <cairn/linux/file.hpp>
#include <cairn/note.hpp>
#include <stdexcept>

namespace cairn::gateway {

std::string base64_of_bytes(const std::string& bytes) {
  std::string text(base64_size(bytes.size()), '\0');
  const auto size =
      encode_base64(host::bytes_of(bytes), {reinterpret_cast<uint8_t*>(text.data()), text.size()});
  text.resize(size.value_or(0));
  return text;
}

std::string bytes_of_base64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto size =
      decode_base64(host::bytes_of(text), {reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  if (!size.ok()) throw std::invalid_argument("not base64");
  bytes.resize(size.value);
  return bytes;
}

}  // namespace cairn::gateway
