// C API: the witness.
#include "c_api_checkpoint.hpp"
#include "cairn/witness.hpp"

static_assert(CAIRN_ANSWER_COSIGNED == static_cast<int>(cairn::WitnessAnswer::cosigned));
static_assert(CAIRN_ANSWER_MALFORMED == static_cast<int>(cairn::WitnessAnswer::malformed));
static_assert(CAIRN_ANSWER_NOT_SIGNED == static_cast<int>(cairn::WitnessAnswer::not_signed));
static_assert(CAIRN_ANSWER_UNKNOWN_ORIGIN ==
              static_cast<int>(cairn::WitnessAnswer::unknown_origin));
static_assert(CAIRN_ANSWER_CONFLICT == static_cast<int>(cairn::WitnessAnswer::conflict));
static_assert(CAIRN_ANSWER_INCONSISTENT == static_cast<int>(cairn::WitnessAnswer::inconsistent));
static_assert(CAIRN_ANSWER_UNAVAILABLE == static_cast<int>(cairn::WitnessAnswer::unavailable));

namespace cairn::c_api {

static cairn_witness_state to_c(const WitnessState& state) {
  return {state.size, to_c(state.root)};
}

// A store in C, as the witness calls it.
static const cairn_witness_store& store_of(void* user) {
  return *static_cast<const cairn_witness_store*>(user);
}

static Status store_key(void* user, ByteView origin, NoteKey& out) {
  const cairn_witness_store& store = store_of(user);
  cairn_note_key key = {};
  CAIRN_TRY(status_of(store.key(store.user, origin.data, origin.size, &key)));
  if (!usable(&key)) return Status::io;
  out = from_c(key);
  return Status::ok;
}

static Status store_get(void* user, ByteView origin, WitnessState& out) {
  const cairn_witness_store& store = store_of(user);
  cairn_witness_state state = {};
  CAIRN_TRY(status_of(store.get(store.user, origin.data, origin.size, &state)));
  out = {state.size, *from_c(&state.root)};
  return Status::ok;
}

static Status store_set(void* user, ByteView origin, const WitnessState& expected,
                        const WitnessState& next, ByteView checkpoint) {
  const cairn_witness_store& store = store_of(user);
  const cairn_witness_state from = to_c(expected);
  const cairn_witness_state to = to_c(next);
  return status_of(store.compare_and_set(store.user, origin.data, origin.size, &from, &to,
                                         checkpoint.data, checkpoint.size));
}

static bool usable(const cairn_witness_store* store) {
  return sized(store) && store->key != nullptr && store->get != nullptr &&
         store->compare_and_set != nullptr;
}

}  // namespace cairn::c_api

using namespace cairn;
using namespace cairn::c_api;

int cairn_parse_add_checkpoint(const void* body, size_t size, cairn_add_request* out,
                               cairn_digest* proof_out, size_t capacity, cairn_fault* fault) {
  if (!readable(body, size) || out == nullptr || !readable(proof_out, capacity)) {
    return bad_argument;
  }
  FaultOut at(fault);
  AddCheckpoint parsed;
  ProofBuffer proof{from_c(proof_out), capacity};
  const Status status = parse_add_checkpoint(view(body, size), parsed, proof, at);
  if (status != Status::ok) return number(status);
  *out = {parsed.old_size, to_c(parsed.checkpoint)};
  return static_cast<int>(proof.count);
}

int cairn_format_add_checkpoint(uint64_t old_size, const cairn_digest* proof, size_t proof_count,
                                const void* signed_note, size_t note_size, void* out,
                                size_t capacity) {
  if (!readable(proof, proof_count) || !readable(signed_note, note_size) ||
      !readable(out, capacity)) {
    return bad_argument;
  }
  return size_of(format_add_checkpoint(old_size, {from_c(proof), proof_count},
                                       view(signed_note, note_size), room(out, capacity)));
}

int cairn_add_checkpoint(const void* body, size_t size, const cairn_witness_store* store,
                         const cairn_verifier* verifiers, size_t verifier_count,
                         const cairn_signer* cosigner, const void* name, size_t name_size,
                         uint64_t time_s, void* out, size_t capacity, cairn_witness_reply* reply) {
  if (!readable(body, size) || !usable(store) || !usable(verifiers, verifier_count) ||
      !usable(cosigner) || !readable(name, name_size) || !readable(out, capacity) ||
      reply == nullptr) {
    return bad_argument;
  }
  const WitnessStore bridge{const_cast<cairn_witness_store*>(store), store_key, store_get,
                            store_set};
  const WitnessReply made =
      add_checkpoint(view(body, size), bridge, {verifiers, verifier_count}, *cosigner,
                     view(name, name_size), time_s, room(out, capacity));
  *reply = {static_cast<uint16_t>(made.answer),
            number(made.status),
            {static_cast<uint32_t>(made.fault.field), made.fault.position},
            to_c(made.state),
            to_c(made.checkpoint),
            made.size_bytes};
  return number(made.status);
}
