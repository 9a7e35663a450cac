// What mounting finds, what it says, and what it costs.
#include "support/catch.hpp"
#include "support/test_log.hpp"

using namespace cairn;
using namespace test_log;

namespace {

uint32_t crc32c_of(ByteView bytes) {  // bit by bit, by the definition
  uint32_t crc = ~0u;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
  }
  return ~crc;
}

uint8_t* header_of(TestLog& t, uint32_t segment) {
  return t.flash.memory.data() + size_t{segment} * t.flash.flash().segment_bytes;
}

// Changes a header and makes its check value right again.
template <typename Change>
void forge_header(TestLog& t, uint32_t segment, Change change) {
  uint8_t* header = header_of(t, segment);
  change(header);
  store_le32(header + 28, crc32c_of({header, 28}));
}

// Offset of the first frontier frame of a segment, for flipping a bit in it.
void flip_first_frontier(TestLog& t, uint32_t segment) {
  const cairn::Flash& flash = t.flash.flash();
  const uint32_t first = (32 + flash.unit_bytes - 1) / flash.unit_bytes * flash.unit_bytes;
  t.flash.flip(size_t{segment} * flash.segment_bytes + first + 4, 3);
}

unsigned log2_ceil(uint32_t n) {
  return bit_length(n - 1);
}

}  // namespace

TEST_CASE("making a log anew leaves nothing of the one before") {
  for (const Medium& medium : media()) {
    for (const uint64_t age : {0u, 1u, 2u, 3u, 4u, 9u}) {
      INFO(medium.name << ", after " << age << " segments");
      TestLog t(medium);
      REQUIRE(t.format() == Status::ok);
      REQUIRE(t.grow_into(age) == Status::ok);
      REQUIRE(t.write_head(1) == Status::ok);
      REQUIRE(t.format() == Status::ok);
      for (int mounted = 0; mounted < 2; ++mounted) {
        CHECK(t.log.size() == 0);
        CHECK(t.log.index_min() == 0);
        CHECK(t.log.root() == empty_root);
        CHECK(t.log.head() == nullptr);
        CHECK(t.is_whole());
        REQUIRE(t.mount() == Status::ok);
      }
      // Shorter and longer records than those that lay there.
      REQUIRE(t.append(leaf(0)).ok());
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.log.size() == 1);
      REQUIRE(t.grow_into(6) == Status::ok);
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.is_whole());
    }
  }
}

TEST_CASE("mounting says what keeps it from finding a log") {
  TestLog t(media()[0]);
  CHECK(t.mount() == Status::not_formatted);
  CHECK(t.append(leaf(0)).status == Status::bad_state);
  REQUIRE(t.format() == Status::ok);
  REQUIRE(t.grow_to(3) == Status::ok);

  SECTION("another log's") {
    t.options.log_id = 8;
    CHECK(t.mount() == Status::not_formatted);
  }
  SECTION("another geometry") {
    Medium other = media()[0];
    SECTION("segments") {
      other.segment = 512;
      other.count = 8;
    }
    SECTION("fewer of them") {
      other.count = 3;
    }
    SECTION("units") {
      other.unit = 16;
    }
    TestLog u(other);
    std::copy_n(t.flash.memory.begin(), u.flash.memory.size(), u.flash.memory.begin());
    CHECK(u.mount() == Status::wrong_version);
    CHECK(u.append(leaf(0)).status == Status::bad_state);
  }
  SECTION("a later or an older format") {
    for (const uint8_t version : {uint8_t(2), uint8_t(0), uint8_t(255)}) {
      forge_header(t, 0, [&](uint8_t* header) { header[3] = version; });
      CHECK(t.mount() == Status::wrong_version);
    }
  }
  SECTION("foreign data") {
    for (uint8_t& byte : t.flash.memory)
      byte = uint8_t(t.flash.random());
    CHECK(t.mount() == Status::not_formatted);
  }
  SECTION("a unit that no build knows") {
    for (const int log2 : {9, 31, 32, 255}) {
      forge_header(t, 0, [&](uint8_t* header) { header[26] = uint8_t(log2); });
      CHECK(t.mount() == Status::wrong_version);
    }
  }
  SECTION("memory") {
    t.frame.resize(63);
    CHECK(t.mount() == Status::bad_argument);
    t.frame.clear();
    CHECK(t.mount() == Status::bad_argument);
  }
}

TEST_CASE("segment numbers count up to the last but one, then the log is full") {
  for (const Medium& medium : media()) {
    if (medium.kind == CAIRN_FLASH_REWRITABLE || medium.kind == CAIRN_FLASH_NOR) continue;
    INFO(medium.name);
    for (uint32_t number : {0xFFFFFFFFu, 0xFFFFFFFEu, 0xFFFFFFFDu, 0xFFFFFFFBu}) {
      TestLog t(medium);
      REQUIRE(t.format() == Status::ok);
      // A lone segment with that number, made from an empty log's first one.
      const uint32_t place = number % medium.count;
      const uint8_t* first = header_of(t, 0);
      Bytes header(first, first + medium.segment);
      store_le32(header.data() + 12, number);
      store_le32(header.data() + 28, crc32c_of({header.data(), 28}));
      const uint32_t at = (32 + medium.unit - 1) / medium.unit * medium.unit;
      const uint32_t seed = load_le32(header.data() + 28) + at;
      Bytes frame(header.begin() + at, header.begin() + at + 16);
      uint32_t crc = ~seed;
      for (int i = 0; i < 12; ++i) {
        crc ^= frame[size_t(i)];
        for (int bit = 0; bit < 8; ++bit)
          crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
      }
      store_le32(header.data() + at + 12, ~crc);
      std::fill_n(header_of(t, 0), medium.segment, medium.erased);
      std::copy(header.begin(), header.end(), header_of(t, place));
      const Status mounted = t.mount();
      if (number == 0xFFFFFFFF) {
        CHECK(mounted == Status::not_formatted);
        continue;
      }
      INFO("segment " << number);
      REQUIRE((mounted == Status::ok || mounted == Status::damaged));
      CHECK(t.log.size() == 0);
      CHECK(t.walk().empty());
    }
  }
}

TEST_CASE("a rotted frontier in the first lap does not hide the segments behind it") {
  for (const Medium& plain : media()) {
    Medium medium = plain;
    medium.count = 16;
    for (uint32_t rotted = 0; rotted < 9; ++rotted) {
      for (const uint64_t newest : {9u, 10u, 21u, 26u}) {
        if (newest % medium.count == rotted) continue;  // that one's records cannot be told
        INFO(medium.name << ": segment " << rotted << " of " << newest);
        TestLog t(medium);
        REQUIRE(t.format() == Status::ok);
        REQUIRE(t.grow_into(newest) == Status::ok);
        const uint64_t size = t.log.size();
        const Digest root = t.log.root();
        flip_first_frontier(t, rotted);
        REQUIRE(t.mount() == Status::ok);
        CHECK(t.log.size() == size);
        CHECK(t.log.root() == root);
      }
    }
  }
}

TEST_CASE("a segment that was prepared with less frame memory is prepared again") {
  for (const Medium& medium : media()) {
    INFO(medium.name);
    TestLog t(medium, 64);
    REQUIRE(t.format() == Status::ok);
    for (const size_t frame_bytes : {100u, 200u, 300u, 64u, 500u}) {
      REQUIRE(t.log.maintain() == Status::ok);
      t.frame.assign(frame_bytes, 0);
      REQUIRE(t.mount() == Status::ok);
      REQUIRE(t.log.maintain() == Status::ok);
      const uint64_t erases = t.flash.erases;
      REQUIRE(t.mount() == Status::ok);
      REQUIRE(t.log.maintain() == Status::ok);
      if (medium.kind != CAIRN_FLASH_NOR) CHECK(t.flash.erases == erases);  // once is enough
      REQUIRE(t.grow_into(t.newest + 1) == Status::ok);
      const uint64_t size = t.log.size();
      REQUIRE(t.mount() == Status::ok);
      CHECK(t.log.size() == size);
    }
    CHECK(t.flash.violation == "");
    CHECK(t.is_whole());
  }
}

TEST_CASE("mounting probes a few segments, however many there are and wherever the newest lies") {
  for (const Medium& plain : media()) {
    Medium medium = plain;
    medium.count = 64;
    TestLog t(medium);
    REQUIRE(t.format() == Status::ok);
    uint32_t most = 0, most_with_spare = 0;
    for (uint64_t newest = 0; newest < 140; ++newest) {
      REQUIRE(t.grow_into(newest) == Status::ok);
      REQUIRE(t.mount() == Status::ok);
      most = std::max(most, t.log.report().segments_read);
      if (newest % 3 != 0) continue;
      REQUIRE(t.log.maintain() == Status::ok);
      REQUIRE(t.mount() == Status::ok);
      most_with_spare = std::max(most_with_spare, t.log.report().segments_read);
    }
    INFO(medium.name);
    CHECK(most <= log2_ceil(medium.count) + 3);
    // On rewritable media an erased segment cannot be told from one in use.
    if (medium.kind != CAIRN_FLASH_REWRITABLE)
      CHECK(most_with_spare <= log2_ceil(medium.count) + 3);
    CHECK(t.is_whole());
  }
}
