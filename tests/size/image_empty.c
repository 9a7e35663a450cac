/* What start-up and the device take: subtracted from every other image. */
#include "device.h"

int main(void) {
  const cairn_flash* volatile flash = &device_flash;
  const cairn_platform* volatile platform = &device_platform;
  flash->erase(flash->user, 0);
  flash->program(flash->user, 0, 0, device_record, sizeof device_record);
  flash->read(flash->user, 0, 0, (void*)(uintptr_t)&device_sink, sizeof device_sink);
  return (int)(device_sink + platform->struct_size);
}
