// Logs as folders: making, opening, sharing, and everything that can be wrong with one.
#include <cairn/linux/log_directory.hpp>
#include <csignal>

#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

constexpr char origin[] = "plant.example/line-4";
const LogSettings small_segments = {{64 * 1024, 64}, {}, false};

// A folder with a key and, in it, a log.
struct Home {
  TemporaryFolder folder;
  std::string key = folder / "key";
  std::string log = folder / "log";

  explicit Home(const LogSettings& settings = small_segments, const char* name = origin) {
    KeyFile made;
    REQUIRE(made.generate(key, name, Algorithm::ed25519).ok());
    LogDirectory directory;
    const Error error = directory.create(log, key, settings);
    CAPTURE(error.message);
    REQUIRE(error.ok());
  }
  std::string file(const std::string& name) const { return log + "/" + name; }
};

Status append(LogDirectory& directory, const std::string& text) {
  return directory.recorder().append(Kind::opaque, bytes_of(text)).status;
}

// Appends opaque leaves "first", "first + 1", ... with one commit.
Status append_numbers(LogDirectory& directory, uint64_t first, size_t count, size_t pad = 0) {
  std::vector<std::string> texts;
  std::vector<ByteView> views;
  for (size_t i = 0; i < count; ++i)
    texts.push_back("\x40" + std::to_string(first + i) + std::string(pad, '.'));
  for (const std::string& text : texts)
    views.push_back(bytes_of(text));
  return directory.recorder().append_batch(views.data(), views.size()).status;
}

// The opaque records of a log, in order.
std::vector<std::string> records(const Log& log) {
  std::vector<std::string> out;
  std::vector<uint8_t> buffer(64 * 1024);
  Log::Cursor cursor;
  REQUIRE(cursor.open(log, {buffer.data(), buffer.size()}) == Status::ok);
  Log::Cursor::Item item;
  while (cursor.next(item) == Status::ok) {
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    if (item.leaf[0] == static_cast<uint8_t>(Kind::opaque)) {
      out.push_back(string_of(item.leaf.part(1)));
    }
  }
  return out;
}

Checkpoint verified_checkpoint(const LogDirectory& directory) {
  std::string note;
  const Error error = directory.checkpoint(note);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  Checkpoint out;
  REQUIRE(open_checkpoint(bytes_of(note), directory.log_key(), all_verifiers(), out) == Status::ok);
  out.origin = {};  // points into the note
  return out;
}

}  // namespace

TEST_CASE("A new log is a folder with everything that belongs to it") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::p256).ok());
  LogDirectory directory;
  const Error error = directory.create(folder / "log", folder / "key", small_segments);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  CHECK(directory.is_open());
  CHECK(directory.is_writer());
  CHECK(directory.path() == folder / "log");
  CHECK(directory.config().origin == origin);
  CHECK(directory.config().vkey == vkey_text(key.log_key()));
  CHECK(directory.config().key_path == std::filesystem::canonical(folder / "key").string());
  CHECK(directory.config().settings.geometry.segment_bytes == 64 * 1024);
  CHECK(directory.log().size() == 1);
  for (const char* name : {"log/log", "log/config.json", "log/lock", "log/cosignatures"})
    CHECK(exists(folder / name));
  std::string note;
  CHECK(directory.checkpoint(note).status == Status::bad_state);

  REQUIRE(append(directory, "one") == Status::ok);
  REQUIRE(directory.recorder().seal() == Status::ok);
  const Checkpoint checkpoint = verified_checkpoint(directory);
  CHECK(checkpoint.size == directory.log().size());
  CHECK(checkpoint.root == directory.log().root());
  directory.close();
  CHECK_FALSE(directory.is_open());
}

TEST_CASE("A log goes on where it was left, also with another size of batches") {
  Home home;
  uint64_t size = 0;
  {
    LogDirectory directory;
    REQUIRE(directory.open_writer(home.log).ok());
    REQUIRE(append_numbers(directory, 0, 1000) == Status::ok);
    size = directory.log().size();
  }
  LogDirectory directory;
  REQUIRE(directory.open_writer(home.log, "", 16).ok());
  CHECK(directory.log().size() == size);
  CHECK(directory.config().settings.batch.leaves == 16);
  REQUIRE(append_numbers(directory, 1000, 100) == Status::ok);
  CHECK(directory.recorder().last_seal() == Status::ok);
  CHECK(directory.log().head()->size % 16 == 0);
  CHECK(directory.log().size() - directory.log().head()->size < 16);
  const std::vector<std::string> all = records(directory.log());
  REQUIRE(all.size() == 1100);
  for (size_t i = 0; i < all.size(); ++i)
    REQUIRE(all[i] == std::to_string(i));
  LogConfig config;
  REQUIRE(read_log_config(home.file("config.json"), config).ok());
  CHECK(config.settings.batch.leaves == 256);
}

TEST_CASE("A log that continues an abandoned one names its head") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  Begin predecessor{};
  predecessor.previous_origin = literal("old.example");
  predecessor.previous_size = 77;
  predecessor.previous_root = sha256(literal("root"));
  LogDirectory directory;
  REQUIRE(directory.create(folder / "log", folder / "key", small_segments, &predecessor).ok());
  uint8_t leaf[600];
  const Result<size_t> size = directory.log().read(0, leaf);
  REQUIRE(size.ok());
  Begin begin{};
  REQUIRE(decode_begin(ByteView(leaf, size.value).part(1), begin) == Status::ok);
  CHECK(string_of(begin.origin) == origin);
  CHECK(string_of(begin.previous_origin) == "old.example");
  CHECK(begin.previous_size == 77);
}

TEST_CASE("A log is made in an empty folder, and nowhere else") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  LogDirectory directory;
  const auto create = [&](const std::string& path) {
    return directory.create(path, folder / "key", small_segments);
  };
  SECTION("an empty folder") {
    REQUIRE(mkdir((folder / "a").c_str(), 0700) == 0);
    CHECK(create(folder / "a").ok());
    CHECK(mode_of(folder / "a") == 0700);
  }
  SECTION("a folder with something in it") {
    REQUIRE(mkdir((folder / "a").c_str(), 0700) == 0);
    write(folder / "a/log", "mine");
    const Error error = create(folder / "a");
    CHECK(error.status == Status::bad_state);
    CHECK(mentions(error.message, {folder / "a", "empty"}));
    CHECK(vectors::slurp(folder / "a/log") == "mine");
    CHECK_FALSE(exists(folder / "a/lock"));
  }
  SECTION("a file") {
    write(folder / "a", "mine");
    CHECK(create(folder / "a").status == Status::bad_state);
    CHECK(vectors::slurp(folder / "a") == "mine");
  }
  SECTION("a log") {
    REQUIRE(create(folder / "a").ok());
    directory.close();
    CHECK(create(folder / "a").status == Status::bad_state);
    CHECK(directory.open_writer(folder / "a").ok());
  }
  SECTION("a path without its folder") {
    CHECK(create(folder / "x/a").status == Status::not_found);
  }
  CHECK((directory.is_open() || !exists(folder / "x")));
}

TEST_CASE("Making a log that fails leaves nothing behind") {
  const TemporaryFolder folder;
  KeyFile key;
  REQUIRE(key.generate(folder / "key", origin, Algorithm::ed25519).ok());
  LogDirectory directory;
  CHECK(directory.create(folder / "log", folder / "none", small_segments).status ==
        Status::not_found);
  const Error error = directory.create(folder / "log", folder / "key", {{100, 4}, {}, false});
  CHECK(error.status == Status::bad_argument);
  CHECK_FALSE(exists(folder / "log"));
  CHECK_FALSE(directory.is_open());
  // An empty folder that was there before stays.
  REQUIRE(mkdir((folder / "log").c_str(), 0755) == 0);
  CHECK_FALSE(directory.create(folder / "log", folder / "key", {{300, 4}, {}, false}).ok());
  CHECK(std::filesystem::is_empty(folder / "log"));

  CHECK_PART(on_small_disk(256 * 1024, [&](const std::string& disk) -> std::string {
    LogDirectory large;
    KeyFile own;
    EXPECT(own.generate(disk + "/key", origin, Algorithm::ed25519).ok());
    const Error full = large.create(disk + "/log", disk + "/key", {{1024 * 1024, 4}, {}, false});
    EXPECT(full.status == Status::full);
    EXPECT(mentions(full.message, {disk + "/log", "Free some space"}));
    EXPECT(!exists(disk + "/log"));
    return "";
  }));
}

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

TEST_CASE("A log opens with its own key only, wherever that lies") {
  Home home;
  const TemporaryFolder other;
  KeyFile wrong;
  REQUIRE(wrong.generate(other / "same name", origin, Algorithm::ed25519).ok());
  REQUIRE(wrong.generate(other / "other name", "other.example", Algorithm::ed25519).ok());
  LogDirectory directory;
  for (const char* name : {"same name", "other name"}) {
    const Error error = directory.open_writer(home.log, other / name);
    CHECK(error.status == Status::not_found);
    CHECK(mentions(error.message, {other / name, home.log, origin}));
    CHECK_FALSE(directory.is_open());
  }
  REQUIRE(std::rename(home.key.c_str(), (other / "moved").c_str()) == 0);
  const Error missing = directory.open_writer(home.log);
  CHECK(missing.status == Status::not_found);
  CHECK(mentions(missing.message, {"private key", "/key"}));
  CHECK(directory.open_writer(home.log, other / "moved").ok());
  directory.close();
  REQUIRE(chmod((other / "moved").c_str(), 0644) == 0);
  const Error open_to_all = directory.open_writer(home.log, other / "moved");
  CHECK(open_to_all.status == Status::bad_state);
  CHECK(mentions(open_to_all.message, {"chmod 600"}));
  // None of this left the lock taken.
  REQUIRE(chmod((other / "moved").c_str(), 0600) == 0);
  CHECK(directory.open_writer(home.log, other / "moved").ok());
}

TEST_CASE("A folder that is not a log, or not whole, says what is missing") {
  Home home;
  LogDirectory directory;
  const auto check = [&](Status status, const std::vector<std::string>& words) {
    for (const bool writer : {true, false}) {
      const Error error =
          writer ? directory.open_writer(home.log) : directory.open_reader(home.log);
      CAPTURE(writer);
      CHECK(error.status == status);
      CHECK(mentions(error.message, words));
      CHECK_FALSE(directory.is_open());
    }
  };
  SECTION("no folder") {
    std::filesystem::remove_all(home.log);
    check(Status::not_found, {home.log, "not a log"});
  }
  SECTION("no config.json") {
    unlink(home.file("config.json").c_str());
    check(Status::not_found, {home.log, "not a log", "config.json"});
  }
  SECTION("a torn config.json") {
    REQUIRE(truncate(home.file("config.json").c_str(), 50) == 0);
    check(Status::corrupt, {home.file("config.json")});
  }
  SECTION("no ring") {
    unlink(home.file("log").c_str());
    check(Status::not_found, {home.file("log")});
  }
  SECTION("an empty ring") {
    REQUIRE(truncate(home.file("log").c_str(), 0) == 0);
    check(Status::not_formatted, {home.log, "copy"});
  }
  SECTION("another log's ring") {
    Home other(small_segments, "other.example");
    std::filesystem::copy_file(other.file("log"), home.file("log"),
                               std::filesystem::copy_options::overwrite_existing);
    check(Status::not_formatted, {home.log, "copy"});
  }
  SECTION("another geometry") {
    LogConfig config;
    REQUIRE(read_log_config(home.file("config.json"), config).ok());
    config.settings.geometry.segment_count = 65;
    REQUIRE(write_log_config(home.file("config.json"), config).ok());
    check(Status::wrong_version, {home.log, "geometry"});
  }
}

TEST_CASE("A log whose acknowledged records are gone is opened for reading only") {
  Home home;
  {
    LogDirectory directory;
    REQUIRE(directory.open_writer(home.log).ok());
    for (int i = 0; i < 20; ++i)
      REQUIRE(append(directory, "record " + std::to_string(i)) == Status::ok);
  }
  std::string ring = vectors::slurp(home.file("log"));
  ring[ring.find("record 7")] ^= 1;
  write(home.file("log"), ring);
  for (const bool writer : {true, false}) {
    LogDirectory directory;
    const Error error = writer ? directory.open_writer(home.log) : directory.open_reader(home.log);
    CAPTURE(writer);
    CHECK(error.status == Status::damaged);
    CHECK(mentions(error.message, {home.log, "acknowledged records are missing", "cairn check"}));
    REQUIRE(directory.is_open());
    CHECK(directory.log().report().damaged);
    CHECK(records(directory.log()).front() == "record 0");
    if (writer) CHECK(append(directory, "more") == Status::damaged);
  }
}

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
    usleep(static_cast<useconds_t>(3000 + round * 7000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    uint64_t last = 0;
    bool any = false;
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

TEST_CASE("Statuses are put into words that name the log") {
  Home home;
  LogDirectory directory;
  REQUIRE(directory.open_writer(home.log).ok());
  CHECK(directory.explain(Status::ok, "read").ok());
  for (const Status status : {Status::io, Status::corrupt, Status::damaged, Status::pruned,
                              Status::bad_state, Status::bad_argument, Status::not_found}) {
    const Error error = directory.explain(status, "read");
    CHECK(error.status == status);
    CHECK(mentions(error.message, {"cannot read the log " + home.log}));
    CHECK(error.message.back() == '.');
  }
}

TEST_CASE("Cosignatures are kept for each size; a newer one of the same key replaces the older") {
  Home home;
  LogDirectory directory;
  REQUIRE(directory.open_reader(home.log).ok());
  std::string lines = "old";
  REQUIRE(directory.cosignatures(9, lines).ok());
  CHECK(lines.empty());
  CHECK(directory.cosigned_sizes().empty());

  const std::string dash = "\xE2\x80\x94 ";
  const std::string a1 = dash + "a AAAAAQE=\n";
  const std::string a2 = dash + "a AAAAAQI=\n";
  const std::string b1 = dash + "b AAAAAQE=\n";
  const std::string other_key = dash + "a AAAAAgE=\n";
  REQUIRE(directory.add_cosignatures(9, a1).ok());
  REQUIRE(directory.add_cosignatures(9, b1).ok());
  REQUIRE(directory.cosignatures(9, lines).ok());
  CHECK(lines == a1 + b1);
  REQUIRE(directory.add_cosignatures(9, a2 + other_key).ok());
  REQUIRE(directory.cosignatures(9, lines).ok());
  CHECK(lines == b1 + a2 + other_key);
  REQUIRE(directory.add_cosignatures(100, a1).ok());
  REQUIRE(directory.add_cosignatures(20, a1).ok());
  CHECK(directory.cosigned_sizes() == std::vector<uint64_t>{9, 20, 100});
  REQUIRE(directory.cosignatures(100, lines).ok());
  CHECK(lines == a1);

  for (const std::string& bad :
       {std::string(), std::string("x\n"), a1.substr(0, a1.size() - 1), "\n" + a1, a1 + "x",
        dash + "a AAAA\n", dash + "a!b AAAAAQE\n", a1 + "\n"}) {
    CAPTURE(bad);
    const Error error = directory.add_cosignatures(9, bad);
    CHECK(error.status == Status::corrupt);
    REQUIRE(directory.cosignatures(9, lines).ok());
    CHECK(lines == b1 + a2 + other_key);
  }
  write(home.file("cosignatures/9"), "torn");
  const Error error = directory.cosignatures(9, lines);
  CHECK(error.status == Status::corrupt);
  CHECK(mentions(error.message, {home.file("cosignatures/9")}));
  CHECK(directory.add_cosignatures(9, a1).status == Status::corrupt);
}
