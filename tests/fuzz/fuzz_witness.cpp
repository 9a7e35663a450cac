// add-checkpoint requests of any bytes, to a witness that has cosigned size 8 and takes every
// signature for right: the state never goes back, and moves only with a cosignature.
#include <cairn/witness.hpp>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "support/any_verifier.hpp"

using namespace cairn;

namespace {

const char log_vkey[] =
    "dev-b3b2eb.plant.example/line1+723486b4+Ad85ORVok5W/XSsr3AU0LriWI5ivJCxnRyfIxhMuQFDB";
const uint8_t root_of_8[] = {0x8b, 0x9d, 0x8e, 0x28, 0xb0, 0xc3, 0xef, 0x41, 0x1c, 0xde, 0x77,
                             0xa7, 0x20, 0xa9, 0x93, 0x97, 0x15, 0x45, 0xe2, 0x92, 0x2e, 0x08,
                             0x65, 0xb3, 0xe8, 0x8b, 0x1a, 0xf4, 0x23, 0x6d, 0x2c, 0xa2};

struct Store {
  NoteKey key;
  WitnessState state;

  static Status find(void* user, ByteView origin, NoteKey& out) {
    out = static_cast<Store*>(user)->key;
    return equal(origin, out.name) ? Status::ok : Status::not_found;
  }
  static Status get(void* user, ByteView, WitnessState& out) {
    out = static_cast<Store*>(user)->state;
    return Status::ok;
  }
  static Status set(void* user, ByteView, const WitnessState& expected, const WitnessState& next,
                    ByteView) {
    Store& self = *static_cast<Store*>(user);
    if (self.state.size != expected.size) return Status::bad_state;
    self.state = next;
    return Status::ok;
  }
};

int sign_anything(void*, const uint8_t*, size_t, uint8_t* signature) {
  std::memset(signature, 0x5A, signature_bytes);
  return 0;
}

void require(bool condition) {
  if (!condition) std::abort();
}

void require_same_bytes(ByteView body) {
  Digest hashes[proof_hashes_max];
  ProofBuffer proof{hashes, proof_hashes_max};
  AddCheckpoint request;
  if (parse_add_checkpoint(body, request, proof) != Status::ok) return;
  std::vector<uint8_t> again(body.size);
  const Result<size_t> written = format_add_checkpoint(request.old_size, proof, request.checkpoint,
                                                       {again.data(), again.size()});
  require(written.ok() && equal({again.data(), written.value}, body));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteView body(data, size);
  require_same_bytes(body);

  Store store;
  require(parse_vkey(literal(log_vkey), store.key) == Status::ok);
  store.state.size = 8;
  std::memcpy(store.state.root.bytes, root_of_8, sizeof root_of_8);
  const WitnessState before = store.state;
  const AnyVerifier verifier(0);
  Signer signer{};
  signer.struct_size = sizeof signer;
  signer.public_key.algorithm = CAIRN_ED25519;
  signer.sign = sign_anything;
  uint8_t line[200];
  const WitnessReply reply =
      add_checkpoint(body, {&store, Store::find, Store::get, Store::set}, verifier.verifiers(),
                     signer, literal("witness.example"), 1'800'000'000, line);
  if (reply.answer == WitnessAnswer::cosigned) {
    require(reply.size_bytes != 0 && store.state.size == reply.checkpoint.size);
    require(store.state.size >= before.size);
    require(store.state.size != before.size || store.state.root == before.root);
  } else {
    require(reply.size_bytes == 0 && reply.status != Status::ok);
    require(store.state.size == before.size && store.state.root == before.root);
  }
  return 0;
}
