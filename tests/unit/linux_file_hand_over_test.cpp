// Commits that a file hands over: reads see what is on its way, and order is kept.
#include <cairn/linux/file_flash.hpp>

#include "support/file_flash.hpp"
#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;
using namespace file_flash;

namespace {

constexpr FileGeometry geometry = {100 * 1000, 5};

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
    REQUIRE(erase(flash, 1) == 0);
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
  walk(flash, geometry, 30, [&](uint32_t action) {
    if (action == 1) {
      REQUIRE(flash.hand_over(false) == Status::ok);
      REQUIRE(flash.hand_over(true) == Status::ok);
    } else if (action < 5) {
      REQUIRE(sync(flash) == 0);
    } else if (action < 8) {
      REQUIRE(flash.flush() == Status::ok);
    }
    return action < 8;
  });
}
