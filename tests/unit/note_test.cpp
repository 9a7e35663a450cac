// The form of signed notes: what is taken apart, and what is refused, in which line.
#include <algorithm>
#include <cairn/note.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

using cairn::Fault;
using cairn::Field;
using cairn::Note;
using cairn::NoteSignature;
using cairn::SignatureLines;
using cairn::Status;
using vectors::view;

namespace {

const std::string dash = "\xE2\x80\x94 ";
const std::string good_line = dash + "a.example/log AAAAAQAA\n";  // key id 1, two bytes
const std::string good = "text\n\n" + good_line;

std::string str(cairn::ByteView bytes) {
  return {bytes.text(), bytes.size};
}

// A case of something malformed: what is wrong, and in which line.
struct Malformed {
  const char* what;
  std::string note;
  Field field;
  uint32_t line;
};

void check_malformed(const Malformed& c) {
  CAPTURE(c.what);
  Note note;
  Fault fault;
  REQUIRE(cairn::parse_note(view(c.note), note, &fault) == Status::corrupt);
  CHECK(std::string(cairn::field_text(fault.field)) == cairn::field_text(c.field));
  CHECK(fault.position == c.line);
  CHECK(cairn::parse_note(view(c.note), note) == Status::corrupt);
}

}  // namespace

TEST_CASE("a note is taken apart at its last empty line") {
  const std::string second = dash + "b.example //////8=\n";
  for (const std::string& text : {std::string("text\n"), std::string("\n"), std::string("a\n\nb\n"),
                                  std::string("a\n\n\n"), std::string("a\x7F\xC3\xA9\n")}) {
    CAPTURE(text);
    const std::string bytes = text + "\n" + good_line + second;
    Note note;
    REQUIRE(cairn::parse_note(view(bytes), note) == Status::ok);
    CHECK(str(note.text) == text);
    CHECK(str(note.signatures) == good_line + second);
    CHECK(note.signature_count == 2);

    SignatureLines lines(note);
    NoteSignature line;
    REQUIRE(lines.next(line) == Status::ok);
    CHECK(str(line.line) + "\n" == good_line);
    CHECK(str(line.name) == "a.example/log");
    CHECK(line.key_id == 1);
    CHECK(str(line.base64) == "AAAAAQAA");
    REQUIRE(lines.next(line) == Status::ok);
    CHECK(str(line.name) == "b.example");
    CHECK(line.key_id == 0xFFFFFFFF);
    CHECK(lines.next(line) == Status::end);
    CHECK(lines.next(line) == Status::end);
  }
}

TEST_CASE("a malformed note is refused with the field and the line") {
  const std::string name255(255, 'n');
  const Malformed cases[] = {
      {"empty", "", Field::separator, 1},
      {"one line end", "\n", Field::separator, 2},
      {"only line ends", "\n\n", Field::signature_line, 3},
      {"text without signatures", "text\n\n", Field::signature_line, 3},
      {"text and no empty line", "text\n", Field::separator, 2},
      {"no empty line", "text\n" + good_line, Field::separator, 3},
      {"no final line end", good.substr(0, good.size() - 1), Field::encoding, 3},
      {"text only, no line end", "text", Field::encoding, 1},
      {"carriage returns", "text\r\n\r\n" + good_line, Field::encoding, 1},
      {"tab", "text\nmore\ttext\n\n" + good_line, Field::encoding, 2},
      {"zero byte", std::string("te\0xt\n\n", 7) + good_line, Field::encoding, 1},
      {"control character in a name", "text\n\n" + dash + "a\x01 AAAAAQAA\n", Field::encoding, 3},
      {"lone continuation", "text\n\x80\n\n" + good_line, Field::encoding, 2},
      {"truncated character", "text\n\xE2\x80\n\n" + good_line, Field::encoding, 2},
      {"byte 0xFF", "\xFF\n\n" + good_line, Field::encoding, 1},
      {"lead byte in place of a continuation", "\xE2\xC0\x80\n\n" + good_line, Field::encoding, 1},
      {"overlong /", "\xC0\xAF\n\n" + good_line, Field::encoding, 1},
      {"overlong three bytes", "\xE0\x9F\xBF\n\n" + good_line, Field::encoding, 1},
      {"overlong four bytes", "\xF0\x8F\xBF\xBF\n\n" + good_line, Field::encoding, 1},
      {"surrogate", "\xED\xA0\x80\n\n" + good_line, Field::encoding, 1},
      {"last surrogate", "\xED\xBF\xBF\n\n" + good_line, Field::encoding, 1},
      {"above U+10FFFF", "\xF4\x90\x80\x80\n\n" + good_line, Field::encoding, 1},
      {"five bytes", "\xF8\x88\x80\x80\x80\n\n" + good_line, Field::encoding, 1},
      {"hyphen", "text\n\n- a.example/log AAAAAQAA\n", Field::signature_line, 3},
      {"en dash", "text\n\n\xE2\x80\x93 a AAAAAQAA\n", Field::signature_line, 3},
      {"no space behind the dash",
       "text\n\n\xE2\x80\x94"
       "a AAAAAQAA\n",
       Field::signature_line, 3},
      {"only a dash", "text\n\n" + dash + "\n", Field::signature_line, 3},
      {"no signature", "text\n\n" + dash + "a\n", Field::signature_line, 3},
      {"junk behind a good line", "a\nb\n\n" + good_line + "junk\n", Field::signature_line, 5},
      {"two spaces behind the dash", "text\n\n" + dash + " a AAAAAQAA\n", Field::key_name, 3},
      {"plus in a name", "text\n\n" + dash + "a+b AAAAAQAA\n", Field::key_name, 3},
      {"no-break space",
       "text\n\n" + dash +
           "a\xC2\xA0"
           "b AAAAAQAA\n",
       Field::key_name, 3},
      {"name of 256 bytes", "text\n\n" + dash + name255 + "n AAAAAQAA\n", Field::key_name, 3},
      {"two spaces before the base64", "text\n\n" + dash + "a  AAAAAQAA\n", Field::signature, 3},
      {"space behind the base64", "text\n\n" + dash + "a AAAAAQAA \n", Field::signature, 3},
      {"empty base64", "text\n\n" + dash + "a \n", Field::signature, 3},
      {"no padding", "text\n\n" + dash + "a AAAAAQA\n", Field::signature, 3},
      {"URL-safe base64", "text\n\n" + dash + "a AAAAAQ__\n", Field::signature, 3},
      {"trailing bits", "text\n\n" + dash + "a AAAAAQB=\n", Field::signature, 3},
      {"three bytes", "text\n\n" + dash + "a AAAA\n", Field::signature, 3},
      {"only a key id", "text\n\n" + dash + "a AAAAAQ==\n", Field::signature, 3},
      {"bad base64 late", "text\n\n" + good_line + dash + "a AAAAAQAAAAA*\n", Field::signature, 4},
  };
  for (const Malformed& c : cases)
    check_malformed(c);

  Note note;
  CHECK(cairn::parse_note(view("text\n\n" + dash + "a AAAAAQA=\n"), note) == Status::ok);
  CHECK(cairn::parse_note(view("text\n\n" + dash + name255 + " AAAAAQAA\n"), note) == Status::ok);
}

TEST_CASE("a note holds at most 100 signatures, of any length") {
  std::string note = "a\nb\n\n";
  for (int i = 0; i < 100; ++i)
    note += good_line;
  Note parsed;
  REQUIRE(cairn::parse_note(view(note), parsed) == Status::ok);
  CHECK(parsed.signature_count == 100);
  check_malformed({"101 signatures", note + good_line, Field::limit, 104});

  const std::string large = "text\n\n" + dash + "ml-dsa " + std::string(3240, 'A') + "\n";
  REQUIRE(cairn::parse_note(view(large), parsed) == Status::ok);
  CHECK(parsed.signature_count == 1);
}

TEST_CASE("no truncation and no changed byte of a note is read out of bounds") {
  const std::string note = "a\n\xC3\xA9\n\n" + good_line + good_line;
  Note parsed;
  for (size_t size = 0; size < note.size(); ++size) {
    const vectors::Bytes part(note.begin(), note.begin() + static_cast<long>(size));
    const Status status = cairn::parse_note(view(part), parsed);
    // Only behind a whole signature line is it a note again.
    CHECK((status == Status::ok) == (size == note.size() - good_line.size()));
  }
  for (size_t at = 0; at < note.size(); ++at) {
    for (unsigned value = 0; value < 256; ++value) {
      vectors::Bytes changed(note.begin(), note.end());
      changed[at] = static_cast<uint8_t>(value);
      Fault fault;
      if (cairn::parse_note(view(changed), parsed, &fault) == Status::ok) {
        REQUIRE(parsed.text.size + 1 + parsed.signatures.size == note.size());
      } else {
        REQUIRE(fault.field != Field::none);
        REQUIRE(fault.position >= 1);
      }
    }
  }
}

TEST_CASE("signature lines are walked without a note") {
  const std::string lines = good_line + dash + "b AAAAAgAA\n";
  SignatureLines walk(view(lines));
  NoteSignature line;
  CHECK(walk.next(line) == Status::ok);
  CHECK(walk.next(line) == Status::ok);
  CHECK(line.key_id == 2);
  CHECK(walk.next(line) == Status::end);

  const struct {
    std::string lines;
    Field field;
  } cases[] = {
      {"\n", Field::signature_line},
      {dash + "b AAAAAgAA", Field::encoding},
      {dash + "b\xFF AAAAAgAA\n", Field::key_name},
      {dash + "\xED\xA0\x80 AAAAAgAA\n", Field::key_name},
      {dash + "b AAAAAgA\xFF\n", Field::signature},
      {"404 not found\n", Field::signature_line},
  };
  for (const auto& c : cases) {
    CAPTURE(c.lines);
    const std::string text = good_line + c.lines + (c.field == Field::encoding ? "" : good_line);
    SignatureLines bad(view(text));
    Fault fault;
    REQUIRE(bad.next(line, &fault) == Status::ok);
    REQUIRE(bad.next(line, &fault) == Status::corrupt);
    CHECK(fault.field == c.field);
    CHECK(fault.position == 2);
    CHECK(bad.next(line) == Status::end);  // and not for ever
  }
  CHECK(SignatureLines(cairn::ByteView()).next(line) == Status::end);
}

TEST_CASE("a key name is UTF-8 without spaces and plus signs") {
  for (const char* name : {"a", "example.com/log", "\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80", "a\x7F",
                           "\xE2\x80\x8B", "\xEF\xBB\xBF", "!\"#%&'()*,-./:;<=>?@[\\]^_`{|}~"}) {
    CAPTURE(name);
    CHECK(cairn::is_key_name(view(std::string(name))));
  }
  CHECK(cairn::is_key_name(view(std::string(255, 'x'))));
  CHECK_FALSE(cairn::is_key_name(view(std::string(256, 'x'))));
  CHECK_FALSE(cairn::is_key_name({}));
  for (const char* name :
       {"+", "a+", "a b", " ", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xFF"}) {
    CAPTURE(name);
    CHECK_FALSE(cairn::is_key_name(view(std::string(name))));
  }
  for (int control = 0; control < 0x20; ++control)
    CHECK_FALSE(cairn::is_key_name(view(std::string(1, static_cast<char>(control)))));
}

TEST_CASE("every space of Unicode is kept out of names, and nothing beside it") {
  const std::vector<uint32_t> spaces = {0x09,   0x0A,   0x0B,   0x0C,   0x0D,   0x20,   0x85,
                                        0xA0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
                                        0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028,
                                        0x2029, 0x202F, 0x205F, 0x3000};
  for (uint32_t code = 0x20; code < 0x3100; ++code) {
    std::string name;
    if (code < 0x80) {
      name = static_cast<char>(code);
    } else if (code < 0x800) {
      name = {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
    } else {
      name = {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
              static_cast<char>(0x80 | (code & 63))};
    }
    const bool space = std::find(spaces.begin(), spaces.end(), code) != spaces.end();
    CAPTURE(code);
    CHECK(cairn::is_key_name(view(name)) == !(space || code == '+'));
  }
}
