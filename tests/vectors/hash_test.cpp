// SHA-256 against published values: NIST's examples, and Wycheproof's HMAC over each backend.
#include <cairn/hash.hpp>
#include <vector>

#include "support/backends.hpp"
#include "support/json_vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::view;

namespace {

Digest streamed(const HashBackend& hash, const std::vector<Bytes>& parts) {
  Sha256State state;
  hash.start(state);
  for (const Bytes& part : parts)
    hash.update(state, view(part));
  Digest out;
  hash.finish(state, out);
  return out;
}

// RFC 2104.
Digest hmac(const HashBackend& hash, Bytes key, const Bytes& message) {
  if (key.size() > 64) {
    const Digest hashed = streamed(hash, {key});
    key.assign(hashed.bytes, hashed.bytes + digest_bytes);
  }
  key.resize(64);
  Bytes inner = key;
  Bytes outer = key;
  for (size_t i = 0; i < 64; ++i) {
    inner[i] ^= 0x36;
    outer[i] ^= 0x5c;
  }
  const Digest tag = streamed(hash, {inner, message});
  return streamed(hash, {outer, Bytes(tag.bytes, tag.bytes + digest_bytes)});
}

}  // namespace

TEST_CASE("NIST's SHA-256 examples") {
  const auto file = vectors::json(vectors::own("values/sha256.json"));
  CHECK(file["cases"].size() == 23);
  for (const auto& row : file["cases"]) {
    CAPTURE(row["name"].get<std::string>());
    const Bytes unit = vectors::hex(row["message_hex"]);
    Bytes message;
    for (size_t i = row["repeat"]; i != 0; --i)
      message.insert(message.end(), unit.begin(), unit.end());
    const Digest expected = vectors::digest(row["digest"]);
    for (const HashBackend* hash : hash_backends()) {
      INFO(hash->name);
      Digest out;
      hash->once(view(message), out);
      CHECK(out == expected);
      CHECK(streamed(*hash, {message}) == expected);
      if (message.empty()) continue;
      const ByteView body = view(message).part(1);
      hash->many(message[0], &body, 1, &out);
      CHECK(out == expected);
    }
  }
}

TEST_CASE("Wycheproof's HMAC-SHA-256, valid and invalid") {
  const std::string path = vectors::third_party("wycheproof/hmac_sha256_test.json");
  REQUIRE_VECTORS(path);
  size_t cases = 0;
  const auto file = vectors::json(path);
  for (const auto& group : file["testGroups"]) {
    const size_t tag_bytes = group["tagSize"].get<size_t>() / 8;
    for (const auto& row : group["tests"]) {
      CAPTURE(row["tcId"].get<int>(), row["comment"].get<std::string>());
      ++cases;
      const Bytes tag = vectors::hex(row["tag"]);
      for (const HashBackend* hash : hash_backends()) {
        INFO(hash->name);
        const Digest full = hmac(*hash, vectors::hex(row["key"]), vectors::hex(row["msg"]));
        const bool valid = equal(view(tag), ByteView(full).part(0, tag_bytes));
        CHECK(valid == (row["result"] == "valid"));
      }
    }
  }
  CHECK(cases == 87);
}
