// SHA extensions alone: 16 vector registers, so that four messages in flight spill a few.
#define CAIRN_TARGET "sha,sse4.1,ssse3"
#include "sha256_x86_sha.hpp"

namespace cairn::accelerated {

using Calls = Many<Kernel>;
const HashBackend sha256_x86_sha = {
    "accelerated: sha",  Calls::Stream::start, Calls::Stream::update, Calls::Stream::finish,
    Calls::Stream::once, Calls::many,          Calls::nodes};

}  // namespace cairn::accelerated
