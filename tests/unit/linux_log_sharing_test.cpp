// One writer and any number of readers of a log, and writers that end abruptly.
#include <cairn/linux/log_directory.hpp>
#include <csignal>

#include "support/log_folder.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

TEST_CASE("One process writes at a time, and others are told which") {
  Home home;
  LogDirectory directory;
  REQUIRE(directory.open_writer(home.log).ok());
  const std::string pid = std::to_string(getpid());
  CHECK(in_child([&]() -> std::string {
          LogDirectory second;
          const Error error = second.open_writer(home.log);
          EXPECT(error.status == Status::bad_state);
          EXPECT(mentions(error.message, {home.log, "process " + pid}));
          EXPECT(!second.is_open());
          EXPECT(second.open_reader(home.log).ok());
          return "";
        }) == "");
  directory.close();
  CHECK(in_child([&]() -> std::string {
          LogDirectory second;
          EXPECT(second.open_writer(home.log).ok());
          EXPECT(append(second, "x") == Status::ok);
          return "";  // ends without closing
        }) == "");
  CHECK(directory.open_writer(home.log).ok());
  CHECK(records(directory.log()) == std::vector<std::string>{"x"});
}

TEST_CASE("A reader needs no key and no lock, and sees what is appended when it looks again") {
  Home home;
  LogDirectory writer;
  LogDirectory reader;
  REQUIRE(writer.open_writer(home.log).ok());
  REQUIRE(append(writer, "one") == Status::ok);
  REQUIRE(unlink(home.key.c_str()) == 0);
  REQUIRE(reader.open_reader(home.log).ok());
  CHECK_FALSE(reader.is_writer());
  CHECK(records(reader.log()) == std::vector<std::string>{"one"});
  REQUIRE(append(writer, "two") == Status::ok);
  REQUIRE(writer.recorder().seal() == Status::ok);
  CHECK(reader.log().size() < writer.log().size());
  REQUIRE(reader.refresh().ok());
  CHECK(reader.log().size() == writer.log().size());
  CHECK(records(reader.log()) == std::vector<std::string>{"one", "two"});
  CHECK(verified_checkpoint(reader).root == writer.log().root());
  CHECK(writer.refresh().ok());
  CHECK(writer.is_writer());
}

TEST_CASE("A reader beside a busy writer never sees damage") {
  Home home;
  int go[2];
  REQUIRE(pipe(go) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(go[0]);
    LogDirectory writer;
    bool ok = writer.open_writer(home.log).ok();
    for (uint64_t i = 0; ok && i < 150; ++i)
      ok = append_numbers(writer, i * 100, 100, 100) == Status::ok;
    const char byte = ok ? 'y' : 'n';
    _exit(::write(go[1], &byte, 1) == 1 && ok ? 0 : 1);
  }
  close(go[1]);
  LogDirectory reader;
  uint64_t size = 0;
  int status = 0;
  size_t looks = 0;
  for (bool done = false; !done; ++looks) {
    done = waitpid(child, &status, WNOHANG) == child;
    const Error error = reader.is_open() ? reader.refresh() : reader.open_reader(home.log);
    CAPTURE(error.message, looks);
    REQUIRE(error.ok());
    REQUIRE(reader.log().size() >= size);
    size = reader.log().size();
    if (reader.log().head() == nullptr) continue;
    const Checkpoint checkpoint = verified_checkpoint(reader);
    Digest root;
    REQUIRE(build_root(checkpoint.size, reader.log().nodes(), root) == Status::ok);
    REQUIRE(root == checkpoint.root);
  }
  CHECK(status == 0);
  CHECK(looks > 3);
  const std::vector<std::string> all = records(reader.log());
  REQUIRE(all.size() == 15000);
  CHECK(all.back().substr(0, 6) == "14999.");
  close(go[0]);
}

TEST_CASE("A read-only folder is read, and refuses a writer with the reason") {
  Home home;
  {
    LogDirectory directory;
    REQUIRE(directory.open_writer(home.log).ok());
    REQUIRE(append(directory, "one") == Status::ok);
    REQUIRE(directory.recorder().seal() == Status::ok);
  }
  REQUIRE(chmod(home.folder.path().c_str(), 0755) == 0);
  REQUIRE(chmod(home.file("cosignatures").c_str(), 0555) == 0);
  REQUIRE(chmod(home.log.c_str(), 0555) == 0);
  for (const char* name : {"log", "config.json", "lock"})
    REQUIRE(chmod(home.file(name).c_str(), 0444) == 0);
  CHECK_PART(as_ordinary_user([&]() -> std::string {
    LogDirectory reader;
    EXPECT(reader.open_reader(home.log).ok());
    EXPECT(reader.log().size() > 1);
    std::string note;
    EXPECT(reader.checkpoint(note).ok());
    EXPECT(reader.add_cosignatures(2, "\xE2\x80\x94 w AAAAAAA=\n").status == Status::io);
    LogDirectory writer;
    const Error error = writer.open_writer(home.log);
    EXPECT(error.status == Status::io);
    EXPECT(mentions(error.message, {home.file("lock"), "ls -ld"}));
    return "";
  }));
}

TEST_CASE("A writer that is killed loses nothing that it acknowledged") {
  Home home;
  uint64_t expected = 0;
  for (int round = 0; round < 8; ++round) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      LogDirectory writer;
      if (!writer.open_writer(home.log, "", 16).ok()) _exit(1);
      for (uint64_t i = expected;; ++i) {
        if (append(writer, std::to_string(i)) != Status::ok) _exit(1);
        if (::write(ends[1], &i, sizeof i) != sizeof i) _exit(1);
      }
    }
    close(ends[1]);
    // Some records are waited for: how fast they come is the machine's affair.
    uint64_t last = 0;
    bool any = false;
    for (int i = 0; i < 1 + round && read(ends[0], &last, sizeof last) == sizeof last; ++i)
      any = true;
    usleep(static_cast<useconds_t>(round * 1500));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(ends[0], &last, sizeof last) == sizeof last)
      any = true;
    close(ends[0]);

    LogDirectory directory;
    const Error error = directory.open_writer(home.log);
    CAPTURE(round, error.message);
    REQUIRE(error.ok());
    const std::vector<std::string> all = records(directory.log());
    if (any) CHECK(all.size() >= last + 1);
    for (size_t i = 0; i < all.size(); ++i)
      REQUIRE(all[i] == std::to_string(i));
    expected = all.size();
    if (directory.log().head() != nullptr) {
      const Checkpoint checkpoint = verified_checkpoint(directory);
      Digest root;
      REQUIRE(build_root(checkpoint.size, directory.log().nodes(), root) == Status::ok);
      CHECK(root == checkpoint.root);
    }
  }
  CHECK(expected > 10);
}
