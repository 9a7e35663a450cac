// A model of an SPI NOR chip, without a heap, for the host and the boards: pages that wrap round, a
// busy bit, an enable latch, deep power-down, power that goes in the middle of a command. It says
// which rule of a chip its driver has broken.
#pragma once

#include <cairn/cortex_m/spi_nor.h>

struct SpiNorChip {
  uint8_t* memory;
  uint32_t memory_bytes;               // addresses go round in it
  uint8_t id[3] = {0xEF, 0x40, 0x11};  // 128 KiB
  bool absent = false, is_protected = false;
  bool asleep = false;           // in deep power-down: drives nothing, takes nothing but 0xAB
  bool far = false;              // takes addresses of four bytes, too
  unsigned busy_polls = 0;       // so many reads of the status are still to come
  unsigned polls = 3;            // that a command takes
  uint64_t budget = UINT64_MAX;  // bytes that are programmed or erased until the power goes
  const char* violation = nullptr;
  unsigned exchanges = 0, fails_at = 0;

  SpiNorChip(uint8_t* bytes, uint32_t size) : memory(bytes), memory_bytes(size) {
    for (uint32_t i = 0; i < size; ++i)
      memory[i] = 0xFF;
  }

  cairn_spi_nor nor(uint32_t segment_bytes = 4096, uint32_t count = 4, uint32_t first = 8192) {
    cairn_spi_nor out = CAIRN_SPI_NOR_INIT;
    out.user = this;
    out.select = [](void* user, int on) { static_cast<SpiNorChip*>(user)->select(on != 0); };
    out.exchange = [](void* user, const uint8_t* from, uint8_t* to, uint32_t size) {
      return static_cast<SpiNorChip*>(user)->exchange(from, to, size);
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
  enum : uint32_t { page_bytes = 256, sector_bytes = 4096, block_bytes = 65536 };
  // 35 us of a bus at 133 MHz: while it wakes it must not be selected.
  enum : uint32_t { wake_bytes = 582 };

  void complain(const char* what) {
    if (violation == nullptr) violation = what;
  }
  void select(bool on) {
    if (on == selected_) complain("select");
    selected_ = on;
    if (!on) return finish();
    count_ = 0;
    if (waking_ != 0) complain("select while it wakes");
  }
  int exchange(const uint8_t* from, uint8_t* to, uint32_t size) {
    if (++exchanges == fails_at) return -1;
    if (!selected_) return pass(size);
    for (uint32_t i = 0; i < size; ++i) {
      const uint8_t out = absent || asleep || waking_ != 0 ? 0xFF : answer();
      if (to != nullptr) to[i] = out;
      if (count_ < sizeof input_) input_[count_] = from != nullptr ? from[i] : 0xA5;
      ++count_;
    }
    return 0;
  }
  // Bytes for nobody are only good for the time that they take.
  int pass(uint32_t size) {
    if (count_ == 0 || input_[0] != 0xAB) complain("a byte without select");
    waking_ -= size < waking_ ? size : waking_;
    return 0;
  }
  uint32_t head() const { return far ? 5 : 4; }
  uint32_t address() const {
    uint32_t out = 0;
    for (uint32_t i = 1; i < head(); ++i)
      out = out << 8 | input_[i];
    return out % memory_bytes;
  }
  // The byte that goes out while the next one comes in.
  uint8_t answer() {
    if (count_ == 0) return 0xA5;
    switch (input_[0]) {
      case 0x05: {
        const bool busy = busy_polls != 0;
        if (busy) --busy_polls;
        return static_cast<uint8_t>((busy ? 1 : 0) | (enabled_ ? 2 : 0));
      }
      case 0x9F:
        return count_ <= 3 ? id[count_ - 1] : 0;
      case 0x03:
      case 0x13:
        if (busy_polls != 0) complain("read while busy");
        if ((input_[0] == 0x13) != far) complain("the wrong form of a read");
        return count_ < head() ? 0xA5 : memory[(address() + count_ - head()) % memory_bytes];
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
    if (count_ == 0 || absent || is_dead()) return;
    const uint8_t command = input_[0];
    if (asleep) {
      asleep = command != 0xAB;
      waking_ = asleep ? 0 : static_cast<uint32_t>(wake_bytes);
      return;
    }
    if (command == 0x06 && busy_polls == 0) enabled_ = !is_protected;
    const bool programs = command == (far ? 0x12 : 0x02);
    const bool sector = command == (far ? 0x21 : 0x20), block = command == (far ? 0xDC : 0xD8);
    if (!programs && !sector && !block) return;
    if (busy_polls != 0) return complain("a command while busy");
    if (!enabled_) return complain("a command without enable");
    enabled_ = false;
    busy_polls = polls;
    if (programs)
      program();
    else
      erase(sector ? sector_bytes : block_bytes);
  }
  // Of the byte that is being programmed when the power goes, some bits are.
  void program() {
    if (count_ - head() > page_bytes) return complain("more than a page");
    const uint32_t page = address() / page_bytes * page_bytes;
    for (uint32_t i = head(); i < count_; ++i) {
      uint8_t& cell = memory[page + (address() + i - head()) % page_bytes];
      const bool alive = spend();
      cell = static_cast<uint8_t>(cell & (input_[i] | (alive ? 0 : noise())));
      if (!alive) return;
    }
  }
  void erase(uint32_t size) {
    const uint32_t begin = address() / size * size;
    if (begin != address()) complain("an erase that begins inside");
    for (uint32_t i = 0; i < size && spend(); ++i)
      memory[begin + i] = 0xFF;
  }
  uint8_t noise() {
    noise_ = noise_ * 1664525u + 1013904223u;
    return static_cast<uint8_t>(noise_ >> 24);
  }

  uint8_t input_[5 + page_bytes];  // what came in since it was selected
  uint32_t count_ = 0;
  uint32_t waking_ = 0;  // bytes of time that it still takes
  bool selected_ = false, enabled_ = false;
  uint32_t noise_ = 1;
};
