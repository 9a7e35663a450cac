// Commits that a file hands over: reads see what is on its way, and order is kept.
#include <cairn/linux/file_flash.hpp>
#include <random>

#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

constexpr FileGeometry geometry = {100 * 1000, 5};

std::string read(const FileFlash& flash, uint32_t segment, uint32_t offset, uint32_t size) {
  const Flash& f = flash.flash();
  std::string out(size, '?');
  REQUIRE(f.read(f.user, segment, offset, out.data(), size) == 0);
  return out;
}

int program(const FileFlash& flash, uint32_t segment, uint32_t offset, const std::string& bytes) {
  const Flash& f = flash.flash();
  return f.program(f.user, segment, offset, bytes.data(), static_cast<uint32_t>(bytes.size()));
}

int sync(const FileFlash& flash) {
  return flash.flash().sync(flash.flash().user);
}

}  // namespace

TEST_CASE("What is handed over is in the file behind its flush, and not before") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", geometry).ok());
  REQUIRE(flash.hand_over(true) == Status::ok);
  REQUIRE(program(flash, 0, 0, "one") == 0);
  REQUIRE(program(flash, 0, 3, "two") == 0);
  CHECK(vectors::slurp(folder / "log").empty());
  REQUIRE(sync(flash) == 0);
  REQUIRE(program(flash, 0, 6, "three") == 0);
  CHECK(read(flash, 0, 0, 11) == "onetwothree");
  CHECK(vectors::slurp(folder / "log").empty());
  CHECK(flash.flush() == Status::ok);
  CHECK(vectors::slurp(folder / "log") == "onetwo");
  CHECK(flash.flush() == Status::ok);
  CHECK(vectors::slurp(folder / "log") == "onetwo");
  SECTION("a second one waits for the first") {
    REQUIRE(sync(flash) == 0);
    REQUIRE(program(flash, 1, 0, "four") == 0);
    REQUIRE(sync(flash) == 0);
    CHECK(vectors::slurp(folder / "log") == "onetwothree");
    CHECK(flash.flush() == Status::ok);
    CHECK(read(flash, 1, 0, 4) == "four");
  }
  SECTION("an erase waits for all of it") {
    REQUIRE(sync(flash) == 0);
    REQUIRE(program(flash, 0, 11, "four") == 0);
    REQUIRE(flash.flash().erase(flash.flash().user, 1) == 0);
    CHECK(vectors::slurp(folder / "log").substr(0, 15) == "onetwothreefour");
  }
  SECTION("turning it off writes what is gathered") {
    REQUIRE(flash.hand_over(false) == Status::ok);
    CHECK(vectors::slurp(folder / "log") == "onetwothree");
    REQUIRE(program(flash, 0, 11, "four") == 0);
    CHECK(vectors::slurp(folder / "log") == "onetwothreefour");
  }
  SECTION("closing drops what was not flushed") {
    flash.close();
    REQUIRE(flash.open(folder / "log", geometry, false).ok());
    CHECK(read(flash, 0, 0, 11) == std::string("onetwo\0\0\0\0\0", 11));
  }
}

TEST_CASE("More than a commit may gather is written in between") {
  const TemporaryFolder folder;
  FileFlash flash;
  constexpr uint32_t large = 3 * 1024 * 1024;
  REQUIRE(flash.create(folder / "log", {2 * large, 4}).ok());
  REQUIRE(flash.hand_over(true) == Status::ok);
  REQUIRE(program(flash, 0, 0, std::string(large, 'a')) == 0);
  CHECK(vectors::slurp(folder / "log").empty());
  REQUIRE(program(flash, 0, large, std::string(large, 'b')) == 0);
  CHECK(vectors::slurp(folder / "log") == std::string(large, 'a'));
  CHECK(read(flash, 0, large - 1, 2) == "ab");
}

TEST_CASE("Reads never miss what is on its way: random walk against plain memory") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", geometry).ok());
  REQUIRE(flash.hand_over(true) == Status::ok);
  std::vector<std::string> model(geometry.segment_count, std::string(geometry.segment_bytes, '\0'));
  std::mt19937 random(7);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  uint32_t segment = 0, offset = 0;
  for (int step = 0; step < 20000; ++step) {
    if (below(4) == 0) {
      segment = below(geometry.segment_count);
      offset = below(geometry.segment_bytes);
    }
    const uint32_t room = geometry.segment_bytes - offset;
    const uint32_t size = below(std::min<uint32_t>(room, below(50) == 0 ? 90000u : 300u) + 1);
    CAPTURE(step, segment, offset, size);
    const uint32_t action = below(100);
    if (action == 0) {
      REQUIRE(flash.flash().erase(flash.flash().user, segment) == 0);
      model[segment].assign(geometry.segment_bytes, '\0');
    } else if (action == 1) {
      REQUIRE(flash.hand_over(false) == Status::ok);
      REQUIRE(flash.hand_over(true) == Status::ok);
    } else if (action < 5) {
      REQUIRE(sync(flash) == 0);
    } else if (action < 8) {
      REQUIRE(flash.flush() == Status::ok);
    } else if (action < 30) {
      const std::string bytes(size, static_cast<char>(1 + below(255)));
      REQUIRE(program(flash, segment, offset, bytes) == 0);
      model[segment].replace(offset, size, bytes);
    } else {
      REQUIRE(read(flash, segment, offset, size) == model[segment].substr(offset, size));
    }
    offset = std::min(offset + size, geometry.segment_bytes - 1);
  }
}
