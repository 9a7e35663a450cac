// An area that two processes share: the runtime of the controller, and the one that pumps.
#pragma once

#include <cairn_plc_port.h>
#include <cairn/linux/error.hpp>

namespace cairn::host {

/// POSIX shared memory, locked into RAM where that is allowed, so that no scan waits for a page.
/// It stays when a process ends, with what is queued in it, until remove().
class PlcSharedArea {
 public:
  PlcSharedArea() = default;
  PlcSharedArea(const PlcSharedArea&) = delete;
  PlcSharedArea& operator=(const PlcSharedArea&) = delete;
  ~PlcSharedArea() { close(); }

  /// Maps the area of this name, "/line-1"; makes it where there is none, for this user alone.
  ///
  /// ok            mapped
  /// wrong_version made by another build: of another size
  /// others        as system_error()
  Error open(const std::string& name);
  void close();
  /// Removes the name; who has it mapped keeps it.
  static Error remove(const std::string& name);

  cairn_plc_area* area() { return area_; }
  /// False where RLIMIT_MEMLOCK forbids it.
  bool is_locked() const { return locked_; }

 private:
  cairn_plc_area* area_ = nullptr;
  bool locked_ = false;
};

}  // namespace cairn::host
