// The driver of SPI NOR chips, over a model of one: pages that wrap round, a busy bit, an enable
// latch, power that goes in the middle of a command.
#include <cairn/cortex_m/spi_nor.h>

#include <random>

#include "cortex_m_flash.hpp"

using namespace adapters;

namespace {

struct Chip {
  Bytes memory;
  uint8_t id[3] = {0xEF, 0x40, 0x11};  // 128 KiB
  bool absent = false, is_protected = false;
  bool far = false;              // takes addresses of four bytes, too
  unsigned busy_polls = 0;       // so many reads of the status are still to come
  unsigned polls = 3;            // that a command takes
  uint64_t budget = UINT64_MAX;  // bytes that are programmed or erased until the power goes
  std::string violation;
  unsigned exchanges = 0, fails_at = 0;
  std::mt19937 random{1};

  explicit Chip(size_t size = 128 * 1024) : memory(size, 0xFF) {}

  cairn_spi_nor nor(uint32_t segment_bytes = 4096, uint32_t count = 4, uint32_t first = 8192) {
    cairn_spi_nor out = CAIRN_SPI_NOR_INIT;
    out.user = this;
    out.select = [](void* user, int on) { static_cast<Chip*>(user)->select(on != 0); };
    out.exchange = [](void* user, const uint8_t* from, uint8_t* to, uint32_t size) {
      return static_cast<Chip*>(user)->exchange(from, to, size);
    };
    out.first_byte = first;
    out.segment_bytes = segment_bytes;
    out.segment_count = count;
    return out;
  }
  void power_on() {
    budget = UINT64_MAX;
    enabled_ = false;
    busy_polls = 0;
  }
  bool is_dead() const { return budget == 0; }

 private:
  void complain(const char* what) {
    if (violation.empty()) violation = what;
  }
  void select(bool on) {
    if (on == selected_) complain("select");
    selected_ = on;
    if (on) return input_.clear();
    finish();
  }
  int exchange(const uint8_t* from, uint8_t* to, uint32_t size) {
    if (!selected_) complain("a byte without select");
    if (++exchanges == fails_at) return -1;
    for (uint32_t i = 0; i < size; ++i) {
      const uint8_t out = absent ? 0xFF : answer();
      if (to != nullptr) to[i] = out;
      input_.push_back(from != nullptr ? from[i] : 0xA5);
    }
    return 0;
  }
  size_t head() const { return far ? 5 : 4; }
  uint32_t address() const {
    uint32_t out = 0;
    for (size_t i = 1; i < head(); ++i)
      out = out << 8 | input_[i];
    return uint32_t(out % memory.size());
  }
  // The byte that goes out while the next one comes in.
  uint8_t answer() {
    if (input_.empty()) return 0xA5;
    const size_t n = input_.size();
    switch (input_[0]) {
      case 0x05: {
        const bool busy = busy_polls != 0;
        if (busy) --busy_polls;
        return uint8_t((busy ? 1 : 0) | (enabled_ ? 2 : 0));
      }
      case 0x9F:
        return n <= 3 ? id[n - 1] : 0;
      case 0x03:
      case 0x13:
        if (busy_polls != 0) complain("read while busy");
        if ((input_[0] == 0x13) != far) complain("the wrong form of a read");
        return n < head() ? 0xA5 : memory[(address() + n - head()) % memory.size()];
      default:
        return 0xA5;
    }
  }
  bool spend() {
    if (budget == UINT64_MAX) return true;
    if (budget != 0) --budget;
    return budget != 0;
  }
  void finish() {
    if (input_.empty() || absent || is_dead()) return;
    const uint8_t command = input_[0];
    if (command == 0x06 && busy_polls == 0) enabled_ = !is_protected;
    const bool programs = command == (far ? 0x12 : 0x02);
    const bool sector = command == (far ? 0x21 : 0x20), block = command == (far ? 0xDC : 0xD8);
    if (!programs && !sector && !block) return;
    if (busy_polls != 0) return complain("a command while busy");
    if (!enabled_) return complain("a command without enable");
    enabled_ = false;
    busy_polls = polls;
    if (programs) {
      if (input_.size() - head() > 256) complain("more than a page");
      const uint32_t page = address() / 256 * 256;
      for (size_t i = head(); i < input_.size(); ++i) {
        uint8_t& cell = memory[page + (address() + i - head()) % 256];
        if (!spend()) {
          cell = uint8_t(cell & (input_[i] | random()));
          return;
        }
        cell = uint8_t(cell & input_[i]);
      }
      return;
    }
    const uint32_t size = sector ? 4096 : 65536;
    const uint32_t begin = address() / size * size;
    if (begin != address()) complain("an erase that begins inside");
    for (uint32_t i = 0; i < size; ++i) {
      if (!spend()) return;
      memory[begin + i] = 0xFF;
    }
  }

  std::vector<uint8_t> input_;
  bool selected_ = false, enabled_ = false;
};

}  // namespace

TEST_CASE("SPI NOR: a log goes round, in sectors of 4 KiB and in blocks of 64") {
  Chip small;
  cairn_spi_nor nor = small.nor();
  Flash flash;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  CHECK(nor.capacity_bytes == 128 * 1024);
  go_round(flash);
  CHECK(small.violation == "");

  Chip large(512 * 1024);
  large.id[2] = 0x13;
  cairn_spi_nor blocks = large.nor(65536, 3, 65536);
  REQUIRE(cairn_spi_nor_open(&blocks, &flash) == CAIRN_OK);
  go_round(flash);
  CHECK(large.violation == "");
}

TEST_CASE("SPI NOR: beyond 16 MiB addresses have four bytes") {
  Chip chip(32 * 1024 * 1024);
  chip.id[2] = 0x19;
  chip.far = true;
  cairn_spi_nor nor = chip.nor(4096, 3, 0x1800000);
  Flash flash;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  go_round(flash);
  CHECK(chip.violation == "");
  CHECK(chip.memory[0x1800000] == 'C');
}

TEST_CASE("SPI NOR: what crosses a page is split, and nothing wraps round") {
  Chip chip;
  cairn_spi_nor nor = chip.nor();
  Flash flash;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  Bytes data(600);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = uint8_t(i * 7);
  for (const uint32_t offset : {0u, 1u, 200u, 255u, 256u, 511u}) {
    REQUIRE(flash.erase(flash.user, 1) == CAIRN_OK);
    REQUIRE(flash.program(flash.user, 1, offset, data.data(), 600) == CAIRN_OK);
    Bytes back(602);
    REQUIRE(flash.read(flash.user, 1, offset, back.data(), 602) == CAIRN_OK);
    CHECK(Bytes(back.begin(), back.begin() + 600) == data);
    CHECK(back[600] == 0xFF);
    if (offset != 0) CHECK(chip.memory[8192 + 4096 + offset - 1] == 0xFF);
  }
  CHECK(chip.violation == "");
}

TEST_CASE("SPI NOR: power that goes in any byte loses no acknowledged record") {
  for (uint64_t cut = 40; cut < 40000; cut += 331) {
    INFO("cut " << cut);
    Chip chip;
    cairn_spi_nor nor = chip.nor();
    nor.wait = [](void* user) { return static_cast<Chip*>(user)->is_dead() ? -1 : 0; };
    Flash flash;
    AdapterLog t;
    REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
    REQUIRE(t.format(flash) == Status::ok);
    chip.budget = cut;
    uint64_t acknowledged = 0;
    while (!chip.is_dead() && t.append() == Status::ok)
      if (!chip.is_dead()) ++acknowledged;
    chip.power_on();
    REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
    REQUIRE(t.mount(flash) == Status::ok);
    CHECK(t.log.size() >= acknowledged);
    CHECK(t.is_whole());
    REQUIRE(t.append() == Status::ok);
    CHECK(chip.violation == "");
  }
}

TEST_CASE("SPI NOR: a controller that starts while the chip is busy waits") {
  Chip chip;
  cairn_spi_nor nor = chip.nor();
  Flash flash;
  chip.busy_polls = 40;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  chip.busy_polls = 40;
  uint8_t byte = 0;
  REQUIRE(flash.read(flash.user, 0, 0, &byte, 1) == CAIRN_OK);
  CHECK(byte == 0xFF);
  CHECK(chip.violation == "");
}

TEST_CASE("SPI NOR: no chip, a protected one, one without a size, a bus that fails") {
  Flash flash;
  Chip none;
  none.absent = true;
  cairn_spi_nor nor = none.nor();
  CHECK(cairn_spi_nor_open(&nor, &flash) == CAIRN_E_IO);

  Chip strange;
  strange.id[2] = 0x05;
  nor = strange.nor();
  CHECK(cairn_spi_nor_open(&nor, &flash) == CAIRN_E_UNSUPPORTED);

  Chip locked;
  nor = locked.nor();
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  locked.is_protected = true;
  CHECK(flash.program(flash.user, 0, 0, "x", 1) == CAIRN_E_IO);
  CHECK(flash.erase(flash.user, 0) == CAIRN_E_IO);
  CHECK(locked.violation == "");

  for (unsigned failing = 1; failing < 12; ++failing) {
    Chip chip;
    nor = chip.nor();
    REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
    chip.fails_at = chip.exchanges + failing;
    const int programmed = flash.program(flash.user, 0, 0, "abc", 3);
    CHECK((programmed == CAIRN_OK || programmed == CAIRN_E_IO));
    CHECK((programmed == CAIRN_E_IO) == (chip.exchanges >= chip.fails_at));
  }
}

TEST_CASE("SPI NOR: an area that is not on the chip, or of no whole sectors, is refused") {
  Chip chip;
  Flash flash;
  const auto open = [&](uint32_t segment, uint32_t count, uint32_t first) {
    cairn_spi_nor nor = chip.nor(segment, count, first);
    return cairn_spi_nor_open(&nor, &flash);
  };
  CHECK(open(4096, 32, 0) == CAIRN_OK);
  CHECK(open(4096, 33, 0) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(4096, 31, 8192) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(5000, 3, 0) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(4096, 3, 100) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(0, 3, 0) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(4096, 1, 0) == CAIRN_E_BAD_ARGUMENT);
  CHECK(open(0x80000000u, 2, 0x80000000u) == CAIRN_E_BAD_ARGUMENT);
  cairn_spi_nor empty = CAIRN_SPI_NOR_INIT;
  CHECK(cairn_spi_nor_open(&empty, &flash) == CAIRN_E_BAD_ARGUMENT);
  CHECK(cairn_spi_nor_open(nullptr, &flash) == CAIRN_E_BAD_ARGUMENT);
}
