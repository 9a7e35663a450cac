// Compile-time options of the core: each with its default and what it costs.
//
// Override one with -DNAME=value, or all of them with a header of your own named by
// -DCAIRN_CONFIG_FILE='"my_cairn_config.h"'. An option changes what a build takes, never a format:
// devices with different options read each other's logs and checkpoints. What describes hardware
// or one instance (geometry, keys, limits) is run-time data and has no option here.
//
// Macros only: cairn.h includes this file too, so that C and C++ agree on every size.
#pragma once

#ifdef CAIRN_CONFIG_FILE
#include CAIRN_CONFIG_FILE
#endif

// Largest tree: 2^CAIRN_MAX_LEVELS - 1 leaves. Each level costs 32 bytes in every Log.
#ifndef CAIRN_MAX_LEVELS
#define CAIRN_MAX_LEVELS 48
#endif

// Longest text of a checkpoint (origin, size, root, extension lines) that can be cosigned, or whose
// cosignatures can be verified: both hold one copy on the stack, with 48 bytes more.
#ifndef CAIRN_MAX_NOTE_TEXT_BYTES
#define CAIRN_MAX_NOTE_TEXT_BYTES 1024
#endif

// Whether logs can write tile frames (LogTiles). They take 4 KB of code. Without, a log that asks
// for them is refused; those that are on a medium already are read all the same.
#ifndef CAIRN_LOG_TILES
#define CAIRN_LOG_TILES 1
#endif

// Whether operations can stop and go on (steps.hpp). That takes 5 KB of code and a few more
// instructions. Without, Steps and cairn_steps are not declared. Off on Cortex-M unless asked for:
// there most logs are written by a task of their own, and ROM is what runs out.
#ifndef CAIRN_BOUNDED_WORK
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define CAIRN_BOUNDED_WORK 0
#else
#define CAIRN_BOUNDED_WORK 1
#endif
#endif

// What hashes: 0 built in, 1 PSA Crypto (link cairn::psa), 2 libsodium (link cairn::sodium),
// 3 what the processor offers (link cairn::accelerated), which then also computes check values.
#ifndef CAIRN_HASH_BACKEND
#define CAIRN_HASH_BACKEND 0
#endif

#if CAIRN_MAX_LEVELS < 8 || CAIRN_MAX_LEVELS > 63
#error "CAIRN_MAX_LEVELS must lie in 8..63: tree sizes stay below 2^63"
#endif
#if CAIRN_MAX_NOTE_TEXT_BYTES < 192
#error "CAIRN_MAX_NOTE_TEXT_BYTES must hold an origin, a size and a root"
#endif
