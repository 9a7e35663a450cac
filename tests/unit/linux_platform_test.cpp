// Clocks and entropy of Linux.
#include <time.h>

#include <cairn/linux/platform.hpp>
#include <cstring>
#include <ctime>

#include "support/catch.hpp"

using namespace cairn;

TEST_CASE("The monotonic clock counts milliseconds since boot and never steps back") {
  const Platform& platform = host::linux_platform();
  timespec boot{};
  REQUIRE(clock_gettime(CLOCK_BOOTTIME, &boot) == 0);
  const uint64_t before = monotonic_ms(platform);
  const int64_t expected = static_cast<int64_t>(boot.tv_sec) * 1000 + boot.tv_nsec / 1000000;
  CHECK(before >= static_cast<uint64_t>(expected));
  CHECK(before < static_cast<uint64_t>(expected) + 60000);
  const timespec pause = {0, 20 * 1000 * 1000};
  nanosleep(&pause, nullptr);
  CHECK(monotonic_ms(platform) >= before + 20);
}

TEST_CASE("The wall clock is Unix time, with a quality that the kernel states") {
  const WallTime now = wall_time(host::linux_platform());
  const int64_t expected = static_cast<int64_t>(std::time(nullptr)) * 1000;
  CHECK(now.unix_ms >= expected - 2000);
  CHECK(now.unix_ms <= expected + 60000);
  CHECK((now.quality == TimeQuality::synchronised || now.quality == TimeQuality::unsynchronised));
}

TEST_CASE("Entropy fills everything, differently each time") {
  const Platform& platform = host::linux_platform();
  // Longer than getrandom(2) gives in one piece without interruption.
  static uint8_t a[1000];
  static uint8_t b[1000];
  REQUIRE(platform.entropy(platform.user, a, sizeof a) == 0);
  REQUIRE(platform.entropy(platform.user, b, sizeof b) == 0);
  CHECK(std::memcmp(a, b, sizeof a) != 0);
  const uint8_t zeros[32] = {};
  CHECK(std::memcmp(a + sizeof a - 32, zeros, 32) != 0);
  CHECK(platform.entropy(platform.user, nullptr, 0) == 0);
}
