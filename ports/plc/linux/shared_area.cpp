#include <cairn/linux/file.hpp>
#include <cairn/plc/shared_area.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace cairn::host {

Error PlcSharedArea::open(const std::string& name) {
  close();
  const Descriptor file(shm_open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("open shared memory", name, errno);
  struct stat state {};
  if (fstat(file.number(), &state) != 0) return system_error("look at", name, errno);
  constexpr off_t size = sizeof(cairn_plc_area);
  if (state.st_size == 0 && ftruncate(file.number(), size) != 0)
    return system_error("make shared memory", name, errno);
  if (state.st_size != 0 && state.st_size != size) {
    return {Status::wrong_version, "the shared memory " + name +
                                       " was made by another build. Stop both sides, remove it, "
                                       "and start them from one build."};
  }
  void* memory =
      mmap(nullptr, sizeof(cairn_plc_area), PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (memory == MAP_FAILED) return system_error("map shared memory", name, errno);
  area_ = static_cast<cairn_plc_area*>(memory);
  locked_ = mlock(memory, sizeof(cairn_plc_area)) == 0;
  return {};
}

void PlcSharedArea::close() {
  if (area_ != nullptr) munmap(area_, sizeof(cairn_plc_area));
  area_ = nullptr;
  locked_ = false;
}

Error PlcSharedArea::remove(const std::string& name) {
  if (shm_unlink(name.c_str()) != 0) return system_error("remove", name, errno);
  return {};
}

}  // namespace cairn::host
