// What the runtime calls, and what these calls share.
#pragma once

#include <cstdint>
#include <memory>

#include "plugin.hpp"

#define CAIRN_OPENPLC_EXPORT __attribute__((visibility("default")))

namespace cairn::openplc {

/// There is one plug-in in a process: the runtime's calls carry no other.
extern std::unique_ptr<Plugin> plugin;

/// Restores values into the runtime's buffer: what both forms of retain_load() come to.
int load_retained(const std::string& program, uint8_t* out, uint16_t capacity, uint16_t* size);

}  // namespace cairn::openplc

extern "C" {

// Lifetime. `args` is an openplc_runtime. 0, or -1 with a message on the runtime's log.
CAIRN_OPENPLC_EXPORT int init(void* args);
CAIRN_OPENPLC_EXPORT int start_loop(void);
CAIRN_OPENPLC_EXPORT void stop_loop(void);
CAIRN_OPENPLC_EXPORT void cleanup(void);

// In the scan: neither lock nor allocation nor system call.
CAIRN_OPENPLC_EXPORT void cycle_start(void);
CAIRN_OPENPLC_EXPORT void cycle_end(void);
CAIRN_OPENPLC_EXPORT int retain_save(const uint8_t* values, uint16_t size);

// Outside of it.
CAIRN_OPENPLC_EXPORT int retain_flush(void);
CAIRN_OPENPLC_EXPORT int retain_clear(void);

}  // extern "C"
