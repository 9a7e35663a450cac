#include <algorithm>
#include <cairn/linux/tile_layout.hpp>

namespace cairn::host {
namespace {

constexpr size_t length_bytes = 2;

std::string path_of(const std::string& kind, uint64_t number, unsigned width) {
  const std::string partial = width == tile_width ? "" : ".p/" + std::to_string(width);
  return "tile/" + kind + "/" + grouped_number(number) + partial;
}

}  // namespace

std::string grouped_number(uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string out;
  for (size_t i = 0; i < digits.size(); i += 3)
    out += (i + 3 < digits.size() ? "x" : "") + digits.substr(i, 3) + "/";
  out.pop_back();
  return out;
}

unsigned tile_width_in(uint64_t size, unsigned tile_level, uint64_t number) {
  const uint64_t hashes = size >> (8 * tile_level);
  if (number > hashes / tile_width) return 0;
  return static_cast<unsigned>(std::min<uint64_t>(hashes - number * tile_width, tile_width));
}

std::string tile_path(unsigned tile_level, uint64_t number, unsigned width) {
  return path_of(std::to_string(tile_level), number, width);
}

std::string entries_path(uint64_t number, unsigned width) {
  return path_of("entries", number, width);
}

void add_entry(std::string& bundle, ByteView entry) {
  bundle += static_cast<char>(entry.size >> 8);
  bundle += static_cast<char>(entry.size & 0xff);
  if (!entry.empty()) bundle.append(entry.text(), entry.size);
}

Status split_entries(ByteView bundle, std::vector<ByteView>& entries) {
  entries.clear();
  while (!bundle.empty()) {
    if (entries.size() == tile_width || bundle.size < length_bytes) return Status::corrupt;
    const size_t size = static_cast<size_t>(bundle[0]) << 8 | bundle[1];
    bundle = bundle.part(length_bytes);
    if (size > bundle.size) return Status::corrupt;
    entries.push_back({bundle.data, size});
    bundle = bundle.part(size);
  }
  return Status::ok;
}

}  // namespace cairn::host
