// The driver of memory-mapped flash, over memory of the host that keeps the rules of real parts.
#include <cairn/cortex_m/internal_flash.h>
#include <cstring>

#include "cortex_m_flash.hpp"

using namespace adapters;

namespace {

constexpr uint32_t segment_bytes = 1024, segment_count = 4;

struct alignas(32) Line {  // as a part's flash is aligned
  uint8_t bytes[32];
};

struct Part {
  std::vector<Line> memory;
  uint32_t unit;
  uint8_t erased;
  unsigned programs = 0, fails_at = 0;
  bool has_error = false;
  std::string violation;

  Part(uint32_t unit_bytes, uint8_t erased_value)
      : memory(segment_bytes * segment_count / sizeof(Line)),
        unit(unit_bytes),
        erased(erased_value) {
    std::memset(bytes(), erased, size());
  }
  uint8_t* bytes() { return memory[0].bytes; }
  size_t size() const { return memory.size() * sizeof(Line); }
  bool holds(uintptr_t address, uint32_t bytes_wanted) {
    const uintptr_t begin = uintptr_t(bytes());
    return address >= begin && address + bytes_wanted <= begin + size();
  }

  cairn_internal_flash flash(uint8_t kind) {
    cairn_internal_flash out = CAIRN_INTERNAL_FLASH_INIT;
    out.user = this;
    out.address = uintptr_t(bytes());
    out.unit_bytes = unit;
    out.segment_bytes = segment_bytes;
    out.segment_count = segment_count;
    out.kind = kind;
    out.erased = erased;
    out.program_unit = [](void* user, uintptr_t address, const void* data) {
      return static_cast<Part*>(user)->program(address, static_cast<const uint8_t*>(data));
    };
    out.erase = [](void* user, uintptr_t address) {
      Part& self = *static_cast<Part*>(user);
      if (!self.holds(address, segment_bytes)) self.violation = "erase outside";
      std::memset(reinterpret_cast<void*>(address), self.erased, segment_bytes);
      return 0;
    };
    return out;
  }

 private:
  int program(uintptr_t address, const uint8_t* data) {
    if (address % unit != 0 || !holds(address, unit)) violation = "program misaligned or outside";
    if (uintptr_t(data) % 4 != 0) violation = "data misaligned";
    if (++programs == fails_at) return -1;
    uint8_t* to = reinterpret_cast<uint8_t*>(address);
    for (uint32_t i = 0; i < unit; ++i)
      if (to[i] != erased) violation = "a unit programmed twice";
    std::memcpy(to, data, unit);
    return 0;
  }
};

}  // namespace

TEST_CASE("internal flash: a log goes round, in every unit and with both erased values") {
  for (const uint32_t unit : {4u, 8u, 16u, 32u}) {
    for (const uint8_t erased : {uint8_t(0xFF), uint8_t(0x00)}) {
      INFO("unit " << unit << ", erased " << unsigned(erased));
      Part part(unit, erased);
      cairn_internal_flash internal = part.flash(CAIRN_FLASH_ONCE);
      Flash flash;
      REQUIRE(cairn_internal_flash_open(&internal, &flash) == CAIRN_OK);
      CHECK(flash.unit_bytes == unit);
      go_round(flash);
      CHECK(part.violation == "");
    }
  }
}

TEST_CASE("internal flash: a program error is told, and the log goes on elsewhere") {
  for (unsigned failing = 1; failing < 40; ++failing) {
    Part part(8, 0xFF);
    cairn_internal_flash internal = part.flash(CAIRN_FLASH_ONCE);
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
    CHECK(part.violation == "");
  }
}

TEST_CASE(
    "internal flash: what the controller cannot correct is unreadable, and no more than that") {
  Part part(8, 0xFF);
  cairn_internal_flash internal = part.flash(CAIRN_FLASH_ONCE);
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
    cairn_internal_flash internal = part.flash(CAIRN_FLASH_ONCE);
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
