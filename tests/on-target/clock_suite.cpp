// The core's timer as a clock: on the boards only.
#include <cairn/cortex_m/systick.h>

#include "fixtures.hpp"

using namespace on_target;

extern "C" void SysTick_Handler();
extern "C" void SysTick_Handler() {
  cairn_systick_tick();
}

TARGET_TEST("SysTick counts milliseconds from 0, and never back") {
  Platform platform = CAIRN_PLATFORM_INIT;
  TARGET_CHECK(cairn_systick_start(999, &platform) == CAIRN_E_BAD_ARGUMENT);
  TARGET_CHECK(cairn_systick_start(1000000, nullptr) == CAIRN_E_BAD_ARGUMENT);
  TARGET_REQUIRE(cairn_systick_start(1000000, &platform) == CAIRN_OK);
  TARGET_CHECK(platform.wall_clock == nullptr && platform.entropy == nullptr);
  uint64_t before = 0;
  for (uint32_t reads = 0; before < 20 && reads < 100000000; ++reads) {
    const uint64_t now = monotonic_ms(platform);
    TARGET_REQUIRE(now >= before);
    before = now;
  }
  TARGET_CHECK(before >= 20);
}
