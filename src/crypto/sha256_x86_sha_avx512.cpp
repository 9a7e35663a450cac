// SHA extensions on processors that also have AVX-512VL: 32 vector registers hold four messages.
#define CAIRN_TARGET "sha,avx512f,avx512vl"
#include "sha256_x86_sha.hpp"

namespace cairn::accelerated {

using Calls = Many<Kernel>;
const HashBackend sha256_x86_sha_avx512 = {
    "accelerated: sha-avx512", Calls::Stream::start, Calls::Stream::update, Calls::Stream::finish,
    Calls::Stream::once,       Calls::many,          Calls::nodes};

}  // namespace cairn::accelerated
