/* Uses the core alone, from C: a record of its own (which nanopb encodes) in a tree of two. */
#include <cairn/cairn.h>
#include <stdio.h>
#include <string.h>

static int make_record(uint8_t* out, size_t capacity) {
  cairn_gap gap;
  memset(&gap, 0, sizeof gap);
  gap.count = 7;
  return cairn_encode_gap(&gap, out, capacity);
}

int main(void) {
  uint8_t record[64];
  cairn_digest leaves[2], root;
  cairn_frontier frontier;
  const int size = make_record(record, sizeof record);
  if (size <= 0) return 1;
  cairn_leaf_hash("first", 5, &leaves[0]);
  cairn_leaf_hash(record, (size_t)size, &leaves[1]);
  if (cairn_frontier_init(&frontier) < 0 || cairn_frontier_append(&frontier, &leaves[0]) < 0 ||
      cairn_frontier_append(&frontier, &leaves[1]) < 0)
    return 1;
  cairn_frontier_root(&frontier, &root);
  if (cairn_verify_inclusion(1, 2, &leaves[1], &leaves[0], 1, &root) != 0) return 1;
  printf("a record of %d bytes is in the tree\n", size);
  return 0;
}
