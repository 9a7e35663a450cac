// A flash over a file: geometry, erased bytes, the window, read-only files, full disks.
#include <sys/resource.h>

#include <cairn/linux/file_flash.hpp>

#include "support/file_flash.hpp"
#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;
using namespace file_flash;

namespace {

constexpr int io = static_cast<int>(Status::io);
constexpr int full = static_cast<int>(Status::full);
constexpr int bad_argument = static_cast<int>(Status::bad_argument);
constexpr FileGeometry small = {4096, 8};

}  // namespace

TEST_CASE("A new file is erased memory of the geometry asked for") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", small).ok());
  const Flash& f = flash.flash();
  CHECK(check_geometry(f) == Status::ok);
  CHECK(f.struct_size == sizeof(Flash));
  CHECK(f.unit_bytes == 1);
  CHECK(f.segment_bytes == 4096);
  CHECK(f.segment_count == 8);
  CHECK(f.erased == 0x00);
  CHECK(f.kind == CAIRN_FLASH_FILE);
  CHECK(read(flash, 0, 0, 4096) == erased(4096));
  CHECK(read(flash, 7, 4000, 96) == erased(96));
  CHECK(std::filesystem::file_size(folder / "log") == 0);
}

TEST_CASE("What is programmed is read, after opening again too, and erasing removes it") {
  const TemporaryFolder folder;
  {
    FileFlash flash;
    REQUIRE(flash.create(folder / "log", small).ok());
    REQUIRE(erase(flash, 1) == 0);
    CHECK(std::filesystem::file_size(folder / "log") == 8192);
    REQUIRE(program(flash, 1, 0, "head") == 0);
    REQUIRE(program(flash, 1, 100, "tail") == 0);
    CHECK(read(flash, 1, 0, 6) == std::string("head\0\0", 6));
    CHECK(read(flash, 1, 98, 8) == std::string("\0\0tail\0\0", 8));
    REQUIRE(program(flash, 1, 1, "EA") == 0);
    CHECK(read(flash, 1, 0, 4) == "hEAd");
    CHECK(sync(flash) == 0);
  }
  FileFlash flash;
  REQUIRE(flash.open(folder / "log", small, false).ok());
  CHECK(read(flash, 1, 0, 4) == "hEAd");
  CHECK(read(flash, 0, 0, 4) == erased(4));
  REQUIRE(erase(flash, 1) == 0);
  CHECK(read(flash, 1, 0, 4096) == erased(4096));
}

TEST_CASE("Erasing allocates: a segment is on the disk before it is written") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", {1024 * 1024, 4}).ok());
  REQUIRE(erase(flash, 2) == 0);
  struct stat about {};
  REQUIRE(stat((folder / "log").c_str(), &about) == 0);
  CHECK(about.st_size == 3 * 1024 * 1024);
  CHECK(about.st_blocks * 512 >= 1024 * 1024);
  CHECK(about.st_blocks * 512 < 2 * 1024 * 1024);
}

TEST_CASE("Calls outside the geometry are refused") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", small).ok());
  uint8_t byte = 0;
  const Flash& f = flash.flash();
  CHECK(f.read(f.user, 8, 0, &byte, 1) == bad_argument);
  CHECK(f.read(f.user, 0, 4096, &byte, 1) == bad_argument);
  CHECK(f.read(f.user, 0, 4095, &byte, 2) == bad_argument);
  CHECK(f.read(f.user, 0, UINT32_MAX, &byte, UINT32_MAX) == bad_argument);
  CHECK(f.program(f.user, 8, 0, &byte, 1) == bad_argument);
  CHECK(f.program(f.user, 0, 4096, &byte, 1) == bad_argument);
  CHECK(f.erase(f.user, 8) == bad_argument);
  CHECK(f.read(f.user, 7, 4096, &byte, 0) == 0);
  flash.close();
  CHECK(f.read(f.user, 0, 0, &byte, 1) != 0);
  CHECK(f.program(f.user, 0, 0, &byte, 1) != 0);
  CHECK(f.erase(f.user, 0) != 0);
  CHECK(f.sync(f.user) != 0);
}

TEST_CASE("A file lies behind 4 GiB as well") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", {1024 * 1024, 16384}).ok());
  REQUIRE(program(flash, 9000, 5, "far") == 0);
  CHECK(read(flash, 9000, 5, 3) == "far");
  CHECK(read(flash, 9000 - 4096, 5, 3) == erased(3));
  CHECK(std::filesystem::file_size(folder / "log") == 9000ull * 1024 * 1024 + 8);
}

TEST_CASE("The window never hides what was written: random walk against plain memory") {
  const TemporaryFolder folder;
  constexpr FileGeometry geometry = {100 * 1000, 5};
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", geometry).ok());
  walk(flash, geometry, 20, [](uint32_t) { return false; });
}

TEST_CASE("Walking a file costs few system calls") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", {1024 * 1024, 4}).ok());
  REQUIRE(erase(flash, 0) == 0);
  const auto calls = [] {
    std::ifstream in("/proc/self/io");
    std::string word;
    uint64_t value = 0;
    while (in >> word >> value) {
      if (word == "syscr:") return value;
    }
    return uint64_t{0};
  };
  const uint64_t before = calls();
  if (before == 0) {
    WARN("left out: this kernel does not count read calls");
    return;
  }
  for (uint32_t at = 0; at + 40 <= 1024 * 1024; at += 40)
    REQUIRE(read(flash, 0, at, 40) == erased(40));
  CHECK(calls() - before < 40);
}

TEST_CASE("A reader sees what another process appended once it drops its window") {
  const TemporaryFolder folder;
  FileFlash writer;
  FileFlash reader;
  REQUIRE(writer.create(folder / "log", small).ok());
  REQUIRE(reader.open(folder / "log", small, true).ok());
  CHECK(read(reader, 0, 0, 4) == erased(4));
  REQUIRE(program(writer, 0, 0, "more") == 0);
  reader.drop_cache();
  CHECK(read(reader, 0, 0, 4) == "more");
}

TEST_CASE("A read-only file is never written") {
  const TemporaryFolder folder;
  FileFlash flash;
  REQUIRE(flash.create(folder / "log", small).ok());
  REQUIRE(program(flash, 0, 0, "kept") == 0);
  REQUIRE(flash.open(folder / "log", small, true).ok());
  CHECK(read(flash, 0, 0, 4) == "kept");
  CHECK(program(flash, 0, 0, "lost") == io);
  CHECK(mentions(flash.last_error().message, {folder / "log", "reading only"}));
  CHECK(erase(flash, 0) == io);
  CHECK(sync(flash) == io);
  CHECK(vectors::slurp(folder / "log") == "kept");
}

TEST_CASE("Files that cannot be made or opened say why") {
  const TemporaryFolder folder;
  FileFlash flash;
  constexpr uint32_t most = 1u << 30, many = 1u << 18;
  for (const FileGeometry& geometry :
       {FileGeometry{0, 4}, FileGeometry{4095, 4}, FileGeometry{most + 1, 4},
        FileGeometry{UINT32_MAX, 4}, FileGeometry{4096, 0}, FileGeometry{4096, 1},
        FileGeometry{4096, many + 1}, FileGeometry{4096, UINT32_MAX},
        FileGeometry{most, (1u << 14) + 1}, FileGeometry{most, many}}) {
    const Error error = flash.create(folder / "log", geometry);
    CAPTURE(error.message);
    CHECK(error.status == Status::bad_argument);
    CHECK(mentions(error.message, {std::to_string(geometry.segment_bytes).c_str(),
                                   std::to_string(geometry.segment_count).c_str(), "hoose"}));
  }
  CHECK_FALSE(exists(folder / "log"));
  CHECK(FileGeometry{4096, 2}.check().ok());
  CHECK(FileGeometry{most, 1u << 14}.check().ok());
  CHECK(FileGeometry{1u << 26, many}.check().ok());
  CHECK(flash.open(folder / "log", small, false).status == Status::not_found);
  CHECK(flash.create(folder / "none/log", small).status == Status::not_found);
  REQUIRE(flash.create(folder / "log", small).ok());
  const Error again = flash.create(folder / "log", small);
  CHECK(again.status == Status::bad_state);
  CHECK(mentions(again.message, {folder / "log"}));
  CHECK(flash.open(folder.path(), small, false).status == Status::bad_argument);

  REQUIRE(chmod(folder.path().c_str(), 0555) == 0);
  REQUIRE(chmod((folder / "log").c_str(), 0444) == 0);
  CHECK_PART(as_ordinary_user([&]() -> std::string {
    FileFlash other;
    EXPECT(other.open(folder / "log", small, true).ok());
    const Error error = other.open(folder / "log", small, false);
    EXPECT(error.status == Status::io);
    EXPECT(mentions(error.message, {folder / "log", "ls -ld"}));
    EXPECT(other.create(folder / "new", small).status == Status::io);
    return "";
  }));
}

TEST_CASE("A full disk is met at erase, before anything is overwritten") {
  CHECK_PART(on_small_disk(600 * 1024, [](const std::string& disk) -> std::string {
    constexpr FileGeometry geometry = {256 * 1024, 16};
    FileFlash flash;
    EXPECT(flash.create(disk + "/log", geometry).ok());
    EXPECT(erase(flash, 0) == 0);
    EXPECT(program(flash, 0, 0, "kept") == 0);
    EXPECT(erase(flash, 1) == 0);
    EXPECT(flash.last_error().ok());
    EXPECT(erase(flash, 2) == full);
    EXPECT(flash.last_error().status == Status::full);
    EXPECT(mentions(flash.last_error().message, {disk + "/log", "Free some space"}));
    // What was allocated can be written to its end.
    const std::string all(geometry.segment_bytes, 'x');
    EXPECT(program(flash, 1, 0, all) == 0);
    EXPECT(sync(flash) == 0);
    EXPECT(read(flash, 0, 0, 4) == "kept");
    EXPECT(read(flash, 1, 0, geometry.segment_bytes) == all);
    return "";
  }));
}

TEST_CASE("A limit on file sizes is like a full disk, and does not kill the process") {
  const TemporaryFolder folder;
  CHECK(in_child([&]() -> std::string {
          const rlimit limit = {10000, 10000};
          EXPECT(setrlimit(RLIMIT_FSIZE, &limit) == 0);
          FileFlash flash;
          EXPECT(flash.create(folder / "log", small).ok());
          EXPECT(erase(flash, 0) == 0);
          EXPECT(erase(flash, 1) == 0);
          EXPECT(erase(flash, 2) == full);
          EXPECT(mentions(flash.last_error().message, {folder / "log", "ulimit -f"}));
          flash.clear_error();
          EXPECT(flash.last_error().ok());
          EXPECT(program(flash, 1, 0, "fits") == 0);
          EXPECT(read(flash, 1, 0, 4) == "fits");
          return "";
        }) == "");
}

// /dev/full: every write finds no space, and it cannot be synced.
TEST_CASE("After a failed sync nothing is promised any more until the file is opened again") {
  if (!exists("/dev/full")) {
    WARN("left out: no /dev/full here");
    return;
  }
  FileFlash flash;
  REQUIRE(flash.open("/dev/full", small, false).ok());
  CHECK(program(flash, 0, 0, "x") == full);
  CHECK(mentions(flash.last_error().message, {"/dev/full", "Free some space"}));
  CHECK(erase(flash, 0) == io);
  CHECK(program(flash, 0, 0, "x") == full);
  CHECK(sync(flash) == io);
  flash.clear_error();
  CHECK(program(flash, 0, 0, "x") == io);
  CHECK(mentions(flash.last_error().message, {"/dev/full", "open it again"}));
  CHECK(erase(flash, 0) == io);
  CHECK(sync(flash) == io);
  REQUIRE(flash.open("/dev/full", small, false).ok());
  CHECK(program(flash, 0, 0, "x") == full);
}
