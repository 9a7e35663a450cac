// Test vectors that are JSON. A header of its own, since compiling it takes longer than most tests.
#pragma once

#include <nlohmann/json.hpp>

#include "support/vectors.hpp"

namespace vectors {

inline nlohmann::json json(const std::string& path) {
  return nlohmann::json::parse(slurp(path));
}

}  // namespace vectors
