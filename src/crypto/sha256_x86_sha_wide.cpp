// SHA extensions for few messages and sixteen lanes of AVX-512 for many: quicker where the
// processor has AVX-512 units as wide as its registers, and slower where it has not.
#include "sha256_kernels.hpp"

namespace cairn::accelerated {
namespace {

constexpr size_t lanes = 16;
const HashBackend& few = sha256_x86_sha_avx512;
const HashBackend& wide = sha256_x86_avx512;

void start(Sha256State& state) {
  few.start(state);
}
void update(Sha256State& state, ByteView data) {
  few.update(state, data);
}
void finish(Sha256State& state, Digest& out) {
  few.finish(state, out);
}
void once(ByteView message, Digest& out) {
  few.once(message, out);
}

void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
  const size_t full = count / lanes * lanes;
  if (full != 0) wide.many(prefix, messages, full, out);
  if (full != count) few.many(prefix, messages + full, count - full, out + full);
}

void nodes(const Digest* pairs, size_t count, Digest* out) {
  const size_t full = count / lanes * lanes;
  if (full != 0) wide.nodes(pairs, full, out);
  if (full != count) few.nodes(pairs + 2 * full, count - full, out + full);
}

}  // namespace

const HashBackend sha256_x86_sha_wide = {
    "accelerated: sha-wide", start, update, finish, once, many, nodes};

}  // namespace cairn::accelerated
