// Owners of what a C library gives, and one of its functions frees.
#pragma once

#include <memory>

namespace cairn::host {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};

/// A T that `free_function` frees.
template <typename T, auto free_function>
using Owned = std::unique_ptr<T, Free<free_function>>;

}  // namespace cairn::host
