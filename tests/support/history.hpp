// A history of a log, as far as a checker has to know it.
#pragma once

#include <cairn/hash.hpp>

/// What a log is at each of its sizes. Who forks has two.
struct History {
  virtual cairn::Digest root(uint64_t size) const = 0;

 protected:
  ~History() = default;
};
