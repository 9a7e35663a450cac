/* The C API, used from C: what c_api_test.cpp calls, and what the C files share. */
#ifndef CAIRN_TEST_C_API_TEST_H
#define CAIRN_TEST_C_API_TEST_H

#include <cairn/cairn.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Each returns 0, or the line of the first check that failed. */
int c_api_bytes(void);
int c_api_sha256(void);
int c_api_tree(void);
int c_api_subtrees(void);
int c_api_proofs(void);
int c_api_port(void);
int c_api_keys(void);
int c_api_notes(void);
int c_api_checkpoints(void);
int c_api_air(void);
int c_api_policy(void);
int c_api_quorum(void);
int c_api_leaves(void);
int c_api_samples(void);
int c_api_control(void);
int c_api_log(void);
int c_api_log_room(void);
int c_api_batches(void);
int c_api_cursor(void);
int c_api_recorder(void);
int c_api_recorder_open(void);
int c_api_steps(void);
int c_api_evidence(void);
int c_api_verify(void);
int c_api_receipts(void);
int c_api_tlog_proof(void);
int c_api_witness(void);
int c_api_witness_refuses(void);
int c_api_reports(void);
int c_api_reporter(void);
/* Makes the sample of examples/04_verify_in_c. */
int c_api_sample(void* evidence, size_t capacity, size_t* evidence_size, char* policy,
                 size_t policy_capacity, size_t* policy_size);
int c_api_ed25519(void);
int c_api_p256(void);

/* What C makes of the options and the contexts, to compare with C++. */
size_t c_api_max_levels(void);
size_t c_api_log_size(void);
size_t c_api_recorder_size(void);

#define EXPECT(condition)              \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

/* A stand-in for a signature, so that the callbacks are tested without a library: the digest of
 * public key and message. Anyone could make it. */
typedef struct toy_key {
  uint8_t public_bytes[32];
} toy_key;
cairn_signer toy_signer(toy_key* key, uint8_t number);
cairn_verifier toy_verifier(void);
/* A signer and a verifier that fail. */
int toy_fail_sign(void* user, const uint8_t* message, size_t size, uint8_t* signature);

/* A clock that gives what `user` points to. */
cairn_platform toy_platform(uint64_t* monotonic_ms);

/* A flash of 16 segments of 1024 bytes, over memory that `number` selects: 0 or 1. */
cairn_flash toy_flash(int number);
/* Memory for a log: one for each number as well. */
cairn_log_memory toy_memory(int number);

/* A recorder over flash 0: 8 records in one sealed batch. Returns 0 or a line, like a test. */
int toy_recorder(cairn_recorder* recorder, const cairn_flash* flash, toy_key* key,
                 cairn_signer* signer, const cairn_platform* platform);
#define TOY_ORIGIN "example.com/press-7"
#define TOY_RECORDS 8

/* 1 when the string is what `bytes` holds. */
int same(cairn_bytes bytes, const char* text);

#ifdef __cplusplus
}
#endif
#endif
