// What every store of a gateway does, whatever is behind it. Each function is a part of the suite;
// it gets what opens one more store on the same entries.
#pragma once

#include <cairn/gateway/store.hpp>
#include <functional>

#include "support/catch.hpp"

namespace store_suite {

using cairn::Status;
using namespace cairn::gateway;

using Open = std::function<std::unique_ptr<Store>()>;

inline Write put(const std::string& key, uint64_t expected, const std::string& value) {
  return {key, expected, value};
}
inline Write removal(const std::string& key, uint64_t expected) {
  return {key, expected, std::nullopt};
}
inline Change change(std::vector<Write> writes) {
  return {std::move(writes), false};
}

/// Applies a batch and tells which of its changes were applied.
inline std::vector<bool> apply(Store& store, std::vector<Change> changes) {
  const Error error = store.cas_batch(changes);
  CAPTURE(error.message);
  REQUIRE(error.ok());
  std::vector<bool> applied;
  for (const Change& one : changes)
    applied.push_back(one.applied);
  return applied;
}

/// "VERSION VALUE" of an entry, or "none".
inline std::string stored(Store& store, const std::string& key) {
  Entry entry;
  const Error error = store.get(key, entry);
  if (error.status == Status::not_found) return "none";
  CAPTURE(error.message);
  REQUIRE(error.ok());
  REQUIRE(entry.key == key);
  return std::to_string(entry.version) + " " + entry.value;
}

/// The keys that scan() finds in pages of `limit`.
inline std::vector<std::string> keys(Store& store, const std::string& prefix, size_t limit,
                                     std::string after = "") {
  std::vector<std::string> found;
  std::vector<Entry> page;
  do {
    const Error error = store.scan(prefix, after, limit, page);
    CAPTURE(error.message);
    REQUIRE(error.ok());
    REQUIRE(page.size() <= limit);
    for (const Entry& entry : page)
      found.push_back(entry.key);
    if (!page.empty()) after = page.back().key;
  } while (!page.empty());
  return found;
}

using Applied = std::vector<bool>;
using Keys = std::vector<std::string>;

/// A write happens when, and only when, the version is what the caller believes.
inline void expectations(const Open& open) {
  const auto store = open();
  CHECK(stored(*store, "a") == "none");
  CHECK(apply(*store, {change({put("a", 1, "too early")})}) == Applied{false});
  CHECK(apply(*store, {change({removal("a", 1)})}) == Applied{false});
  CHECK(apply(*store, {change({put("a", 0, "one")})}) == Applied{true});
  CHECK(stored(*store, "a") == "1 one");
  CHECK(apply(*store, {change({put("a", 0, "again")})}) == Applied{false});
  CHECK(apply(*store, {change({put("a", 2, "too new")})}) == Applied{false});
  CHECK(apply(*store, {change({put("a", 1, "two")})}) == Applied{true});
  CHECK(apply(*store, {change({put("a", 1, "too old")})}) == Applied{false});
  CHECK(stored(*open(), "a") == "2 two");
  CHECK(apply(*store, {change({removal("a", 1)})}) == Applied{false});
  CHECK(apply(*store, {change({removal("a", 2)})}) == Applied{true});
  CHECK(stored(*store, "a") == "none");
  CHECK(apply(*store, {change({put("a", 0, "anew")})}) == Applied{true});
  CHECK(stored(*store, "a") == "1 anew");
  CHECK(apply(*store, {}).empty());
  CHECK(apply(*store, {change({})}) == Applied{true});
}

/// The changes of a batch see those before them; each happens as a whole or not at all.
inline void batches(const Open& open) {
  const auto store = open();
  CHECK(apply(*store, {change({put("a", 0, "1")}), change({put("a", 1, "2"), put("b", 0, "1")}),
                       change({put("a", 0, "x")}), change({removal("b", 1), put("c", 0, "1")}),
                       change({put("b", 0, "anew")})}) == Applied{true, true, false, true, true});
  CHECK(stored(*store, "a") == "2 2");
  CHECK(stored(*store, "b") == "1 anew");
  CHECK(stored(*store, "c") == "1 1");
  // One wrong expectation among several, at every place.
  for (size_t wrong = 0; wrong < 4; ++wrong) {
    std::vector<Write> writes = {put("a", 2, "x"), removal("b", 1), put("c", 1, "x"),
                                 put("d", 0, "x")};
    writes[wrong].expected += 5;
    CAPTURE(wrong);
    CHECK(apply(*store, {change(writes), change({put("e", wrong, "y")})}) == Applied{false, true});
    CHECK(stored(*store, "a") == "2 2");
    CHECK(stored(*store, "b") == "1 anew");
    CHECK(stored(*store, "c") == "1 1");
    CHECK(stored(*store, "d") == "none");
  }
  CHECK(apply(*store, {change({put("a", 2, "3"), removal("b", 1), put("d", 0, "1")})}) ==
        Applied{true});
  CHECK(stored(*store, "a") == "3 3");
  CHECK(stored(*store, "b") == "none");
  CHECK(stored(*store, "d") == "1 1");
  CHECK(apply(*store,
              {change({put("n", 0, "1")}), change({removal("n", 1)}), change({put("n", 0, "2")}),
               change({put("n", 1, "3")}), change({removal("n", 2)})}) == Applied(5, true));
  CHECK(stored(*store, "n") == "none");
  // An expectation without a write: an entry that stays as it is guards another.
  CHECK(apply(*store, {change({put("a", 3, "3"), put("g", 0, "guarded")})}) == Applied{true});
  CHECK(stored(*store, "a") == "4 3");
}

/// Several entries at once are what they are one by one, in the order that was asked for.
inline void reads_of_several(const Open& open) {
  const auto store = open();
  std::vector<Entry> found = {{"left over", 7, "x"}};
  REQUIRE(store->get_batch({}, found).ok());
  CHECK(found.empty());
  REQUIRE(apply(*store, {change({put("b", 0, "old"), put("a", 0, ""), put("c d", 0, "three")}),
                         change({put("b", 1, "two")})}) == Applied{true, true});
  const Keys asked = {"c d", "none", "b", "a", "c"};
  const Keys expected = {"1 three", "0 ", "2 two", "1 ", "0 "};
  for (int again = 0; again < 2; ++again) {
    REQUIRE(store->get_batch(asked, found).ok());
    REQUIRE(found.size() == asked.size());
    for (size_t i = 0; i < asked.size(); ++i) {
      CHECK(found[i].key == asked[i]);
      CHECK(std::to_string(found[i].version) + " " + found[i].value == expected[i]);
    }
  }
  // What is written afterwards is seen by the next question.
  REQUIRE(apply(*store, {change({put("none", 0, "now")})}) == Applied{true});
  REQUIRE(store->get_batch({"none"}, found).ok());
  CHECK(found[0].value == "now");
}

/// Ranges are in the order of bytes, in pages, and hold nothing but what begins with the prefix.
inline void scans(const Open& open) {
  const auto store = open();
  CHECK(keys(*store, "", 10).empty());
  const Keys sorted = {"a",  "a ",          "a b",       "a b c",           "a!",
                       "ab", "a\x7f",       "a\xc2\x80", "a\xef\xbf\xbf x", "a\xf0\x90\x80\x80",
                       "b",  "\xe4\xb8\xad"};
  std::vector<Change> changes;
  for (auto key = sorted.rbegin(); key != sorted.rend(); ++key)
    changes.push_back(change({put(*key, 0, "value of " + *key)}));
  CHECK(apply(*store, changes) == Applied(sorted.size(), true));
  for (const size_t limit : {1u, 2u, 3u, 100u})
    CHECK(keys(*store, "", limit) == sorted);
  CHECK(keys(*store, "a", 4) == Keys(sorted.begin(), sorted.begin() + 10));
  CHECK(keys(*store, "a ", 2) == Keys{"a ", "a b", "a b c"});
  CHECK(keys(*store, "a b", 2) == Keys{"a b", "a b c"});
  CHECK(keys(*store, "a\xef", 2) == Keys{"a\xef\xbf\xbf x"});
  CHECK(keys(*store, "c", 2).empty());
  CHECK(keys(*store, "a", 10, "a\x7f") == Keys(sorted.begin() + 7, sorted.begin() + 10));
  CHECK(keys(*store, "a", 10, "a c") == Keys(sorted.begin() + 4, sorted.begin() + 10));
  CHECK(keys(*store, "b", 10, "a") == Keys{"b"});
  CHECK(keys(*store, "a", 10, "b").empty());
  std::vector<Entry> page;
  REQUIRE(store->scan("b", "", 0, page).ok());
  CHECK(page.empty());
  REQUIRE(store->scan("b", "", 1, page).ok());
  REQUIRE(page.size() == 1);
  CHECK(page[0].version == 1);
  CHECK(page[0].value == "value of b");
}

/// Any bytes are values, and what goes beyond a limit is refused as a whole.
inline void values_and_limits(const Open& open) {
  const auto store = open();
  std::string all(256, '\0');
  for (size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<char>(i);
  const std::string large = std::string(size_t{16} << 20, '\xa5');
  const std::string long_key = "k " + std::string(598, 'k');
  const std::string odd_key = "quote ' \" \\ % _ \x01 { } ,";
  CHECK(apply(*store, {change({put("all", 0, all), put("none", 0, ""), put("large", 0, large)}),
                       change({put(long_key, 0, "long"), put(odd_key, 0, "odd")})}) ==
        Applied{true, true});
  CHECK(stored(*store, "all") == "1 " + all);
  CHECK(stored(*store, "none") == "1 ");
  CHECK((stored(*store, "large") == "1 " + large));
  CHECK(stored(*store, long_key) == "1 long");
  CHECK(stored(*store, odd_key) == "1 odd");
  CHECK(apply(*store, {change({put("none", 1, "now something")}), change({put("all", 1, "")})}) ==
        Applied{true, true});
  CHECK(stored(*store, "none") == "2 now something");
  CHECK(stored(*store, "all") == "2 ");

  const std::vector<Write> wrong = {put("", 0, "x"), put(long_key + "k", 0, "x"),
                                    put("x", 0, large + "x"), put("x\xff", 0, "x"),
                                    put("y", 0, "the first of two")};
  for (const Write& one : wrong) {
    std::vector<Change> changes = {change({put("y", 0, "y")}), change({put("z", 0, "z"), one})};
    if (one.key == "y") changes[1].writes.push_back(one);
    const Error error = store->cas_batch(changes);
    CHECK(error.status == Status::bad_argument);
    CHECK(error.message != "");
    CHECK_FALSE(changes[0].applied);
    CHECK_FALSE(changes[1].applied);
  }
  CHECK(stored(*store, "y") == "none");
  CHECK(stored(*store, "z") == "none");
}

}  // namespace store_suite
