// Four drafts of the log's format broke under power cuts. What broke each of them stays a test.
#include "support/catch.hpp"
#include "support/test_log.hpp"
#include "worlds.hpp"

using namespace powercut;
using cairn::Status;

namespace {

// Cuts twice, the second time only where `second` says.
void cut_twice(const Medium& medium,
               const std::function<bool(unsigned, const fake::Operation&)>& wanted,
               uint64_t cases_at_least) {
  Plan plan;
  plan.cuts = 2;
  plan.wanted = wanted;
  Explorer<LogWorld> explorer(medium.name, LogWorld({&medium}), plan);
  if (!explorer.run())
    FAIL(explorer.failure().what << "\npowercut --replay " << explorer.failure().replay);
  CHECK(explorer.counts().cases > cases_at_least);
}

bool is_program(const fake::Operation& operation) {
  return operation.kind == fake::Operation::Kind::program;
}

}  // namespace

// A unit that was programmed with the erased value reads blank and refuses to be programmed: an
// index of zero in a frame on flash whose erased value is 0. A program error is no exception.
TEST_CASE("draft 1: units that were programmed with the erased value") {
  const test_log::Medium medium = {"ECC, erased 0", 4, 1024, 3, CAIRN_FLASH_ONCE, 0x00};
  for (const auto failure : {fake::Failure::nothing, fake::Failure::half}) {
    test_log::TestLog t(medium);
    REQUIRE(t.format() == Status::ok);
    const test_log::Bytes zeros = [] {
      test_log::Bytes out(25, 0x00);
      out[0] = 0x40;
      return out;
    }();
    REQUIRE(t.append(zeros).ok());
    // The power fails in the zeros of the second record: nothing of it can be seen.
    t.flash.cut_at(t.flash.operations + 1,
                   {fake::Tear::Extent::in_order, 2, fake::Tear::Unit::looks_blank, 0, 0});
    REQUIRE_FALSE(t.append(zeros).ok());
    t.flash.reboot();
    REQUIRE(t.mount() == Status::ok);
    REQUIRE(t.log.size() == 1);
    t.flash.fail_programs(0, 1, failure);
    REQUIRE(t.append(zeros).ok());
    REQUIRE(t.append(zeros).ok());
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == 3);
    CHECK(t.read(2) == zeros);
    CHECK(t.flash.violation == "");
  }
}

// A GAP frame behind an earlier torn GAP frame stood on half-charged cells. On NOR flash the
// doubtful area is programmed flat instead, however often that is interrupted.
TEST_CASE("draft 2: repairs of a torn end on NOR flash, themselves torn") {
  const Medium& medium = *media_of("nor4-small")[0];
  uint64_t repairs = 0;
  cut_twice(
      medium,
      [&](unsigned before, const fake::Operation& operation) {
        if (before == 0) return is_program(operation) && operation.segment == 1;
        repairs += is_program(operation);
        return is_program(operation) && operation.segment == 1;
      },
      10000);
  CHECK(repairs > 1000);
}

// NEXT at the moving end of the segment found no room behind units that look blank and cannot be
// programmed; the erase went on without it. It has two places of its own.
TEST_CASE("draft 3: NEXT behind a torn end that leaves no trace, and a cut in the erase") {
  for (const char* name : {"ecc8-small", "ecc16-small"}) {
    const Medium& medium = *media_of(name)[0];
    const fake::FlashGuard guard(medium.unit, medium.segment, medium.count, medium.erased);
    cut_twice(
        medium,
        [&](unsigned before, const fake::Operation& operation) {
          // In the last quarter of a segment, its NEXT frames among them.
          if (before == 0) return operation.offset >= medium.segment * 3 / 4;
          return operation.kind == fake::Operation::Kind::erase ||
                 operation.offset >= guard.frames_end();
        },
        2000);
  }
}

// When the header of the newest segment had rotted, mounting fell back to the segment before it and
// lost what was acknowledged since, without a word. NEXT names every field of the next header.
TEST_CASE("draft 4: the newest segment without its header") {
  for (const test_log::Medium& medium : test_log::media()) {
    INFO(medium.name);
    test_log::TestLog t(medium);
    REQUIRE(t.format() == Status::ok);
    REQUIRE(t.grow_into(medium.count + 1) == Status::ok);
    const uint64_t size = t.log.size();
    const uint32_t newest = uint32_t((medium.count + 1) % medium.count);
    for (size_t byte = 4; byte < 24; ++byte)  // more than what its check value can put right
      t.flash.flip(size_t{newest} * medium.segment + byte, unsigned(byte % 8));
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size);
    CHECK(t.is_whole());
    REQUIRE(t.append(test_log::leaf(size)).ok());
    REQUIRE(t.mount() == Status::ok);
    CHECK(t.log.size() == size + 1);
  }
}

// Without NEXT in front of it, an invalid neighbour is damage and not a place to go on.
TEST_CASE("draft 4: an invalid segment that nothing announced is damage") {
  const test_log::Medium& medium = test_log::media()[0];
  test_log::TestLog t(medium);
  REQUIRE(t.format() == Status::ok);
  REQUIRE(t.grow_into(medium.count + 1) == Status::ok);
  const uint32_t next = uint32_t((medium.count + 2) % medium.count);
  for (size_t byte = 4; byte < 24; ++byte)
    t.flash.flip(size_t{next} * medium.segment + byte, unsigned(byte % 8));
  CHECK(t.mount() == Status::damaged);
}
