// What frames a .cairn file, in every version of it: it begins with the format's name and version
// and ends with the digest of everything in front.
#pragma once

#include "cairn/hash.hpp"

namespace cairn::wire {

constexpr char evidence_format[] = "cairn";
constexpr uint32_t evidence_version = 1;
constexpr size_t evidence_digest_field_bytes = 2 + digest_bytes;

}  // namespace cairn::wire
