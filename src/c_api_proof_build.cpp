// C API: building proofs from a source of nodes, one by one and many in one tree.
#include "c_api.hpp"
#include "cairn/proof.hpp"

namespace cairn::c_api {

static Status ask(void* user, unsigned level, uint64_t index, Digest& out) {
  const cairn_node_source& source = *static_cast<const cairn_node_source*>(user);
  return status_of(source.node(source.user, level, index, reinterpret_cast<cairn_digest*>(&out)));
}

static bool usable(const cairn_node_source* source) {
  return sized(source) && source->node != nullptr;
}

static NodeSource from_c(const cairn_node_source* source) {
  return {const_cast<cairn_node_source*>(source), ask};
}

static int count_of(Status status, const ProofBuffer& proof) {
  return status == Status::ok ? static_cast<int>(proof.count) : number(status);
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_build_inclusion(uint64_t index, uint64_t size, const cairn_node_source* source,
                          cairn_digest* proof_out, size_t capacity) {
  if (!usable(source) || !readable(proof_out, capacity)) return bad_argument;
  ProofBuffer proof{from_c(proof_out), capacity};
  return count_of(build_inclusion(index, size, from_c(source), proof), proof);
}

int cairn_build_consistency(uint64_t from, uint64_t to, const cairn_node_source* source,
                            cairn_digest* proof_out, size_t capacity) {
  if (!usable(source) || !readable(proof_out, capacity)) return bad_argument;
  ProofBuffer proof{from_c(proof_out), capacity};
  return count_of(build_consistency(from, to, from_c(source), proof), proof);
}

int cairn_build_range(uint64_t first, uint64_t count, uint64_t size,
                      const cairn_node_source* source, cairn_digest* proof_out, size_t capacity) {
  if (!usable(source) || !readable(proof_out, capacity)) return bad_argument;
  ProofBuffer proof{from_c(proof_out), capacity};
  return count_of(build_range(first, count, size, from_c(source), proof), proof);
}

int cairn_build_root(uint64_t size, const cairn_node_source* source, cairn_digest* root_out) {
  if (!usable(source) || root_out == nullptr) return bad_argument;
  return number(build_root(size, from_c(source), *from_c(root_out)));
}

int cairn_prover_open(cairn_prover* prover, uint64_t size, const cairn_node_source* source) {
  if (prover == nullptr) return bad_argument;
  Prover& made = make<Prover>(prover);
  if (!usable(source)) return bad_argument;
  return number(made.open(size, from_c(source)));
}

uint64_t cairn_prover_size(const cairn_prover* prover) {
  return in<Prover>(prover).size();
}

void cairn_prover_root(const cairn_prover* prover, cairn_digest* out) {
  *out = to_c(in<Prover>(prover).root());
}

int cairn_prover_inclusion(const cairn_prover* prover, uint64_t index, cairn_digest* proof_out,
                           size_t capacity) {
  if (prover == nullptr || !readable(proof_out, capacity)) return bad_argument;
  ProofBuffer proof{from_c(proof_out), capacity};
  return count_of(in<Prover>(prover).inclusion(index, proof), proof);
}

int cairn_prover_consistency(const cairn_prover* prover, uint64_t from, cairn_digest* proof_out,
                             size_t capacity) {
  if (prover == nullptr || !readable(proof_out, capacity)) return bad_argument;
  ProofBuffer proof{from_c(proof_out), capacity};
  return count_of(in<Prover>(prover).consistency(from, proof), proof);
}

int cairn_prover_range(const cairn_prover* prover, uint64_t first, uint64_t count,
                       cairn_digest* proof_out, size_t capacity) {
  if (prover == nullptr || !readable(proof_out, capacity)) return bad_argument;
  ProofBuffer proof{from_c(proof_out), capacity};
  return count_of(in<Prover>(prover).range(first, count, proof), proof);
}
