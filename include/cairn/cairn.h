/* The C interface of cairn, complete: C99, one header to include. C++ has the same in cairn.hpp;
 * the names map one to one (log.append() is cairn_log_append(), verify_inclusion() is
 * cairn_verify_inclusion()). Byte formats are described in docs/format.md.
 *
 * A device that records:   cairn_recorder, over a cairn_flash and a cairn_signer
 * Whoever verifies:        cairn_verify_evidence, or cairn_open_checkpoint and
 * cairn_verify_inclusion Whoever witnesses:       cairn_add_checkpoint
 *
 * Conventions, true for every function unless it says otherwise:
 *
 * - Results. An `int` is 0 or more when the function did what it says (a size or a count where
 *   there is one), or one of the negative CAIRN_E_ numbers of port.h. Functions that return int
 *   check what they are given and answer CAIRN_E_BAD_ARGUMENT to a null pointer that is not
 *   allowed, a struct of the wrong size or a number out of range; that answer is not repeated
 *   below. Functions that return anything else, or nothing, trust their arguments.
 * - Arguments. Bytes are passed as pointer and size; the pointer may be NULL when the size is 0.
 *   Outputs come last. Output buffers are passed as pointer and capacity: the function returns the
 *   size it wrote, CAIRN_E_FULL when the buffer is too small, and never uses more than 2^31-1 bytes
 *   of it. Outputs are meaningful only after success. "Optional": may be NULL.
 * - Memory. Nothing is allocated and nothing is global. The caller owns every object. Contexts are
 *   the structs with `opaque` words: any number of them, no destructor, no pointer into themselves.
 *   Inputs are not kept after the call, except where a function says so.
 * - Views. A cairn_bytes in an output points into the bytes that the caller passed in.
 * - Structs of functions and options start with their size; initialise them with the CAIRN_..._INIT
 *   macros, then set what differs. Numbers that name one of a few things are uint8_t fields and
 *   CAIRN_ macros; truth values are uint8_t, 0 or 1.
 * - Threads. No object may be used by two threads at once. Different objects are independent, if
 *   the flash, signers and verifiers under them are. Those of cairn::psa share the key slots of
 *   PSA Crypto, which mbedTLS locks only when it was built to: docs/porting.md, "Several tasks".
 * - Stack. On a Cortex-M, with trees of up to 2^32 records: under 3 KB to append a record and to
 *   seal; under 4 KB to create or open a log, to append several records at once, to build proofs
 *   and to report; up to 6 KB to verify evidence and to witness; up to 1.5 KB in steps. What the
 *   flash, signers and verifiers take comes on top. More with more levels; docs/footprint.md
 *   names each function that takes more than 1 KB.
 */
#ifndef CAIRN_CAIRN_H
#define CAIRN_CAIRN_H

#include "config.hpp" /* macros only: the options that decide the sizes below */
#include "port.h"     /* status numbers; flash, platform, signer, verifier */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Bytes and statuses --------------------------------------------------------------------- */

#define CAIRN_DIGEST_BYTES 32

/** A range of bytes that somebody else owns. */
typedef struct cairn_bytes {
  const uint8_t* data;
  size_t size;
} cairn_bytes;
#define CAIRN_BYTES_INIT \
  { NULL, 0 }

/** A SHA-256 digest: the hash of a leaf, of a node, the root of a tree. */
typedef struct cairn_digest {
  uint8_t bytes[CAIRN_DIGEST_BYTES];
} cairn_digest;

/** A signature: Ed25519 R||S, or ECDSA r||s, big-endian. */
typedef struct cairn_signature {
  uint8_t bytes[CAIRN_SIGNATURE_BYTES];
} cairn_signature;

/* The part of an input that a parser rejected. */
#define CAIRN_FIELD_NONE 0
#define CAIRN_FIELD_ENCODING 1  /* not UTF-8, a control character, or a missing final line end */
#define CAIRN_FIELD_SEPARATOR 2 /* no empty line between text and signatures */
#define CAIRN_FIELD_ORIGIN 3
#define CAIRN_FIELD_SIZE 4
#define CAIRN_FIELD_ROOT 5
#define CAIRN_FIELD_EXTENSION 6
#define CAIRN_FIELD_SIGNATURE_LINE 7
#define CAIRN_FIELD_KEY_NAME 8
#define CAIRN_FIELD_KEY_ID 9
#define CAIRN_FIELD_KEY_TYPE 10
#define CAIRN_FIELD_PUBLIC_KEY 11
#define CAIRN_FIELD_SIGNATURE 12
#define CAIRN_FIELD_TIMESTAMP 13
#define CAIRN_FIELD_HEADER 14 /* first line or leading fields: format name, version */
#define CAIRN_FIELD_INDEX 15
#define CAIRN_FIELD_PROOF 16
#define CAIRN_FIELD_LEAF 17
#define CAIRN_FIELD_DIGEST 18
#define CAIRN_FIELD_ORDER 19 /* fields repeated, unknown, or not in canonical form */
#define CAIRN_FIELD_KEYWORD 20
#define CAIRN_FIELD_GROUP 21
#define CAIRN_FIELD_QUORUM 22
#define CAIRN_FIELD_MEMBER 23
#define CAIRN_FIELD_DUPLICATE 24
#define CAIRN_FIELD_LIMIT 25 /* more items than this build holds */
#define CAIRN_FIELD_RECEIPT 26

/** Where a parser stopped. An output of every parser; optional there. */
typedef struct cairn_fault {
  uint32_t field;    /* CAIRN_FIELD_... */
  uint32_t position; /* line, from 1, in text formats; offset in bytes in binary ones */
} cairn_fault;

/** Returns the name of a CAIRN_E_ number in plain words, "signature invalid". Never NULL. */
const char* cairn_status_text(int status);

/** Returns the name of a CAIRN_FIELD_ number in plain words, "signature line". Never NULL. */
const char* cairn_field_text(uint32_t field);

/** Returns the bytes of a string without its final zero; none for NULL. Keeps the pointer. */
cairn_bytes cairn_text(const char* zero_terminated);

/** Returns 1 when both ranges hold the same bytes, in time that depends on `size` only; else 0. */
int cairn_equal_constant_time(const void* a, const void* b, size_t size);

/** Overwrites a secret with zeros, in a way that the compiler does not remove. */
void cairn_wipe(void* secret, size_t size);

/* ---- SHA-256 -------------------------------------------------------------------------------- */

#define CAIRN_SHA256_WORDS 13

/** State of a streaming hash. May be copied, and dropped at any time. */
typedef struct cairn_sha256_state {
  uint64_t opaque[CAIRN_SHA256_WORDS];
} cairn_sha256_state;

/** Hashes one range of bytes. */
void cairn_sha256(const void* data, size_t size, cairn_digest* out);

/** Starts a streaming hash; any number of cairn_sha256_update() and one finish follow. */
void cairn_sha256_start(cairn_sha256_state* state);

/** Hashes the next bytes of the message. */
void cairn_sha256_update(cairn_sha256_state* state, const void* data, size_t size);

/** Ends the message and gives its digest. Start again before the next message. */
void cairn_sha256_finish(cairn_sha256_state* state, cairn_digest* out);

/** Returns the name of the SHA-256 that this build uses, and that this machine does. Never NULL. */
const char* cairn_hash_backend(void);

/* ---- Merkle tree (RFC 6962 §2.1) ------------------------------------------------------------ */

#define CAIRN_FRONTIER_WORDS (1u + (4u * (size_t)CAIRN_MAX_LEVELS))

/** All the state that appending to a tree needs: O(log n). Copy it to remember a size. */
typedef struct cairn_frontier {
  uint64_t opaque[CAIRN_FRONTIER_WORDS];
} cairn_frontier;

/** SHA-256(0x00 || leaf). */
void cairn_leaf_hash(const void* leaf, size_t size, cairn_digest* out);

/** SHA-256(0x01 || left || right). */
void cairn_node_hash(const cairn_digest* left, const cairn_digest* right, cairn_digest* out);

/** Hashes `count` leaves, several at a time where the build can. `out` has `count` elements. */
void cairn_leaf_hashes(const cairn_bytes* leaves, size_t count, cairn_digest* out);

/** Makes the frontier of the empty tree. Every frontier starts here. */
int cairn_frontier_init(cairn_frontier* frontier);

/** Sets the frontier of a tree of `size` leaves from its hashes, largest subtree first.
 *
 * CAIRN_E_BAD_ARGUMENT  `count` is not the number of set bits of `size`, or more leaves than
 *                       CAIRN_MAX_LEVELS allows
 */
int cairn_frontier_assign(cairn_frontier* frontier, uint64_t size, const cairn_digest* hashes,
                          size_t count);

/** Appends one leaf, given by its hash. Cost: one node hash on average.
 *
 * CAIRN_E_FULL  the tree has 2^CAIRN_MAX_LEVELS - 1 leaves
 */
int cairn_frontier_append(cairn_frontier* frontier, const cairn_digest* leaf);

/** Appends `count` leaves, hashing whole levels at a time; same result as one by one.
 *
 * `leaves` is used as work space and holds nothing useful afterwards.
 *
 * CAIRN_E_FULL  they do not all fit; nothing was appended
 */
int cairn_frontier_append_batch(cairn_frontier* frontier, cairn_digest* leaves, size_t count);

/** Appends 2^level leaves of which only the root of their subtree is known.
 *
 * CAIRN_E_BAD_ARGUMENT  the frontier's size is no multiple of 2^level
 * CAIRN_E_FULL          they do not fit; nothing was appended
 */
int cairn_frontier_append_subtree(cairn_frontier* frontier, unsigned level,
                                  const cairn_digest* root);

/** Returns the level of the first of the perfect subtrees that cover leaves [first, end).
 *
 * first < end. Each is the largest that begins where the one before ended; their roots take the
 * frontier of `first` leaves to that of `end`.
 */
unsigned cairn_cover_level(uint64_t first, uint64_t end);

/** Returns the number of those subtrees; 0 unless first < end. */
size_t cairn_cover_count(uint64_t first, uint64_t end);

/** Returns the number of leaves. */
uint64_t cairn_frontier_size(const cairn_frontier* frontier);

/** Copies the hashes, largest subtree first, and returns how many: the set bits of the size.
 *
 * CAIRN_E_FULL  more than `capacity`; 64 are always enough
 */
int cairn_frontier_hashes(const cairn_frontier* frontier, cairn_digest* out, size_t capacity);

/** Gives the root of the tree; SHA-256("") for the empty one. */
void cairn_frontier_root(const cairn_frontier* frontier, cairn_digest* out);

/* ---- Proofs (RFC 6962 §2.1.1, §2.1.2) ------------------------------------------------------- */

#define CAIRN_TREE_SIZE_MAX INT64_MAX    /* trees hold fewer than 2^63 leaves */
#define CAIRN_PROOF_HASHES_MAX 64        /* no inclusion or consistency proof is longer */
#define CAIRN_RANGE_PROOF_HASHES_MAX 128 /* no range proof is longer */

/** Returns the length of the one valid inclusion proof; 0 when index >= size. */
size_t cairn_inclusion_proof_size(uint64_t index, uint64_t size);

/** Returns the length of the one valid consistency proof; 0 for equal or reversed sizes. */
size_t cairn_consistency_proof_size(uint64_t from, uint64_t to);

/** Returns the length of the one valid range proof; 0 for an empty range or one not inside. */
size_t cairn_range_proof_size(uint64_t first, uint64_t count, uint64_t size);

/** Computes the root that an inclusion proof leads to; compare it with a signed one.
 *
 * CAIRN_E_PROOF_INVALID  index >= size; size over CAIRN_TREE_SIZE_MAX; a proof of the wrong length
 */
int cairn_root_from_inclusion(uint64_t index, uint64_t size, const cairn_digest* leaf,
                              const cairn_digest* proof, size_t proof_count,
                              cairn_digest* root_out);

/** Checks that the leaf at `index` belongs to the tree of `size` leaves with `root`.
 *
 * `leaf` is the leaf's hash, `proof` starts with its sibling. Size and root must come from one
 * signed checkpoint: the proof itself does not bind the size.
 *
 * CAIRN_E_PROOF_INVALID  it does not; index >= size; a proof of the wrong length
 */
int cairn_verify_inclusion(uint64_t index, uint64_t size, const cairn_digest* leaf,
                           const cairn_digest* proof, size_t proof_count, const cairn_digest* root);

/** One of many inclusion proofs to verify: the arguments of cairn_verify_inclusion(). */
typedef struct cairn_inclusion_check {
  uint64_t index;
  uint64_t size;
  const cairn_digest* leaf;
  const cairn_digest* proof;
  size_t proof_count;
  const cairn_digest* root;
  int8_t status; /* the answer: CAIRN_OK or a CAIRN_E_ number */
} cairn_inclusion_check;

/** Verifies `count` inclusion proofs, several at a time, and sets the status of every check.
 *
 * Cost: one node hash a proof hash, in calls for up to sixteen. Stack: 2.3 KB.
 *
 * CAIRN_E_PROOF_INVALID  at least one did not verify; the others were verified all the same
 * CAIRN_E_BAD_ARGUMENT   a check without leaf, proof or root: nothing was verified, and every
 *                        status says so
 */
int cairn_verify_inclusions(cairn_inclusion_check* checks, size_t count);

/** Checks that the tree (to, root_to) extends the tree (from, root_from): nothing changed.
 *
 * from == to needs equal roots and no proof; from == 0 needs the root SHA-256("") and no proof.
 *
 * CAIRN_E_PROOF_INVALID  it does not; a proof of the wrong length; from > to
 */
int cairn_verify_consistency(uint64_t from, uint64_t to, const cairn_digest* root_from,
                             const cairn_digest* root_to, const cairn_digest* proof,
                             size_t proof_count);

/** Checks that `count` leaf hashes are exactly the leaves [first, first+count) of the tree.
 *
 * None missing, none added, none moved. docs/format.md, "Range proof".
 *
 * Cost: one node hash a leaf and one a proof hash. Stack: a cairn_frontier and 0.5 KB.
 *
 * CAIRN_E_PROOF_INVALID  they are not; empty range; range not inside the tree; wrong length
 * CAIRN_E_UNSUPPORTED    the range ends beyond leaf 2^CAIRN_MAX_LEVELS
 */
int cairn_verify_range(uint64_t first, const cairn_digest* leaves, size_t count, uint64_t size,
                       const cairn_digest* proof, size_t proof_count, const cairn_digest* root);

/** Where proofs are built from: roots of perfect subtrees. cairn_log_nodes() gives a log's. */
typedef struct cairn_node_source {
  uint32_t struct_size; /* sizeof(cairn_node_source) */
  void* user;
  /* Gives the root over leaves [index << level, (index + 1) << level); level 0 is leaf hashes.
   * Asked only for subtrees that are complete. 0, or a CAIRN_E_ number, which the builder then
   * returns. */
  int (*node)(void* user, unsigned level, uint64_t index, cairn_digest* out);
} cairn_node_source;
#define CAIRN_NODE_SOURCE_INIT \
  { sizeof(cairn_node_source), NULL, NULL }

/** Builds the inclusion proof of leaf `index` in the tree of `size` leaves; returns its length.
 *
 * Cost: at most 2 log2(size) nodes read.
 *
 * CAIRN_E_BAD_ARGUMENT  index >= size, or size over CAIRN_TREE_SIZE_MAX
 * CAIRN_E_FULL          more hashes than `capacity`; CAIRN_PROOF_HASHES_MAX are always enough
 * others                what the source answered; `proof_out` then holds no proof
 */
int cairn_build_inclusion(uint64_t index, uint64_t size, const cairn_node_source* source,
                          cairn_digest* proof_out, size_t capacity);

/** Builds the consistency proof from the tree of `from` leaves to that of `to`; returns its length.
 *
 * Empty when `from` is 0 or equals `to`. CAIRN_E_BAD_ARGUMENT when from > to; others as
 * cairn_build_inclusion().
 */
int cairn_build_consistency(uint64_t from, uint64_t to, const cairn_node_source* source,
                            cairn_digest* proof_out, size_t capacity);

/** Builds the range proof of leaves [first, first+count); returns its length.
 *
 * CAIRN_E_BAD_ARGUMENT for an empty range or one not inside the tree; others as
 * cairn_build_inclusion(). CAIRN_RANGE_PROOF_HASHES_MAX hashes are always enough.
 */
int cairn_build_range(uint64_t first, uint64_t count, uint64_t size,
                      const cairn_node_source* source, cairn_digest* proof_out, size_t capacity);

/** Computes the root over the first `size` leaves, from at most 64 nodes of the source. */
int cairn_build_root(uint64_t size, const cairn_node_source* source, cairn_digest* root_out);

#define CAIRN_PROVER_WORDS 256

/** Builds many proofs in one tree, whose right edge it hashes once. */
typedef struct cairn_prover {
  uint64_t opaque[CAIRN_PROVER_WORDS];
} cairn_prover;

/** Reads and hashes the right edge of the tree of `size` leaves. Keeps the address of `source`.
 *
 * Every prover starts here. After a failure it is that of the empty tree.
 *
 * Cost: one node read for each set bit of `size`, and one node hash for each but one.
 *
 * CAIRN_E_BAD_ARGUMENT  size over CAIRN_TREE_SIZE_MAX
 * others                what the source answered
 */
int cairn_prover_open(cairn_prover* prover, uint64_t size, const cairn_node_source* source);

/** Returns the size of the tree. */
uint64_t cairn_prover_size(const cairn_prover* prover);

/** Gives the root of the tree; compare it with the signed one. */
void cairn_prover_root(const cairn_prover* prover, cairn_digest* out);

/** Builds an inclusion proof in this tree, as cairn_build_inclusion(); returns its length.
 *
 * Cost: one node read a hash at most; nothing is hashed.
 */
int cairn_prover_inclusion(const cairn_prover* prover, uint64_t index, cairn_digest* proof_out,
                           size_t capacity);

/** Builds the consistency proof from `from` leaves to this tree, as cairn_build_consistency(). */
int cairn_prover_consistency(const cairn_prover* prover, uint64_t from, cairn_digest* proof_out,
                             size_t capacity);

/** Builds a range proof in this tree, as cairn_build_range(); returns its length. */
int cairn_prover_range(const cairn_prover* prover, uint64_t first, uint64_t count,
                       cairn_digest* proof_out, size_t capacity);

/* ---- Signing and verifying ------------------------------------------------------------------ */

/** Returns the size of a public key: 32 for Ed25519, 64 for P-256, 0 for anything else. */
size_t cairn_public_key_size(uint8_t algorithm);

/** Signs a message with whatever holds the key.
 *
 * CAIRN_E_IO  the key's holder failed; nothing was signed
 */
int cairn_sign(const cairn_signer* signer, const void* message, size_t size, cairn_signature* out);

/** As cairn_sign(), for a signer that signs in pieces, or elsewhere.
 *
 * CAIRN_PENDING  the signature is being made: ask again with the same message
 */
int cairn_try_sign(const cairn_signer* signer, const void* message, size_t size,
                   cairn_signature* out);

/** Checks a signature with the verifier of the key's algorithm, out of those given.
 *
 * CAIRN_OK                   it is the key's signature over exactly these bytes
 * CAIRN_E_SIGNATURE_INVALID  it is not, or the key is not one: no point of its curve
 * CAIRN_E_UNSUPPORTED        no verifier of that algorithm among them
 * CAIRN_E_IO                 the backend failed
 */
int cairn_verify(const cairn_verifier* verifiers, size_t verifier_count,
                 const cairn_public_key* key, const void* message, size_t size,
                 const cairn_signature* signature);

/* The adapters below live in libraries of their own, linked only when used: cairn::sodium
 * (libsodium, Ed25519) and cairn::psa (PSA Crypto, P-256). Signers keep the address of `key`. */

/** Makes a signer from a 32-byte Ed25519 seed. (cairn::sodium)
 *
 * The seed need not be kept. The expanded key stays in `key`, which must outlive the signer;
 * cairn_wipe() it when done.
 *
 * CAIRN_E_BAD_ARGUMENT  not 32 bytes
 * CAIRN_E_IO            libsodium does not start
 */
int cairn_ed25519_signer(const void* seed, size_t seed_size, cairn_ed25519_key* key,
                         cairn_signer* out);

/** Returns the verifier of Ed25519 signatures. (cairn::sodium) */
cairn_verifier cairn_ed25519_verifier(void);

/** Makes a signer from a 32-byte P-256 scalar, imported as a volatile PSA key. (cairn::psa)
 *
 * Signatures are deterministic (RFC 6979) where the library offers it; one is made to find out.
 * `key` must outlive the signer; cairn_p256_forget() it when done.
 *
 * Cost: about two signatures, the public key and that one.
 *
 * CAIRN_E_BAD_ARGUMENT  not 32 bytes, or not a private key of the curve
 * CAIRN_E_UNSUPPORTED   a library without P-256 or ECDSA
 * CAIRN_E_IO            PSA Crypto failed: no free slot, no entropy
 */
int cairn_p256_signer(const void* scalar, size_t scalar_size, cairn_p256_key* key,
                      cairn_signer* out);

/** Makes a signer from a key that lies in a PSA slot already: TF-M, a secure element. (cairn::psa)
 *
 * Its policy must permit PSA_KEY_USAGE_SIGN_HASH with ECDSA, deterministic or not, on SHA-256.
 *
 * CAIRN_E_NOT_FOUND    no such slot
 * CAIRN_E_UNSUPPORTED  not a P-256 key pair for ECDSA
 * CAIRN_E_IO           PSA Crypto failed
 */
int cairn_p256_signer_from_slot(uint32_t slot, cairn_p256_key* key, cairn_signer* out);

/** Makes a new P-256 private key: 32 bytes. (cairn::psa)
 *
 * CAIRN_E_IO  PSA Crypto has no entropy or does not start
 */
int cairn_p256_generate(void* scalar_out, size_t capacity);

/** Removes a key that cairn_p256_signer() imported. (cairn::psa) */
void cairn_p256_forget(cairn_p256_key* key);

/** Returns the verifier of P-256 signatures. (cairn::psa) */
cairn_verifier cairn_p256_verifier(void);

/* ---- Flash and platform --------------------------------------------------------------------- */

/** Checks that a flash is one the log format can hold. docs/format.md, "Media".
 *
 * CAIRN_E_BAD_ARGUMENT  unit not a power of two in 1..256; segment not a multiple of it, under 256
 *                       bytes or over 1 GiB; fewer than two segments; more than 65,536 units a
 *                       segment on write-once media; a missing function; an erased value but 0x00
 *                       and 0xFF
 */
int cairn_check_geometry(const cairn_flash* flash);

#define CAIRN_RAM_FLASH_WORDS (1u + (sizeof(void*) / 4u))

/** A flash in the caller's RAM: for tests, battery-backed memory, and images of real devices. */
typedef struct cairn_ram_flash {
  uint64_t opaque[CAIRN_RAM_FLASH_WORDS];
} cairn_ram_flash;

/** Makes a flash over `memory`, which holds segment_bytes * segment_count bytes.
 *
 * Takes unit, segments, erased value and kind from `geometry`, and sets the functions. `out` keeps
 * the addresses of `ram` and `memory`. The memory is not changed; cairn_recorder_create() or
 * cairn_log_format() formats it.
 *
 * CAIRN_E_BAD_ARGUMENT  memory too small, or a geometry that cairn_check_geometry() refuses
 */
int cairn_ram_flash_init(cairn_ram_flash* ram, void* memory, size_t size,
                         const cairn_flash* geometry, cairn_flash* out);

/** A reading of the wall clock, and what it is worth. */
typedef struct cairn_wall_time {
  int64_t unix_ms;
  uint8_t quality; /* CAIRN_TIME_... */
} cairn_wall_time;

/** Returns the platform's milliseconds since boot; 0 when it has no clock. */
uint64_t cairn_monotonic_ms(const cairn_platform* platform);

/** Returns the platform's wall clock; unsynchronised 0 when it has none or it fails. */
cairn_wall_time cairn_wall_clock(const cairn_platform* platform);

/* ---- Signed notes (c2sp.org/signed-note) ---------------------------------------------------- */

/* Signature types. */
#define CAIRN_NOTE_ED25519 0x01
#define CAIRN_NOTE_ECDSA 0x02
#define CAIRN_NOTE_COSIGNATURE 0x04 /* timestamped Ed25519, c2sp.org/tlog-cosignature */

#define CAIRN_KEY_NAME_BYTES_MAX 255
#define CAIRN_NOTE_SIGNATURES_MAX 100 /* a note with more is refused */

/** A verifier key: the text "name+hash+key", taken apart. */
typedef struct cairn_note_key {
  cairn_bytes name; /* a view: of the text it was parsed from, or what the caller set */
  uint8_t type;     /* CAIRN_NOTE_... */
  cairn_public_key key;
} cairn_note_key;

/** A note taken apart; views into the caller's bytes. */
typedef struct cairn_note {
  cairn_bytes text;       /* what is signed: all lines, with the final line end */
  cairn_bytes signatures; /* the signature lines, with the final line end */
  size_t signature_count;
} cairn_note;

/** One signature line, taken apart. */
typedef struct cairn_note_signature {
  cairn_bytes line; /* the whole line without its line end */
  cairn_bytes name;
  uint32_t key_id;
  cairn_bytes base64; /* of key id and signature */
} cairn_note_signature;

#define CAIRN_SIGNATURE_LINES_WORDS (1u + (sizeof(void*) / 4u))

/** A walk over signature lines. */
typedef struct cairn_signature_lines {
  uint64_t opaque[CAIRN_SIGNATURE_LINES_WORDS];
} cairn_signature_lines;

/** Returns 1 for a name that a note may carry, else 0.
 *
 * UTF-8, 1 to 255 bytes, no Unicode space, no '+'.
 */
int cairn_is_key_name(const void* name, size_t size);

/** Makes the verifier key of a public key under a name. Keeps a view of the name.
 *
 * CAIRN_E_BAD_ARGUMENT  not a key name; a type that does not belong to the key's algorithm
 */
int cairn_make_note_key(const void* name, size_t name_size, uint8_t type,
                        const cairn_public_key* key, cairn_note_key* out);

/** Returns the type of a log's own signature with such a key: CAIRN_NOTE_ED25519 or _ECDSA. */
uint8_t cairn_log_note_type(const cairn_public_key* key);

/** Gives the key id: first four bytes, big-endian, of the hash that c2sp.org/signed-note names. */
int cairn_key_id(const cairn_note_key* key, uint32_t* out);

/** Parses "name+xxxxxxxx+base64". Keeps a view of the name.
 *
 * Whether the key is a point of its curve shows when a signature is checked with it.
 *
 * CAIRN_E_CORRUPT      malformed, or the id does not belong to the key
 * CAIRN_E_UNSUPPORTED  a type other than the three above, or a curve other than P-256
 */
int cairn_parse_vkey(const void* text, size_t size, cairn_note_key* out, cairn_fault* fault);

/** Writes the text form of a key; returns its size.
 *
 * CAIRN_E_BAD_ARGUMENT  a name that is not a key name
 */
int cairn_format_vkey(const cairn_note_key* key, void* out, size_t capacity);

/** Takes a note apart and checks its form, not its signatures.
 *
 * CAIRN_E_CORRUPT  not UTF-8; a control character but LF; no empty line before the signatures; not
 *                  1 to 100 well-formed signature lines
 */
int cairn_parse_note(const void* note, size_t size, cairn_note* out, cairn_fault* fault);

/** Starts a walk over the signature lines of a note, or over lines alone (a witness's answer). */
int cairn_signature_lines_open(cairn_signature_lines* lines, const void* text, size_t size);

/** Gives the next signature line.
 *
 * CAIRN_E_END      there are no more
 * CAIRN_E_CORRUPT  a malformed line: the walk ends; `fault` counts from the first signature line
 */
int cairn_signature_lines_next(cairn_signature_lines* lines, cairn_note_signature* out,
                               cairn_fault* fault);

/** Checks the first signature line of `key` in a note that cairn_parse_note() accepted.
 *
 * Later lines of the same key do not count.
 * `time_s_out`, optional: POSIX seconds at which a witness cosigned; 0 for other signatures.
 *
 * CAIRN_OK                   the key signed this text
 * CAIRN_E_NOT_FOUND          no line of this key (name and id)
 * CAIRN_E_SIGNATURE_INVALID  the key's line is wrong: reject the whole note. A cosignature of time
 *                            0 is.
 * CAIRN_E_UNSUPPORTED        no verifier of that algorithm among those given, or a cosigned text
 *                            longer than CAIRN_MAX_NOTE_TEXT_BYTES
 * CAIRN_E_IO                 the verifier failed
 */
int cairn_verify_note(const cairn_note* note, const cairn_note_key* key,
                      const cairn_verifier* verifiers, size_t verifier_count, uint64_t* time_s_out);

/** Signs a note's text and writes the signature line; returns the line's size.
 *
 * `time_s` (POSIX seconds, not 0) is used for cosignatures only.
 *
 * CAIRN_E_BAD_ARGUMENT  not a key name; a text that is not UTF-8, has a control character but LF or
 *                       no final line end; a cosignature with time 0 or from 2^63; type and key
 *                       differ
 * CAIRN_E_FULL          `out` too small, or a text over CAIRN_MAX_NOTE_TEXT_BYTES to be cosigned
 * CAIRN_E_IO            the signer failed
 */
int cairn_sign_note(const void* text, size_t text_size, const void* name, size_t name_size,
                    uint8_t type, const cairn_signer* signer, uint64_t time_s, void* out,
                    size_t capacity);

/** Writes the line of a signature that was made before; returns the line's size.
 *
 * For ECDSA the 64 bytes become DER; for cosignatures `time_s` goes in front.
 *
 * CAIRN_E_BAD_ARGUMENT  not a key name; type and key differ
 */
int cairn_format_signature_line(const cairn_note_key* key, const cairn_signature* signature,
                                uint64_t time_s, void* out, size_t capacity);

/** Characters of base64 for so many bytes. A constant expression. */
#define CAIRN_BASE64_SIZE(bytes) (((bytes) + 2u) / 3u * 4u)

/** Writes CAIRN_BASE64_SIZE(size) characters of base64 (RFC 4648 §4); returns how many. */
int cairn_encode_base64(const void* data, size_t size, void* out, size_t capacity);

/** Decodes strict base64; returns the number of bytes.
 *
 * CAIRN_E_CORRUPT  other characters, padding that is not canonical, trailing bits that are not zero
 */
int cairn_decode_base64(const void* text, size_t size, void* out, size_t capacity);

/* ---- Checkpoints (c2sp.org/tlog-checkpoint) ------------------------------------------------- */

#define CAIRN_SIGNED_CHECKPOINT_BYTES_MAX 687 /* longest with one signature, no extension lines */
#define CAIRN_AIR_CHECKPOINT_BYTES_MAX 115

/** The head of a log: the text of a checkpoint, taken apart. */
typedef struct cairn_checkpoint {
  cairn_bytes origin;
  uint64_t size; /* below 2^63 */
  cairn_digest root;
  cairn_bytes extensions; /* lines after the third, with line ends; cairn's own logs have none */
} cairn_checkpoint;
#define CAIRN_CHECKPOINT_INIT \
  {                           \
    {NULL, 0}, 0, {{0}}, {    \
      NULL, 0                 \
    }                         \
  }

/** A checkpoint as it travels over a narrow link. */
typedef struct cairn_air_checkpoint {
  uint32_t key_id;  /* of the log's key: names the device to the gateway */
  uint8_t has_root; /* 0 when the receiver holds all leaves */
  uint8_t has_signature;
  uint8_t algorithm; /* of the signature, CAIRN_ED25519 or CAIRN_P256 */
  uint64_t size;
  cairn_digest root;
  cairn_signature signature;
} cairn_air_checkpoint;

/** Parses the text of a checkpoint (a note's text, final line end included). Strict.
 *
 * CAIRN_E_CORRUPT  malformed
 */
int cairn_parse_checkpoint(const void* text, size_t size, cairn_checkpoint* out,
                           cairn_fault* fault);

/** Returns the size of the text of a checkpoint without extension lines. */
size_t cairn_checkpoint_text_size(const void* origin, size_t origin_size, uint64_t size);

/** Writes the text: origin, size and root, a line each, and the extension lines. Returns its size.
 *
 * CAIRN_E_BAD_ARGUMENT  what cairn_parse_checkpoint() would refuse: an origin that is empty, over
 *                       255 bytes, not UTF-8 or with a control character; size 2^63 or more;
 *                       malformed extension lines
 */
int cairn_format_checkpoint(const cairn_checkpoint* checkpoint, void* out, size_t capacity);

/** Gives SHA-256 of the text: what anchors carry and the next close record names.
 *
 * CAIRN_E_BAD_ARGUMENT as cairn_format_checkpoint().
 */
int cairn_checkpoint_hash(const cairn_checkpoint* checkpoint, cairn_digest* out);

/** Writes the signed note of a checkpoint from a signature made before; returns its size.
 *
 * `key` is the log's; its name should equal the origin.
 *
 * CAIRN_E_BAD_ARGUMENT as cairn_format_checkpoint(); or a key of type cosignature or without name.
 */
int cairn_format_signed_checkpoint(const cairn_checkpoint* checkpoint, const cairn_note_key* key,
                                   const cairn_signature* signature, void* out, size_t capacity);

/** Checks a signed checkpoint: its form, and the signature of `key`.
 *
 * Which origin it speaks of is in `out`: compare it with the one you expect.
 *
 * CAIRN_OK                   `out` holds what the key signed; views into `note`
 * CAIRN_E_CORRUPT            malformed
 * CAIRN_E_NOT_FOUND          not signed by this key
 * CAIRN_E_SIGNATURE_INVALID  signed wrongly
 * CAIRN_E_UNSUPPORTED        no verifier of the key's algorithm among those given
 * CAIRN_E_IO                 the verifier failed
 */
int cairn_open_checkpoint(const void* note, size_t note_size, const cairn_note_key* key,
                          const cairn_verifier* verifiers, size_t verifier_count,
                          cairn_checkpoint* out, cairn_fault* fault);

/** Writes a checkpoint for a narrow link; returns its size, at most 115. */
int cairn_encode_air_checkpoint(const cairn_air_checkpoint* air, void* out, size_t capacity);

/** Reads one.
 *
 * CAIRN_E_CORRUPT  not exactly what cairn_encode_air_checkpoint() writes
 */
int cairn_decode_air_checkpoint(const void* data, size_t size, cairn_air_checkpoint* out);

/** Rebuilds the signed note byte for byte; returns its size.
 *
 * `key` is the one that air->key_id names, `origin` its log's. `root`, optional, is what the
 * receiver computed from the leaves; ignored when the message carries one.
 *
 * CAIRN_E_BAD_ARGUMENT  the key is not the one that air names; no signature; no root on either side
 */
int cairn_rebuild_checkpoint(const cairn_air_checkpoint* air, const void* origin,
                             size_t origin_size, const cairn_note_key* key,
                             const cairn_digest* root, void* out, size_t capacity);

/* ---- Trust policies (c2sp.org/tlog-policy) -------------------------------------------------- */

#define CAIRN_POLICY_WORDS (513u + (64u * sizeof(void*)))

/* What the quorum line names. */
#define CAIRN_POLICY_LOGS_MAX 32
#define CAIRN_POLICY_WITNESSES_MAX 32
#define CAIRN_POLICY_GROUPS_MAX 32

#define CAIRN_QUORUM_NONE 0
#define CAIRN_QUORUM_WITNESS 1
#define CAIRN_QUORUM_GROUP 2

/** A parsed policy: which logs, which witnesses, how many of them. About 8 KB; keep it static. */
typedef struct cairn_policy {
  uint64_t opaque[CAIRN_POLICY_WORDS];
} cairn_policy;

/** What a policy holds. */
typedef struct cairn_policy_summary {
  uint8_t log_count;
  uint8_t witness_count;
  uint8_t group_count;
  uint8_t quorum;       /* CAIRN_QUORUM_... */
  uint8_t quorum_index; /* the witness or group that it names */
} cairn_policy_summary;

/** A log that a policy trusts. */
typedef struct cairn_policy_log {
  cairn_note_key key;
  cairn_bytes url; /* may be empty */
} cairn_policy_log;

/** A witness that a policy trusts. */
typedef struct cairn_policy_witness {
  cairn_bytes name;
  cairn_note_key key; /* of type CAIRN_NOTE_COSIGNATURE */
  cairn_bytes url;    /* may be empty */
  int8_t parent;      /* group that it belongs to, or -1 */
} cairn_policy_witness;

/** A group of witnesses or groups. */
typedef struct cairn_policy_group {
  cairn_bytes name;
  uint8_t threshold; /* so many of */
  uint8_t members;   /* so many */
  int8_t parent;     /* group that it belongs to, or -1 */
} cairn_policy_group;

/** What a note's cosignatures amount to under a policy. */
typedef struct cairn_quorum_result {
  uint8_t reached;          /* 1 when the quorum line is satisfied */
  uint8_t valid;            /* witnesses of the policy whose cosignature is valid */
  uint8_t invalid;          /* whose line is present but wrong */
  uint8_t unknown;          /* signature lines by keys that the policy does not name */
  uint8_t time_min_witness; /* who cosigned at time_min_s */
  uint32_t witnesses;       /* bit i: witness i cosigned */
  uint64_t time_min_s;      /* earliest time of a valid cosignature, POSIX seconds; 0: none */
  uint64_t time_max_s;      /* latest */
  uint64_t time_quorum_s;   /* earliest time by which enough had signed; 0: not reached, or none */
} cairn_quorum_result;

/** Parses a policy file. The text must outlive the policy.
 *
 * CAIRN_E_CORRUPT  malformed: an unknown keyword; a name used before it is defined, or twice in
 *                  groups; a key given twice; a threshold out of range; not exactly one quorum
 *                  line; CAIRN_FIELD_LIMIT: more than 32 logs, witnesses or groups
 * CAIRN_E_UNSUPPORTED  a key of a type that cairn_parse_vkey() does not read
 */
int cairn_parse_policy(const void* text, size_t size, cairn_policy* out, cairn_fault* fault);

/** Gives the key of the log with this origin.
 *
 * A log that is changing its key has several; this is the first, cairn_policy_log_at() has all.
 *
 * CAIRN_E_NOT_FOUND  the policy names no such log
 */
int cairn_find_log(const cairn_policy* policy, const void* origin, size_t origin_size,
                   cairn_note_key* out);

/** Tells how many logs, witnesses and groups a policy has, and what its quorum is. */
int cairn_policy_summarise(const cairn_policy* policy, cairn_policy_summary* out);

/** Gives log `i` of a policy. CAIRN_E_NOT_FOUND: there are not so many. */
int cairn_policy_log_at(const cairn_policy* policy, size_t i, cairn_policy_log* out);

/** Gives witness `i` of a policy. CAIRN_E_NOT_FOUND: there are not so many. */
int cairn_policy_witness_at(const cairn_policy* policy, size_t i, cairn_policy_witness* out);

/** Gives group `i` of a policy. CAIRN_E_NOT_FOUND: there are not so many. */
int cairn_policy_group_at(const cairn_policy* policy, size_t i, cairn_policy_group* out);

/** Checks every witness of the policy against a note, and the quorum.
 *
 * `log` is the key of the note's log, so that its line does not count as unknown. Only the first
 * line of a witness counts.
 *
 * CAIRN_OK                   counted; look at `reached`
 * CAIRN_E_SIGNATURE_INVALID  a witness's line is wrong: reject the note. The counts are complete.
 * CAIRN_E_UNSUPPORTED        no verifier of a witness's algorithm: nothing can be said
 * CAIRN_E_IO                 the verifier failed: nothing can be said
 */
int cairn_check_quorum(const cairn_policy* policy, const cairn_note* note,
                       const cairn_note_key* log, const cairn_verifier* verifiers,
                       size_t verifier_count, cairn_quorum_result* out);

/* ---- Leaves --------------------------------------------------------------------------------- */

/* A leaf is a kind byte and a body. Kinds below 0x40 are the library's own: the recorder alone
 * writes them, so an application can never forge one. */
#define CAIRN_KIND_BEGIN 0x01      /* first leaf of a log: origin, key, the log that it continues */
#define CAIRN_KIND_CLOSE 0x02      /* last leaf of every batch */
#define CAIRN_KIND_BOOT 0x03       /* the recorder was opened: a start, a reset, a power cut */
#define CAIRN_KIND_GAP 0x04        /* records that never reached the log, and why */
#define CAIRN_KIND_CLOCK 0x05      /* the wall clock was stepped */
#define CAIRN_KIND_PRUNED 0x06     /* the oldest records were retired */
#define CAIRN_KIND_OPAQUE 0x40     /* application bytes; the application's kinds start here */
#define CAIRN_KIND_SAMPLE 0x41     /* readings taken at one time */
#define CAIRN_KIND_CHANNEL 0x42    /* what a channel number means: name, unit */
#define CAIRN_KIND_EVENT 0x43      /* something that happened, and who did it */
#define CAIRN_KIND_CORRECTION 0x44 /* an earlier record was wrong */
#define CAIRN_KIND_COMMAND 0x45    /* what became of an order */
#define CAIRN_KIND_RETAINED 0x46   /* values that a program keeps over a restart */

#define CAIRN_LEAF_BYTES_MAX 8190
#define CAIRN_LIBRARY_BODY_BYTES_MAX 640 /* no body of a library kind is longer */
#define CAIRN_SMALL_BODY_BYTES_MAX 115   /* nor of one but begin, the first leaf */
#define CAIRN_LEAF_TEXT_BYTES_MAX 255    /* no text inside a leaf is longer */
#define CAIRN_DECIMAL_PLACES_MAX 18      /* of a reading */

/** First leaf of a log. */
typedef struct cairn_begin {
  cairn_bytes origin; /* 1 to 255 bytes */
  cairn_public_key key;
  cairn_bytes previous_origin; /* empty, or the abandoned log that this one continues, */
  uint64_t previous_size;      /* and its last known head */
  cairn_digest previous_root;
} cairn_begin;
#define CAIRN_BEGIN_INIT                 \
  {                                      \
    {NULL, 0}, {0, {0}}, {NULL, 0}, 0, { \
      { 0 }                              \
    }                                    \
  }

/** Last leaf of a batch: the device's own account of time. */
typedef struct cairn_close {
  uint64_t batch;        /* number of this batch, from 0 */
  uint64_t monotonic_ms; /* since that boot */
  cairn_wall_time time;
  uint32_t boot;        /* boot counter, as in the boot record */
  uint32_t key_epoch;   /* 0; one more after each key rotation */
  uint8_t has_previous; /* 0 in the first batch */
  uint8_t has_beacon;
  cairn_digest previous; /* SHA-256 of the previous checkpoint's text */
  cairn_digest beacon;   /* SHA-256 of the newest gateway checkpoint text that the device heard */
} cairn_close;

/** Start of a recorder. */
typedef struct cairn_boot {
  uint64_t monotonic_ms;
  cairn_wall_time time;
  uint32_t boot;       /* counts from 1 */
  uint32_t torn_bytes; /* unacknowledged bytes that recovery discarded or fenced off */
} cairn_boot;

/* Why records never reached the log. */
#define CAIRN_GAP_UNKNOWN 0
#define CAIRN_GAP_QUEUE_FULL 1
#define CAIRN_GAP_STORAGE_FULL 2
#define CAIRN_GAP_STORAGE_FAILED 3
#define CAIRN_GAP_SWITCHED_OFF 4

/** Records that were lost before they reached the log. */
typedef struct cairn_gap {
  uint64_t count; /* how many; 0: not known */
  uint64_t monotonic_ms;
  cairn_wall_time time;
  uint8_t reason; /* CAIRN_GAP_... */
} cairn_gap;

/** A step of the wall clock against the monotonic one. */
typedef struct cairn_clock_step {
  int64_t step_ms; /* new minus expected */
  uint64_t monotonic_ms;
  cairn_wall_time time; /* after the step */
} cairn_clock_step;

/** Records that were retired to make room. */
typedef struct cairn_pruned {
  uint64_t index_min; /* records with a lower index are no more in the log */
  uint64_t monotonic_ms;
  cairn_wall_time time;
} cairn_pruned;

/** What a channel number means from here on. */
typedef struct cairn_channel {
  cairn_bytes name; /* UTF-8, at most 255 bytes, like */
  cairn_bytes unit; /* this */
  uint32_t number;
} cairn_channel;

/* What a reading is. */
#define CAIRN_READING_DECIMAL 0 /* decimal * 10^-places, without rounding */
#define CAIRN_READING_REAL 1    /* a floating point number */
#define CAIRN_READING_FLAG 2
#define CAIRN_READING_TEXT 3

/** One reading of a sample. */
typedef struct cairn_reading {
  uint32_t channel;
  uint8_t type;    /* CAIRN_READING_... */
  int64_t decimal; /* value = decimal * 10^-places */
  uint8_t places;  /* 0 to 18 */
  double real;
  uint8_t flag;     /* 0 or 1 */
  cairn_bytes text; /* UTF-8, at most 255 bytes */
  uint16_t quality; /* 0 good; otherwise the application's code */
} cairn_reading;
#define CAIRN_READING_INIT \
  { 0, CAIRN_READING_DECIMAL, 0, 0, 0, 0, {NULL, 0}, 0 }

#define CAIRN_SAMPLE_READER_WORDS (2u + (sizeof(void*) / 4u))

/** A walk over the readings of a sample. */
typedef struct cairn_sample_reader {
  uint64_t opaque[CAIRN_SAMPLE_READER_WORDS];
} cairn_sample_reader;

/* Encoders write a leaf's body (without the kind byte) and return its size. Decoders accept exactly
 * what the encoder writes and answer CAIRN_E_CORRUPT to all else; their views point into `body`. */

/** Writes the body of a begin record; returns its size. */
int cairn_encode_begin(const cairn_begin* begin, void* out, size_t capacity);
/** Writes the body of a close record; returns its size. */
int cairn_encode_close(const cairn_close* close, void* out, size_t capacity);
/** Writes the body of a boot record; returns its size. */
int cairn_encode_boot(const cairn_boot* boot, void* out, size_t capacity);
/** Writes the body of a gap record; returns its size. */
int cairn_encode_gap(const cairn_gap* gap, void* out, size_t capacity);
/** Writes the body of a clock record; returns its size. */
int cairn_encode_clock(const cairn_clock_step* step, void* out, size_t capacity);
/** Writes the body of a pruned record; returns its size. */
int cairn_encode_pruned(const cairn_pruned* pruned, void* out, size_t capacity);
/** Writes the body of a channel record; returns its size. */
int cairn_encode_channel(const cairn_channel* channel, void* out, size_t capacity);

/** Reads the body of a begin record. */
int cairn_decode_begin(const void* body, size_t size, cairn_begin* out);
/** Reads the body of a close record. */
int cairn_decode_close(const void* body, size_t size, cairn_close* out);
/** Reads the body of a boot record. */
int cairn_decode_boot(const void* body, size_t size, cairn_boot* out);
/** Reads the body of a gap record. */
int cairn_decode_gap(const void* body, size_t size, cairn_gap* out);
/** Reads the body of a clock record. */
int cairn_decode_clock(const void* body, size_t size, cairn_clock_step* out);
/** Reads the body of a pruned record. */
int cairn_decode_pruned(const void* body, size_t size, cairn_pruned* out);
/** Reads the body of a channel record. */
int cairn_decode_channel(const void* body, size_t size, cairn_channel* out);

/** Writes the body of a sample: when the readings were taken, and the readings. Returns its size.
 *
 * CAIRN_E_BAD_ARGUMENT  a reading with an unknown type, a flag above 1, places above 18, a text
 *                       that is not UTF-8 or over 255 bytes
 */
int cairn_encode_sample(cairn_wall_time time, const cairn_reading* readings, size_t count,
                        void* out, size_t capacity);

/** Starts a walk over a sample's readings, and gives the time when they were taken.
 *
 * CAIRN_E_CORRUPT  not a sample's body
 */
int cairn_sample_reader_open(cairn_sample_reader* reader, const void* body, size_t size,
                             cairn_wall_time* time_out);

/** Gives the next reading.
 *
 * CAIRN_E_END      there are no more
 * CAIRN_E_CORRUPT  a malformed reading
 */
int cairn_sample_reader_next(cairn_sample_reader* reader, cairn_reading* out);

/* ---- Leaves of controllers ------------------------------------------------------------------ */

/* Categories of IEC 62443-4-2 CR 2.8, and time. */
#define CAIRN_EVENT_OTHER 0
#define CAIRN_EVENT_ACCESS_CONTROL 1
#define CAIRN_EVENT_REQUEST_ERROR 2
#define CAIRN_EVENT_CONTROL_SYSTEM 3
#define CAIRN_EVENT_BACKUP_RESTORE 4
#define CAIRN_EVENT_CONFIGURATION_CHANGE 5
#define CAIRN_EVENT_AUDIT_LOG 6
#define CAIRN_EVENT_TIME 7

#define CAIRN_EVENT_SUCCESS 0
#define CAIRN_EVENT_FAILURE 1
#define CAIRN_EVENT_DENIED 2

/** Something that happened, and who did it. */
typedef struct cairn_event {
  cairn_wall_time time;
  double old_value;
  double new_value;
  uint32_t event_id; /* the application's number of what happened */
  uint32_t user;     /* who did it; 0: nobody, or not known */
  uint32_t source;   /* channel, or part of the machine */
  uint8_t category;  /* CAIRN_EVENT_... */
  uint8_t result;    /* CAIRN_EVENT_SUCCESS, _FAILURE, _DENIED */
  uint8_t has_values;
} cairn_event;

/** An earlier record was wrong; it stays as it is. */
typedef struct cairn_correction {
  cairn_wall_time time;
  uint64_t index; /* of the record that was wrong */
  double old_value;
  double new_value;
  uint32_t channel;
  uint32_t user;
  uint32_t reason; /* the application's number of why */
} cairn_correction;

#define CAIRN_ORDER_BYTES_MAX 330

/** What the holder of a key signs so that a set-point changes. */
typedef struct cairn_order {
  cairn_bytes origin; /* of the controller's log, 1 to 255 bytes */
  double value;
  uint64_t sequence;      /* above that of every order before it on this channel */
  uint64_t not_before_ms; /* Unix time between which it may take effect */
  uint64_t not_after_ms;
  uint32_t channel;
} cairn_order;

#define CAIRN_COMMAND_APPLIED 0
#define CAIRN_COMMAND_OUT_OF_ORDER 1
#define CAIRN_COMMAND_OUT_OF_WINDOW 2
#define CAIRN_COMMAND_SIGNATURE_INVALID 3
#define CAIRN_COMMAND_UNKNOWN_KEY 4
#define CAIRN_COMMAND_CONFLICT 5
#define CAIRN_COMMAND_UNKNOWN_CHANNEL 6
#define CAIRN_COMMAND_CLOCK_NOT_SET 7

#define CAIRN_COMMAND_SIGNERS_MAX 8

/** What became of an order, and who had signed it. */
typedef struct cairn_command {
  cairn_wall_time time;
  cairn_order order;      /* its origin is the log's, and not repeated in the record */
  cairn_bytes signatures; /* of the signers, 64 bytes each, in the order of their numbers */
  uint8_t outcome;        /* CAIRN_COMMAND_... */
  uint8_t signers;        /* bit i: key number i signed it, and the signature was checked */
} cairn_command;

/** Values that a program keeps over a restart. */
typedef struct cairn_retained {
  cairn_wall_time time;
  uint64_t version; /* counts every change */
  double values[8];
  uint32_t slot;
} cairn_retained;

/** Writes the body of an event record; returns its size. */
int cairn_encode_event(const cairn_event* event, void* out, size_t capacity);
/** Writes the body of a correction record; returns its size. */
int cairn_encode_correction(const cairn_correction* correction, void* out, size_t capacity);
/** Writes the body of a command record; returns its size. */
int cairn_encode_command(const cairn_command* command, void* out, size_t capacity);
/** Writes the body of a retained record; returns its size. */
int cairn_encode_retained(const cairn_retained* retained, void* out, size_t capacity);

/** Reads the body of an event record. */
int cairn_decode_event(const void* body, size_t size, cairn_event* out);
/** Reads the body of a correction record. */
int cairn_decode_correction(const void* body, size_t size, cairn_correction* out);
/** Reads the body of a command record. */
int cairn_decode_command(const void* body, size_t size, cairn_command* out);
/** Reads the body of a retained record. */
int cairn_decode_retained(const void* body, size_t size, cairn_retained* out);

/** Writes the bytes of an order that are signed; returns their size, CAIRN_ORDER_BYTES_MAX at most.
 */
int cairn_encode_order(const cairn_order* order, void* out, size_t capacity);

/* ---- The log -------------------------------------------------------------------------------- */

/* An append-only ring of flash segments that survives a power cut at any instant, with the Merkle
 * frontier of everything it holds. A log knows leaves, not what they mean, and signatures, not who
 * made them: devices use the recorder, which puts that on top. */

#define CAIRN_LOG_WORDS (29u + ((3u * sizeof(void*)) / 4u) + CAIRN_FRONTIER_WORDS)
#define CAIRN_LOG_CURSOR_WORDS (8u + ((2u * sizeof(void*)) / 4u))

/** A log. RAM: 32 bytes for each of CAIRN_MAX_LEVELS, and about 250 bytes. */
typedef struct cairn_log {
  uint64_t opaque[CAIRN_LOG_WORDS];
} cairn_log;

/** Bytes of frame memory for leaves of up to `leaf_bytes`. A constant expression. */
#define CAIRN_LOG_FRAME_BYTES(unit_bytes, leaf_bytes) \
  ((((leaf_bytes) < 58 ? 64 : (leaf_bytes) + 6) + (unit_bytes)-1) / (unit_bytes) * (unit_bytes))

/** Returns the largest leaf that a log takes on this flash with so much frame memory.
 *
 * What one frame, the memory and a segment hold. 0: cairn_log_format() and cairn_log_mount() would
 * refuse. Of a log that is mounted: cairn_log_leaf_limit().
 */
size_t cairn_log_leaf_limit_for(const cairn_flash* flash, size_t frame_bytes);

/** Returns the bytes that cairn_log_write_head() takes in a tree of `size` leaves, at most. */
size_t cairn_log_head_bytes(uint32_t unit_bytes, uint64_t size);

/** Memory that a log works in. The bytes it points to must outlive the log. */
typedef struct cairn_log_memory {
  uint32_t struct_size; /* sizeof(cairn_log_memory) */
  void* frame; /* frames are built and read here; more of it lets batches take fewer programs */
  size_t frame_bytes;    /* CAIRN_LOG_FRAME_BYTES() or more */
  cairn_digest* digests; /* optional: leaf hashes of a batch; with n of them, */
  size_t digest_count;   /* cairn_log_append_batch() hashes n leaves at a time */
} cairn_log_memory;
#define CAIRN_LOG_MEMORY_INIT \
  { sizeof(cairn_log_memory), NULL, 0, NULL, 0 }

/* Whether the log also holds the roots of its tiles, each 256 leaves. */
#define CAIRN_TILES_NONE 0
#define CAIRN_TILES_WRITE 1   /* 46 bytes a tile; a proof then hashes one tile's leaves at most */
#define CAIRN_TILES_ARCHIVE 2 /* and before they are retired they are written again */

/** How a log behaves. */
typedef struct cairn_log_options {
  uint32_t struct_size; /* sizeof(cairn_log_options) */
  uint32_t log_id;      /* two logs never mix; the recorder derives it from the origin */
  uint8_t recycle;      /* when full: 1 retires the oldest segment, 0 answers CAIRN_E_FULL */
  uint64_t keep_from;   /* recycling never retires this index or a later one; UINT64_MAX: any */
  uint8_t tiles;        /* CAIRN_TILES_ */
} cairn_log_options;
#define CAIRN_LOG_OPTIONS_INIT \
  { sizeof(cairn_log_options), 0, 0, 0, CAIRN_TILES_NONE }

/** The newest head that was signed. */
typedef struct cairn_signed_head {
  uint64_t size;
  cairn_digest root;
  cairn_signature signature;
} cairn_signed_head;

/** What mounting found besides the records. */
typedef struct cairn_mount_report {
  uint8_t damaged;        /* acknowledged history is missing; appending is refused */
  uint32_t torn_bytes;    /* of an unacknowledged write, discarded or fenced off */
  uint32_t segments_read; /* headers probed */
} cairn_mount_report;

/** Makes an empty log. Everything on the medium is given up.
 *
 * `flash`, `platform` and the memory are kept by address and must outlive the log.
 * Power loss: until it returns, cairn_log_mount() answers CAIRN_E_NOT_FORMATTED, finds the empty
 * log, or what is left of an older one of this id: call cairn_log_format() again.
 * Cost: erases and writes one segment, and erases those that are not blank at the front; rewritable
 * memory is overwritten as a whole.
 *
 * CAIRN_E_BAD_ARGUMENT       geometry, or memory too small for it
 * CAIRN_E_UNSUPPORTED        tile frames, in a build without them (CAIRN_LOG_TILES)
 * CAIRN_E_FULL, CAIRN_E_IO   the medium failed
 */
int cairn_log_format(cairn_log* log, const cairn_flash* flash, const cairn_log_memory* memory,
                     const cairn_log_options* options, const cairn_platform* platform);

/** Finds a log and everything that was acknowledged. Writes nothing.
 *
 * `flash`, `platform` and the memory are kept by address and must outlive the log.
 * Cost: O(log segments) probes and one walk of the newest segment.
 *
 * CAIRN_OK               mounted
 * CAIRN_E_DAMAGED        mounted for reading; acknowledged records are missing
 * CAIRN_E_NOT_FORMATTED  no log of this id here
 * CAIRN_E_WRONG_VERSION  a log of a later format, or of another geometry
 * CAIRN_E_IO             a read failed otherwise than with CAIRN_E_UNREADABLE; not mounted
 */
int cairn_log_mount(cairn_log* log, const cairn_flash* flash, const cairn_log_memory* memory,
                    const cairn_log_options* options, const cairn_platform* platform);

/** Appends one leaf, `kind` followed by `body`, and makes it durable before returning.
 *
 * `index_out`, optional, is where it stands.
 * Power loss: the record is complete or absent; earlier ones are unaffected.
 * Cost: one program call of 7 + size bytes (padded to the unit), one read-back, one sync; at the
 * end of a segment also an erase and a header (cairn_log_maintain() does them ahead).
 *
 * CAIRN_E_FULL          out of space, held back by keep_from, or a tree whose frontier leaves this
 *                       leaf no room in a segment
 * CAIRN_E_BAD_ARGUMENT  larger than cairn_log_leaf_limit()
 * CAIRN_E_IO            the medium failed repeatedly; nothing was acknowledged, retry later
 * CAIRN_E_DAMAGED       acknowledged history is missing: nothing may be added
 * CAIRN_E_BAD_STATE     not mounted, or a sync or a read-back failed: mount again
 */
int cairn_log_append(cairn_log* log, uint8_t kind, const void* body, size_t size,
                     uint64_t* index_out);

/** Appends leaves (each kind byte and body in one range) with one durable commit.
 *
 * `first_index_out`, optional, is where the first stands. After an error, cairn_log_size() tells
 * how many were stored; none for CAIRN_E_BAD_ARGUMENT.
 * Power loss: a prefix of them is present, all of them once this has returned.
 * Cost: as few program calls as the frame memory allows, one sync.
 *
 * Statuses as cairn_log_append().
 */
int cairn_log_append_batch(cairn_log* log, const cairn_bytes* leaves, size_t count,
                           uint64_t* first_index_out);

/** Like cairn_log_append_batch(), but leaves the sync to the next commit, append or head.
 *
 * The records are not acknowledged until then.
 */
int cairn_log_stage(cairn_log* log, const cairn_bytes* leaves, size_t count,
                    uint64_t* first_index_out);

/** Makes everything that was staged durable.
 *
 * CAIRN_E_IO  what reached the medium is unknown: mount again
 */
int cairn_log_commit(cairn_log* log);

/** Records a signature over the current size and root, and makes it durable with all before it.
 *
 * Only after CAIRN_OK may the signature leave the device.
 * Power loss: the head is recorded, or the signature was never seen by anyone.
 *
 * Statuses as cairn_log_append().
 */
int cairn_log_write_head(cairn_log* log, const cairn_signature* signature);

/** Does in idle time what the next append at a segment's end would do: erase, header.
 *
 * CAIRN_OK also when there was nothing to do; CAIRN_E_FULL when nothing may be retired; others as
 * cairn_log_append().
 */
int cairn_log_maintain(cairn_log* log);

/** Raises the index from which recycling holds records back. Never lowers it. */
void cairn_log_keep_from(cairn_log* log, uint64_t index);

/** Returns the number of leaves ever appended: the tree's size. */
uint64_t cairn_log_size(const cairn_log* log);

/** Returns the index of the oldest record that is held; the size when none is. */
uint64_t cairn_log_index_min(const cairn_log* log);

/** Gives the root of the tree. */
void cairn_log_root(const cairn_log* log, cairn_digest* out);

/** Copies the frontier of the tree. */
void cairn_log_frontier(const cairn_log* log, cairn_frontier* out);

/** Gives what mounting found besides the records. */
void cairn_log_report(const cairn_log* log, cairn_mount_report* out);

/** Gives the newest head that was signed. CAIRN_E_NOT_FOUND: none was. */
int cairn_log_head(const cairn_log* log, cairn_signed_head* out);

/** Returns the bytes of the medium in use, for warnings before it is full. */
uint64_t cairn_log_used_bytes(const cairn_log* log);

/** Returns the flash of the log, which is mounted. */
const cairn_flash* cairn_log_flash(const cairn_log* log);

/** Gives the options of the log, with what cairn_log_keep_from() has raised. */
int cairn_log_options_of(const cairn_log* log, cairn_log_options* out);

/** Says whether leaves may be appended.
 *
 * CAIRN_E_DAMAGED    acknowledged history is missing: nothing may be added
 * CAIRN_E_BAD_STATE  not mounted, an operation in steps is under way, or a sync or a read-back
 *                    failed
 */
int cairn_log_writable(const cairn_log* log);

/** Returns the largest leaf that cairn_log_append() takes; 0 when not mounted. */
size_t cairn_log_leaf_limit(const cairn_log* log);

/** Says whether frames of so many bytes can still be written, without writing any.
 *
 * CAIRN_LOG_FRAME_BYTES() for each leaf, together less than a segment: in the newest segment, or
 * the next. Takes no account of writes that fail.
 *
 * CAIRN_E_FULL  they cannot: nothing may be retired for them
 * CAIRN_E_IO    the medium failed
 * CAIRN_E_DAMAGED, CAIRN_E_BAD_STATE  as cairn_log_writable()
 */
int cairn_log_room_for(const cairn_log* log, uint64_t frame_bytes);

/** Reads one leaf, kind byte and body; returns its size.
 *
 * Cost: O(log segments) probes and a walk of at most one segment.
 *
 * CAIRN_E_PRUNED     retired, or before the first record
 * CAIRN_E_NOT_FOUND  index >= cairn_log_size()
 * CAIRN_E_CORRUPT    the record is there no more: bit rot (its neighbours are intact)
 * CAIRN_E_FULL       `out`, or the log's frame memory, is too small
 * CAIRN_E_IO         the medium failed; the record may be intact
 * CAIRN_E_BAD_STATE  not mounted
 */
int cairn_log_read(const cairn_log* log, uint64_t index, void* out, size_t capacity);

/** Gives the root over leaves [index << level, (index + 1) << level).
 *
 * Cost: reads and hashes its leaves; 32 bytes of stack a level.
 *
 * CAIRN_E_PRUNED   it lies before cairn_log_index_min(), and no stored frontier has it
 * CAIRN_E_CORRUPT  a leaf is lost
 */
int cairn_log_node(const cairn_log* log, unsigned level, uint64_t index, cairn_digest* out);

/** Makes the log a source for cairn_build_inclusion() and the others. Keeps the log's address. */
int cairn_log_nodes(const cairn_log* log, cairn_node_source* out);

/** A walk over the records of a log in order. Any number may be open. */
typedef struct cairn_log_cursor {
  uint64_t opaque[CAIRN_LOG_CURSOR_WORDS];
} cairn_log_cursor;

#define CAIRN_ITEM_LEAF 0
#define CAIRN_ITEM_HEAD 1

/** One step of a walk. */
typedef struct cairn_log_item {
  uint8_t type;              /* CAIRN_ITEM_... */
  uint64_t index;            /* leaf: its index. A jump: records between are lost. */
  cairn_bytes leaf;          /* leaf: points into the cursor's buffer until the next call */
  uint64_t size;             /* head: tree size that was signed */
  cairn_signature signature; /* head */
} cairn_log_item;

/** Starts a walk at the record `from`, or the oldest held. 0: everything.
 *
 * Keeps `log` and `buffer`. The buffer must hold the largest leaf; larger ones read faster.
 * Appending or recycling ends the walk's guarantees: open a new one.
 *
 * CAIRN_E_BAD_ARGUMENT  a buffer under 64 bytes
 * CAIRN_E_BAD_STATE     not mounted
 * CAIRN_E_IO            the medium failed
 */
int cairn_log_cursor_open(cairn_log_cursor* cursor, const cairn_log* log, void* buffer,
                          size_t buffer_bytes, uint64_t from);

/** Gives the next record or signed head.
 *
 * CAIRN_E_END   there are no more
 * CAIRN_E_FULL  the leaf is larger than the buffer; the next call goes on behind it
 * CAIRN_E_IO    the medium failed; the next call tries the same place again
 */
int cairn_log_cursor_next(cairn_log_cursor* cursor, cairn_log_item* out);

/* ---- The recorder --------------------------------------------------------------------------- */

/* What an application appends to: log, tree and signer. It turns readings into leaves, closes
 * batches, signs heads, and takes up after a crash at any instant without ever signing two heads
 * that conflict. */

#define CAIRN_RECORDER_WORDS (19u + ((2u * sizeof(void*)) / 4u) + CAIRN_LOG_WORDS)

/** A recorder. RAM: its log, and about 150 bytes. */
typedef struct cairn_recorder {
  uint64_t opaque[CAIRN_RECORDER_WORDS];
} cairn_recorder;

/** When a batch is closed and signed. 0 switches a limit off. */
typedef struct cairn_batch_policy {
  uint32_t leaves;   /* close so that the tree size is a multiple of this */
  uint32_t bytes;    /* close after so many leaf bytes */
  uint32_t time_ms;  /* close so long after the batch's first record; needs a clock */
  uint8_t automatic; /* 1: append seals when due; 0: ask cairn_recorder_due() and seal */
} cairn_batch_policy;

/** How a recorder behaves. */
typedef struct cairn_recorder_options {
  uint32_t struct_size; /* sizeof(cairn_recorder_options) */
  cairn_bytes origin;   /* the log's name: a key name, 1 to 255 bytes; must outlive */
  cairn_batch_policy batch;
  cairn_log_options log;  /* log_id is set by the recorder */
  uint32_t clock_step_ms; /* a larger step of the wall clock becomes a clock record */
} cairn_recorder_options;
#define CAIRN_RECORDER_OPTIONS_INIT \
  { sizeof(cairn_recorder_options), {NULL, 0}, {256, 0, 0, 1}, CAIRN_LOG_OPTIONS_INIT, 2000 }

/** Makes an empty log and writes its begin record. Everything on the medium is given up.
 *
 * `predecessor`, optional, names the abandoned log that this one continues: previous_origin,
 * previous_size and previous_root. `flash`, `platform`, `signer`, the memory and the origin are
 * kept by address and must outlive the recorder.
 * Power loss: cairn_recorder_open() answers CAIRN_E_NOT_FORMATTED, or finds the new log.
 *
 * CAIRN_E_BAD_ARGUMENT      origin, key, geometry, or memory that cannot hold the first record or a
 *                           close record (122 bytes are the least); nothing was given up
 * CAIRN_E_UNSUPPORTED       tile frames, in a build without them (CAIRN_LOG_TILES)
 * CAIRN_E_FULL, CAIRN_E_IO  the medium failed
 */
int cairn_recorder_create(cairn_recorder* recorder, const cairn_flash* flash,
                          const cairn_log_memory* memory, const cairn_recorder_options* options,
                          const cairn_platform* platform, const cairn_signer* signer,
                          const cairn_begin* predecessor);

/** Opens an existing log, and finishes or discards what a power cut interrupted.
 *
 * Remembers to write a boot record in front of the next record. A batch whose close record is
 * durable but whose signature is not is signed now: the same bytes, whatever happened before.
 * Keeps what cairn_recorder_create() keeps.
 *
 * CAIRN_OK               open
 * CAIRN_E_DAMAGED        open for reading; append and seal answer the same
 * CAIRN_E_NOT_FORMATTED  no log of this origin here
 * CAIRN_E_WRONG_VERSION  a log of a later format, or of another geometry
 * CAIRN_E_NOT_FOUND      the log is another's: its begin record names another key or origin
 * CAIRN_E_IO             the medium failed
 */
int cairn_recorder_open(cairn_recorder* recorder, const cairn_flash* flash,
                        const cairn_log_memory* memory, const cairn_recorder_options* options,
                        const cairn_platform* platform, const cairn_signer* signer);

/** Appends an application record and makes it durable before returning.
 *
 * `kind` is at least 0x40. `index_out`, optional, is where it stands.
 * Power loss: the record is complete or absent.
 * Cost: one program call; at a batch's end also a close record, one signature and a head. A failure
 * to seal is not a failure to append: see cairn_recorder_last_seal().
 *
 * CAIRN_E_FULL          out of space but for what sealing needs, or held back by keep_from; an
 *                       automatic recorder has sealed
 * CAIRN_E_BAD_ARGUMENT  a kind below 0x40, or a body over what the frame memory holds; nothing was
 *                       written
 * CAIRN_E_IO            the medium failed repeatedly; nothing was stored, retry later
 * CAIRN_E_DAMAGED       acknowledged history is missing: nothing may be added
 * CAIRN_E_BAD_STATE     not open, or a sync failed: open again
 */
int cairn_recorder_append(cairn_recorder* recorder, uint8_t kind, const void* body, size_t size,
                          uint64_t* index_out);

/** Appends many leaves (kind byte and body each, kinds from 0x40) with one durable commit.
 *
 * Closes batches in between and at the end where they are due. `first_index_out`, optional, is
 * where the first stands. Statuses as cairn_recorder_append().
 */
int cairn_recorder_append_batch(cairn_recorder* recorder, const cairn_bytes* leaves, size_t count,
                                uint64_t* first_index_out);

/** Like cairn_recorder_append_batch(), but leaves the sync to the next commit, append or seal.
 *
 * The records are not acknowledged until then.
 */
int cairn_recorder_stage(cairn_recorder* recorder, const cairn_bytes* leaves, size_t count,
                         uint64_t* first_index_out);

/** Syncs what was staged.
 *
 * CAIRN_E_IO  what reached the medium is unknown: open again
 */
int cairn_recorder_commit(cairn_recorder* recorder);

/** Records that `count` records (0: not known how many) were lost before they got here.
 *
 * `reason` is a CAIRN_GAP_ number; `index_out` is optional. Statuses as cairn_recorder_append().
 */
int cairn_recorder_append_gap(cairn_recorder* recorder, uint64_t count, uint8_t reason,
                              uint64_t* index_out);

/** Returns 1 when the batch policy asks for a seal, by count, bytes or time; else 0. */
int cairn_recorder_due(const cairn_recorder* recorder);

/** Closes the batch: close record, signature, head. Then cairn_recorder_checkpoint() has it.
 *
 * Power loss: the batch is sealed, or still open and nothing was signed.
 *
 * CAIRN_E_BAD_STATE  nothing to seal since the last head
 * CAIRN_E_IO         the signer or the medium failed; the batch stays open, retry later
 * CAIRN_E_FULL       no space for the close record
 * CAIRN_E_DAMAGED    acknowledged history is missing
 */
int cairn_recorder_seal(cairn_recorder* recorder);

/** Returns how the last automatic seal went: CAIRN_OK or as cairn_recorder_seal(). */
int cairn_recorder_last_seal(const cairn_recorder* recorder);

/** Notes the newest gateway checkpoint that the device has heard, by SHA-256 of its text.
 *
 * The next close record names it, which proves that what follows is not older.
 */
int cairn_recorder_set_beacon(cairn_recorder* recorder, const cairn_digest* checkpoint_hash);

/** Says that a witness has cosigned more than this log holds: append and seal answer
 * CAIRN_E_DAMAGED until the next open.
 */
int cairn_recorder_abandon(cairn_recorder* recorder);

/** Writes the newest signed checkpoint, a note; returns its size.
 *
 * CAIRN_E_BAD_STATE  nothing signed yet
 * CAIRN_E_FULL       CAIRN_SIGNED_CHECKPOINT_BYTES_MAX bytes are always enough
 */
int cairn_recorder_checkpoint(const cairn_recorder* recorder, void* out, size_t capacity);

/** Gives the newest signed head in the form for narrow links.
 *
 * CAIRN_E_BAD_STATE  nothing signed yet
 */
int cairn_recorder_air_checkpoint(const cairn_recorder* recorder, cairn_air_checkpoint* out);

/** Returns the recorder's log: to read it, keep it from recycling, and maintain it.
 *
 * The pointer is part of the recorder; do not copy the log from there, and do not append to it.
 */
cairn_log* cairn_recorder_log(cairn_recorder* recorder);

/** Returns the log's name. Not before create or open has answered CAIRN_OK; so for the key. */
cairn_bytes cairn_recorder_origin(const cairn_recorder* recorder);

/** Returns the log's key. */
const cairn_public_key* cairn_recorder_key(const cairn_recorder* recorder);

/** Returns the number of the batch that is open. */
uint64_t cairn_recorder_batch(const cairn_recorder* recorder);

/** Returns the boot counter. */
uint32_t cairn_recorder_boot(const cairn_recorder* recorder);

/** Returns the number of records since the last head. */
uint64_t cairn_recorder_pending(const cairn_recorder* recorder);

/** Returns the id that a log's segments carry: first four bytes of SHA-256(origin), little-endian.
 */
uint32_t cairn_log_id_of(const void* origin, size_t size);

/* ---- Bounded work --------------------------------------------------------------------------- */

/* In builds with CAIRN_BOUNDED_WORK (config.hpp), which on Cortex-M must be asked for. */
#if CAIRN_BOUNDED_WORK

#define CAIRN_STEPS_WORDS (133u + ((14u * sizeof(void*)) / 4u))

/** An operation of a recorder, advanced by a budget of units.
 *
 * One unit is at most one program call of the frame memory's size with its read-back, or one sync;
 * one read of that size with the check value of what was read, or a search in it (a few where the
 * medium answers uncorrectable errors, or holds what no log wrote); two blocks of SHA-256; one
 * erase call, which takes what the driver's takes; one call of the signer. Tile frames take a unit
 * of their own, as large as their tile.
 *
 * Zero bytes, as in CAIRN_STEPS_INIT: nothing was begun. While an operation is under way this stays
 * where it is, and the recorder answers CAIRN_E_BAD_STATE to everything that would change it. What
 * was stored before may be read. An operation that is given up halfway leaves a recorder that has
 * to be opened again.
 */
typedef struct cairn_steps {
  uint64_t opaque[CAIRN_STEPS_WORDS];
} cairn_steps;
#define CAIRN_STEPS_INIT \
  {                      \
    { 0 }                \
  }

/** Begins what cairn_recorder_open() does.
 *
 * Cost: checks the origin and hashes it, outside of any budget: about what one unit takes, six
 * for the longest.
 *
 * CAIRN_E_BAD_STATE     an operation is under way; so for all of these functions
 * CAIRN_E_BAD_ARGUMENT, CAIRN_E_UNSUPPORTED  as cairn_recorder_open()
 */
int cairn_steps_begin_open(cairn_steps* steps, cairn_recorder* recorder, const cairn_flash* flash,
                           const cairn_log_memory* memory, const cairn_recorder_options* options,
                           const cairn_platform* platform, const cairn_signer* signer);

/** Begins what cairn_recorder_append() does. `body` stays as it is until the operation is done. */
int cairn_steps_begin_append(cairn_steps* steps, cairn_recorder* recorder, uint8_t kind,
                             const void* body, size_t size);

/** Begins what cairn_recorder_append_gap() does. */
int cairn_steps_begin_append_gap(cairn_steps* steps, cairn_recorder* recorder, uint64_t count,
                                 uint8_t reason);

/** Begins what cairn_recorder_seal() does. CAIRN_E_BAD_STATE also: nothing to seal. */
int cairn_steps_begin_seal(cairn_steps* steps, cairn_recorder* recorder);

/** Begins what cairn_log_maintain() does to the recorder's log. */
int cairn_steps_begin_maintain(cairn_steps* steps, cairn_recorder* recorder);

/** Does at most `budget` units, which may be 0, of what was begun. `used` becomes how many.
 *
 * Power loss between two steps: the same as a cut in the operation without steps, between two calls
 * of the flash driver.
 * Returns 1 while work is left, and CAIRN_OK when the operation is done or none was begun. A
 * negative number has ended the operation, as the function without steps would have.
 */
int cairn_steps_do(cairn_steps* steps, uint32_t budget, uint32_t* used);

/** Returns the index of the record that was appended last. */
uint64_t cairn_steps_index(const cairn_steps* steps);

/** Returns 1 while an operation is under way, else 0. */
int cairn_steps_busy(const cairn_steps* steps);

#endif

/* ---- Evidence ------------------------------------------------------------------------------- */

/* One .cairn file proves, offline, that records stand unchanged at their place in a log: leaves,
 * their proofs, and the signed checkpoint they lead to, level by level; the leaf of a higher level
 * is the checkpoint of the level below. Receipts of outside ledgers may follow (port.h). */

#define CAIRN_EVIDENCE_LEVELS_MAX 4
#define CAIRN_EVIDENCE_RUNS_MAX 4
#define CAIRN_EVIDENCE_RECEIPTS_MAX 16
#define CAIRN_EVIDENCE_WORDS (37u + ((37u * sizeof(void*)) / 4u))
#define CAIRN_EVIDENCE_WRITER_WORDS ((3u * sizeof(void*)) / 4u)
#define CAIRN_LEAF_READER_WORDS (sizeof(void*) / 4u)

/** A parsed evidence file; holds views into the caller's bytes. */
typedef struct cairn_evidence {
  uint64_t opaque[CAIRN_EVIDENCE_WORDS];
} cairn_evidence;

/** One log of the evidence.
 *
 * On level 0 the first run holds the records that the evidence is about; further runs hold what
 * explains them: close records, which tell of time, and channel records, which name the readings
 * of samples. A higher level has one run of one leaf, which is not repeated: the
 * checkpoint of the level below, as signed by its log alone.
 */
typedef struct cairn_evidence_level {
  size_t run_count;
  cairn_bytes checkpoint; /* signed note, verbatim, with its cosignatures */
} cairn_evidence_level;

/** Leaves [first, first+count) of a log with one proof. */
typedef struct cairn_evidence_run {
  uint64_t first;
  size_t count;
  cairn_bytes leaves;        /* encoded, for cairn_leaf_reader_open(); empty above level 0 */
  const cairn_digest* proof; /* inclusion proof of a single leaf, range proof of several */
  size_t proof_count;
} cairn_evidence_run;

/** A walk over the leaves of a run. */
typedef struct cairn_leaf_reader {
  uint64_t opaque[CAIRN_LEAF_READER_WORDS];
} cairn_leaf_reader;

/** Writes a .cairn file piece by piece into the caller's memory. */
typedef struct cairn_evidence_writer {
  uint64_t opaque[CAIRN_EVIDENCE_WRITER_WORDS];
} cairn_evidence_writer;

/** Parses a .cairn file and checks its form and its digest, nothing else.
 *
 * CAIRN_E_CORRUPT        truncated, changed, or not in canonical form
 * CAIRN_E_WRONG_VERSION  made by a later cairn
 * CAIRN_E_UNSUPPORTED    more levels, runs or receipts than this build holds
 */
int cairn_parse_evidence(const void* data, size_t size, cairn_evidence* out, cairn_fault* fault);

/** Returns the number of levels of parsed evidence. */
size_t cairn_evidence_level_count(const cairn_evidence* evidence);

/** Gives a level of parsed evidence, 0 the lowest. CAIRN_E_NOT_FOUND: there are not so many. */
int cairn_evidence_level_at(const cairn_evidence* evidence, size_t level,
                            cairn_evidence_level* out);

/** Gives a run of a level. CAIRN_E_NOT_FOUND: there are not so many. */
int cairn_evidence_run_at(const cairn_evidence* evidence, size_t level, size_t run,
                          cairn_evidence_run* out);

/** Returns the number of receipts of parsed evidence. */
size_t cairn_evidence_receipt_count(const cairn_evidence* evidence);

/** Gives a receipt, which points into the file. CAIRN_E_NOT_FOUND: there are not so many. */
int cairn_evidence_receipt_at(const cairn_evidence* evidence, size_t receipt, cairn_receipt* out);

/** Starts a walk over the leaves of a run. */
int cairn_leaf_reader_open(cairn_leaf_reader* reader, const cairn_evidence_run* run);

/** Gives the next leaf, kind byte and body.
 *
 * CAIRN_E_END      there are no more
 * CAIRN_E_CORRUPT  not the leaves of a run
 */
int cairn_leaf_reader_next(cairn_leaf_reader* reader, cairn_bytes* out);

/** Starts writing into `out`, which the writer keeps.
 *
 * Then in this order: begin_level; begin_run, leaf (one or more), proof for each run; checkpoint;
 * more levels likewise, with one run and no leaf; the receipts; at last finish. Of these functions
 * each answers
 *
 * CAIRN_E_FULL          the memory is too small; from then on always
 * CAIRN_E_BAD_STATE     called out of turn, or for more levels, runs or receipts than evidence may
 *                       have
 * CAIRN_E_BAD_ARGUMENT  an empty leaf, note or receipt, or a receipt of no kind or level; nothing
 *                       changed, as with CAIRN_E_BAD_STATE
 */
int cairn_evidence_writer_init(cairn_evidence_writer* writer, void* out, size_t capacity);

/** Begins the next log, the lowest first. */
int cairn_evidence_begin_level(cairn_evidence_writer* writer);

/** Begins leaves that stand side by side, from index `first`. */
int cairn_evidence_begin_run(cairn_evidence_writer* writer, uint64_t first);

/** Adds the next leaf of the run, kind byte and body. */
int cairn_evidence_leaf(cairn_evidence_writer* writer, const void* leaf, size_t size);

/** Ends the run with its proof: of inclusion for one leaf, of a range for several. */
int cairn_evidence_proof(cairn_evidence_writer* writer, const cairn_digest* proof,
                         size_t proof_count);

/** Ends the level with its signed checkpoint, verbatim. */
int cairn_evidence_checkpoint(cairn_evidence_writer* writer, const void* signed_note, size_t size);

/** Adds what an outside ledger says about the checkpoint of a level. */
int cairn_evidence_receipt(cairn_evidence_writer* writer, const cairn_receipt* receipt);

/** Ends the file with its digest; returns the file's size. */
int cairn_evidence_finish(cairn_evidence_writer* writer);

/* What one question about evidence came to. */
#define CAIRN_ABSENT 0 /* the evidence says nothing about it */
#define CAIRN_PASSED 1
#define CAIRN_FAILED 2

/* Where a bound in time comes from. */
#define CAIRN_TIME_SOURCE_NONE 0
#define CAIRN_TIME_SOURCE_BEACON 1
#define CAIRN_TIME_SOURCE_COSIGNATURE 2
#define CAIRN_TIME_SOURCE_ANCHOR 3

/** The answer to every question about evidence, separately. */
typedef struct cairn_verdict {
  uint8_t integrity;    /* CAIRN_PASSED...: the file is whole, the leaves lead to the root */
  uint8_t position;     /* index and size are those of the signed head */
  uint8_t completeness; /* of a range: nothing missing between its ends */
  uint8_t log_key;      /* the checkpoint is signed by the policy's log key */
  uint8_t quorum;       /* enough of the policy's witnesses cosigned */
  uint8_t anchors;      /* receipts of outside ledgers, as far as they were checked */

  uint8_t level;     /* that `reason` concerns */
  uint8_t has_close; /* a close record at or behind the end of the records is in it, proven */
  int32_t reason;    /* CAIRN_OK, or the CAIRN_E_ number of the first failure */
  cairn_fault fault; /* where, when the file itself is wrong */

  cairn_bytes origin; /* of the lowest level; points into the file */
  uint64_t first;     /* the records that were proven */
  uint64_t count;
  uint64_t size;                 /* of the tree they were proven in */
  cairn_quorum_result witnesses; /* of level `quorum_level` */
  uint8_t quorum_level;          /* the lowest level with a quorum; 0 when there is none */

  uint8_t receipt_count;    /* of the file; one in neither mask was not checked */
  uint16_t receipts_passed; /* bit i: receipt i proves what it says */
  uint16_t receipts_failed; /* bit i: receipt i is wrong */

  uint8_t not_after_source;       /* CAIRN_TIME_SOURCE_... */
  uint8_t not_before_source;      /* CAIRN_TIME_SOURCE_... */
  uint8_t not_after_receipt;      /* which one, where the source is an anchor */
  uint64_t not_after_s;           /* POSIX seconds by which the records existed: the earliest of
                                     when a quorum had cosigned and of the receipts that passed,
                                     or else the earliest witness */
  cairn_digest not_before_beacon; /* hash of the checkpoint that the device had heard before */
  cairn_close close;              /* the device's own account of time, a claim */
} cairn_verdict;

/** Verifies evidence under a policy. Reads nothing but its arguments.
 *
 * `record` is what the auditor has from elsewhere, or NULL. It must be exactly the body or the
 * whole leaf of the one record that the evidence is about.
 *
 * The quorum may be reached on any level: the leaf of a higher level is the signed checkpoint of
 * the one below, so its cosigners vouch for both.
 *
 * `receipts` checks the receipts of outside ledgers; NULL: they are present and not checked, and so
 * are those of ledgers that it was not told to trust. A receipt that is wrong is a failure.
 *
 * Returns verdict->reason, and fills the verdict also when it is negative. A quorum that the policy
 * asks for and the evidence lacks is a failure; a device clock that says "not synchronised" is not.
 *
 * CAIRN_OK                   every question that the evidence raises passed
 * CAIRN_E_CORRUPT            the file, or a checkpoint in it, is not well-formed: see `fault`
 * CAIRN_E_PROOF_INVALID      a proof does not lead to its root, or `record` is another one
 * CAIRN_E_NOT_FOUND          no log key of the policy signed, or the quorum is missing
 * CAIRN_E_SIGNATURE_INVALID  a signature by a key of the policy is wrong
 * CAIRN_E_WRONG_VERSION      made by a later cairn
 * CAIRN_E_UNSUPPORTED        more than this build holds, or an algorithm without a verifier
 * CAIRN_E_IO                 a verifier failed
 * and what `receipts` answers about one that is wrong
 */
int cairn_verify_evidence(const void* file, size_t size, const cairn_policy* policy,
                          const cairn_verifier* verifiers, size_t verifier_count,
                          const void* record, size_t record_size,
                          const cairn_receipt_verifier* receipts, cairn_verdict* verdict);

/** A .tlog-proof file, taken apart. */
typedef struct cairn_tlog_proof {
  cairn_bytes extra; /* base64 text, unauthenticated; empty when absent */
  uint64_t index;
  cairn_bytes checkpoint; /* signed note */
} cairn_tlog_proof;

/** Parses a .tlog-proof file (c2sp.org/tlog-proof@v1); returns the number of hashes of its proof.
 *
 * CAIRN_E_CORRUPT  malformed
 * CAIRN_E_FULL     more hashes than `capacity`; CAIRN_PROOF_HASHES_MAX are always enough
 */
int cairn_parse_tlog_proof(const void* text, size_t size, cairn_tlog_proof* out,
                           cairn_digest* proof_out, size_t capacity, cairn_fault* fault);

/** Writes a .tlog-proof file; returns its size. `extra` must be base64 already. */
int cairn_format_tlog_proof(const cairn_tlog_proof* tlog_proof, const cairn_digest* proof,
                            size_t proof_count, void* out, size_t capacity);

/** Verifies a .tlog-proof for the leaf with this hash; as cairn_verify_evidence(). */
int cairn_verify_tlog_proof(const void* text, size_t size, const cairn_digest* leaf,
                            const cairn_policy* policy, const cairn_verifier* verifiers,
                            size_t verifier_count, cairn_verdict* verdict);

/* ---- The witness (c2sp.org/tlog-witness) ---------------------------------------------------- */

/** The newest head that a witness has cosigned for an origin. */
typedef struct cairn_witness_state {
  uint64_t size; /* 0: none yet */
  cairn_digest root;
} cairn_witness_state;

/** Where witness states live. A request calls each at most once, `get` twice when outrun. */
typedef struct cairn_witness_store {
  uint32_t struct_size; /* sizeof(cairn_witness_store) */
  void* user;
  /* Gives the key of an origin's log; CAIRN_E_NOT_FOUND: unknown or suspended. The key's name must
   * stay where it is during the request. */
  int (*key)(void* user, const uint8_t* origin, size_t origin_size, cairn_note_key* out);
  /* Gives the state; size 0 for a known origin without one. */
  int (*get)(void* user, const uint8_t* origin, size_t origin_size, cairn_witness_state* out);
  /* Replaces `expected` by `next` durably, or answers CAIRN_E_BAD_STATE when the stored size is no
   * longer expected->size. `checkpoint` is the signed note, for whoever wants to keep it. */
  int (*compare_and_set)(void* user, const uint8_t* origin, size_t origin_size,
                         const cairn_witness_state* expected, const cairn_witness_state* next,
                         const uint8_t* checkpoint, size_t checkpoint_size);
} cairn_witness_store;
#define CAIRN_WITNESS_STORE_INIT \
  { sizeof(cairn_witness_store), NULL, NULL, NULL, NULL }

/** An add-checkpoint request, taken apart. */
typedef struct cairn_add_request {
  uint64_t old_size;
  cairn_bytes checkpoint; /* signed note */
} cairn_add_request;

/* The answer to a request: the HTTP status codes of tlog-witness, whatever the transport. */
#define CAIRN_ANSWER_COSIGNED 200
#define CAIRN_ANSWER_MALFORMED 400  /* not a request, or old size above the checkpoint's */
#define CAIRN_ANSWER_NOT_SIGNED 403 /* no signature by the log's key, or a wrong one */
#define CAIRN_ANSWER_UNKNOWN_ORIGIN 404
#define CAIRN_ANSWER_CONFLICT 409     /* old size is not the last cosigned: state.size is */
#define CAIRN_ANSWER_INCONSISTENT 422 /* wrong proof, or same size, other root: a fork */
#define CAIRN_ANSWER_UNAVAILABLE 503  /* store or signer failed; nothing was cosigned */

/** What a witness answers. */
typedef struct cairn_witness_reply {
  uint16_t answer;             /* CAIRN_ANSWER_... */
  int32_t status;              /* why: CAIRN_OK or a CAIRN_E_ number */
  cairn_fault fault;           /* of a malformed request */
  cairn_witness_state state;   /* last cosigned head, for conflict and inconsistent */
  cairn_checkpoint checkpoint; /* what was asked for; views into the body */
  size_t size_bytes;           /* of the cosignature line that was written */
} cairn_witness_reply;

/** Parses a request: "old N", proof lines, empty line, signed checkpoint. Returns the number of
 * hashes of its proof.
 *
 * CAIRN_E_CORRUPT  malformed
 * CAIRN_E_FULL     more hashes than `capacity`; CAIRN_PROOF_HASHES_MAX are always enough
 */
int cairn_parse_add_checkpoint(const void* body, size_t size, cairn_add_request* out,
                               cairn_digest* proof_out, size_t capacity, cairn_fault* fault);

/** Writes a request; returns its size. */
int cairn_format_add_checkpoint(uint64_t old_size, const cairn_digest* proof, size_t proof_count,
                                const void* signed_note, size_t note_size, void* out,
                                size_t capacity);

/** Handles one request: verify, compare and set, cosign. Writes the cosignature line to `out`.
 *
 * `cosigner` is the witness's own Ed25519 key under `name`; `time_s` is now, in POSIX seconds.
 * 112 bytes and the name are enough for `out`. Asking again for the same head is legal and gives a
 * new time.
 * Power loss: the state is stored before the cosignature is handed out.
 * Cost: one or two signature verifications, at most 2 log2(size) node hashes, one signature.
 *
 * Returns reply->status, and fills the reply also when it is negative.
 */
int cairn_add_checkpoint(const void* body, size_t size, const cairn_witness_store* store,
                         const cairn_verifier* verifiers, size_t verifier_count,
                         const cairn_signer* cosigner, const void* name, size_t name_size,
                         uint64_t time_s, void* out, size_t capacity, cairn_witness_reply* reply);

/* ---- Reports: what a device and its gateway say to each other -------------------------------- */

#define CAIRN_REPORT_HEAD_BYTES 96        /* root || signature, which pieces are cut from */
#define CAIRN_REPORT_ANSWER_BYTES_MAX 175 /* no answer is longer */
#define CAIRN_REPORT_BYTES_MIN 51         /* no link may carry less */

/* What a report carries besides its checkpoint. */
#define CAIRN_REPORT_NONE 0     /* with a signature: a head; without: asks how far the gateway is */
#define CAIRN_REPORT_RECORDS 1  /* packed leaves: cairn_packed_records_next() */
#define CAIRN_REPORT_HASHES 2   /* leaf hashes, 32 bytes each */
#define CAIRN_REPORT_SUBTREES 3 /* roots of the subtrees that cover [first, checkpoint.size) */
#define CAIRN_REPORT_HEAD 4     /* a piece of root || signature */

/** A message from a device. report.hpp and docs/format.md say which fields go together. */
typedef struct cairn_report {
  cairn_air_checkpoint checkpoint;
  uint64_t first;  /* index of the first record, hash, or leaf under the subtrees */
  uint32_t offset; /* bytes of the first record, or of the head, that stand before */
  uint8_t content; /* CAIRN_REPORT_... */
  cairn_bytes bytes;
} cairn_report;

/** Writes a report; returns its size. CAIRN_E_BAD_ARGUMENT: fields that do not go together. */
int cairn_encode_report(const cairn_report* report, void* out, size_t capacity);

/** Takes a report apart; `out` points into `data`.
 *
 * CAIRN_E_CORRUPT  not exactly what cairn_encode_report() writes
 */
int cairn_decode_report(const void* data, size_t size, cairn_report* out);

/** One record of a report, or a part of it. */
typedef struct cairn_report_record {
  uint64_t index;
  uint32_t size_bytes; /* of the whole record */
  uint32_t offset;     /* where the bytes belong */
  cairn_bytes bytes;
} cairn_report_record;

#define CAIRN_PACKED_RECORDS_WORDS (3u + (sizeof(void*) / 4u))

/** A walk over the records of a report. */
typedef struct cairn_packed_records {
  uint64_t opaque[CAIRN_PACKED_RECORDS_WORDS];
} cairn_packed_records;

/** Begins to walk. `report` holds records. */
int cairn_packed_records_init(cairn_packed_records* records, const cairn_report* report);
/** Gives the next one. CAIRN_E_END: no more. CAIRN_E_CORRUPT: not packed records. */
int cairn_packed_records_next(cairn_packed_records* records, cairn_report_record* out);

#define CAIRN_RECORD_PACKER_WORDS (1u + ((6u * sizeof(void*)) / 8u))

/** Packs records for a report. */
typedef struct cairn_record_packer {
  uint64_t opaque[CAIRN_RECORD_PACKER_WORDS];
} cairn_record_packer;

/** Begins to pack into `out`, which is kept by address. */
int cairn_record_packer_init(cairn_record_packer* packer, void* out, size_t capacity);
/** Adds a record from `offset` on (0 but for the first), as much as fits; returns the number of
 * bytes taken.
 */
int cairn_record_packer_put(cairn_record_packer* packer, const void* record, size_t size,
                            size_t offset);
/** Returns the number of bytes packed. */
size_t cairn_record_packer_size(const cairn_record_packer* packer);

/** Appends the hashes or subtrees of a report to the frontier of what is held.
 *
 * CAIRN_E_NOT_FOUND     they begin behind it, subtrees also before it; nothing was appended
 * CAIRN_E_BAD_ARGUMENT  other content
 * CAIRN_E_FULL          more leaves than CAIRN_MAX_LEVELS allows
 */
int cairn_frontier_extend(cairn_frontier* frontier, const cairn_report* report);

/* The answer to a report: the HTTP status codes of tlog-witness and two more. */
#define CAIRN_CODE_COSIGNED 200
#define CAIRN_CODE_ACCEPTED 202
#define CAIRN_CODE_MALFORMED 400
#define CAIRN_CODE_NOT_SIGNED 403
#define CAIRN_CODE_UNKNOWN_LOG 404
#define CAIRN_CODE_CONFLICT 409
#define CAIRN_CODE_INCONSISTENT 422
#define CAIRN_CODE_BUSY 429
#define CAIRN_CODE_UNAVAILABLE 503

/** A message to a device. */
typedef struct cairn_report_answer {
  uint16_t code; /* CAIRN_CODE_... */
  uint8_t has_root;
  uint8_t has_cosignature;
  uint8_t has_beacon;
  uint32_t offset; /* bytes held of the record, or of the head, that stands at `held` */
  uint64_t size;   /* newest head that the gateway has cosigned; 0: none */
  uint64_t held;   /* accepted and conflict: everything before this index is held */
  uint64_t time;   /* when it was cosigned, POSIX seconds, */
  uint32_t key_id; /* and by whom */
  cairn_digest root;
  cairn_signature cosignature;
  cairn_digest beacon; /* SHA-256 of the text of the gateway's newest checkpoint */
} cairn_report_answer;

/** Writes an answer; returns its size. CAIRN_E_BAD_ARGUMENT: fields that do not go together. */
int cairn_encode_report_answer(const cairn_report_answer* answer, void* out, size_t capacity);
/** Reads one. CAIRN_E_CORRUPT: not exactly what cairn_encode_report_answer() writes. */
int cairn_decode_report_answer(const void* data, size_t size, cairn_report_answer* out);

/** Rebuilds the cosignature line of an answer; returns its size.
 *
 * CAIRN_E_BAD_ARGUMENT  no cosignature, not of this key, or a key that is no cosigner's
 */
int cairn_rebuild_cosignature(const cairn_report_answer* answer, const cairn_note_key* witness,
                              void* out, size_t capacity);

/* ---- The reporter: brings a recorder's log to a gateway -------------------------------------- */

#define CAIRN_REPORTER_WORDS (28u + sizeof(void*))

/** A conversation with a gateway. RAM: about 260 bytes. It needs no memory of its own on the
 * medium: after a start it asks the gateway how far that is.
 */
typedef struct cairn_reporter {
  uint64_t opaque[CAIRN_REPORTER_WORDS];
} cairn_reporter;

/* What the gateway gets besides signed heads. */
#define CAIRN_REPORT_MODE_RECORDS 0 /* every leaf */
#define CAIRN_REPORT_MODE_HASHES 1  /* 32 bytes a leaf */
#define CAIRN_REPORT_MODE_HEADS 2   /* roots of subtrees: about one a batch */

/** How to report. What is pointed to must outlive the reporter. */
typedef struct cairn_reporter_options {
  uint32_t struct_size;   /* sizeof(cairn_reporter_options) */
  uint8_t mode;           /* CAIRN_REPORT_MODE_... */
  cairn_note_key witness; /* the gateway's, of type CAIRN_NOTE_COSIGNATURE */
  const cairn_verifier* verifiers;
  size_t verifier_count;
  void*
      leaf; /* leaves are read here: as large as the largest, 64 bytes at least; unused by heads */
  size_t leaf_size;
} cairn_reporter_options;
#define CAIRN_REPORTER_OPTIONS_INIT \
  { sizeof(cairn_reporter_options), 0, {{NULL, 0}, 0, {0, {0}}}, NULL, 0, NULL, 0 }

/** Begins. `recorder` must be open and outlive the reporter; after opening it anew, begin anew.
 *
 * CAIRN_E_BAD_ARGUMENT  a witness that is no cosigner, or too little memory for leaves
 * CAIRN_E_BAD_STATE     the recorder is not open
 */
int cairn_reporter_begin(cairn_reporter* reporter, cairn_recorder* recorder,
                         const cairn_reporter_options* options);

/** Writes the next message, as large as `capacity` at most; returns its size.
 *
 * CAIRN_E_END       nothing to send: all that is signed is acknowledged, or answers are due
 * CAIRN_E_FULL      the capacity is too small
 * CAIRN_E_DAMAGED   the gateway has cosigned more than this log holds. Stop, raise an alarm, and
 *                   begin a successor: cairn_reporter_successor()
 * CAIRN_E_SIGNATURE_INVALID, CAIRN_E_PROOF_INVALID  the gateway has refused the head twice: it
 *                   knows another key, or another history
 * CAIRN_E_PRUNED, CAIRN_E_CORRUPT  the gateway lacks records that are no more here
 * CAIRN_E_BAD_ARGUMENT  a leaf is larger than options.leaf_size
 * CAIRN_E_IO        the medium failed; try again
 */
int cairn_reporter_next(cairn_reporter* reporter, void* out, size_t capacity);

/** Reads an answer. What is acknowledged may be retired from then on.
 *
 * CAIRN_OK                   taken; late and repeated answers change nothing that matters
 * CAIRN_E_CORRUPT            no answer; ignored
 * CAIRN_E_SIGNATURE_INVALID  a cosignature that is not the witness's; ignored. Or as next
 * CAIRN_E_NOT_FOUND          the gateway does not know the log: enrol it
 * CAIRN_E_UNSUPPORTED        the gateway does not understand
 * CAIRN_E_IO                 it is busy: try again later
 * CAIRN_E_DAMAGED, CAIRN_E_PROOF_INVALID  as next from now on
 */
int cairn_reporter_take(cairn_reporter* reporter, const void* answer, size_t size);

/** No answer came: the next message asks how far the gateway is. */
int cairn_reporter_again(cairn_reporter* reporter);

/** Returns the size of the newest head of which the cosignature was seen. */
uint64_t cairn_reporter_acknowledged(const cairn_reporter* reporter);

/** Sets the previous_ fields for the first record of the log that follows an abandoned one.
 *
 * CAIRN_E_BAD_STATE  nothing is abandoned
 */
int cairn_reporter_successor(const cairn_reporter* reporter, cairn_begin* out);

#ifdef __cplusplus
}
#endif
#endif
