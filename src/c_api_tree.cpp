// C API: SHA-256, the Merkle tree, and verifying proofs.
#include "c_api.hpp"
#include "cairn/merkle.hpp"
#include "cairn/proof.hpp"

using namespace cairn;
using namespace cairn::c_api;

static_assert(CAIRN_DIGEST_BYTES == digest_bytes);

void cairn_sha256(const void* data, size_t size, cairn_digest* out) {
  *out = to_c(sha256(view(data, size)));
}

void cairn_sha256_start(cairn_sha256_state* state) {
  hash_backend().start(make<Sha256State>(state));
}

void cairn_sha256_update(cairn_sha256_state* state, const void* data, size_t size) {
  hash_backend().update(in<Sha256State>(state), view(data, size));
}

void cairn_sha256_finish(cairn_sha256_state* state, cairn_digest* out) {
  hash_backend().finish(in<Sha256State>(state), *from_c(out));
}

const char* cairn_hash_backend(void) {
  return hash_backend().name;
}

void cairn_leaf_hash(const void* leaf, size_t size, cairn_digest* out) {
  *out = to_c(leaf_hash(view(leaf, size)));
}

void cairn_node_hash(const cairn_digest* left, const cairn_digest* right, cairn_digest* out) {
  *out = to_c(node_hash(*from_c(left), *from_c(right)));
}

void cairn_leaf_hashes(const cairn_bytes* leaves, size_t count, cairn_digest* out) {
  leaf_hashes(from_c(leaves), count, from_c(out));
}

int cairn_frontier_init(cairn_frontier* frontier) {
  if (frontier == nullptr) return bad_argument;
  make<Frontier>(frontier);
  return CAIRN_OK;
}

int cairn_frontier_assign(cairn_frontier* frontier, uint64_t size, const cairn_digest* hashes,
                          size_t count) {
  if (frontier == nullptr || !readable(hashes, count)) return bad_argument;
  return number(make<Frontier>(frontier).assign(size, from_c(hashes), count));
}

int cairn_frontier_append(cairn_frontier* frontier, const cairn_digest* leaf) {
  if (frontier == nullptr || leaf == nullptr) return bad_argument;
  return number(in<Frontier>(frontier).append(*from_c(leaf)));
}

int cairn_frontier_append_batch(cairn_frontier* frontier, cairn_digest* leaves, size_t count) {
  if (frontier == nullptr || !readable(leaves, count)) return bad_argument;
  return number(in<Frontier>(frontier).append_batch(from_c(leaves), count));
}

int cairn_frontier_append_subtree(cairn_frontier* frontier, unsigned level,
                                  const cairn_digest* root) {
  if (frontier == nullptr || root == nullptr) return bad_argument;
  return number(in<Frontier>(frontier).append_subtree(level, *from_c(root)));
}

unsigned cairn_cover_level(uint64_t first, uint64_t end) {
  return cover_level(first, end);
}

size_t cairn_cover_count(uint64_t first, uint64_t end) {
  return cover_count(first, end);
}

uint64_t cairn_frontier_size(const cairn_frontier* frontier) {
  return in<Frontier>(frontier).size();
}

int cairn_frontier_hashes(const cairn_frontier* frontier, cairn_digest* out, size_t capacity) {
  if (frontier == nullptr || !readable(out, capacity)) return bad_argument;
  const Frontier& from = in<Frontier>(frontier);
  if (from.count() > capacity) return CAIRN_E_FULL;
  for (unsigned i = 0; i < from.count(); ++i)
    out[i] = to_c(from[i]);
  return static_cast<int>(from.count());
}

void cairn_frontier_root(const cairn_frontier* frontier, cairn_digest* out) {
  *out = to_c(in<Frontier>(frontier).root());
}

static_assert(CAIRN_TREE_SIZE_MAX == tree_size_max);
static_assert(CAIRN_PROOF_HASHES_MAX == proof_hashes_max);
static_assert(CAIRN_RANGE_PROOF_HASHES_MAX == range_proof_hashes_max);

size_t cairn_inclusion_proof_size(uint64_t index, uint64_t size) {
  return inclusion_proof_size(index, size);
}

size_t cairn_consistency_proof_size(uint64_t from, uint64_t to) {
  return consistency_proof_size(from, to);
}

size_t cairn_range_proof_size(uint64_t first, uint64_t count, uint64_t size) {
  return range_proof_size(first, count, size);
}

int cairn_root_from_inclusion(uint64_t index, uint64_t size, const cairn_digest* leaf,
                              const cairn_digest* proof, size_t proof_count,
                              cairn_digest* root_out) {
  if (leaf == nullptr || !readable(proof, proof_count) || root_out == nullptr) return bad_argument;
  return number(root_from_inclusion(index, size, *from_c(leaf), {from_c(proof), proof_count},
                                    *from_c(root_out)));
}

int cairn_verify_inclusion(uint64_t index, uint64_t size, const cairn_digest* leaf,
                           const cairn_digest* proof, size_t proof_count,
                           const cairn_digest* root) {
  if (leaf == nullptr || !readable(proof, proof_count) || root == nullptr) return bad_argument;
  return number(
      verify_inclusion(index, size, *from_c(leaf), {from_c(proof), proof_count}, *from_c(root)));
}

// An array of these passes between C and C++ as it is.
static_assert(sizeof(InclusionCheck) == sizeof(cairn_inclusion_check) &&
              offsetof(InclusionCheck, index) == offsetof(cairn_inclusion_check, index) &&
              offsetof(InclusionCheck, size) == offsetof(cairn_inclusion_check, size) &&
              offsetof(InclusionCheck, leaf) == offsetof(cairn_inclusion_check, leaf) &&
              offsetof(InclusionCheck, proof.hashes) == offsetof(cairn_inclusion_check, proof) &&
              offsetof(InclusionCheck, proof.count) ==
                  offsetof(cairn_inclusion_check, proof_count) &&
              offsetof(InclusionCheck, root) == offsetof(cairn_inclusion_check, root) &&
              offsetof(InclusionCheck, status) == offsetof(cairn_inclusion_check, status));

static bool usable(const cairn_inclusion_check& check) {
  return check.leaf != nullptr && readable(check.proof, check.proof_count) && check.root != nullptr;
}

int cairn_verify_inclusions(cairn_inclusion_check* checks, size_t count) {
  if (!readable(checks, count)) return bad_argument;
  bool all_usable = true;
  for (size_t i = 0; i < count; ++i)
    all_usable = all_usable && usable(checks[i]);
  if (all_usable) {
    return number(verify_inclusions(reinterpret_cast<InclusionCheck*>(checks), count));
  }
  for (size_t i = 0; i < count; ++i)
    checks[i].status = bad_argument;
  return bad_argument;
}

int cairn_verify_consistency(uint64_t from, uint64_t to, const cairn_digest* root_from,
                             const cairn_digest* root_to, const cairn_digest* proof,
                             size_t proof_count) {
  if (root_from == nullptr || root_to == nullptr || !readable(proof, proof_count)) {
    return bad_argument;
  }
  return number(verify_consistency(from, to, *from_c(root_from), *from_c(root_to),
                                   {from_c(proof), proof_count}));
}

int cairn_verify_range(uint64_t first, const cairn_digest* leaves, size_t count, uint64_t size,
                       const cairn_digest* proof, size_t proof_count, const cairn_digest* root) {
  if (!readable(leaves, count) || !readable(proof, proof_count) || root == nullptr) {
    return bad_argument;
  }
  return number(verify_range(first, from_c(leaves), count, size, {from_c(proof), proof_count},
                             *from_c(root)));
}
