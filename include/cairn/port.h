/* What a port fills in: structs of function pointers and data, the same for C and C++.
 *
 * cairn.h includes this file for C, flash.hpp, platform.hpp and sign.hpp for C++. Every struct
 * starts with its size, so that later versions can grow it; use the CAIRN_..._INIT macros, which
 * set it. Functions return 0 or one of the negative CAIRN_E_ numbers; `user` is passed through.
 * None of them is called from an interrupt or from another thread than the caller's.
 */
#ifndef CAIRN_PORT_H
#define CAIRN_PORT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an operation came to: 0 or more is success, a negative number the reason why not. Frozen;
 * C++ has the same as cairn::Status. Each with its cause, and what the caller does. */
#define CAIRN_OK 0
/* No more records. Stop iterating. */
#define CAIRN_E_END (-1)
/* No space: the log (export, prune, or recycle) or an output buffer (call with a larger one). */
#define CAIRN_E_FULL (-2)
/* No such record, key, origin or checkpoint. Check the name or index. */
#define CAIRN_E_NOT_FOUND (-3)
/* The call itself is wrong. Correct the caller. */
#define CAIRN_E_BAD_ARGUMENT (-4)
/* Not possible now: not mounted, nothing to seal. See the function. */
#define CAIRN_E_BAD_STATE (-5)
/* A device or backend failed. Nothing is lost; try again later. */
#define CAIRN_E_IO (-6)
/* The medium cannot return these bytes (ECC). Treated as absent. */
#define CAIRN_E_UNREADABLE (-7)
/* These bytes do not parse or fail their check value. Reject them. */
#define CAIRN_E_CORRUPT (-8)
/* Acknowledged history is missing. Stop, raise an alarm, audit the log. */
#define CAIRN_E_DAMAGED (-9)
/* No log lies here. Format, if that is what you expect. */
#define CAIRN_E_NOT_FORMATTED (-10)
/* A later or foreign format. Use a newer cairn. */
#define CAIRN_E_WRONG_VERSION (-11)
/* The proof does not lead to the root. Do not trust the record. */
#define CAIRN_E_PROOF_INVALID (-12)
/* A signature by a known key is wrong. Do not trust the statement. */
#define CAIRN_E_SIGNATURE_INVALID (-13)
/* Retired legitimately. Ask the gateway for it. */
#define CAIRN_E_PRUNED (-14)
/* This build or peer lacks it: algorithm, size, note type. */
#define CAIRN_E_UNSUPPORTED (-15)

/* A signature is not there yet. Ask again. */
#define CAIRN_PENDING 1

/* Kinds of memory, by what an interrupted operation leaves behind (docs/format.md, "Media"). */
#define CAIRN_FLASH_ONCE 1       /* units with ECC: each may be programmed once per erase */
#define CAIRN_FLASH_NOR 2        /* plain NOR: bits go one way; torn cells may change their mind */
#define CAIRN_FLASH_REWRITABLE 3 /* FRAM, MRAM, EEPROM: overwrite at will, erase does nothing */
#define CAIRN_FLASH_FILE 4       /* files, SD, eMMC: overwrite at will, order only by sync */

/* A memory of `segment_count` segments of `segment_bytes` each. Geometry is data: one program may
 * drive several different memories. An address is (segment, offset in bytes). */
typedef struct cairn_flash {
  uint32_t struct_size;   /* sizeof(cairn_flash) */
  uint32_t unit_bytes;    /* smallest programmable piece, a power of two, 1 to 256 */
  uint32_t segment_bytes; /* one erase unit or several; a multiple of unit_bytes */
  uint32_t segment_count; /* 2 or more; 3 or more to recycle */
  uint8_t erased;         /* value of an erased byte: 0xFF or 0x00 */
  uint8_t kind;           /* CAIRN_FLASH_... */
  uint8_t reserved[2];    /* 0 */
  void* user;
  /* Copies bytes out. CAIRN_E_UNREADABLE for an uncorrectable error; never faults. */
  int (*read)(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size_bytes);
  /* Programs whole units inside one segment. May fail: the log reads back and moves on. */
  int (*program)(void* user, uint32_t segment, uint32_t offset, const void* data,
                 uint32_t size_bytes);
  /* Erases one segment. */
  int (*erase)(void* user, uint32_t segment);
  /* 1 when the units are erased, 0 when not; NULL: the log reads and compares with `erased`.
   * Needed where reading erased memory faults or returns anything (LPC55, Renesas RA). */
  int (*blank)(void* user, uint32_t segment, uint32_t offset, uint32_t size_bytes);
  /* Returns when everything programmed before will survive a power cut; NULL: programming is
   * durable by itself. Required for CAIRN_FLASH_FILE. */
  int (*sync)(void* user);
} cairn_flash;
#define CAIRN_FLASH_INIT \
  { sizeof(cairn_flash), 0, 0, 0, 0xFF, 0, {0, 0}, NULL, NULL, NULL, NULL, NULL, NULL }

/* How far the wall clock can be trusted, as the device itself states it. */
#define CAIRN_TIME_UNSYNCHRONISED 0 /* set by nobody since power-up */
#define CAIRN_TIME_INFORMATIVE 1    /* set, source not trusted (user, unauthenticated network) */
#define CAIRN_TIME_SYNCHRONISED 2   /* disciplined by a trusted source */
#define CAIRN_TIME_RELATIVE 3       /* seconds since an event, not a date */

/* Services of the platform. Every function may be NULL: the record then says so. */
typedef struct cairn_platform {
  uint32_t struct_size; /* sizeof(cairn_platform) */
  void* user;
  /* Milliseconds since boot; never steps back while the device runs. */
  uint64_t (*monotonic_ms)(void* user);
  /* Wall clock as Unix time in milliseconds, and its CAIRN_TIME_ quality. 0 or negative. */
  int (*wall_clock)(void* user, int64_t* unix_ms, uint8_t* quality);
  /* Fills `data` with unpredictable bytes. NULL: segment nonces come from a counter. */
  int (*entropy)(void* user, void* data, size_t size_bytes);
} cairn_platform;
#define CAIRN_PLATFORM_INIT \
  { sizeof(cairn_platform), NULL, NULL, NULL, NULL }

/* Signature algorithms. */
#define CAIRN_ED25519 1 /* RFC 8032, pure; 32-byte public key, 64-byte signature */
#define CAIRN_P256 2    /* ECDSA, SHA-256; 64-byte public key x||y, 64-byte signature r||s */

#define CAIRN_PUBLIC_KEY_MAX 64
#define CAIRN_SIGNATURE_BYTES 64

/* A public key with its algorithm. */
typedef struct cairn_public_key {
  uint8_t algorithm; /* CAIRN_ED25519 or CAIRN_P256 */
  uint8_t bytes[CAIRN_PUBLIC_KEY_MAX];
} cairn_public_key;

/* A private key, wherever it lives: memory, a file, a PSA slot, a secure element. */
typedef struct cairn_signer {
  uint32_t struct_size; /* sizeof(cairn_signer) */
  cairn_public_key public_key;
  void* user;
  /* Signs the message (P-256: its SHA-256 digest); writes CAIRN_SIGNATURE_BYTES bytes. A signature
   * that is made elsewhere, or in pieces: CAIRN_PENDING until it is there. The signer is then asked
   * again with the same message, or, when its recorder was given up, with another one. */
  int (*sign)(void* user, const uint8_t* message, size_t size_bytes, uint8_t* signature);
} cairn_signer;
#define CAIRN_SIGNER_INIT \
  { sizeof(cairn_signer), {0, {0}}, NULL, NULL }

/* Checks signatures of one algorithm. */
typedef struct cairn_verifier {
  uint32_t struct_size; /* sizeof(cairn_verifier) */
  uint8_t algorithm;
  void* user;
  /* 0 when `signature` is `key`'s over the message, CAIRN_E_SIGNATURE_INVALID when it is not, any
   * other negative number when the backend failed to find out. */
  int (*verify)(void* user, const cairn_public_key* key, const uint8_t* message, size_t size_bytes,
                const uint8_t* signature);
} cairn_verifier;
#define CAIRN_VERIFIER_INIT \
  { sizeof(cairn_verifier), 0, NULL, NULL }

/* Outside ledgers, by the kind of receipt that they give. */
#define CAIRN_RECEIPT_RFC3161 1        /* time-stamp token, RFC 3161 */
#define CAIRN_RECEIPT_EVM 2            /* event of a contract, with its block's header */
#define CAIRN_RECEIPT_OPENTIMESTAMPS 3 /* timestamp of OpenTimestamps */

/* What an outside ledger says about the checkpoint of one level of evidence: about the SHA-256 of
 * the checkpoint's text. docs/format.md, "Receipts". */
typedef struct cairn_receipt {
  uint8_t level; /* 0 the lowest */
  uint8_t kind;  /* CAIRN_RECEIPT_..., or one of a later version */
  size_t body_size;
  const uint8_t* body;
} cairn_receipt;

/* Checks receipts, by whatever it was told to trust. */
typedef struct cairn_receipt_verifier {
  uint32_t struct_size;
  void* user;
  /* `index` counts the receipts of the evidence from 0, `digest` is the SHA-256 of the checkpoint's
   * text. Writes the time by which the ledger had it, POSIX seconds, or 0 when it tells none.
   * 0 when the receipt proves that; CAIRN_E_NOT_FOUND when it is of a ledger that is not trusted:
   * it then counts as not checked; any other negative number when it is wrong. */
  int (*verify)(void* user, uint8_t index, const cairn_receipt* receipt, const uint8_t* digest,
                uint64_t* not_after_s);
} cairn_receipt_verifier;
#define CAIRN_RECEIPT_VERIFIER_INIT \
  { sizeof(cairn_receipt_verifier), NULL, NULL }

/* A private Ed25519 key in memory, for the adapter to libsodium. Wipe it when done. */
typedef struct cairn_ed25519_key {
  uint8_t secret[64];
} cairn_ed25519_key;

/* A private P-256 key in a slot of PSA Crypto, for the adapter to it. */
typedef struct cairn_p256_key {
  uint32_t slot;
  uint32_t algorithm; /* psa_algorithm_t: which of the two forms of ECDSA the slot permits */
} cairn_p256_key;

#ifdef __cplusplus
}
#endif
#endif
