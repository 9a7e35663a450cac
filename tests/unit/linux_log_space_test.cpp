// Logs that run out of space, on the disk or of their own.
#include <cairn/linux/log_directory.hpp>

#include "support/log_folder.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

TEST_CASE("A full disk stops a log, and nothing of it is lost") {
  CHECK_PART(on_small_disk(1024 * 1024, [](const std::string& disk) -> std::string {
    KeyFile key;
    EXPECT(key.generate(disk + "/key", origin, Algorithm::ed25519).ok());
    LogDirectory directory;
    EXPECT(directory.create(disk + "/log", disk + "/key", small_segments).ok());
    write(disk + "/filler", std::string(300 * 1024, 'x'));
    std::vector<std::string> acknowledged;
    Status status = Status::ok;
    for (int i = 0; status == Status::ok && i < 100000; ++i) {
      const std::string text = std::to_string(i) + std::string(500, '.');
      status = append(directory, text);
      if (status == Status::ok) acknowledged.push_back(text);
    }
    const Error error = directory.explain(status, "append to");
    EXPECT(error.status == Status::full);
    EXPECT(mentions(error.message, {disk + "/log", "append to", "Free some space", "is safe"}));
    EXPECT(acknowledged.size() > 300);
    EXPECT(records(directory.log()) == acknowledged);
    EXPECT(append(directory, std::string(600, 'x')) != Status::ok);

    // With space again, the same process goes on, and so does another.
    EXPECT(unlink((disk + "/filler").c_str()) == 0);
    EXPECT(append(directory, "more") == Status::ok);
    acknowledged.push_back("more");
    EXPECT(directory.recorder().seal() == Status::ok);
    directory.close();
    const Error again = directory.open_writer(disk + "/log");
    if (!again.ok()) return again.message;
    EXPECT(append(directory, "end") == Status::ok);
    acknowledged.push_back("end");
    EXPECT(records(directory.log()) == acknowledged);
    return "";
  }));
}

TEST_CASE("A log on a full disk is opened, read, and goes on when there is space") {
  CHECK_PART(on_small_disk(1024 * 1024, [](const std::string& disk) -> std::string {
    KeyFile key;
    EXPECT(key.generate(disk + "/key", origin, Algorithm::ed25519).ok());
    {
      LogDirectory directory;
      EXPECT(directory.create(disk + "/log", disk + "/key", small_segments).ok());
      EXPECT(append_numbers(directory, 0, 100) == Status::ok);
    }
    // Takes all that is left.
    for (size_t size = 1024 * 1024; size >= 4096; size /= 2) {
      const std::string name = disk + "/filler" + std::to_string(size);
      std::ofstream(name) << std::string(size, 'x') << std::flush;
    }
    LogDirectory directory;
    const Error error = directory.open_writer(disk + "/log");
    if (!error.ok()) return error.message;
    // The segment was allocated as a whole: there is room in it.
    EXPECT(append_numbers(directory, 100, 100) == Status::ok);
    EXPECT(records(directory.log()).size() == 200);
    return "";
  }));
}

TEST_CASE("A log that has used its segments is full, or recycles the oldest") {
  const bool recycle = GENERATE(false, true);
  CAPTURE(recycle);
  Home home({{8192, 4}, {}, recycle});
  LogDirectory directory;
  REQUIRE(directory.open_writer(home.log).ok());
  Status status = Status::ok;
  int appended = 0;
  for (; status == Status::ok && appended < 200; ++appended)
    status = append(directory, std::string(400, 'x'));
  if (recycle) {
    CHECK(status == Status::ok);
    CHECK(directory.log().index_min() > 0);
    CHECK(directory.explain(Status::pruned, "read").status == Status::pruned);
  } else {
    CHECK(appended > 50);
    const Error error = directory.explain(status, "append to");
    CHECK(error.status == Status::full);
    CHECK(mentions(error.message, {home.log, "4 segments", "8192", "new log"}));
    CHECK(directory.log().index_min() == 0);
  }
  directory.close();
  CHECK(directory.open_reader(home.log).ok());
}
