// The driver of memory-mapped flash, over memory of the host that keeps the rules of real parts.
#include "cortex_m_flash.hpp"
#include "support/mapped_flash.hpp"

using namespace adapters;

namespace {

constexpr uint32_t page_bytes = 1024, page_count = 4;

struct Memory {
  alignas(32) uint8_t bytes[page_bytes * page_count];
};
struct Part : Memory, MappedFlash {
  bool has_error = false;

  Part(uint32_t unit_bytes, uint8_t erased_value)
      : MappedFlash(bytes, page_bytes, page_count, unit_bytes, erased_value) {}
};

}  // namespace

TEST_CASE("internal flash: a log goes round, in every unit and with both erased values") {
  for (const uint32_t unit : {4u, 8u, 16u, 32u}) {
    for (const uint8_t erased : {uint8_t(0xFF), uint8_t(0x00)}) {
      INFO("unit " << unit << ", erased " << unsigned(erased));
      Part part(unit, erased);
      cairn_internal_flash internal = part.flash();
      Flash flash;
      REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
      CHECK(flash.unit_bytes == unit);
      go_round(flash);
      CHECK(part.violation == nullptr);
    }
  }
}

TEST_CASE("internal flash: a program error is told, and the log goes on elsewhere") {
  for (unsigned failing = 1; failing < 40; ++failing) {
    Part part(8, 0xFF);
    cairn_internal_flash internal = part.flash();
    Flash flash;
    AdapterLog t;
    REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
    REQUIRE(t.format(flash) == Status::ok);
    part.fails_at = part.programs + failing;
    for (int i = 0; i < 12; ++i)
      REQUIRE(t.append() == Status::ok);
    CHECK(t.is_whole());
    REQUIRE(t.mount(flash) == Status::ok);
    CHECK(t.log.size() == 12);
    CHECK(t.is_whole());
    CHECK(part.violation == nullptr);
  }
}

TEST_CASE(
    "internal flash: what the controller cannot correct is unreadable, and no more than that") {
  Part part(8, 0xFF);
  cairn_internal_flash internal = part.flash();
  internal.read_failed = [](void* user) {
    Part& self = *static_cast<Part*>(user);
    const int out = self.has_error ? 1 : 0;
    self.has_error = false;
    return out;
  };
  Flash flash;
  REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
  uint8_t data[8] = {};
  part.has_error = true;  // of somebody else's read before
  CHECK(flash.read(flash.user, 0, 0, data, 8) == CAIRN_OK);
  internal.read_failed = [](void*) {
    static bool second = false;
    second = !second;
    return second ? 0 : 1;
  };
  CHECK(flash.read(flash.user, 0, 0, data, 8) == CAIRN_E_UNREADABLE);
}

TEST_CASE("internal flash: what is missing or does not fit is refused") {
  Part part(8, 0xFF);
  Flash flash;
  const auto open = [&](auto change) {
    cairn_internal_flash internal = part.flash();
    change(internal);
    return cairn_internal_flash_open(&internal, &flash);
  };
  CHECK(open([](cairn_internal_flash&) {}) == CAIRN_OK);
  CHECK(open([](cairn_internal_flash& f) { f.unit_bytes = 2; }) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open([](cairn_internal_flash& f) { f.unit_bytes = 64; }) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open([](cairn_internal_flash& f) { f.address += 4; }) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open([](cairn_internal_flash& f) { f.program_unit = nullptr; }) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open([](cairn_internal_flash& f) { f.erase = nullptr; }) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open([](cairn_internal_flash& f) { f.struct_size = 0; }) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_internal_flash_open(nullptr, &flash) == CAIRN_E_BAD_ARGUMENT);
}
