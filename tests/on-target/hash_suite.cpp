// SHA-256 (FIPS 180-4), the tree's hashes, and CRC-free properties of the streaming interface.
#include "fixtures.hpp"

using namespace on_target;

TARGET_TEST("the messages of FIPS 180-2, appendix B") {
  TARGET_CHECK(is(sha256(literal("abc")),
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  TARGET_CHECK(is(sha256(literal("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
  Sha256 million;
  uint8_t letters[1000];
  for (uint8_t& letter : letters)
    letter = 'a';
  for (int i = 0; i < 1000; ++i)
    million.update({letters, sizeof letters});
  TARGET_CHECK(
      is(million.finish(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

TARGET_TEST("the empty message, and the root of the empty tree") {
  TARGET_CHECK(is(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  TARGET_CHECK(sha256({}) == empty_root);
}

TARGET_TEST("in pieces of any size the digest is that of the whole") {
  uint8_t message[200];
  for (size_t i = 0; i < sizeof message; ++i)
    message[i] = static_cast<uint8_t>(i * 7);
  for (size_t size = 0; size <= sizeof message; size += 13) {
    const Digest whole = sha256({message, size});
    for (size_t step = 1; step < 130; step += 9) {
      Sha256 hash;
      for (size_t at = 0; at < size; at += step)
        hash.update({message + at, size - at < step ? size - at : step});
      TARGET_CHECK(hash.finish() == whole);
    }
  }
}

TARGET_TEST("messages may lie at any address") {
  alignas(8) uint8_t memory[80];
  for (size_t shift = 0; shift < 8; ++shift) {
    for (size_t i = 0; i < 64; ++i)
      memory[shift + i] = static_cast<uint8_t>(i);
    TARGET_CHECK(is(sha256({memory + shift, 64}),
                    "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"));
  }
}

TARGET_TEST("leaves and nodes carry their prefix, one by one and many at once") {
  // RFC 6962 §2.1: SHA-256(00), and SHA-256(01 || that twice).
  const Digest leaf = leaf_hash({});
  TARGET_CHECK(is(leaf, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
  const Leaf leaves[] = {Leaf(0), Leaf(1), Leaf(2)};
  const ByteView views[] = {leaves[0], leaves[1], leaves[2]};
  Digest many[3];
  leaf_hashes(views, 3, many);
  for (size_t i = 0; i < 3; ++i)
    TARGET_CHECK(many[i] == leaf_hash(leaves[i]));
  Digest pair[2] = {many[0], many[1]}, node;
  hash_backend().nodes(pair, 1, &node);
  TARGET_CHECK(node == node_hash(many[0], many[1]));
}
