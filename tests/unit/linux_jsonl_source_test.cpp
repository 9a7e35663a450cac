// JSON Lines as samples.
#include <cairn/linux/jsonl_source.hpp>
#include <cairn/linux/platform.hpp>

#include "support/sources.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

struct Input {
  TemporaryFolder folder;
  OpenedSource opened;

  explicit Input(const std::string& text) {
    write(folder / "in.jsonl", text);
    opened = open_jsonl(folder / "in.jsonl", linux_platform());
    REQUIRE(opened.source != nullptr);
  }
  Source& source() { return *opened.source; }
};

void check_refused(const std::string& text, Status status, uint64_t line,
                   const std::vector<std::string>& words, size_t good_records = 0) {
  Input input(text);
  CAPTURE(text);
  CHECK(all_records(input.source()).size() == good_records);
  const Error& error = input.source().error();
  CHECK(error.status == status);
  CHECK(mentions(error.message, {input.folder / "in.jsonl", "line " + std::to_string(line) + ":"}));
  CHECK(mentions(error.message, words));
  SourceRecord record;
  CHECK(input.source().next(record) == status);
}

}  // namespace

TEST_CASE("Keys are channels, which may turn up on any line; numbers keep their digits") {
  Input input(
      "{\"temp [degC]\": 21.50, \"on\": true}\n"
      "\n"
      "{\"on\": false, \"name\": \"a\\u00e4\\n\", \"temp [degC]\": -0.10, \"none\": null}\r\n"
      "{}\n"
      "{\"none\": 1e-3, \"big\": 9223372036854775807, \"id\": 18446744073709551616}");
  SourceRecord record;
  REQUIRE(input.source().next(record) == Status::ok);
  REQUIRE(record.channels.size() == 2);
  CHECK(record.channels[0].name == "temp");
  CHECK(record.channels[0].unit == "degC");
  CHECK(record.channels[1].name == "on");
  CHECK(text_of(record) == "1=2150e-2 2=true");
  CHECK(record.line == 1);
  CHECK(record.time.unix_ms > 1600000000000);

  REQUIRE(input.source().next(record) == Status::ok);
  REQUIRE(record.channels.size() == 2);
  CHECK(record.channels[0].name == "name");
  CHECK(record.channels[0].number == 3);
  CHECK(record.channels[1].name == "none");
  CHECK(text_of(record) == "2=false 3='a\xC3\xA4\n' 1=-10e-2");
  CHECK(record.line == 3);

  REQUIRE(input.source().next(record) == Status::ok);
  CHECK(record.readings.empty());

  REQUIRE(input.source().next(record) == Status::ok);
  REQUIRE(record.channels.size() == 2);
  CHECK(text_of(record) == "4=real 0.001000 5=9223372036854775807 6='18446744073709551616'");
  CHECK(record.line == 5);
  CHECK(input.source().next(record) == Status::end);
  CHECK(input.source().error().ok());
  CHECK(input.source().bytes_read() == input.source().bytes_total());
}

TEST_CASE("Numbers of every form") {
  Input input(
      "{\"a\":0,\"b\":-0,\"c\":-7,\"d\":0.0,\"e\":1E2,\"f\":18446744073709551615,"
      "\"g\":-9223372036854775808,\"h\":0.000000000000000001,\"i\":3.14159265358979323846}");
  const std::vector<std::string> expected = {
      "1=0 2=0 3=-7 4=0e-1 5=real 100.000000 6='18446744073709551615' 7=-9223372036854775808 "
      "8=1e-18 9=real 3.141593"};
  CHECK(all_records(input.source()) == expected);
}

TEST_CASE("What is not one flat object a line is refused with its line and reason") {
  const std::string good = "{\"a\":1}\n";
  check_refused(good + "{\"a\":{\"b\":1}}\n", Status::corrupt, 2, {"'a'", "object", "Flatten"}, 1);
  check_refused(good + "\n{\"a\":[1,2]}\n", Status::corrupt, 3, {"'a'", "array", "Flatten"}, 1);
  check_refused("[1]\n", Status::corrupt, 1, {"array"});
  check_refused("7\n", Status::corrupt, 1, {"bare value"});
  check_refused("null\n", Status::corrupt, 1, {"bare value"});
  check_refused("\"x\"\n", Status::corrupt, 1, {"bare value"});
  check_refused("{\"a\":1} {\"a\":2}\n", Status::corrupt, 1, {"not JSON"});
  check_refused("{\"a\":1,}\n", Status::corrupt, 1, {"not JSON", "byte"});
  check_refused("{\"a\":1\n", Status::corrupt, 1, {"not JSON"});
  check_refused("{\"a\":007}\n", Status::corrupt, 1, {"not JSON"});
  check_refused("{\"a\":NaN}\n", Status::corrupt, 1, {"not JSON"});
  check_refused("{'a':1}\n", Status::corrupt, 1, {"not JSON"});
  check_refused("{\"a\":1e999}\n", Status::corrupt, 1, {"not JSON", "1e999"});
  check_refused("{\"a\":1,\"b\":2,\"a\":3}\n", Status::corrupt, 1, {"'a'", "twice"});
  check_refused("{\"\":1}\n", Status::corrupt, 1, {"key is empty"});
  check_refused("{\"a\":\"\xFF\"}\n", Status::corrupt, 1, {"not JSON", "UTF-8"});
  check_refused("{\"a\":\"\\ud800\"}\n", Status::corrupt, 1, {"not JSON"});
  check_refused("hello\n", Status::corrupt, 1, {"not JSON"});
}

TEST_CASE("Lengths at their limits") {
  const std::string text(255, 'x');
  Input input("{\"" + text + "\":\"" + text + "\"}\n");
  CHECK(all_records(input.source()) == std::vector<std::string>{"1='" + text + "'"});
  check_refused("{\"a\":\"" + text + "x\"}\n", Status::corrupt, 1, {"'a'", "256 bytes", "255"});
  check_refused("{\"" + text + "x\":1}\n", Status::corrupt, 1, {"key", "255"});
  const std::string line = "{" + std::string(1024 * 1024 - 2, ' ') + "}";
  Input longest(line + "\n" + line);
  CHECK(all_records(longest.source()).size() == 2);
  check_refused(line + " \n", Status::bad_argument, 1, {"1 MiB"});
  check_refused(line + " ", Status::bad_argument, 1, {"1 MiB"});
}

TEST_CASE("A line nested ten thousand deep is refused like any other") {
  std::string deep = "{\"a\":";
  for (int i = 0; i < 10000; ++i)
    deep += "[";
  check_refused(deep, Status::corrupt, 1, {"array"});
}

TEST_CASE("A file that cannot be opened says why") {
  const TemporaryFolder folder;
  CHECK(open_jsonl(folder / "none", linux_platform()).error.status == Status::not_found);
  CHECK(open_jsonl(folder.path(), linux_platform()).error.status == Status::bad_argument);
}
