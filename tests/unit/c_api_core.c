#include <string.h>

#include "c_api_test.h"

int c_api_bytes(void) {
  uint8_t secret[4] = {1, 2, 3, 4};
  const uint8_t zeros[4] = {0, 0, 0, 0};
  char text[16];
  uint8_t bytes[16];

  EXPECT(strcmp(cairn_status_text(CAIRN_OK), "ok") == 0);
  EXPECT(strcmp(cairn_status_text(12), "ok") == 0);
  EXPECT(strcmp(cairn_status_text(CAIRN_E_SIGNATURE_INVALID), "signature invalid") == 0);
  EXPECT(strcmp(cairn_status_text(-16), "unknown status") == 0);
  EXPECT(strcmp(cairn_status_text(-256), "unknown status") == 0);
  EXPECT(strcmp(cairn_field_text(CAIRN_FIELD_SIGNATURE_LINE), "signature line") == 0);
  EXPECT(strcmp(cairn_field_text(257), "unknown field") == 0);

  EXPECT(same(cairn_text("press"), "press"));
  EXPECT(cairn_text(NULL).size == 0);
  EXPECT(cairn_equal_constant_time(secret, zeros, 4) == 0);
  cairn_wipe(secret, sizeof secret);
  EXPECT(cairn_equal_constant_time(secret, zeros, 4) == 1);
  EXPECT(cairn_equal_constant_time(NULL, NULL, 0) == 1);

  EXPECT(cairn_encode_base64("cairn", 5, text, sizeof text) == 8);
  EXPECT(memcmp(text, "Y2Fpcm4=", 8) == 0);
  EXPECT(cairn_encode_base64("cairn", 5, text, 7) == CAIRN_E_FULL);
  EXPECT(cairn_encode_base64(NULL, 5, text, sizeof text) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_encode_base64("cairn", 5, NULL, 8) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_base64("Y2Fpcm4=", 8, bytes, sizeof bytes) == 5);
  EXPECT(memcmp(bytes, "cairn", 5) == 0);
  EXPECT(cairn_decode_base64("Y2Fpcm5=", 8, bytes, sizeof bytes) == CAIRN_E_CORRUPT);
  EXPECT(cairn_decode_base64("Y2Fpcm4=", 8, bytes, 4) == CAIRN_E_FULL);
  EXPECT(cairn_decode_base64(NULL, 8, bytes, sizeof bytes) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_decode_base64("Y2Fpcm4=", 8, NULL, 5) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_sha256(void) {
  static const uint8_t abc[32] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                  0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                  0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
  cairn_sha256_state state, copy;
  cairn_digest digest;

  cairn_sha256("abc", 3, &digest);
  EXPECT(memcmp(digest.bytes, abc, 32) == 0);
  cairn_sha256_start(&state);
  cairn_sha256_update(&state, "a", 1);
  cairn_sha256_update(&state, NULL, 0);
  copy = state;
  cairn_sha256_update(&copy, "bc", 2);
  cairn_sha256_finish(&copy, &digest);
  EXPECT(memcmp(digest.bytes, abc, 32) == 0);
  cairn_sha256_finish(&state, &digest);
  EXPECT(memcmp(digest.bytes, abc, 32) != 0);
  return 0;
}

int c_api_tree(void) {
  static const uint8_t empty_leaf[4] = {0x6e, 0x34, 0x0b, 0x9c};
  static const uint8_t empty_tree[4] = {0xe3, 0xb0, 0xc4, 0x42};
  cairn_frontier frontier, other;
  cairn_digest leaves[3], hashes[2], root, expected;
  cairn_bytes texts[3];

  cairn_leaf_hash(NULL, 0, &root);
  EXPECT(memcmp(root.bytes, empty_leaf, 4) == 0);
  EXPECT(cairn_frontier_init(NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_init(&frontier) == CAIRN_OK);
  EXPECT(cairn_frontier_size(&frontier) == 0);
  cairn_frontier_root(&frontier, &root);
  EXPECT(memcmp(root.bytes, empty_tree, 4) == 0);

  texts[0] = cairn_text("a");
  texts[1] = cairn_text("b");
  texts[2] = cairn_text("c");
  cairn_leaf_hashes(texts, 3, leaves);
  cairn_leaf_hash("b", 1, &root);
  EXPECT(memcmp(&root, &leaves[1], sizeof root) == 0);
  cairn_node_hash(&leaves[0], &leaves[1], &expected);
  cairn_node_hash(&expected, &leaves[2], &expected);

  EXPECT(cairn_frontier_append(&frontier, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_append(NULL, &leaves[0]) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_append(&frontier, &leaves[0]) == CAIRN_OK);
  EXPECT(cairn_frontier_append_batch(&frontier, NULL, 2) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_append_batch(&frontier, &leaves[1], 2) == CAIRN_OK);
  EXPECT(cairn_frontier_size(&frontier) == 3);
  cairn_frontier_root(&frontier, &root);
  EXPECT(memcmp(&root, &expected, sizeof root) == 0);

  EXPECT(cairn_frontier_hashes(&frontier, hashes, 1) == CAIRN_E_FULL);
  EXPECT(cairn_frontier_hashes(NULL, hashes, 2) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_hashes(&frontier, NULL, 2) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_hashes(&frontier, hashes, 2) == 2);
  EXPECT(cairn_frontier_assign(&other, 3, hashes, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_assign(&other, 3, NULL, 2) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_assign(NULL, 3, hashes, 2) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_assign(&other, 3, hashes, 2) == CAIRN_OK);
  cairn_frontier_root(&other, &root);
  EXPECT(memcmp(&root, &expected, sizeof root) == 0);
  return 0;
}

/* Nodes over leaf hashes in an array; `lost` makes every answer fail. */
typedef struct small_tree {
  cairn_digest leaves[7];
  int lost;
} small_tree;

static int small_tree_node(void* user, unsigned level, uint64_t index, cairn_digest* out) {
  const small_tree* tree = (const small_tree*)user;
  const uint64_t first = index << level;
  cairn_frontier frontier;
  uint64_t i;
  if (tree->lost != 0) return tree->lost;
  if (cairn_frontier_init(&frontier) != CAIRN_OK) return CAIRN_E_IO;
  for (i = first; i < first + ((uint64_t)1 << level); ++i) {
    if (cairn_frontier_append(&frontier, &tree->leaves[i]) != CAIRN_OK) return CAIRN_E_IO;
  }
  cairn_frontier_root(&frontier, out);
  return CAIRN_OK;
}

static int build_and_verify(const small_tree* tree, const cairn_node_source* source) {
  cairn_digest proof[CAIRN_RANGE_PROOF_HASHES_MAX], root, root3, led;
  int count;

  EXPECT(cairn_build_root(7, source, &root) == CAIRN_OK);
  EXPECT(cairn_build_root(3, source, &root3) == CAIRN_OK);

  count = cairn_build_inclusion(4, 7, source, proof, CAIRN_PROOF_HASHES_MAX);
  EXPECT(count == 3 && cairn_inclusion_proof_size(4, 7) == 3);
  EXPECT(cairn_verify_inclusion(4, 7, &tree->leaves[4], proof, 3, &root) == CAIRN_OK);
  EXPECT(cairn_root_from_inclusion(4, 7, &tree->leaves[4], proof, 3, &led) == CAIRN_OK);
  EXPECT(memcmp(&led, &root, sizeof led) == 0);
  EXPECT(cairn_verify_inclusion(5, 7, &tree->leaves[4], proof, 3, &root) == CAIRN_E_PROOF_INVALID);
  EXPECT(cairn_root_from_inclusion(4, 7, &tree->leaves[4], proof, 2, &led) ==
         CAIRN_E_PROOF_INVALID);

  count = cairn_build_consistency(3, 7, source, proof, CAIRN_PROOF_HASHES_MAX);
  EXPECT(count == 4 && cairn_consistency_proof_size(3, 7) == 4);
  EXPECT(cairn_verify_consistency(3, 7, &root3, &root, proof, 4) == CAIRN_OK);
  EXPECT(cairn_verify_consistency(3, 7, &root, &root3, proof, 4) == CAIRN_E_PROOF_INVALID);

  count = cairn_build_range(2, 3, 7, source, proof, CAIRN_RANGE_PROOF_HASHES_MAX);
  EXPECT(count > 0 && cairn_range_proof_size(2, 3, 7) == (size_t)count);
  EXPECT(cairn_verify_range(2, &tree->leaves[2], 3, 7, proof, (size_t)count, &root) == CAIRN_OK);
  EXPECT(cairn_verify_range(1, &tree->leaves[2], 3, 7, proof, (size_t)count, &root) ==
         CAIRN_E_PROOF_INVALID);
  return 0;
}

static int prove_many(const small_tree* tree, const cairn_node_source* source) {
  cairn_prover prover;
  cairn_digest proofs[7][CAIRN_PROOF_HASHES_MAX], expected[CAIRN_RANGE_PROOF_HASHES_MAX];
  cairn_digest made[CAIRN_RANGE_PROOF_HASHES_MAX], root, same_root;
  cairn_inclusion_check checks[7];
  uint64_t i;
  int count;

  EXPECT(cairn_prover_open(&prover, 7, source) == CAIRN_OK);
  EXPECT(cairn_build_root(7, source, &root) == CAIRN_OK);
  cairn_prover_root(&prover, &same_root);
  EXPECT(memcmp(&root, &same_root, sizeof root) == 0);
  for (i = 0; i < 7; ++i) {
    cairn_inclusion_check check;
    count = cairn_prover_inclusion(&prover, i, proofs[i], CAIRN_PROOF_HASHES_MAX);
    EXPECT(count == cairn_build_inclusion(i, 7, source, expected, CAIRN_PROOF_HASHES_MAX));
    EXPECT(count > 0 && memcmp(proofs[i], expected, 32 * (size_t)count) == 0);
    check.index = i;
    check.size = 7;
    check.leaf = &tree->leaves[i];
    check.proof = proofs[i];
    check.proof_count = (size_t)count;
    check.root = &root;
    check.status = CAIRN_E_IO;
    checks[i] = check;
  }
  EXPECT(cairn_verify_inclusions(checks, 7) == CAIRN_OK);
  for (i = 0; i < 7; ++i)
    EXPECT(checks[i].status == CAIRN_OK);
  checks[3].index = 4;
  EXPECT(cairn_verify_inclusions(checks, 7) == CAIRN_E_PROOF_INVALID);
  for (i = 0; i < 7; ++i)
    EXPECT(checks[i].status == (i == 3 ? CAIRN_E_PROOF_INVALID : CAIRN_OK));
  checks[6].root = NULL;
  EXPECT(cairn_verify_inclusions(checks, 7) == CAIRN_E_BAD_ARGUMENT);
  for (i = 0; i < 7; ++i)
    EXPECT(checks[i].status == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_inclusions(NULL, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_inclusions(NULL, 0) == CAIRN_OK);

  count = cairn_prover_consistency(&prover, 3, made, CAIRN_PROOF_HASHES_MAX);
  EXPECT(count == cairn_build_consistency(3, 7, source, expected, CAIRN_PROOF_HASHES_MAX));
  EXPECT(count == 4 && memcmp(made, expected, 32 * 4) == 0);
  count = cairn_prover_range(&prover, 1, 3, made, CAIRN_RANGE_PROOF_HASHES_MAX);
  EXPECT(count == cairn_build_range(1, 3, 7, source, expected, CAIRN_RANGE_PROOF_HASHES_MAX));
  EXPECT(count > 0 && memcmp(made, expected, 32 * (size_t)count) == 0);
  return 0;
}

static int refuse_to_prove(const cairn_node_source* source) {
  cairn_prover prover;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX];
  cairn_node_source wrong = *source;

  EXPECT(cairn_prover_open(NULL, 7, source) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_open(&prover, 7, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_inclusion(&prover, 0, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  wrong.node = NULL;
  EXPECT(cairn_prover_open(&prover, 7, &wrong) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_open(&prover, (uint64_t)1 << 63, source) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_open(&prover, 7, source) == CAIRN_OK);
  EXPECT(cairn_prover_inclusion(&prover, 4, proof, 2) == CAIRN_E_FULL);
  EXPECT(cairn_prover_inclusion(&prover, 7, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_inclusion(&prover, 4, NULL, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_inclusion(NULL, 4, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_consistency(&prover, 8, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_consistency(&prover, 3, NULL, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_consistency(NULL, 3, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_range(&prover, 5, 3, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_range(&prover, 2, 3, NULL, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_prover_range(NULL, 2, 3, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

static int refuse_to_build(const cairn_node_source* source) {
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX], root;
  cairn_node_source wrong = *source;

  EXPECT(cairn_build_inclusion(4, 7, source, proof, 2) == CAIRN_E_FULL);
  EXPECT(cairn_build_inclusion(7, 7, source, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_inclusion(4, 7, source, NULL, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_consistency(4, 3, source, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_consistency(3, 7, source, NULL, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_range(5, 3, 7, source, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_range(2, 3, 7, source, NULL, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_root(7, source, NULL) == CAIRN_E_BAD_ARGUMENT);
  wrong.node = NULL;
  EXPECT(cairn_build_inclusion(4, 7, &wrong, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  wrong = *source;
  wrong.struct_size -= 1;
  EXPECT(cairn_build_consistency(3, 7, &wrong, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_range(2, 3, 7, &wrong, proof, 64) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_root(7, &wrong, &root) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_build_root(7, NULL, &root) == CAIRN_E_BAD_ARGUMENT);

  EXPECT(cairn_verify_inclusion(0, 1, NULL, NULL, 0, &root) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_inclusion(0, 2, &root, NULL, 1, &root) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_root_from_inclusion(0, 1, &root, NULL, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_consistency(1, 2, NULL, &root, proof, 1) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_verify_range(0, NULL, 1, 1, NULL, 0, &root) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_proofs(void) {
  small_tree tree;
  cairn_node_source source = CAIRN_NODE_SOURCE_INIT;
  cairn_digest proof[CAIRN_PROOF_HASHES_MAX];
  uint8_t i;
  int failed;

  tree.lost = 0;
  for (i = 0; i < 7; ++i)
    cairn_leaf_hash(&i, 1, &tree.leaves[i]);
  source.user = &tree;
  source.node = small_tree_node;
  failed = build_and_verify(&tree, &source);
  if (failed == 0) failed = refuse_to_build(&source);
  if (failed == 0) failed = prove_many(&tree, &source);
  if (failed == 0) failed = refuse_to_prove(&source);
  if (failed != 0) return failed;
  /* What the source answers comes back; a number that is no status is a failure of the source. */
  tree.lost = CAIRN_E_PRUNED;
  EXPECT(cairn_build_inclusion(4, 7, &source, proof, 64) == CAIRN_E_PRUNED);
  tree.lost = -77;
  EXPECT(cairn_build_inclusion(4, 7, &source, proof, 64) == CAIRN_E_IO);
  return 0;
}

static int port_signing(void) {
  toy_key key;
  cairn_signer signer = toy_signer(&key, 1);
  cairn_verifier verifier = toy_verifier();
  cairn_signature signature;

  EXPECT(cairn_public_key_size(CAIRN_ED25519) == 32 && cairn_public_key_size(CAIRN_P256) == 64);
  EXPECT(cairn_public_key_size(9) == 0);
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "m", 1, &signature) == CAIRN_OK);
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "n", 1, &signature) ==
         CAIRN_E_SIGNATURE_INVALID);
  EXPECT(cairn_verify(NULL, 0, &signer.public_key, "m", 1, &signature) == CAIRN_E_UNSUPPORTED);
  EXPECT(cairn_verify(NULL, 1, &signer.public_key, "m", 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  verifier.struct_size = 0;
  EXPECT(cairn_verify(&verifier, 1, &signer.public_key, "m", 1, &signature) ==
         CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign(&signer, NULL, 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_sign(&signer, "m", 1, NULL) == CAIRN_E_BAD_ARGUMENT);
  signer.sign = toy_fail_sign;
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_E_IO);
  signer.sign = NULL;
  EXPECT(cairn_sign(&signer, "m", 1, &signature) == CAIRN_E_BAD_ARGUMENT);
  return 0;
}

int c_api_port(void) {
  static uint8_t memory[2048];
  uint64_t now = 42;
  cairn_platform platform = toy_platform(&now);
  cairn_platform nothing = CAIRN_PLATFORM_INIT;
  cairn_flash geometry = CAIRN_FLASH_INIT, flash;
  cairn_ram_flash ram;
  uint8_t byte = 0;

  EXPECT(cairn_monotonic_ms(&platform) == 42 && cairn_monotonic_ms(&nothing) == 0);
  EXPECT(cairn_wall_clock(&platform).unix_ms == 1700000000042);
  EXPECT(cairn_wall_clock(&platform).quality == CAIRN_TIME_SYNCHRONISED);
  EXPECT(cairn_wall_clock(&nothing).quality == CAIRN_TIME_UNSYNCHRONISED);

  EXPECT(geometry.erased == 0xFF);
  geometry.unit_bytes = 1;
  geometry.segment_bytes = 1024;
  geometry.segment_count = 2;
  geometry.kind = CAIRN_FLASH_REWRITABLE;
  EXPECT(cairn_check_geometry(&geometry) == CAIRN_E_BAD_ARGUMENT); /* no functions yet */
  EXPECT(cairn_ram_flash_init(&ram, memory, 2047, &geometry, &flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(NULL, memory, 2048, &geometry, &flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(&ram, NULL, 2048, &geometry, &flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(&ram, memory, 2048, &geometry, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_ram_flash_init(&ram, memory, 2048, &geometry, &flash) == CAIRN_OK);
  EXPECT(cairn_check_geometry(&flash) == CAIRN_OK);
  EXPECT(flash.program(flash.user, 1, 3, "x", 1) == CAIRN_OK && memory[1027] == 'x');
  EXPECT(flash.read(flash.user, 1, 3, &byte, 1) == CAIRN_OK && byte == 'x');
  flash.struct_size = 4;
  EXPECT(cairn_check_geometry(&flash) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_check_geometry(NULL) == CAIRN_E_BAD_ARGUMENT);
  return port_signing();
}
