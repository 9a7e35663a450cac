// The kernels of cairn::accelerated against the portable code: every shape that one of them has a
// way of its own for, and what lies around messages and digests.
#ifdef CAIRN_TEST_WITH_ACCELERATED

#include <sys/mman.h>

#include <cairn/hash.hpp>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using namespace cairn;

namespace {

std::vector<const HashBackend*> kernels() {
  std::vector<const HashBackend*> all;
  for (size_t i = 0; const HashBackend* kernel = sha256_kernel(i); ++i)
    all.push_back(kernel);
  return all;
}

// Memory between two pages that nobody may touch.
class GuardedPages {
 public:
  GuardedPages() {
    void* const all = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(all != MAP_FAILED);
    begin_ = static_cast<uint8_t*>(all) + page;
    REQUIRE(mprotect(begin_, page, PROT_READ | PROT_WRITE) == 0);
  }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;
  ~GuardedPages() { munmap(begin_ - page, 3 * page); }

  uint8_t* begin() const { return begin_; }
  uint8_t* end() const { return begin_ + page; }

 private:
  static constexpr size_t page = 1 << 16;  // a multiple of every machine's pages
  uint8_t* begin_;
};

struct Random {
  std::mt19937_64 engine;
  explicit Random(uint64_t seed) : engine(seed) {}
  size_t below(size_t n) { return static_cast<size_t>(engine() % n); }
  void fill(void* memory, size_t size) {
    for (size_t i = 0; i < size; ++i)
      static_cast<uint8_t*>(memory)[i] = static_cast<uint8_t>(engine());
  }
};

// Compares many() of one kernel with the portable code; behind the digests nothing may be written.
bool same_digests(const HashBackend& kernel, uint8_t prefix,
                  const std::vector<ByteView>& messages) {
  const size_t count = messages.size();
  std::vector<Digest> expected(count + 1);
  std::memset(expected.data(), 0xa5, expected.size() * sizeof(Digest));
  std::vector<Digest> out = expected;
  sha256_builtin.many(prefix, messages.data(), count, expected.data());
  kernel.many(prefix, messages.data(), count, out.data());
  return out == expected;
}

}  // namespace

TEST_CASE("the portable code is the last of the kernels, and always there") {
  const auto all = kernels();
  REQUIRE(!all.empty());
  CHECK(all.back()->name == std::string("accelerated: portable"));
  for (const HashBackend* kernel : all) {
    INFO(kernel->name);
    CHECK(std::string(kernel->name).rfind("accelerated: ", 0) == 0);
  }
  CHECK(sha256_kernel(all.size()) == nullptr);
  CHECK(sha256_kernel(SIZE_MAX) == nullptr);
}

TEST_CASE("kernels agree on every length and every number of messages of one length") {
  Random random(30);
  std::vector<uint8_t> bytes(16 * 1024);
  random.fill(bytes.data(), bytes.size());
  for (const HashBackend* kernel : kernels()) {
    INFO(kernel->name);
    for (size_t size = 0; size <= 300; ++size) {
      CAPTURE(size);
      for (size_t count = 0; count <= 40; ++count) {
        std::vector<ByteView> messages;
        for (size_t i = 0; i < count; ++i)
          messages.emplace_back(bytes.data() + i * 311 + count, size);
        if (!same_digests(*kernel, static_cast<uint8_t>(size), messages)) FAIL(count);
      }
    }
  }
}

TEST_CASE("kernels agree on mixed lengths") {
  Random random(31);
  std::vector<uint8_t> bytes(16 * 1024);
  random.fill(bytes.data(), bytes.size());
  // Up to which length, so that groups of one shape come about by themselves, and stragglers do.
  const size_t limits[] = {2, 20, 55, 65, 70, 130, 300, 5000};
  for (const HashBackend* kernel : kernels()) {
    INFO(kernel->name);
    for (size_t limit : limits) {
      for (size_t count = 1; count <= 40; ++count) {
        for (int round = 0; round < 10; ++round) {
          std::vector<ByteView> messages;
          for (size_t i = 0; i < count; ++i) {
            const size_t size = random.below(4) == 0 ? 64 : random.below(limit);
            messages.emplace_back(bytes.data() + random.below(bytes.size() - 5000), size);
          }
          const uint8_t prefix = static_cast<uint8_t>(random.below(256));
          if (!same_digests(*kernel, prefix, messages)) FAIL(limit << ", " << count);
        }
      }
    }
  }
}

TEST_CASE("every prefix, in each of the shapes") {
  Random random(32);
  std::vector<uint8_t> bytes(8192);
  random.fill(bytes.data(), bytes.size());
  for (const HashBackend* kernel : kernels()) {
    INFO(kernel->name);
    for (size_t prefix = 0; prefix < 256; ++prefix) {
      for (size_t size : {0u, 15u, 16u, 32u, 54u, 55u, 63u, 64u, 65u, 200u}) {
        for (size_t count : {1u, 2u, 3u, 4u, 8u, 16u, 19u}) {
          std::vector<ByteView> messages;
          for (size_t i = 0; i < count; ++i)
            messages.emplace_back(bytes.data() + i * 201, size);
          if (!same_digests(*kernel, static_cast<uint8_t>(prefix), messages)) {
            FAIL(prefix << ", " << size << ", " << count);
          }
        }
      }
    }
  }
}

TEST_CASE("every last byte of a pair, alone and among others") {
  Random random(33);
  std::vector<Digest> pairs(2 * 256);
  random.fill(pairs.data(), pairs.size() * sizeof(Digest));
  for (size_t i = 0; i < 256; ++i)
    pairs[2 * i + 1].bytes[31] = static_cast<uint8_t>(i);
  std::vector<Digest> expected(256);
  sha256_builtin.nodes(pairs.data(), 256, expected.data());
  for (const HashBackend* kernel : kernels()) {
    INFO(kernel->name);
    std::vector<Digest> out(256);
    for (size_t i = 0; i < 256; ++i)
      kernel->nodes(&pairs[2 * i], 1, &out[i]);
    CHECK(out == expected);
    std::vector<Digest> in_place = pairs;
    kernel->nodes(in_place.data(), 256, in_place.data());
    in_place.resize(256);
    CHECK(in_place == expected);
  }
}

TEST_CASE("nodes of every number of pairs, also in place and at any address") {
  Random random(34);
  std::vector<uint8_t> bytes(41 * 2 * sizeof(Digest) + 8);
  for (const HashBackend* kernel : kernels()) {
    INFO(kernel->name);
    for (size_t count = 0; count <= 40; ++count) {
      for (size_t shift = 0; shift < 8; ++shift) {
        random.fill(bytes.data(), bytes.size());
        auto* const pairs = reinterpret_cast<Digest*>(bytes.data() + shift);
        std::vector<Digest> expected(count + 1);
        sha256_builtin.nodes(pairs, count, expected.data());
        std::vector<uint8_t> behind(bytes.begin() + static_cast<long>(shift + count * 32),
                                    bytes.end());
        kernel->nodes(pairs, count, pairs);
        CHECK(std::memcmp(pairs, expected.data(), count * sizeof(Digest)) == 0);
        // What lies behind the digests is as it was.
        CHECK(std::memcmp(pairs + count, behind.data(), behind.size()) == 0);
      }
    }
  }
}

TEST_CASE("a kernel reads no byte in front of its messages and none behind") {
  Random random(35);
  const GuardedPages pages;
  random.fill(pages.begin(), static_cast<size_t>(pages.end() - pages.begin()));
  for (const HashBackend* kernel : kernels()) {
    INFO(kernel->name);
    for (size_t size = 0; size <= 200; ++size) {
      for (size_t count : {1u, 2u, 3u, 16u}) {
        const std::vector<ByteView> first(count, ByteView(pages.begin(), size));
        const std::vector<ByteView> last(count, ByteView(pages.end() - size, size));
        if (!same_digests(*kernel, 0x00, first)) FAIL("in front of " << size);
        if (!same_digests(*kernel, 0x00, last)) FAIL("behind " << size);
      }
    }
    for (size_t count = 1; count <= 40; ++count) {
      std::vector<Digest> expected(count), out(count);
      const auto* const first = reinterpret_cast<const Digest*>(pages.begin());
      const auto* const last = reinterpret_cast<const Digest*>(pages.end()) - 2 * count;
      for (const Digest* pairs : {first, last}) {
        sha256_builtin.nodes(pairs, count, expected.data());
        kernel->nodes(pairs, count, out.data());
        CHECK(out == expected);
      }
    }
  }
}

TEST_CASE("a stream goes from kernel to kernel and comes out the same") {
  Random random(36);
  std::vector<uint8_t> bytes(3000);
  random.fill(bytes.data(), bytes.size());
  const auto all = kernels();
  for (int round = 0; round < 500; ++round) {
    const ByteView message(bytes.data(), random.below(bytes.size()));
    Sha256State state;
    all[random.below(all.size())]->start(state);
    for (size_t at = 0; at < message.size;) {
      const ByteView piece = message.part(at, random.below(300));
      all[random.below(all.size())]->update(state, piece);
      at += piece.size;
    }
    Digest out, expected;
    all[random.below(all.size())]->finish(state, out);
    sha256_builtin.once(message, expected);
    if (out != expected) FAIL(message.size);
  }
}

TEST_CASE("threads that hash for the first time together choose the same kernel") {
  std::vector<const HashBackend*> chosen(8);
  std::vector<std::thread> threads;
  for (auto& backend : chosen)
    threads.emplace_back([&backend] { backend = &sha256_accelerated(); });
  for (std::thread& thread : threads)
    thread.join();
  for (const HashBackend* backend : chosen)
    CHECK(backend == &sha256_accelerated());
}

#endif
