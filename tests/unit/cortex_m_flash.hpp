// What the tests of the flash adapters share: a log that goes round over a driver, and what its
// records must be.
#pragma once

#include <cairn/log.hpp>
#include <vector>

#include "support/catch.hpp"

namespace adapters {

using namespace cairn;
using Bytes = std::vector<uint8_t>;

inline Bytes leaf(uint64_t index) {
  Bytes out(3 + index * 7 % 40);
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = uint8_t(index * 31 + i * 5);
  out[0] = 0x40;
  return out;
}

struct AdapterLog {
  Bytes frame = Bytes(256);
  LogOptions options;
  Platform none = CAIRN_PLATFORM_INIT;
  Log log;

  AdapterLog() {
    options.log_id = 5;
    options.recycle = true;
    options.keep_from = UINT64_MAX;
  }
  LogMemory memory() { return {{frame.data(), frame.size()}, nullptr, 0}; }
  Status format(const Flash& flash) { return log.format(flash, memory(), options, none); }
  Status mount(const Flash& flash) { return log.mount(flash, memory(), options, none); }
  Status append() {
    const Bytes bytes = leaf(log.size());
    return log.append(bytes[0], {bytes.data() + 1, bytes.size() - 1}).status;
  }
  bool is_whole() {
    Frontier tree;
    Bytes out(64);
    for (uint64_t i = log.index_min(); i < log.size(); ++i) {
      const auto size = log.read(i, {out.data(), out.size()});
      if (!size.ok() || Bytes(out.begin(), out.begin() + long(size.value)) != leaf(i)) return false;
    }
    for (uint64_t i = 0; i < log.size(); ++i) {
      const Bytes bytes = leaf(i);
      if (tree.append(leaf_hash({bytes.data(), bytes.size()})) != Status::ok) return false;
    }
    return tree.root() == log.root();
  }
};

/// Once round the ring and into it again, over a driver that answers every call with ok.
inline void go_round(const Flash& flash) {
  AdapterLog t;
  REQUIRE(t.format(flash) == Status::ok);
  while (t.log.index_min() == 0)
    REQUIRE(t.append() == Status::ok);
  REQUIRE(t.is_whole());
  const uint64_t size = t.log.size();
  REQUIRE(t.mount(flash) == Status::ok);
  CHECK(t.log.size() == size);
  CHECK(t.is_whole());
}

}  // namespace adapters
