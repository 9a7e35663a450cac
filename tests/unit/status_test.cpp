#include <cairn/status.hpp>
#include <cstring>
#include <set>
#include <string>

#include "support/catch.hpp"

using namespace cairn;

TEST_CASE("status numbers are frozen") {
  const Status in_order[] = {Status::ok,
                             Status::end,
                             Status::full,
                             Status::not_found,
                             Status::bad_argument,
                             Status::bad_state,
                             Status::io,
                             Status::unreadable,
                             Status::corrupt,
                             Status::damaged,
                             Status::not_formatted,
                             Status::wrong_version,
                             Status::proof_invalid,
                             Status::signature_invalid,
                             Status::pruned,
                             Status::unsupported};
  int number = 0;
  for (Status s : in_order)
    CHECK(static_cast<int>(s) == number--);
  CHECK(sizeof(Status) == 1);
}

TEST_CASE("every status has words of its own, and other numbers have some too") {
  std::set<std::string> texts;
  for (int i = 0; i > -16; --i)
    texts.insert(status_text(static_cast<Status>(i)));
  CHECK(texts.size() == 16);
  CHECK(std::string(status_text(Status::proof_invalid)) == "proof invalid");
  CHECK(std::string(status_text(Status::unsupported)) == "unsupported");
  for (int i : {1, 127, -16, -128})
    CHECK(std::string(status_text(static_cast<Status>(i))) == "unknown status");
}

TEST_CASE("every field has words of its own, and other numbers have some too") {
  std::set<std::string> texts;
  const int last = static_cast<int>(Field::receipt);
  for (int i = 0; i <= last; ++i)
    texts.insert(field_text(static_cast<Field>(i)));
  CHECK(texts.size() == static_cast<size_t>(last) + 1);
  CHECK(texts.count("unknown field") == 0);
  CHECK(std::string(field_text(Field::signature_line)) == "signature line");
  for (int i : {last + 1, 255})
    CHECK(std::string(field_text(static_cast<Field>(i))) == "unknown field");
}

TEST_CASE("a result is a value or the reason for its absence") {
  const Result<int> value = 7;
  CHECK(value.ok());
  CHECK(value.value == 7);
  CHECK(value.value_or(9) == 7);
  const Result<int> failure = Status::pruned;
  CHECK_FALSE(failure.ok());
  CHECK(failure.status == Status::pruned);
  CHECK(failure.value_or(9) == 9);
}

namespace {
Status twice(Status first, Status second, int& reached) {
  CAIRN_TRY(first);
  reached = 1;
  CAIRN_TRY(second);
  reached = 2;
  return Status::ok;
}
}  // namespace

TEST_CASE("CAIRN_TRY returns the first failure and nothing else") {
  int reached = 0;
  CHECK(twice(Status::io, Status::full, reached) == Status::io);
  CHECK(reached == 0);
  CHECK(twice(Status::ok, Status::full, reached) == Status::full);
  CHECK(reached == 1);
  CHECK(twice(Status::ok, Status::ok, reached) == Status::ok);
  CHECK(reached == 2);
}
