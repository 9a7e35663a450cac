#include <string.h>

#include "c_api_test.h"

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

int c_api_subtrees(void) {
  cairn_frontier frontier, whole;
  cairn_digest leaves[7], pair, root, expected;
  uint8_t i;

  EXPECT(cairn_frontier_init(&frontier) == CAIRN_OK && cairn_frontier_init(&whole) == CAIRN_OK);
  for (i = 0; i < 7; ++i) {
    cairn_leaf_hash(&i, 1, &leaves[i]);
    EXPECT(cairn_frontier_append(&whole, &leaves[i]) == CAIRN_OK);
  }
  /* Leaves [1, 7) are those of 1, 2 and 3, 4 and 5, 6. */
  EXPECT(cairn_cover_count(1, 7) == 4 && cairn_cover_count(7, 7) == 0);
  EXPECT(cairn_cover_level(1, 7) == 0 && cairn_cover_level(2, 7) == 1);
  EXPECT(cairn_cover_level(4, 7) == 1 && cairn_cover_level(6, 7) == 0);
  EXPECT(cairn_frontier_append_subtree(&frontier, 0, &leaves[0]) == CAIRN_OK);
  EXPECT(cairn_frontier_append_subtree(&frontier, 0, &leaves[1]) == CAIRN_OK);
  for (i = 2; i < 6; i = (uint8_t)(i + 2)) {
    cairn_node_hash(&leaves[i], &leaves[i + 1], &pair);
    EXPECT(cairn_frontier_append_subtree(&frontier, 1, &pair) == CAIRN_OK);
  }
  EXPECT(cairn_frontier_append_subtree(&frontier, 0, &leaves[6]) == CAIRN_OK);
  EXPECT(cairn_frontier_size(&frontier) == 7);
  cairn_frontier_root(&frontier, &root);
  cairn_frontier_root(&whole, &expected);
  EXPECT(memcmp(&root, &expected, sizeof root) == 0);

  EXPECT(cairn_frontier_append_subtree(&frontier, 1, &pair) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_append_subtree(&frontier, 0, NULL) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_append_subtree(NULL, 0, &pair) == CAIRN_E_BAD_ARGUMENT);
  EXPECT(cairn_frontier_init(&frontier) == CAIRN_OK);
  EXPECT(cairn_frontier_append_subtree(&frontier, CAIRN_MAX_LEVELS, &pair) == CAIRN_E_FULL);
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
  EXPECT(cairn_prover_size(&prover) == 7);
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
