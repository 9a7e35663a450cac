// Answers of a time-stamping authority, of any bytes: nothing but the token that the authority of
// tests/vectors/anchors signed passes, whatever it stands in.
#include <cairn/linux/file.hpp>
#include <cairn/linux/timestamp_token.hpp>

#include "fuzz.hpp"
#include "timestamp_response.hpp"

using namespace cairn;

namespace {

// What that token was asked for with: a TimeStampReq with its nonce, over this text.
const unsigned char request[] = {
    0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48,
    0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20, 0x61, 0x81, 0x3e, 0x40,
    0x6a, 0xe5, 0xfb, 0x71, 0xd3, 0x9a, 0x0f, 0x58, 0xe1, 0x29, 0xcf, 0xfb, 0x21, 0xde,
    0xea, 0x8f, 0xda, 0xa9, 0x4e, 0xb3, 0x94, 0x2b, 0xb2, 0x94, 0x17, 0x8a, 0x62, 0xb9,
    0x02, 0x08, 0x16, 0x49, 0x54, 0xe9, 0xc1, 0xae, 0x61, 0x8b, 0x01, 0x01, 0xff};
const char text[] = "checkpoint text\n";
constexpr uint64_t token_time_s = 1795886810;

std::string trusted_root() {
  std::string pem;
  const std::string path = CAIRN_TEST_OWN_VECTORS "/anchors/ca.pem";
  fuzz::check(host::read_file(path, 1 << 16, pem).ok());
  return pem;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string root = trusted_root();
  std::string token;
  const host::Error error =
      gateway::token_of_response("authority", host::string_of({data, size}),
                                 host::string_of({request, sizeof request}), token);
  fuzz::check(error.ok() == error.message.empty() && error.ok() != token.empty());
  if (!error.ok()) return 0;
  host::Timestamp stamp;
  const host::Error verified =
      host::verify_timestamp(host::bytes_of(token), sha256(literal(text)), root, stamp);
  if (verified.ok()) fuzz::check(stamp.time_s == token_time_s && !stamp.authority.empty());
  return 0;
}
