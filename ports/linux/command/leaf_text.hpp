// Leaves and readings in words, and as JSON.
#pragma once

#include <cairn/leaf.hpp>
#include <map>
#include <string>

#include "output.hpp"

namespace command {

/// What channel numbers mean at the place that a walk of a log has reached.
class Channels {
 public:
  /// Takes in a leaf when it declares a channel.
  void learn(cairn::ByteView leaf);
  /// "temperature [degC]", or "channel 3" when it was never declared.
  std::string label(uint32_t number) const;
  const std::map<uint32_t, std::string>& labels() const { return labels_; }

 private:
  std::map<uint32_t, std::string> labels_;
};

/// The value alone, exactly as it was appended.
std::string reading_text(const cairn::Reading& reading);

/// The name of a leaf's kind: "sample", "close".
std::string kind_text(uint8_t kind);

/// A leaf in one line.
std::string leaf_text(cairn::ByteView leaf, const Channels& channels);

/// A leaf as an object; what does not parse is given as hexadecimal bytes.
Json leaf_json(cairn::ByteView leaf, const Channels& channels);

/// True when the text is UTF-8 without control characters.
bool is_plain_text(cairn::ByteView bytes);

}  // namespace command
