/* What the emulated boards share. */
#ifndef CAIRN_BOARD_H
#define CAIRN_BOARD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Paints the unused stack, so that its deepest use can be read off. */
void board_paint_stack(void);
/* Bytes at the bottom of the stack that nothing has touched since. */
uint32_t board_stack_unused(void);

#ifdef __cplusplus
}
#endif

#endif
