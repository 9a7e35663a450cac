// The driver over CMSIS-Driver, with flashes of every data width, sectors of one size or listed.
#include "cortex_m_flash.hpp"
#include "support/cmsis_flash_part.hpp"

using namespace adapters;

using Part = CmsisFlashPart;

TEST_CASE("CMSIS-Driver: a log goes round, at every data width") {
  for (const uint32_t width : {0u, 1u, 2u}) {
    INFO("items of " << (1u << width));
    Part one;
    one.width = width;
    one.unit = 1u << width;
    cairn_cmsis_flash cmsis = one.area();
    Flash flash;
    REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
    CHECK(flash.unit_bytes == 1u << width);
    CHECK(one.starts == 1);
    go_round(flash);
    CHECK(one.violation == nullptr);
  }
}

TEST_CASE("CMSIS-Driver: units of ECC, and sectors that are listed") {
  Part ecc;
  ecc.width = 2;
  ecc.unit = 8;
  cairn_cmsis_flash cmsis = ecc.area(0, 1024, 8);
  cmsis.kind = CAIRN_FLASH_ONCE;
  Flash flash;
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  CHECK(flash.unit_bytes == 8);
  go_round(flash);
  CHECK(ecc.violation == nullptr);

  Part uneven_one;
  uneven_one.width = 2;
  uneven_one.unit = 4;
  uneven_one.listed = true;
  cmsis = uneven_one.area(0, 2048, 4);  // the first is two sectors
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  go_round(flash);
  CHECK(uneven_one.violation == nullptr);
}

TEST_CASE("CMSIS-Driver: a driver that fails, and one that never ends") {
  Part one;
  one.fails_to_start = true;
  cairn_cmsis_flash cmsis = one.area();
  Flash flash;
  CHECK(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_E_IO);
  one.fails_to_start = false;
  cmsis.wait = [](void*) { return -1; };
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  uint8_t byte = 0;
  CHECK(flash.erase(flash.user, 0) == CAIRN_E_IO);
  one.busy = 0;
  CHECK(flash.read(flash.user, 0, 0, &byte, 1) == CAIRN_E_IO);
  one.busy = 0;
  one.error = true;
  cmsis.wait = nullptr;
  CHECK(flash.program(flash.user, 0, 0, "x", 1) == CAIRN_E_IO);
  CHECK(flash.read(flash.user, 0, 0, &byte, 1) == CAIRN_E_UNREADABLE);
}

TEST_CASE("CMSIS-Driver: what is done while the call lasts, and what is only begun by it") {
  for (const bool starts_only : {false, true}) {
    Part one;
    one.starts_only = starts_only;
    cairn_cmsis_flash cmsis = one.area();
    Flash flash;
    REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
    go_round(flash);
    CHECK(one.violation == nullptr);
  }
}

TEST_CASE("CMSIS-Driver: items that are missing are a failure, not bytes") {
  Part one;
  cairn_cmsis_flash cmsis = one.area();
  Flash flash;
  uint8_t bytes[3];
  REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
  one.missing = 1;
  CHECK(flash.program(flash.user, 0, 0, "abc", 3) == CAIRN_E_IO);
  CHECK(flash.read(flash.user, 0, 0, bytes, 3) == CAIRN_E_IO);
}

TEST_CASE("CMSIS-Driver: a driver that cannot just now loses no record") {
  constexpr int busy = -2, timeout = -3, parameter = -5;  // ARM_DRIVER_ERROR_...
  for (const int refusal : {busy, timeout, parameter}) {
    Part one;
    cairn_cmsis_flash cmsis = one.area();
    Flash flash;
    REQUIRE(cairn_cmsis_flash_open(&cmsis, &flash) == CAIRN_OK);
    AdapterLog t;
    REQUIRE(t.format(flash) == Status::ok);
    for (int i = 0; i < 20; ++i)
      REQUIRE(t.append() == Status::ok);
    one.refusal = refusal;
    unsigned at = 0, calls = 0;
    do {
      INFO("status " << refusal << " at call " << at);
      AdapterLog again;
      one.calls = 0;
      one.refused = at;
      one.refusals = 2;  // a log reads once more what it could not read
      const Status status = again.mount(flash);
      calls = one.calls;
      CHECK((status == Status::io || (status == Status::ok && again.log.size() == 20)));
      one.refusals = 0;
      REQUIRE(again.mount(flash) == Status::ok);
      CHECK(again.log.size() == 20);
      CHECK(again.is_whole());
    } while (++at < calls);
    CHECK(at > 3);
    CHECK(one.violation == nullptr);
  }
}

TEST_CASE("CMSIS-Driver: segments that are no whole sectors are refused") {
  Part one;
  Flash flash;
  const auto open = [&](uint32_t first, uint32_t segment, uint32_t count) {
    cairn_cmsis_flash cmsis = one.area(first, segment, count);
    return cairn_cmsis_flash_open(&cmsis, &flash);
  };
  CHECK(open(0, 1024, 8) == CAIRN_OK);
  CHECK(open(0, 1536, 2) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(512, 1024, 2) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(0, 0, 2) == CAIRN_E_BAD_ARGUMENT);
  one.listed = true;
  CHECK(open(0, 1024, 4) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(2048, 2048, 3) == CAIRN_OK);
  CHECK(open(2048, 2048, 4) == CAIRN_E_BAD_ARGUMENT);  // no such sector
  cairn_cmsis_flash none = one.area();
  none.driver = nullptr;
  CHECK(cairn_cmsis_flash_open(&none, &flash) == CAIRN_E_BAD_ARGUMENT);
}
