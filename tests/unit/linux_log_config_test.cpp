// config.json of a log folder.
#include <cairn/linux/key_file.hpp>
#include <cairn/linux/log_config.hpp>

#include "support/host.hpp"
#include "support/json_vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

LogConfig example() {
  const auto key = vectors::json(vectors::own("gomod/keys_ed25519.json")).at("keys").at(0);
  LogConfig config;
  config.origin = key.at("name");
  config.vkey = key.at("vkey");
  config.key_path = "/etc/keys/plant key";
  config.settings.geometry = {65536, 100};
  config.settings.batch.leaves = 64;
  config.settings.batch.bytes = 1000000;
  config.settings.batch.time_ms = 60000;
  config.settings.batch.automatic = false;
  config.settings.recycle = true;
  return config;
}

}  // namespace

TEST_CASE("A configuration is read as it was written") {
  const TemporaryFolder folder;
  const LogConfig config = example();
  REQUIRE(write_log_config(folder / "config.json", config).ok());
  LogConfig read;
  const Error error = read_log_config(folder / "config.json", read);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  CHECK(read.origin == config.origin);
  CHECK(read.vkey == config.vkey);
  CHECK(read.key_path == config.key_path);
  CHECK(read.settings.geometry.segment_bytes == 65536);
  CHECK(read.settings.geometry.segment_count == 100);
  CHECK(read.settings.batch.leaves == 64);
  CHECK(read.settings.batch.bytes == 1000000);
  CHECK(read.settings.batch.time_ms == 60000);
  CHECK_FALSE(read.settings.batch.automatic);
  CHECK(read.settings.recycle);
}

TEST_CASE("A path of a key that is not UTF-8 is refused, and the old file stays") {
  const TemporaryFolder folder;
  LogConfig config = example();
  REQUIRE(write_log_config(folder / "config.json", config).ok());
  const std::string before = vectors::slurp(folder / "config.json");
  config.key_path = "/keys/\xFF";
  CHECK(write_log_config(folder / "config.json", config).status == Status::bad_argument);
  CHECK(vectors::slurp(folder / "config.json") == before);
}

TEST_CASE("A configuration that is torn, changed or foreign names what is wrong") {
  const TemporaryFolder folder;
  const std::string path = folder / "config.json";
  REQUIRE(write_log_config(path, example()).ok());
  const std::string good = vectors::slurp(path);
  const auto root = nlohmann::json::parse(good);
  LogConfig read;
  read.origin = "untouched";
  const auto check = [&](const std::string& text, Status status,
                         const std::vector<std::string>& words) {
    write(path, text);
    const Error error = read_log_config(path, read);
    CAPTURE(text);
    CHECK(error.status == status);
    CHECK(mentions(error.message, {path}));
    CHECK(mentions(error.message, words));
    CHECK(read.origin == "untouched");
  };
  const auto with = [&](const std::string& field, const nlohmann::json& value) {
    auto changed = root;
    changed[nlohmann::json::json_pointer(field)] = value;
    return changed.dump();
  };

  SECTION("torn at any byte") {
    // Without the last line end, or its last brace and line end... only the former is whole.
    for (size_t size = 0; size + 2 < good.size(); ++size) {
      write(path, good.substr(0, size));
      CHECK(read_log_config(path, read).status == Status::corrupt);
    }
  }
  SECTION("not an object") {
    for (const char* text : {"", "[]", "7", "null", "\xFF", "{} {}", "{\"format\""})
      check(text, Status::corrupt, {});
  }
  SECTION("each field missing") {
    for (const auto& [name, value] : root.items()) {
      auto changed = root;
      changed.erase(name);
      check(changed.dump(), Status::corrupt, {"'" + name + "'"});
    }
    for (const auto& [name, value] : root.at("batch").items()) {
      auto changed = root;
      changed["batch"].erase(name);
      check(changed.dump(), Status::corrupt, {"'" + name + "'"});
    }
  }
  SECTION("each field of another type") {
    const auto other = [](const nlohmann::json& value) {
      return value.is_string() ? nlohmann::json(7) : nlohmann::json("seven");
    };
    for (const auto& [name, value] : root.items())
      check(with("/" + name, other(value)), Status::corrupt, {"'" + name + "'"});
    for (const auto& [name, value] : root.at("batch").items())
      check(with("/batch/" + name, other(value)), Status::corrupt, {"'" + name + "'"});
  }
  SECTION("numbers out of range") {
    check(with("/segment_bytes", 4095), Status::corrupt, {"'segment_bytes'", "4096"});
    check(with("/segment_bytes", 1073741825), Status::corrupt, {"'segment_bytes'", "1073741824"});
    check(with("/segment_bytes", 4294967296), Status::corrupt, {"'segment_bytes'"});
    check(with("/segment_count", 1), Status::corrupt, {"'segment_count'", "2"});
    check(with("/segment_count", 4294967295), Status::corrupt, {"'segment_count'", "262144"});
    check(with("/segment_count", -3), Status::corrupt, {"'segment_count'"});
    check(with("/segment_count", 2.5), Status::corrupt, {"'segment_count'"});
    check(with("/batch/leaves", 4294967296), Status::corrupt, {"'leaves'"});
  }
  SECTION("fields that nobody knows") {
    check(with("/origins", "x"), Status::corrupt, {"'origins'", "unknown"});
    check(with("/batch/leafs", 7), Status::corrupt, {"'leafs'", "unknown"});
  }
  SECTION("another format, a later version") {
    check(with("/format", "other"), Status::corrupt, {"'format'"});
    check(with("/version", 2), Status::wrong_version, {"version 2", "newer"});
    check(with("/version", 0), Status::corrupt, {"'version'"});
  }
  SECTION("a verifier key that is wrong, or another log's") {
    check(with("/vkey", "nonsense"), Status::corrupt, {"'vkey'"});
    check(with("/origin", "other.example"), Status::corrupt, {"'vkey'", "other.example"});
  }
  SECTION("too large") {
    check(good + std::string(100000, ' '), Status::bad_argument, {"longer"});
  }
  SECTION("missing") {
    REQUIRE(unlink(path.c_str()) == 0);
    CHECK(read_log_config(path, read).status == Status::not_found);
  }
}
