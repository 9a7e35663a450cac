// Logs as folders: making and opening them, and everything that can be wrong with one.
#include <cairn/linux/log_directory.hpp>

#include "support/log_folder.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

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
