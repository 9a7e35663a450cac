// The driver of SPI NOR over a model of a chip, on the core that it runs on.
#include "port_check.hpp"
#include "support/spi_nor_chip.hpp"

using namespace on_target;

namespace {

// The chip says that it is larger than the memory behind it, which holds the area.
uint8_t memory[6 * 4096];

}  // namespace

TARGET_TEST("an SPI NOR chip conforms") {
  SpiNorChip chip(memory, sizeof memory);
  cairn_spi_nor nor = chip.nor(4096, 6, 0);
  Flash flash;
  TARGET_REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  TARGET_CHECK(broken_requirements(flash) == 0);
  TARGET_CHECK(chip.violation == nullptr);
}

TARGET_TEST("an SPI NOR chip of 32 MiB conforms beyond the 16 that three bytes of address reach") {
  SpiNorChip chip(memory, sizeof memory);
  chip.id[2] = 0x19;
  chip.far = true;
  cairn_spi_nor nor = chip.nor(4096, 6, 6 * 4096 * 1000);
  Flash flash;
  TARGET_REQUIRE(cairn_spi_nor_open(&nor, &flash) == CAIRN_OK);
  TARGET_CHECK(broken_requirements(flash) == 0);
  TARGET_CHECK(chip.violation == nullptr);
}
