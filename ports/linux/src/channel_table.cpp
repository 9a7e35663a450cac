#include "channel_table.hpp"

namespace cairn::host {

void split_unit(const std::string& heading, std::string& name, std::string& unit) {
  name = heading;
  unit.clear();
  const size_t open = heading.rfind('[');
  if (open == std::string::npos || heading.back() != ']') return;
  size_t end = open;
  while (end > 0 && heading[end - 1] == ' ')
    --end;
  if (end == 0) return;
  name = heading.substr(0, end);
  unit = heading.substr(open + 1, heading.size() - open - 2);
}

bool is_utf8(const std::string& text) {
  const auto* p = reinterpret_cast<const uint8_t*>(text.data());
  const auto* const end = p + text.size();
  while (p < end) {
    const uint8_t lead = *p++;
    if (lead < 0x80) continue;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || end - p < more) return false;
    // The second byte's range rules out overlong forms, surrogates, and what lies past U+10FFFF.
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (*p < low || *p > high) return false;
    for (int i = 1; i < more; ++i) {
      if ((p[i] & 0xC0) != 0x80) return false;
    }
    p += more;
  }
  return true;
}

uint32_t ChannelTable::number_of(const std::string& heading, std::vector<NewChannel>& channels) {
  const auto next = static_cast<uint32_t>(numbers_.size() + 1);
  const auto [at, is_new] = numbers_.emplace(heading, next);
  if (is_new) {
    NewChannel channel;
    channel.number = next;
    split_unit(heading, channel.name, channel.unit);
    channels.push_back(std::move(channel));
  }
  return at->second;
}

}  // namespace cairn::host
