/* Options of cairn/config.hpp as the presets for Cortex-M set them: for the smallest device. */
#define CAIRN_MAX_LEVELS 32 /* 2^32 records: one a second for 136 years */
#define CAIRN_LOG_TILES 0
