// The driver of SPI NOR chips, over a model of one.
#include "support/spi_nor_chip.hpp"

#include <memory>

#include "cortex_m_flash.hpp"

using namespace adapters;

namespace {

struct Chip : SpiNorChip {
  explicit Chip(uint32_t size = 128 * 1024) : Chip(std::make_unique<uint8_t[]>(size), size) {}

 private:
  Chip(std::unique_ptr<uint8_t[]> bytes, uint32_t size)
      : SpiNorChip(bytes.get(), size), bytes_(std::move(bytes)) {}
  std::unique_ptr<uint8_t[]> bytes_;
};

}  // namespace

TEST_CASE("SPI NOR: a log goes round, in sectors of 4 KiB and in blocks of 64") {
  Chip small;
  cairn_spi_nor nor = small.nor();
  Flash flash;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  CHECK(nor.capacity_bytes == 128 * 1024);
  go_round(flash);
  CHECK(small.violation == nullptr);

  Chip large(512 * 1024);
  large.id[2] = 0x13;
  cairn_spi_nor blocks = large.nor(65536, 3, 65536);
  REQUIRE(cairn_spi_nor_open(&blocks, &flash) == CAIRN_OK);
  go_round(flash);
  CHECK(large.violation == nullptr);
}

TEST_CASE("SPI NOR: beyond 16 MiB addresses have four bytes") {
  Chip chip(32 * 1024 * 1024);
  chip.id[2] = 0x19;
  chip.far = true;
  cairn_spi_nor nor = chip.nor(4096, 3, 0x1800000);
  Flash flash;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  go_round(flash);
  CHECK(chip.violation == nullptr);
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
  CHECK(chip.violation == nullptr);
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
    CHECK(chip.violation == nullptr);
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
  CHECK(chip.violation == nullptr);
}

TEST_CASE("SPI NOR: a chip in deep power-down is woken, and left alone until it is awake") {
  Chip chip;
  chip.asleep = true;
  cairn_spi_nor nor = chip.nor();
  Flash flash;
  REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  CHECK(nor.capacity_bytes == 128 * 1024);
  go_round(flash);
  CHECK(chip.violation == nullptr);
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
  CHECK(locked.violation == nullptr);

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
