// Time-stamp tokens that `openssl ts` made (tests/vectors/anchors): right ones, and every change.
#include <cairn/linux/file.hpp>
#include <cairn/linux/timestamp_token.hpp>

#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;

namespace {

const std::string text = "checkpoint text\n";

struct Stamped {
  std::string token = vectors::slurp(vectors::own("anchors/token.der"));
  std::string root = vectors::slurp(vectors::own("anchors/ca.pem"));
  Digest digest = sha256(bytes_of(text));
  Timestamp stamp;

  Status verify() {
    const Error error = verify_timestamp(bytes_of(token), digest, root, stamp);
    CHECK(error.message.empty() == error.ok());
    return error.status;
  }
};

}  // namespace

TEST_CASE("timestamp: a token of a trusted authority tells a time, and how exact it is") {
  Stamped s;
  REQUIRE(s.verify() == Status::ok);
  CHECK(s.stamp.time_s == 1795886810);
  CHECK(s.stamp.not_after_s == s.stamp.time_s + 2);  // an accuracy of 1.5 s
  CHECK(s.stamp.authority == "CN=Test authority");
}

TEST_CASE("timestamp: of something else, of another authority, with another hash") {
  Stamped s;
  s.digest.bytes[5] ^= 1;
  CHECK(s.verify() == Status::proof_invalid);
  s = {};
  s.root = vectors::slurp(vectors::own("anchors/other.pem"));
  CHECK(s.verify() == Status::not_found);
  s.root += vectors::slurp(vectors::own("anchors/ca.pem"));
  CHECK(s.verify() == Status::ok);
  s.root = "no certificate";
  CHECK(s.verify() == Status::bad_argument);
  s = {};
  s.token = vectors::slurp(vectors::own("anchors/sha384.der"));
  CHECK(s.verify() == Status::proof_invalid);
}

TEST_CASE("timestamp: no changed byte is accepted with another time") {
  Stamped s;
  REQUIRE(s.verify() == Status::ok);
  const uint64_t time = s.stamp.not_after_s;
  const std::string good = s.token;
  size_t refused = 0;
  for (size_t i = 0; i < good.size(); ++i) {
    s.token = good;
    s.token[i] = static_cast<char>(s.token[i] ^ 0x10);
    if (s.verify() != Status::ok)
      ++refused;
    else
      REQUIRE(s.stamp.not_after_s == time);
  }
  // Parts that nothing covers, such as the list of hash algorithms in front, prove nothing.
  CHECK(refused > good.size() * 9 / 10);
}

TEST_CASE("timestamp: what is no token") {
  Stamped s;
  const std::string good = s.token;
  for (size_t size = 0; size < good.size(); ++size) {
    s.token = good.substr(0, size);
    REQUIRE(s.verify() == Status::corrupt);
  }
  s.token = good + '\0';
  CHECK(s.verify() == Status::corrupt);
  s.token = "text";
  CHECK(s.verify() == Status::corrupt);
}
