#include "cairn_plc_shared_area.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Zeros, as long as an area; a new object has no length yet. */
static int give_size(int object) {
  struct stat about;
  if (fstat(object, &about) != 0) return -1;
  if (about.st_size == 0) return ftruncate(object, (off_t)sizeof(cairn_plc_area));
  if (about.st_size == (off_t)sizeof(cairn_plc_area)) return 0;
  errno = EINVAL;
  return -1;
}

cairn_plc_area* cairn_plc_share_area(const char* name, uint32_t log_id) {
  char path[CAIRN_PLC_AREA_NAME_MAX + 16];
  void* memory = MAP_FAILED;
  int object, number;
  if (name[0] == '\0' || strlen(name) > CAIRN_PLC_AREA_NAME_MAX || strchr(name, '/') != NULL) {
    errno = EINVAL;
    return NULL;
  }
  snprintf(path, sizeof path, "/%s-%u", name, (unsigned)log_id);
  object = shm_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (object < 0) return NULL;
  if (give_size(object) == 0) {
    memory = mmap(NULL, sizeof(cairn_plc_area), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                  object, 0);
  }
  number = errno;
  close(object);
  if (memory == MAP_FAILED) {
    errno = number;
    return NULL;
  }
  (void)mlock(memory, sizeof(cairn_plc_area));
  return (cairn_plc_area*)memory;
}
