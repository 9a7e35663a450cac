// Files as a whole, locks between processes, and the words of failed system calls.
#include <fcntl.h>
#include <sys/resource.h>

#include <cairn/linux/file.hpp>
#include <cairn/linux/lock_file.hpp>
#include <csignal>

#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

TEST_CASE("A failed system call has a status, its file, its reason, and what to do") {
  const auto check = [](int number, Status status, const std::string& advice) {
    const Error error = system_error("write", "/data/log", number);
    CAPTURE(number, error.message);
    CHECK(error.status == status);
    CHECK(mentions(error.message, {"write", "/data/log", std::strerror(number), advice}));
    CHECK(error.message.back() == '.');
  };
  check(ENOSPC, Status::full, "Free some space");
  check(EDQUOT, Status::full, "quota");
  check(EFBIG, Status::full, "ulimit -f");
  check(ENOENT, Status::not_found, "spelling");
  check(EEXIST, Status::bad_state, "another name");
  check(EISDIR, Status::bad_argument, "");
  check(ENOTDIR, Status::bad_argument, "");
  check(EROFS, Status::io, "writable");
  check(EACCES, Status::io, "mode");
  check(EPERM, Status::io, "mode");
  check(EIO, Status::io, "dmesg");
  check(EMFILE, Status::io, "ulimit -n");
  check(EBADF, Status::io, "");
  CHECK(Error{}.ok());
}

TEST_CASE("A file is read whole") {
  const TemporaryFolder folder;
  std::string out = "old";
  const std::string bytes = std::string(200000, 'x') + '\0' + "end";
  write(folder / "a", bytes);
  REQUIRE(read_file(folder / "a", bytes.size(), out).ok());
  CHECK(out == bytes);
  write(folder / "empty", "");
  REQUIRE(read_file(folder / "empty", 0, out).ok());
  CHECK(out.empty());

  SECTION("not over its limit") {
    const Error error = read_file(folder / "a", bytes.size() - 1, out);
    CHECK(error.status == Status::bad_argument);
    CHECK(mentions(error.message, {folder / "a", "longer than"}));
  }
  SECTION("not when it is missing, or a folder") {
    CHECK(read_file(folder / "b", 10, out).status == Status::not_found);
    CHECK(read_file(folder.path(), 10, out).status == Status::bad_argument);
    CHECK(read_file(folder / "a/b", 10, out).status == Status::bad_argument);
  }
  SECTION("from standard input too") {
    CHECK(in_child([&]() -> std::string {
            const int file = open((folder / "a").c_str(), O_RDONLY);
            EXPECT(dup2(file, STDIN_FILENO) == STDIN_FILENO);
            std::string content;
            EXPECT(read_file("-", bytes.size(), content).ok());
            EXPECT(content == bytes);
            // The descriptor is still there: nothing closed it.
            EXPECT(lseek(STDIN_FILENO, 0, SEEK_SET) == 0);
            close(STDIN_FILENO);
            const Error error = read_file("-", 10, content);
            EXPECT(error.status == Status::io);
            EXPECT(error.message.find("standard input") != std::string::npos);
            return "";
          }) == "");
  }
}

TEST_CASE("A file is replaced as a whole, with its mode, and no temporary file stays") {
  const TemporaryFolder folder;
  REQUIRE(write_file(folder / "a", literal("one")).ok());
  CHECK(vectors::slurp(folder / "a") == "one");
  CHECK(mode_of(folder / "a") == 0644);
  REQUIRE(write_file(folder / "a", literal("two"), 0600).ok());
  CHECK(vectors::slurp(folder / "a") == "two");
  CHECK(mode_of(folder / "a") == 0600);
  const auto entries = std::distance(std::filesystem::directory_iterator(folder.path()), {});
  CHECK(entries == 1);
}

TEST_CASE("A file that cannot be replaced stays as it was") {
  const TemporaryFolder folder;
  CHECK(write_file(folder / "none/a", literal("x")).status == Status::not_found);
  CHECK(write_file("/proc/a", literal("x")).status != Status::ok);

  SECTION("because a folder has its name") {
    REQUIRE(mkdir((folder / "a").c_str(), 0755) == 0);
    CHECK(write_file(folder / "a", literal("x")).status == Status::bad_argument);
    const auto entries = std::distance(std::filesystem::directory_iterator(folder.path()), {});
    CHECK(entries == 1);
  }
  SECTION("because the folder is read-only") {
    REQUIRE(write_file(folder / "a", literal("old")).ok());
    REQUIRE(chmod(folder.path().c_str(), 0555) == 0);
    CHECK_PART(as_ordinary_user([&]() -> std::string {
      const Error error = write_file(folder / "a", literal("new"));
      EXPECT(error.status == Status::io);
      EXPECT(mentions(error.message, {folder / "a", "ls -ld"}));
      return "";
    }));
    CHECK(vectors::slurp(folder / "a") == "old");
  }
  SECTION("because the disk is full") {
    CHECK_PART(on_small_disk(64 * 1024, [](const std::string& disk) -> std::string {
      const std::string old(16 * 1024, 'o');
      EXPECT(write_file(disk + "/a", bytes_of(old)).ok());
      const std::string large(100 * 1024, 'n');
      const Error error = write_file(disk + "/a", bytes_of(large));
      EXPECT(error.status == Status::full);
      EXPECT(mentions(error.message, {disk + "/a", "Free some space"}));
      EXPECT(vectors::slurp(disk + "/a") == old);
      EXPECT(std::distance(std::filesystem::directory_iterator(disk), {}) == 1);
      return "";
    }));
  }
}

TEST_CASE("A new file never takes the place of another") {
  const TemporaryFolder folder;
  REQUIRE(create_file(folder / "a", literal("one"), 0600).ok());
  CHECK(vectors::slurp(folder / "a") == "one");
  CHECK(mode_of(folder / "a") == 0600);
  const Error error = create_file(folder / "a", literal("two"), 0600);
  CHECK(error.status == Status::bad_state);
  CHECK(mentions(error.message, {folder / "a", "another name"}));
  CHECK(vectors::slurp(folder / "a") == "one");
  REQUIRE(symlink((folder / "elsewhere").c_str(), (folder / "link").c_str()) == 0);
  CHECK(create_file(folder / "link", literal("x"), 0600).status == Status::bad_state);
  CHECK_FALSE(exists(folder / "elsewhere"));

  CHECK_PART(on_small_disk(64 * 1024, [](const std::string& disk) -> std::string {
    EXPECT(create_file(disk + "/a", bytes_of(std::string(100 * 1024, 'n')), 0644).status ==
           Status::full);
    EXPECT(!exists(disk + "/a"));
    return "";
  }));
}

TEST_CASE("A path is made absolute, whether or not its last part exists") {
  const TemporaryFolder folder;
  const std::string real = std::filesystem::canonical(folder.path()).string();
  std::string out;
  REQUIRE(absolute_path(folder / "new", out).ok());
  CHECK(out == real + "/new");
  REQUIRE(absolute_path(folder / "./x/../new", out).status == Status::not_found);
  REQUIRE(absolute_path("new", out).ok());
  CHECK(out == std::filesystem::current_path().string() + "/new");
  REQUIRE(absolute_path("/new", out).ok());
  CHECK(out == "/new");
}

TEST_CASE("Descriptors move and close") {
  const TemporaryFolder folder;
  Descriptor a(open((folder / "a").c_str(), O_RDWR | O_CREAT, 0600));
  REQUIRE(a.is_open());
  const int number = a.number();
  Descriptor b(std::move(a));
  CHECK(b.number() == number);
  Descriptor c;
  c = std::move(b);
  CHECK(c.number() == number);
  CHECK(fcntl(number, F_GETFD) >= 0);
  c.reset();
  CHECK_FALSE(c.is_open());
  CHECK(fcntl(number, F_GETFD) == -1);
}

TEST_CASE("A lock has one holder, whose process it names") {
  const TemporaryFolder folder;
  LockFile lock;
  REQUIRE(lock.take(folder / "lock", "the log X").ok());
  CHECK(vectors::slurp(folder / "lock") == std::to_string(getpid()) + "\n");

  const std::string pid = std::to_string(getpid());
  CHECK(in_child([&]() -> std::string {
          LockFile second;
          const Error error = second.take(folder / "lock", "the log X");
          EXPECT(error.status == Status::bad_state);
          EXPECT(mentions(error.message, {"the log X", "process " + pid, "wait"}));
          return "";
        }) == "");

  lock.release();
  CHECK(in_child([&]() -> std::string {
          LockFile second;
          EXPECT(second.take(folder / "lock", "the log X").ok());
          EXPECT(vectors::slurp(folder / "lock") == std::to_string(getpid()) + "\n");
          return "";
        }) == "");
  // The child ended without releasing it.
  CHECK(lock.take(folder / "lock", "the log X").ok());
}

TEST_CASE("A lock whose holder left no number is refused all the same") {
  const TemporaryFolder folder;
  LockFile lock;
  REQUIRE(lock.take(folder / "lock", "the log X").ok());
  for (const char* text : {"", "nonsense\n", "-5\n"}) {
    REQUIRE(truncate((folder / "lock").c_str(), 0) == 0);
    write(folder / "lock", text);
    LockFile second;
    const Error error = second.take(folder / "lock", "the log X");
    CHECK(error.status == Status::bad_state);
    CHECK(mentions(error.message, {"the log X", "another process"}));
  }
}

TEST_CASE("A lock can be waited for") {
  const TemporaryFolder folder;
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    LockFile lock;
    const bool taken = lock.take(folder / "lock", "it").ok();
    const char byte = taken ? 'y' : 'n';
    (void)!::write(ready[1], &byte, 1);
    usleep(100 * 1000);
    write(folder / "done", "");
    _exit(0);
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  REQUIRE(byte == 'y');
  LockFile lock;
  CHECK(lock.wait(folder / "lock").ok());
  CHECK(exists(folder / "done"));
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("A lock that cannot be made says why") {
  const TemporaryFolder folder;
  LockFile lock;
  CHECK(lock.take(folder / "none/lock", "it").status == Status::not_found);
  CHECK(lock.wait(folder.path()).status == Status::bad_argument);
}
