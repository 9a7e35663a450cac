// Requests to be enrolled, of any bytes: what is taken has fields that an operator's entry may
// have.
#include <cairn/gateway/enrolment.hpp>
#include <cairn/linux/file.hpp>

#include "fuzz.hpp"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gateway::Enrolment asked;
  const host::Error error = gateway::open_enrolment({data, size}, asked);
  fuzz::check(error.ok() == error.message.empty());
  if (!error.ok()) return 0;
  fuzz::check(is_key_name(host::bytes_of(asked.origin)) && !asked.vkey.empty());
  fuzz::check(gateway::check_enrolment_fields(asked.owner, asked.role, asked.kinds).ok());
  return 0;
}
