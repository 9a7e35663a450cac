/* Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The function blocks by their scalars: for runtimes whose blocks hold no struct. */
/* clang-format off */

#ifndef CAIRN_PLC_CALL_H
#define CAIRN_PLC_CALL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Each call takes the number of the instance, which is 0 before the first call and kept by the
 * program; then the inputs, then where the outputs go, in the order of the block. It returns 0,
 * or CAIRN_PLC_E_INSTANCES when all instances of this block are taken: then the outputs say so too.
 * Parameters have no names here, because some tools make macros of a block's variables. */
uint32_t cairn_call_log(uint32_t*, uint8_t, uint16_t, uint16_t, uint16_t, uint16_t, uint8_t,
    uint8_t, uint8_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*, uint32_t*, uint32_t*, uint64_t*,
    uint64_t*, uint64_t*, uint16_t*, uint16_t*, uint8_t*, uint8_t*, uint8_t*, uint32_t*,
    uint16_t*, uint16_t*);
uint32_t cairn_call_append(uint32_t*, uint8_t, uint32_t, uint32_t, double, uint16_t, uint64_t,
    uint8_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*, uint64_t*);
uint32_t cairn_call_sample(uint32_t*, uint8_t, uint32_t, uint32_t, double, uint16_t, uint32_t,
    double, uint32_t, uint8_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*, uint32_t*);
uint32_t cairn_call_event(uint32_t*, uint8_t, uint32_t, uint8_t, uint32_t, uint32_t, uint32_t,
    uint8_t, double, double, uint64_t, uint8_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*,
    uint64_t*);
uint32_t cairn_call_correct(uint32_t*, uint8_t, uint32_t, uint64_t, uint32_t, double, double,
    uint32_t, uint32_t, uint8_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*, uint64_t*);
uint32_t cairn_call_edge(uint32_t*, uint8_t, uint32_t, uint32_t, uint32_t, uint8_t, uint8_t*,
    uint8_t*, uint8_t*, uint32_t*, uint32_t*, uint32_t*);
uint32_t cairn_call_seal(uint32_t*, uint8_t, uint32_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*,
    uint32_t*, uint32_t*, uint64_t*, uint64_t*, uint64_t*, uint64_t*, uint64_t*);
uint32_t cairn_call_verify(uint32_t*, uint8_t, uint32_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*,
    uint8_t*, uint64_t*, uint64_t*, uint16_t*);
uint32_t cairn_call_anchor(uint32_t*, uint8_t, uint32_t, uint16_t, uint8_t, uint8_t, uint8_t*,
    uint8_t*, uint8_t*, uint32_t*, uint8_t*, uint8_t*, uint8_t*, uint32_t*, uint32_t*, uint32_t*,
    uint32_t*, uint32_t*, uint32_t*, uint32_t*, uint32_t*, uint32_t*, uint32_t*, uint32_t*,
    uint32_t*, uint64_t*, uint64_t*);
uint32_t cairn_call_settime(uint32_t*, uint8_t, uint32_t, uint64_t, uint8_t, uint32_t, uint8_t*,
    uint8_t*, uint8_t*, uint32_t*, int64_t*);
uint32_t cairn_call_status(uint32_t*, uint8_t, uint32_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*,
    uint32_t*, uint32_t*, uint32_t*, uint32_t*, uint32_t*, uint8_t*, uint64_t*, uint32_t*,
    uint64_t*, uint64_t*, uint64_t*, uint64_t*, uint64_t*);
uint32_t cairn_call_retain8(uint32_t*, uint8_t, uint32_t, uint16_t, double, double, double,
    double, double, double, double, double, uint8_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*,
    uint8_t*, uint32_t*, uint8_t*, uint8_t*, double*, double*, double*, double*, double*, double*,
    double*, double*);
uint32_t cairn_call_command(uint32_t*, uint8_t, uint32_t, uint32_t, double, uint64_t, uint64_t,
    uint64_t, uint8_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
    uint64_t, uint8_t*, uint8_t*, uint8_t*, uint32_t*, uint8_t*, double*, uint64_t*, uint8_t*,
    uint8_t*);

#ifdef __cplusplus
}
#endif

#endif
