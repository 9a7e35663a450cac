// Tests without a heap, exceptions or a C++ run-time library: a list of functions, and checks that
// count. One program a suite, on a board or on the host.
#pragma once

#include <cstdint>

namespace on_target {

struct Test {
  const char* name;
  void (*run)();
  Test* next;

  Test(const char* text, void (*body)());
};

/// Writes to the host's standard error.
void print(const char* text);
void print(uint64_t number);

/// Prints what failed and where, and counts it. Returns whether it held.
bool check(bool holds, const char* text, const char* file, unsigned line);

/// Runs all tests of the program; the number of those that failed, at most 90.
int run_all();

}  // namespace on_target

#define ON_TARGET_NAME(prefix, line) prefix##line
#define ON_TARGET_TEST(text, line)                                                       \
  static void ON_TARGET_NAME(body_, line)();                                             \
  static on_target::Test ON_TARGET_NAME(test_, line){text, ON_TARGET_NAME(body_, line)}; \
  static void ON_TARGET_NAME(body_, line)()
#define TARGET_TEST(text) ON_TARGET_TEST(text, __LINE__)
/// Goes on when it does not hold.
#define TARGET_CHECK(...) \
  static_cast<void>(      \
      on_target::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__))
/// Ends the test when it does not hold.
#define TARGET_REQUIRE(...)                                                                  \
  do {                                                                                       \
    if (!on_target::check(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)) \
      return;                                                                                \
  } while (false)
