// Rows of CSV files as samples: every form that is read, and every one that is refused.
#include <cairn/linux/csv_source.hpp>
#include <cairn/linux/file.hpp>
#include <cairn/linux/platform.hpp>
#include <cstring>

#include "support/sources.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

struct Input {
  TemporaryFolder folder;
  OpenedSource opened;

  explicit Input(const std::string& text, CsvOptions options = {}) {
    write(folder / "in.csv", text);
    opened = open_csv(folder / "in.csv", options, linux_platform());
    REQUIRE(opened.source != nullptr);
  }
  Source& source() { return *opened.source; }
};

std::vector<std::string> rows(const std::string& text, CsvOptions options = {}) {
  Input input(text, options);
  return all_records(input.source());
}

// Reads `text` and checks that it is refused on `line` for a reason with these words.
void check_refused(const std::string& text, Status status, uint64_t line,
                   const std::vector<std::string>& words, size_t good_records = 0) {
  Input input(text);
  CAPTURE(text);
  CHECK(all_records(input.source()).size() == good_records);
  const Error& error = input.source().error();
  CHECK(error.status == status);
  CHECK(mentions(error.message, {input.folder / "in.csv", "line " + std::to_string(line) + ":"}));
  CHECK(mentions(error.message, words));
  SourceRecord record;
  CHECK(input.source().next(record) == status);
}

}  // namespace

TEST_CASE("A header names the channels, with units in brackets; cells become readings") {
  Input input("temp [degC],count,state,on\n21.50,7,running,true\n-3,,\"\",FALSE\n");
  SourceRecord record;
  REQUIRE(input.source().next(record) == Status::ok);
  REQUIRE(record.channels.size() == 4);
  CHECK(record.channels[0].number == 1);
  CHECK(record.channels[0].name == "temp");
  CHECK(record.channels[0].unit == "degC");
  CHECK(record.channels[1].name == "count");
  CHECK(record.channels[1].unit.empty());
  CHECK(record.channels[3].number == 4);
  CHECK(record.kind == Kind::sample);
  CHECK(record.line == 2);
  CHECK(record.time.unix_ms > 1600000000000);
  CHECK(text_of(record) == "1=2150e-2 2=7 3='running' 4=true");
  REQUIRE(input.source().next(record) == Status::ok);
  CHECK(record.channels.empty());
  CHECK(record.line == 3);
  // An empty cell is no reading; a quoted empty one is an empty text.
  CHECK(text_of(record) == "1=-3 3='' 4=false");
  CHECK(input.source().next(record) == Status::end);
  CHECK(input.source().next(record) == Status::end);
  CHECK(input.source().error().ok());
  CHECK(input.source().bytes_read() == input.source().bytes_total());
  CHECK(input.source().bytes_total() > 0);
}

TEST_CASE("Headings with odd brackets are names as they stand") {
  Input input("a [,b],[c],d[e],f [] ,g [h] i,\"j [k,l]\"\n1,2,3,4,5,6,7\n");
  SourceRecord record;
  REQUIRE(input.source().next(record) == Status::ok);
  std::vector<std::string> headings;
  for (const NewChannel& channel : record.channels)
    headings.push_back(channel.name + "|" + channel.unit);
  CHECK(headings ==
        std::vector<std::string>{"a [|", "b]|", "[c]|", "d|e", "f|", "g [h] i|", "j|k,l"});
}

TEST_CASE("Line ends of every kind, quotes, and empty rows") {
  const std::vector<std::string> expected = {"1=1 2=2", "1=3 2=4"};
  CHECK(rows("a,b\n1,2\n3,4\n") == expected);
  CHECK(rows("a,b\n1,2\n3,4") == expected);
  CHECK(rows("a,b\r\n1,2\r\n3,4\r\n") == expected);
  CHECK(rows("a,b\r1,2\r3,4\r") == expected);
  CHECK(rows("\n\na,b\n\n1,2\n  \n3,4\n\n\n") == expected);
  CHECK(rows("\xEF\xBB\xBF"
             "a,b\n1,2\n3,4\n") == expected);
  CHECK(rows("\xEF\xBB\xBF\"a\",b\n1,2\n3,4\n") == expected);
  CHECK(rows("\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n") == expected);
  CHECK(rows(" a , b \n 1 , 2 \n 3 ,4\n") == expected);
  CHECK(rows("a\n\"x \"\"y\"\", z\"\n") == std::vector<std::string>{"1='x \"y\", z'"});
  CHECK(rows("a\n\"x\ny\"\n") == std::vector<std::string>{"1='x\ny'"});
  CHECK(rows("a\n\"x\r\ny\"\n") == std::vector<std::string>{"1='x\r\ny'"});
}

TEST_CASE("Other delimiters, and files without a header") {
  CsvOptions options;
  options.delimiter = ';';
  CHECK(rows("a;b\n1,5;2\n", options) == std::vector<std::string>{"1='1,5' 2=2"});
  options.delimiter = '\t';
  CHECK(rows("a\tb\n1\t2\n", options) == std::vector<std::string>{"1=1 2=2"});
  CHECK(rows("a\tb\n\t2\n", options) == std::vector<std::string>{"2=2"});
  options.delimiter = ' ';
  options.header = false;
  Input input("1 641.82 x\n2 642.15 y\n", options);
  SourceRecord record;
  REQUIRE(input.source().next(record) == Status::ok);
  REQUIRE(record.channels.size() == 3);
  CHECK(record.channels[0].name == "column1");
  CHECK(record.channels[2].name == "column3");
  CHECK(record.line == 1);
  CHECK(text_of(record) == "1=1 2=64182e-2 3='x'");
  REQUIRE(input.source().next(record) == Status::ok);
  CHECK(record.channels.empty());
  CHECK(text_of(record) == "1=2 2=64215e-2 3='y'");

  for (const char bad : {'"', '\n', '\r', '\0'}) {
    options.delimiter = bad;
    CHECK(open_csv("-", options, linux_platform()).error.status == Status::bad_argument);
  }
}

TEST_CASE("Lines are counted through empty rows, quoted line ends and CR LF") {
  Input input("a,b\r\n\r\n\"x\r\ny\",1\r\n\r\n2,2\r\n\"p\nq\nr\",3\r\n4,4");
  std::vector<uint64_t> lines;
  SourceRecord record;
  while (input.source().next(record) == Status::ok)
    lines.push_back(record.line);
  CHECK(lines == std::vector<uint64_t>{3, 6, 7, 10});
}

TEST_CASE("Files without rows give no records") {
  CHECK(rows("").empty());
  CHECK(rows("\n\n").empty());
  CHECK(rows("a,b\n").empty());
  CHECK(rows("a,b").empty());
}

TEST_CASE("Rows that do not fit are refused with their line; those before them stand") {
  check_refused("a,b\n1,2\n3\n4,5\n", Status::corrupt, 3, {"1 cells", "has 2"}, 1);
  check_refused("a,b\n1,2\n\n3,4,5\n", Status::corrupt, 4, {"3 cells", "has 2"}, 1);
  check_refused("a,b\n\"1\n1\",2\n3,4,\n", Status::corrupt, 4, {"3 cells"}, 1);
}

TEST_CASE("Headers that name nothing, or one thing twice, are refused") {
  check_refused("a,,c\n1,2,3\n", Status::corrupt, 1, {"column 2", "no name"});
  check_refused("a,b,a\n1,2,3\n", Status::corrupt, 1, {"two columns", "'a'"});
  check_refused("\n\na,a\n1,2\n", Status::corrupt, 3, {"two columns"});
  check_refused(std::string(256, 'x') + "\n1\n", Status::corrupt, 1, {"255 bytes"});
  check_refused("a,b\xFF\n1,2\n", Status::corrupt, 1, {"column 2", "UTF-8"});
}

TEST_CASE("Bytes that are not UTF-8 are refused with their line") {
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF0\x8F\xBF\xBF", "\xE2\x82", "\xFF", "\xE4t"}) {
    check_refused("a,b\n1,2\n3," + std::string(bad) + "\n", Status::corrupt, 3, {"'b'", "UTF-8"},
                  1);
  }
  CHECK(rows("a\n\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x8C\x8A \xED\x9F\xBF \xF4\x8F\xBF\xBF\n").size() ==
        1);
}

TEST_CASE("Quotes that are not closed, or not where they belong, are refused") {
  check_refused("a,b\n1,2\n3,\"4\n5,6\n", Status::corrupt, 3, {"ends inside a quoted cell"}, 1);
  check_refused("a,b\n1,2\n3,4\"5\n", Status::corrupt, 3, {"quote"}, 1);
  check_refused("a,b\n1,2\n3,\"4\"5\n6,7\n", Status::corrupt, 3, {"quote"}, 1);
  const std::string endless = "a,b\n1,2\n3,\"" + std::string(300000, 'x');
  check_refused(endless, Status::corrupt, 3, {"closing quote missing"}, 1);
}

TEST_CASE("Texts of 255 bytes are the longest; numbers may be written longer") {
  CHECK(rows("a\n" + std::string(255, 'x') + "\n").size() == 1);
  check_refused("a\n" + std::string(256, 'x') + "\n", Status::bad_argument, 2,
                {"'a'", "256 bytes", "255"});
  const std::string number = "0." + std::string(300, '3');
  CHECK(rows("a\n" + number + "\n").size() == 1);
}

TEST_CASE("A long file is read in constant memory, with every row") {
  std::string text = "n,value\n";
  for (int i = 0; i < 50000; ++i) {
    text += std::to_string(i);
    text += ',';
    text += std::to_string(i % 977) + ".25\n";
  }
  Input input(text);
  SourceRecord record;
  int64_t next = 0;
  while (input.source().next(record) == Status::ok) {
    REQUIRE(record.readings.size() == 2);
    REQUIRE(record.readings[0].decimal == next);
    REQUIRE(record.readings[1].decimal == next % 977 * 100 + 25);
    REQUIRE(record.line == static_cast<uint64_t>(next) + 2);
    REQUIRE(record.texts.size() == 2);
    ++next;
  }
  CHECK(next == 50000);
}

TEST_CASE("Standard input is read as it arrives") {
  CHECK(in_child([]() -> std::string {
          int ends[2];
          EXPECT(pipe(ends) == 0);
          EXPECT(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
          close(ends[0]);
          const OpenedSource opened = open_csv("-", {}, linux_platform());
          EXPECT(opened.source != nullptr);
          EXPECT(opened.source->name() == "standard input");
          EXPECT(opened.source->bytes_total() == 0);
          SourceRecord record;
          for (const char* row : {"a,b\n1,2\n", "3,4\n", "5,6\n"}) {
            EXPECT(::write(ends[1], row, std::strlen(row)) > 0);
            EXPECT(opened.source->next(record) == Status::ok);
            EXPECT(record.readings.size() == 2);
          }
          close(ends[1]);
          EXPECT(opened.source->next(record) == Status::end);
          return "";
        }) == "");
}

TEST_CASE("Files that cannot be opened say why") {
  const TemporaryFolder folder;
  CHECK(open_csv(folder / "none", {}, linux_platform()).error.status == Status::not_found);
  const OpenedSource opened = open_csv(folder.path(), {}, linux_platform());
  CHECK(opened.error.status == Status::bad_argument);
  CHECK(mentions(opened.error.message, {folder.path()}));
  CHECK(opened.source == nullptr);
}
