#include <algorithm>
#include <cairn/hash.hpp>
#include <cstring>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/backends.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using vectors::Bytes;
using vectors::view;

namespace {

Bytes random_bytes(std::mt19937_64& random, size_t size) {
  Bytes out(size);
  for (uint8_t& b : out)
    b = static_cast<uint8_t>(random());
  return out;
}

Bytes joined(uint8_t prefix, ByteView left, ByteView right = {}) {
  Bytes out;
  out.reserve(1 + left.size + right.size);
  out.push_back(prefix);
  out.insert(out.end(), left.begin(), left.end());
  out.insert(out.end(), right.begin(), right.end());
  return out;
}

Digest once(const HashBackend& hash, ByteView message) {
  Digest out;
  hash.once(message, out);
  return out;
}

Digest in_chunks(const HashBackend& hash, ByteView message, std::mt19937_64& random) {
  Sha256State state;
  hash.start(state);
  for (size_t at = 0; at < message.size;) {
    const ByteView chunk = message.part(at, random() % 150);
    hash.update(state, chunk);
    at += chunk.size;
  }
  Digest out;
  hash.finish(state, out);
  return out;
}

}  // namespace

TEST_CASE("the build's backend is the one that was configured") {
  const char* const names[] = {"builtin", "psa", "sodium", "accelerated"};
  const std::string name = hash_backend().name;
  CHECK(name.substr(0, name.find(':')) == names[CAIRN_HASH_BACKEND]);
  std::set<std::string> tested;
  for (const HashBackend* hash : hash_backends())
    tested.insert(hash->name);
  CHECK(tested.size() == hash_backends().size());
  CHECK(tested.count(hash_backend().name) == 1);
}

TEST_CASE("digests compare by all their bytes") {
  const Digest a = sha256(literal("a"));
  for (size_t i = 0; i < digest_bytes; ++i) {
    Digest b = a;
    CHECK(a == b);
    b.bytes[i] ^= 0x80;
    CHECK(a != b);
    CHECK_FALSE(a == b);
  }
}

TEST_CASE("all backends agree on every length, in every chunking and call") {
  std::mt19937_64 random(20);
  for (size_t size = 0; size <= 300; ++size) {
    CAPTURE(size);
    const Bytes message = random_bytes(random, size);
    const Digest expected = once(sha256_builtin, view(message));
    CHECK(sha256(view(message)) == expected);
    for (const HashBackend* hash : hash_backends()) {
      INFO(hash->name);
      CHECK(once(*hash, view(message)) == expected);
      for (int i = 0; i < 5; ++i)
        CHECK(in_chunks(*hash, view(message), random) == expected);
      if (size == 0) continue;
      const ByteView body = view(message).part(1);
      Digest prefixed;
      hash->many(message[0], &body, 1, &prefixed);
      CHECK(prefixed == expected);
    }
  }
}

TEST_CASE("a backend hashes input at any address") {
  std::mt19937_64 random(21);
  const Bytes message = random_bytes(random, 200);
  for (const HashBackend* hash : hash_backends()) {
    for (size_t shift = 0; shift < 8; ++shift) {
      Bytes moved(shift, 0);
      moved.insert(moved.end(), message.begin(), message.end());
      CHECK(once(*hash, view(moved).part(shift)) == once(sha256_builtin, view(message)));
    }
  }
}

TEST_CASE("many messages of mixed lengths give what one by one gives") {
  std::mt19937_64 random(22);
  std::vector<Bytes> bodies;
  for (size_t i = 0; i < 100; ++i)
    bodies.push_back(random_bytes(random, i * 7 % 190));
  std::vector<ByteView> messages;
  for (const Bytes& body : bodies)
    messages.push_back(view(body));
  for (const HashBackend* hash : hash_backends()) {
    for (size_t count : {0u, 1u, 2u, 3u, 5u, 100u}) {
      std::vector<Digest> out(101, sha256(literal("untouched")));
      hash->many(0x7f, messages.data(), count, out.data());
      for (size_t i = 0; i < count; ++i) {
        CHECK(out[i] == once(sha256_builtin, view(joined(0x7f, messages[i]))));
      }
      CHECK(out[count] == sha256(literal("untouched")));
    }
  }
}

TEST_CASE("nodes hash pairs, also in place") {
  std::mt19937_64 random(23);
  for (const HashBackend* hash : hash_backends()) {
    for (size_t count : {0u, 1u, 2u, 3u, 4u, 5u, 33u}) {
      std::vector<Digest> pairs(2 * count + 1);
      for (Digest& d : pairs)
        d = sha256(view(random_bytes(random, 9)));
      std::vector<Digest> expected;
      for (size_t i = 0; i < count; ++i) {
        const Bytes message = joined(0x01, pairs[2 * i], pairs[2 * i + 1]);
        expected.push_back(once(sha256_builtin, view(message)));
      }
      std::vector<Digest> out(count + 1, pairs.back());
      hash->nodes(pairs.data(), count, out.data());
      CHECK(std::equal(expected.begin(), expected.end(), out.begin()));
      CHECK(out[count] == pairs.back());
      const Digest behind = pairs.back();
      hash->nodes(pairs.data(), count, pairs.data());
      CHECK(std::equal(expected.begin(), expected.end(), pairs.begin()));
      CHECK(pairs.back() == behind);
    }
  }
}

TEST_CASE("a streaming state may be copied at any point") {
  std::mt19937_64 random(24);
  const Bytes message = random_bytes(random, 130);
  for (const HashBackend* hash : hash_backends()) {
    for (size_t at = 0; at <= message.size(); ++at) {
      Sha256State state;
      hash->start(state);
      hash->update(state, view(message).part(0, at));
      Sha256State branch;
      std::memcpy(&branch, &state, sizeof state);
      hash->update(state, literal("something else"));
      hash->update(branch, view(message).part(at));
      Digest out;
      hash->finish(branch, out);
      CHECK(out == once(sha256_builtin, view(message)));
    }
  }
}

TEST_CASE("the streaming class uses the build's backend") {
  Sha256 hash;
  hash.update(literal("ab"));
  hash.update({});
  Sha256 copy = hash;
  hash.update(literal("c"));
  copy.update(literal("d"));
  CHECK(hash.finish() == sha256(literal("abc")));
  CHECK(copy.finish() == sha256(literal("abd")));
}

TEST_CASE("a message of 512 MiB has its length in more than 32 bits") {
  const Bytes chunk(1 << 20, 0x5a);
  Sha256State state;
  sha256_builtin.start(state);
  for (int i = 0; i < 512; ++i)
    sha256_builtin.update(state, view(chunk));
  Digest out;
  sha256_builtin.finish(state, out);
  // NIST additional SHA-256 examples, the last.
  CHECK(vectors::to_hex(out) == "15a1868c12cc53951e182344277447cd0979536badcc512ad24c67e9b2d4f3dd");
}
