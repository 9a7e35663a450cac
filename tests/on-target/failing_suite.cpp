// A suite of which two tests of three fail: failing.py expects just that.
#include "registry.hpp"

TARGET_TEST("holds") {
  TARGET_CHECK(true);
}
TARGET_TEST("does not hold, twice, and counts once") {
  volatile bool holds = false;
  TARGET_CHECK(holds);
  TARGET_CHECK(holds);
}
TARGET_TEST("ends at what is required") {
  volatile bool holds = false;
  TARGET_REQUIRE(holds);
  on_target::print("went on\n");
}
