// usage: hash_count leaf|node COUNT
// Hashes with the portable code, for hash_count.py to count instructions. Nothing is printed and
// nothing allocated: what remains of two runs' difference is COUNT messages.
#include <cairn/hash.hpp>
#include <cstdlib>
#include <cstring>

using namespace cairn;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const bool leaf = std::strcmp(argv[1], "leaf") == 0;
  Digest pair[2] = {};
  const ByteView record(pair[0].bytes, digest_bytes);
  for (int left = std::atoi(argv[2]); left > 0; --left) {
    if (leaf) {
      sha256_builtin.many(0x00, &record, 1, pair);
    } else {
      sha256_builtin.nodes(pair, 1, pair);
    }
  }
  return 0;
}
