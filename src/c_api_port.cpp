// C API: signing through interfaces, flash, clocks.
#include "c_api.hpp"
#include "cairn/flash.hpp"
#include "cairn/platform.hpp"

using namespace cairn;
using namespace cairn::c_api;

size_t cairn_public_key_size(uint8_t algorithm) {
  return public_key_size(algorithm);
}

int cairn_sign(const cairn_signer* signer, const void* message, size_t size, cairn_signature* out) {
  if (!usable(signer) || !readable(message, size) || out == nullptr) return bad_argument;
  return number(sign(*signer, view(message, size), reinterpret_cast<Signature&>(*out)));
}

int cairn_try_sign(const cairn_signer* signer, const void* message, size_t size,
                   cairn_signature* out) {
  if (!usable(signer) || !readable(message, size) || out == nullptr) return bad_argument;
  Status status;
  const bool ended =
      try_sign(*signer, view(message, size), reinterpret_cast<Signature&>(*out), status);
  return ended ? number(status) : CAIRN_PENDING;
}

int cairn_verify(const cairn_verifier* verifiers, size_t verifier_count,
                 const cairn_public_key* key, const void* message, size_t size,
                 const cairn_signature* signature) {
  if (!usable(verifiers, verifier_count) || key == nullptr || !readable(message, size) ||
      signature == nullptr) {
    return bad_argument;
  }
  return number(verify({verifiers, verifier_count}, *key, view(message, size), from_c(*signature)));
}

int cairn_check_geometry(const cairn_flash* flash) {
  return sized(flash) ? number(check_geometry(*flash)) : bad_argument;
}

int cairn_ram_flash_init(cairn_ram_flash* ram, void* memory, size_t size,
                         const cairn_flash* geometry, cairn_flash* out) {
  if (ram == nullptr || memory == nullptr || !sized(geometry) || out == nullptr) {
    return bad_argument;
  }
  RamFlash& made = make<RamFlash>(ram, RamFlash{static_cast<uint8_t*>(memory), size});
  return number(ram_flash(made, *geometry, *out));
}

uint64_t cairn_monotonic_ms(const cairn_platform* platform) {
  return monotonic_ms(*platform);
}

cairn_wall_time cairn_wall_clock(const cairn_platform* platform) {
  const WallTime time = wall_time(*platform);
  return {time.unix_ms, static_cast<uint8_t>(time.quality)};
}
