// C API: what a quorum came to, in both languages.
#pragma once

#include "c_api.hpp"
#include "cairn/policy.hpp"

namespace cairn::c_api {

inline cairn_quorum_result to_c(const QuorumResult& quorum) {
  return {flag(quorum.reached),    quorum.valid,     quorum.invalid,  quorum.unknown,
          quorum.time_min_witness, quorum.witnesses, quorum.time_min, quorum.time_max,
          quorum.time_quorum};
}

}  // namespace cairn::c_api
