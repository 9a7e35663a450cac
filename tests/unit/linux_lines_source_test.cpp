// Lines as opaque records.
#include <cairn/linux/lines_source.hpp>
#include <cairn/linux/platform.hpp>

#include "support/sources.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

using Records = std::vector<std::string>;

Records lines(const std::string& text) {
  const TemporaryFolder folder;
  write(folder / "in", text);
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  REQUIRE(opened.source != nullptr);
  Records out = all_records(*opened.source);
  CHECK(opened.source->error().ok());
  return out;
}

}  // namespace

TEST_CASE("Every line is a record of exactly its bytes") {
  CHECK(lines("") == Records{});
  CHECK(lines("a\nb\n") == Records{"a", "b"});
  CHECK(lines("a\nb") == Records{"a", "b"});
  CHECK(lines("\n") == Records{""});
  CHECK(lines("\n\na") == Records{"", "", "a"});
  CHECK(lines("a\r\nb\r\n") == Records{"a\r", "b\r"});
  const std::string bytes("\0\xFF\x80", 3);
  CHECK(lines(bytes + "\n" + bytes) == Records{bytes, bytes});
}

TEST_CASE("Records know their line and time, and need no channels") {
  const TemporaryFolder folder;
  write(folder / "in", "a\n\nb");
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  REQUIRE(opened.source != nullptr);
  SourceRecord record;
  for (uint64_t line = 1; line <= 3; ++line) {
    REQUIRE(opened.source->next(record) == Status::ok);
    CHECK(record.kind == Kind::opaque);
    CHECK(record.line == line);
    CHECK(record.channels.empty());
    CHECK(record.readings.empty());
    CHECK(record.time.unix_ms > 1600000000000);
  }
  CHECK(opened.source->next(record) == Status::end);
  CHECK(opened.source->bytes_total() == 4);
  CHECK(opened.source->bytes_read() == 4);
}

TEST_CASE("Lines across the buffer's end, and up to the longest record, are whole") {
  Records expected;
  std::string text;
  for (size_t i = 0; i < 200; ++i) {
    expected.push_back(std::string(i * 41 % 8190, static_cast<char>('a' + i % 26)));
    text += expected.back() + "\n";
  }
  expected.push_back(std::string(8189, 'z'));
  text += expected.back();
  CHECK(lines(text) == expected);
}

TEST_CASE("A line that no record holds is refused; those before it stand") {
  const TemporaryFolder folder;
  write(folder / "in", "a\nb\n" + std::string(8190, 'x') + "\nc\n");
  const OpenedSource opened = open_lines(folder / "in", linux_platform());
  CHECK(all_records(*opened.source) == Records{"a", "b"});
  CHECK(opened.source->error().status == Status::bad_argument);
  CHECK(mentions(opened.source->error().message, {folder / "in", "line 3:", "8189"}));
  SourceRecord record;
  CHECK(opened.source->next(record) == Status::bad_argument);
}

TEST_CASE("Standard input gives each line as it arrives") {
  CHECK(in_child([]() -> std::string {
          int ends[2];
          EXPECT(pipe(ends) == 0);
          EXPECT(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
          close(ends[0]);
          const OpenedSource opened = open_lines("-", linux_platform());
          EXPECT(opened.source != nullptr);
          EXPECT(opened.source->name() == "standard input");
          SourceRecord record;
          EXPECT(::write(ends[1], "one\ntw", 6) == 6);
          EXPECT(opened.source->next(record) == Status::ok);
          EXPECT(record.opaque == "one");
          EXPECT(::write(ends[1], "o\n", 2) == 2);
          EXPECT(opened.source->next(record) == Status::ok);
          EXPECT(record.opaque == "two");
          close(ends[1]);
          EXPECT(opened.source->next(record) == Status::end);
          return "";
        }) == "");
}

TEST_CASE("Input that cannot be opened or read says why") {
  const TemporaryFolder folder;
  CHECK(open_lines(folder / "none", linux_platform()).error.status == Status::not_found);
  CHECK(open_lines(folder.path(), linux_platform()).error.status == Status::bad_argument);
  CHECK(in_child([]() -> std::string {
          close(STDIN_FILENO);
          const OpenedSource opened = open_lines("-", linux_platform());
          EXPECT(opened.source == nullptr);
          EXPECT(opened.error.status == Status::io);
          EXPECT(mentions(opened.error.message, {"standard input"}));
          return "";
        }) == "");
  // A process's memory cannot be read from its beginning: read(2) itself fails.
  const OpenedSource opened = open_lines("/proc/self/mem", linux_platform());
  if (opened.source == nullptr) {
    WARN("left out: no /proc/self/mem here");
    return;
  }
  SourceRecord record;
  CHECK(opened.source->next(record) == Status::io);
  CHECK(mentions(opened.source->error().message, {"/proc/self/mem", "read"}));
}
