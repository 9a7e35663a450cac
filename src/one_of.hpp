// Memory for one object of several types; the user knows which.
#pragma once

#include <type_traits>

#include "mem.hpp"

namespace cairn {

template <class First, class... Others>
struct SizeOfLargest {
  static constexpr size_t others = SizeOfLargest<Others...>::value;
  static constexpr size_t value = sizeof(First) > others ? sizeof(First) : others;
};
template <class Last>
struct SizeOfLargest<Last> {
  static constexpr size_t value = sizeof(Last);
};

template <class... Types>
class OneOf {
 public:
  /// Makes one where another may have been.
  template <class Type, class... Arguments>
  Type& make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<Type>);
    return *new (Place{bytes_}) Type(arguments...);
  }
  template <class Type>
  Type& as() {
    return *reinterpret_cast<Type*>(bytes_);
  }

 private:
  alignas(Types...) unsigned char bytes_[SizeOfLargest<Types...>::value];
};

}  // namespace cairn
