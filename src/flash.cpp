#include "cairn/flash.hpp"

#include "cairn/bytes.hpp"
#include "mem.hpp"

namespace cairn {

namespace {

constexpr uint32_t segment_bytes_max = uint32_t{1} << 30;

}  // namespace

Status check_geometry(const Flash& flash) {
  const uint32_t unit = flash.unit_bytes;
  const bool unit_ok = unit >= 1 && unit <= 256 && (unit & (unit - 1)) == 0;
  if (!unit_ok || flash.segment_bytes < 256 || flash.segment_bytes > segment_bytes_max ||
      flash.segment_bytes % unit != 0) {
    return Status::bad_argument;
  }
  if (flash.segment_count < 2) return Status::bad_argument;
  if (flash.kind < CAIRN_FLASH_ONCE || flash.kind > CAIRN_FLASH_FILE) return Status::bad_argument;
  if (flash.kind == CAIRN_FLASH_ONCE && flash.segment_bytes / unit > 65536) {
    return Status::bad_argument;
  }
  if (flash.erased != 0xFF && flash.erased != 0x00) return Status::bad_argument;
  if (flash.read == nullptr || flash.program == nullptr || flash.erase == nullptr) {
    return Status::bad_argument;
  }
  if (flash.kind == CAIRN_FLASH_FILE && flash.sync == nullptr) return Status::bad_argument;
  return Status::ok;
}

namespace {

// The byte at (segment, offset), or null when the range is not inside the memory.
uint8_t* locate(void* user, uint32_t segment, uint32_t offset, uint32_t size_bytes) {
  const RamFlash& ram = *static_cast<const RamFlash*>(user);
  const uint64_t at = static_cast<uint64_t>(segment) * ram.segment_bytes + offset;
  if (at > ram.size_bytes || size_bytes > ram.size_bytes - at) return nullptr;
  return ram.memory + at;
}

int ram_read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size_bytes) {
  const uint8_t* from = locate(user, segment, offset, size_bytes);
  if (from == nullptr) return static_cast<int>(Status::bad_argument);
  copy(data, from, size_bytes);
  return 0;
}

int ram_program(void* user, uint32_t segment, uint32_t offset, const void* data,
                uint32_t size_bytes) {
  uint8_t* to = locate(user, segment, offset, size_bytes);
  if (to == nullptr) return static_cast<int>(Status::bad_argument);
  copy(to, data, size_bytes);
  return 0;
}

int ram_erase(void* user, uint32_t segment) {
  const RamFlash& ram = *static_cast<const RamFlash*>(user);
  uint8_t* to = locate(user, segment, 0, ram.segment_bytes);
  if (to == nullptr) return static_cast<int>(Status::bad_argument);
  memset(to, ram.erased, ram.segment_bytes);
  return 0;
}

int ram_sync(void*) {
  return 0;
}

}  // namespace

Status ram_flash(RamFlash& ram, const Flash& geometry, Flash& out) {
  out = geometry;
  out.struct_size = sizeof(Flash);
  out.user = &ram;
  out.read = ram_read;
  out.program = ram_program;
  out.erase = ram_erase;
  out.blank = nullptr;
  out.sync = ram_sync;
  CAIRN_TRY(check_geometry(out));
  if (static_cast<uint64_t>(out.segment_bytes) * out.segment_count > ram.size_bytes) {
    return Status::bad_argument;
  }
  ram.segment_bytes = out.segment_bytes;
  ram.erased = out.erased;
  return Status::ok;
}

}  // namespace cairn
