// Numbers for the channels of a source, in the order in which their names turn up.
#pragma once

#include <cairn/linux/source.hpp>
#include <unordered_map>

namespace cairn::host {

/// Longest name, unit or text of a reading.
constexpr size_t channel_text_bytes_max = leaf_text_bytes_max;

/// Splits "name [unit]" into its parts; a text without brackets at its end is all name.
void split_unit(const std::string& heading, std::string& name, std::string& unit);

/// True for well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(const std::string& text);

class ChannelTable {
 public:
  /// The number of a channel; a new one is added to `channels`, to be declared.
  uint32_t number_of(const std::string& heading, std::vector<NewChannel>& channels);

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
};

}  // namespace cairn::host
