// Functions that stop when a budget of units is used up, and go on from there when they are called
// again with the same arguments.
//
// In a build without bounded work they are ordinary functions. Such a function returns a Step.
// `place`, which it keeps outside, is where it stopped; 0: at the beginning. Its body is one
// switch: what must outlive a stop is no local variable.
#pragma once

#include <cstdint>

#include "cairn/config.hpp"

namespace cairn {

enum class [[nodiscard]] Step : uint8_t{
    stopped,  ///< the budget is used up
    done,
};

/// Units that may still be used.
struct Meter {
  uint32_t left = 0;
};

}  // namespace cairn

#if CAIRN_BOUNDED_WORK

/// Begins the body.
#define CAIRN_STEPS(place) \
  switch (place) {         \
    case 0:

/// Takes one unit for what follows up to the next one. `reader` has the meter.
#define CAIRN_UNIT(place, reader)                 \
  do {                                            \
    (place) = __LINE__;                           \
    [[fallthrough]];                              \
    case __LINE__:                                \
      if (!(reader).take()) return Step::stopped; \
  } while (false)

/// Calls another function that can stop until it is done.
#define CAIRN_AWAIT(place, call)                         \
  do {                                                   \
    (place) = __LINE__;                                  \
    [[fallthrough]];                                     \
    case __LINE__:                                       \
      if ((call) == Step::stopped) return Step::stopped; \
  } while (false)

/// Leaves the body: the function is done.
#define CAIRN_DONE(place) return ((place) = 0, Step::done)

/// Ends the body.
#define CAIRN_STEPS_END(place) \
  }                            \
  CAIRN_DONE(place)

#else  // straight through

#define CAIRN_STEPS(place) {
#define CAIRN_UNIT(place, reader) \
  do {                            \
  } while (false)
#define CAIRN_AWAIT(place, call) (void)(call)
#define CAIRN_DONE(place) return Step::done
#define CAIRN_STEPS_END(place) \
  }                            \
  CAIRN_DONE(place)

#endif
