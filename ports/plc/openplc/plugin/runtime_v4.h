/* What OpenPLC runtime v4 hands to a native plug-in's init(): the part of its structure that this
 * plug-in uses, in the order that the runtime's drivers/plugin_types.h lays down. Fields that the
 * runtime has added behind these are not read.
 *
 * The structure is freed when init() returns: it is copied. Pointers to located variables stay
 * valid; an entry is NULL where the program has no variable at that address. */
#ifndef CAIRN_OPENPLC_RUNTIME_V4_H
#define CAIRN_OPENPLC_RUNTIME_V4_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*openplc_log)(const char* format, ...);

typedef struct openplc_runtime {
  uint8_t* (*bool_input)[8];
  uint8_t* (*bool_output)[8];
  uint8_t** byte_input;
  uint8_t** byte_output;
  uint16_t** int_input;
  uint16_t** int_output;
  uint32_t** dint_input;
  uint32_t** dint_output;
  uint64_t** lint_input;
  uint64_t** lint_output;
  uint16_t** int_memory;
  uint32_t** dint_memory;
  uint64_t** lint_memory;
  uint8_t* (*bool_memory)[8];

  void (*image_lock)(void);
  void (*image_unlock)(void);

  /* Any variable of the program, by the array and element that its debug map gives. All of these
   * answer 0 while no program is loaded. */
  uint8_t (*debug_array_count)(void);
  uint16_t (*debug_elem_count)(uint8_t array);
  uint16_t (*debug_size)(uint8_t array, uint16_t element);
  uint16_t (*debug_read)(uint8_t array, uint16_t element, uint8_t* out);
  uint8_t (*debug_set)(uint8_t array, uint16_t element, bool forcing, const uint8_t* bytes,
                       uint16_t size);
  uint8_t (*debug_write)(uint8_t array, uint16_t element, const uint8_t* bytes, uint16_t size);

  char config_path[256]; /* of this plug-in, from plugins.conf */
  int buffer_size;       /* addresses below this have an entry in each of the tables above */
  int bits_per_buffer;

  openplc_log log_info;
  openplc_log log_debug;
  openplc_log log_warn;
  openplc_log log_error;
} openplc_runtime;

#endif
