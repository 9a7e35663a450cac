// The calls of a FileFlash with strings for bytes, and a random walk of them against plain memory.
#pragma once

#include <algorithm>
#include <cairn/linux/file_flash.hpp>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace file_flash {

/// The bytes; "status N" when the call failed.
inline std::string read(const cairn::host::FileFlash& flash, uint32_t segment, uint32_t offset,
                        uint32_t size) {
  const cairn::Flash& f = flash.flash();
  std::string out(size, '?');
  const int status = f.read(f.user, segment, offset, out.data(), size);
  return status == 0 ? out : "status " + std::to_string(status);
}

inline int program(const cairn::host::FileFlash& flash, uint32_t segment, uint32_t offset,
                   const std::string& bytes) {
  const cairn::Flash& f = flash.flash();
  return f.program(f.user, segment, offset, bytes.data(), static_cast<uint32_t>(bytes.size()));
}

inline int erase(const cairn::host::FileFlash& flash, uint32_t segment) {
  return flash.flash().erase(flash.flash().user, segment);
}

inline int sync(const cairn::host::FileFlash& flash) {
  return flash.flash().sync(flash.flash().user);
}

inline std::string erased(size_t size) {
  return std::string(size, '\0');
}

/// Reads, programs and erases in 20,000 random steps, and compares what is read with what was
/// written. `other` may do something else for a number below 100, and then says so.
inline void walk(cairn::host::FileFlash& flash, const cairn::host::FileGeometry& geometry,
                 uint32_t programs_below, const std::function<bool(uint32_t action)>& other) {
  std::vector<std::string> model(geometry.segment_count, erased(geometry.segment_bytes));
  std::mt19937 random(7);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  uint32_t segment = 0, offset = 0;
  for (int step = 0; step < 20000; ++step) {
    if (below(4) == 0) {
      segment = below(geometry.segment_count);
      offset = below(geometry.segment_bytes);
    }
    const uint32_t room = geometry.segment_bytes - offset;
    const uint32_t size = below(std::min<uint32_t>(room, below(50) == 0 ? 90000u : 300u) + 1);
    CAPTURE(step, segment, offset, size);
    const uint32_t action = below(100);
    if (action == 0) {
      REQUIRE(erase(flash, segment) == 0);
      model[segment] = erased(geometry.segment_bytes);
    } else if (other(action)) {
      // It has done something else.
    } else if (action < programs_below) {
      const std::string bytes(size, static_cast<char>(1 + below(255)));
      REQUIRE(program(flash, segment, offset, bytes) == 0);
      model[segment].replace(offset, size, bytes);
    } else {
      REQUIRE(read(flash, segment, offset, size) == model[segment].substr(offset, size));
    }
    offset = std::min(offset + size, geometry.segment_bytes - 1);
  }
}

}  // namespace file_flash
