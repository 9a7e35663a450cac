// Takes the place of crc32c.cpp and hash.cpp of the library in these programs, which would spend
// most of their time there: check values eight bytes at a time, and a memory of short messages that
// have been hashed, with their digests. The values are the same; tests/unit has the real ones.
#include <cairn/hash.hpp>
#include <cstring>

#include "support/crc32c.hpp"
#include "support/fingerprint.hpp"

namespace cairn {

uint32_t crc32c(ByteView data, uint32_t crc) {
  return test_crc::crc32c(data.data, data.size, crc);
}

bool operator==(const Digest& a, const Digest& b) {
  return std::memcmp(a.bytes, b.bytes, digest_bytes) == 0;
}

namespace {

/// A message of up to 71 bytes, its length behind it: a leaf of the tests, or a node.
struct Message {
  static constexpr size_t bytes_max = 71;
  uint8_t bytes[bytes_max + 1] = {};

  void add(ByteView data) {
    std::memcpy(bytes + bytes[bytes_max], data.data, data.size);
    bytes[bytes_max] = uint8_t(bytes[bytes_max] + data.size);
  }
  size_t place() const { return size_t(fingerprint::add(0, bytes, sizeof bytes) >> 16); }
};

Digest hash_of(const Message& message) {
  struct Known {
    Message message;
    Digest digest;
  };
  static Known known[4096];
  Known& entry = known[message.place() % 4096];
  const size_t size = message.bytes[Message::bytes_max];
  if (size == 0 || std::memcmp(entry.message.bytes, message.bytes, sizeof message.bytes) != 0) {
    entry.message = message;
    sha256_builtin.once({message.bytes, size}, entry.digest);
  }
  return entry.digest;
}

// The first block of a message is kept as it is until it is full.
void finish(Sha256State& state, Digest& out) {
  if (state.size_bytes >= sizeof state.block) return sha256_builtin.finish(state, out);
  Message message;
  message.add({state.block, size_t(state.size_bytes)});
  out = hash_of(message);
}

void many(uint8_t prefix, const ByteView* messages, size_t count, Digest* out) {
  for (size_t i = 0; i < count; ++i) {
    if (messages[i].size >= Message::bytes_max) {
      sha256_builtin.many(prefix, messages + i, 1, out + i);
      continue;
    }
    Message message;
    message.add({&prefix, 1});
    message.add(messages[i]);
    out[i] = hash_of(message);
  }
}

void nodes(const Digest* pairs, size_t count, Digest* out) {
  const uint8_t prefix = 1;
  for (size_t i = 0; i < count; ++i) {
    Message message;
    message.add({&prefix, 1});
    message.add({pairs[2 * i].bytes, 2 * digest_bytes});
    out[i] = hash_of(message);
  }
}

}  // namespace

const HashBackend& hash_backend() {
  static const HashBackend backend = {"remembered", sha256_builtin.start, sha256_builtin.update,
                                      finish,       sha256_builtin.once,  many,
                                      nodes};
  return backend;
}

Digest sha256(ByteView data) {
  Digest out;
  sha256_builtin.once(data, out);
  return out;
}

}  // namespace cairn
