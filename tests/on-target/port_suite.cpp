// The conformance suite for ports: passed by drivers that keep the contract, failed by those that
// break one promise of it.
#include "port_conformance.h"

#include "fixtures.hpp"

using namespace on_target;

namespace {

uint8_t memory[6 * 1024];
const Platform none = CAIRN_PLATFORM_INIT;
const char* first_broken;

// Failures of this port; the first requirement that is broken is kept.
int check(const Flash& flash, const Platform& platform = none, const Signer& signer = hash_signer(),
          const Verifier& verifier = hash_verifier()) {
  first_broken = nullptr;
  cairn_port port = CAIRN_PORT_INIT;
  port.flash = &flash;
  port.platform = &platform;
  port.signer = &signer;
  port.verifier = &verifier;
  port.report = [](void*, const char* requirement, int holds) {
    if (holds == 0 && first_broken == nullptr) first_broken = requirement;
  };
  return cairn_check_port(&port);
}

bool begins(const char* text, const char* with) {
  while (*with != 0)
    if (text == nullptr || *text++ != *with++) return false;
  return true;
}

// This is the first that a port with this flash does not keep.
void check_breaks(const Flash& flash, const char* requirement) {
  TARGET_CHECK(check(flash) != 0);
  TARGET_CHECK(begins(first_broken, requirement));
}

}  // namespace

TARGET_TEST("memory of each kind conforms") {
  const struct {
    uint8_t kind;
    uint32_t unit;
  } media[] = {{CAIRN_FLASH_NOR, 1},   {CAIRN_FLASH_NOR, 4},        {CAIRN_FLASH_ONCE, 8},
               {CAIRN_FLASH_ONCE, 32}, {CAIRN_FLASH_REWRITABLE, 1}, {CAIRN_FLASH_REWRITABLE, 4},
               {CAIRN_FLASH_FILE, 1}};
  for (const auto& medium : media) {
    CutFlash flash(memory, medium.unit, 1024, 6, medium.kind);
    flash.flash.sync = [](void*) { return 0; };
    TARGET_CHECK(check(flash.flash) == 0);
    TARGET_CHECK(first_broken == nullptr);
  }
}

TARGET_TEST("an erase that does nothing is noticed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  flash.flash.erase = [](void*, uint32_t) { return 0; };
  TARGET_CHECK(check(flash.flash) != 0);
  TARGET_CHECK(begins(first_broken, "erasing a segment leaves") ||
               begins(first_broken, "a segment is erased again"));
}

TARGET_TEST("an erase of the neighbour is noticed") {
  static decltype(Flash::erase) right;
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  right = flash.flash.erase;
  flash.flash.erase = [](void* user, uint32_t segment) {
    const int status = right(user, segment);
    return segment == 1 ? right(user, 2) : status;
  };
  check_breaks(flash.flash, "erasing a segment leaves its neighbours alone");
}

TARGET_TEST("a program of the first unit alone is noticed") {
  static decltype(Flash::program) right;
  CutFlash flash(memory, 4, 1024, 6, CAIRN_FLASH_NOR);
  right = flash.flash.program;
  flash.flash.program = [](void* user, uint32_t segment, uint32_t offset, const void* data,
                           uint32_t) { return right(user, segment, offset, data, 4); };
  check_breaks(flash.flash, "several units are programmed by one call");
}

TARGET_TEST("a read of whole units only is noticed") {
  static decltype(Flash::read) right;
  CutFlash flash(memory, 4, 1024, 6, CAIRN_FLASH_NOR);
  right = flash.flash.read;
  flash.flash.read = [](void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
    return right(user, segment, offset & ~3u, data, size);
  };
  check_breaks(flash.flash, "reads may begin and end anywhere");
}

TARGET_TEST("segments that are one memory are noticed") {
  static decltype(Flash::read) right_read;
  static decltype(Flash::program) right_program;
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  right_read = flash.flash.read;
  right_program = flash.flash.program;
  flash.flash.read = [](void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
    return right_read(user, segment == 5 ? 4 : segment, offset, data, size);
  };
  flash.flash.program = [](void* user, uint32_t segment, uint32_t offset, const void* data,
                           uint32_t size) {
    return right_program(user, segment == 5 ? 4 : segment, offset, data, size);
  };
  check_breaks(flash.flash, "every segment is a memory of its own");
}

TARGET_TEST("a clock that stands and entropy that repeats are noticed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  Platform platform = CAIRN_PLATFORM_INIT;
  platform.monotonic_ms = [](void*) -> uint64_t { return 7; };
  TARGET_CHECK(check(flash.flash, platform) == 1);
  TARGET_CHECK(begins(first_broken, "the monotonic clock moves"));
  platform.monotonic_ms = nullptr;
  platform.entropy = [](void*, void* data, size_t size) {
    for (size_t i = 0; i < size; ++i)
      static_cast<uint8_t*>(data)[i] = 9;
    return 0;
  };
  TARGET_CHECK(check(flash.flash, platform) == 1);
  TARGET_CHECK(begins(first_broken, "entropy is different each time"));
}

TARGET_TEST("a wall clock that does not state its quality is noticed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  Platform platform = CAIRN_PLATFORM_INIT;
  platform.wall_clock = [](void*, int64_t* unix_ms, uint8_t*) {
    *unix_ms = 1767225600000;
    return 0;
  };
  TARGET_CHECK(check(flash.flash, platform) == 1);
  TARGET_CHECK(begins(first_broken, "the wall clock states its quality"));
}

TARGET_TEST("a blank() that says the same of everything is noticed") {
  CutFlash flash(memory, 8, 1024, 6, CAIRN_FLASH_ONCE);
  flash.flash.blank = [](void* user, uint32_t segment, uint32_t offset, uint32_t size) {
    const uint8_t* const from = memory + segment * 1024 + offset;
    static_cast<void>(user);
    for (uint32_t i = 0; i < size; ++i)
      if (from[i] != 0xFF) return 0;
    return 1;
  };
  TARGET_CHECK(check(flash.flash) == 0);
  flash.flash.blank = [](void*, uint32_t, uint32_t, uint32_t) { return 1; };
  check_breaks(flash.flash, "blank() tells units that are erased");
  flash.flash.blank = [](void*, uint32_t, uint32_t, uint32_t) { return 0; };
  check_breaks(flash.flash, "a segment that was erased is erased all over");
}

TARGET_TEST("a sync() that fails is noticed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_FILE);
  flash.flash.sync = [](void*) { return CAIRN_E_IO; };
  check_breaks(flash.flash, "erasing a segment leaves its neighbours alone");
}

TARGET_TEST("memory that must be erased first, and says that it need not, is noticed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  flash.flash.kind = CAIRN_FLASH_REWRITABLE;
  flash.flash.program = [](void*, uint32_t segment, uint32_t offset, const void* data,
                           uint32_t size) {
    for (uint32_t i = 0; i < size; ++i)
      memory[segment * 1024 + offset + i] &= static_cast<const uint8_t*>(data)[i];
    return 0;
  };
  check_breaks(flash.flash, "a unit takes other bytes without an erase");
}

TARGET_TEST("a signer that fails, one of another key and a verifier of anything are noticed") {
  CutFlash flash(memory, 1, 1024, 6, CAIRN_FLASH_NOR);
  Signer signer = hash_signer();
  signer.sign = [](void*, const uint8_t*, size_t, uint8_t*) { return CAIRN_E_IO; };
  TARGET_CHECK(check(flash.flash, none, signer) != 0);
  TARGET_CHECK(begins(first_broken, "the signer signs"));
  signer.sign = [](void*, const uint8_t*, size_t, uint8_t* signature) {
    signature[0] = 0;
    return 0;
  };
  TARGET_CHECK(check(flash.flash, none, signer) != 0);
  TARGET_CHECK(begins(first_broken, "its signature verifies with its public key"));
  Verifier verifier = hash_verifier();
  verifier.verify = [](void*, const PublicKey*, const uint8_t*, size_t, const uint8_t*) {
    return 0;
  };
  TARGET_CHECK(check(flash.flash, none, hash_signer(), verifier) == 1);
  TARGET_CHECK(begins(first_broken, "the signature does not verify for another message"));
}
