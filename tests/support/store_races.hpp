// Stores under those who share them: threads, processes, processes that are killed.
#pragma once

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "support/store_suite.hpp"

namespace store_suite {

/// What a process was told, one line a message, through a pipe that outlives it.
class Reports {
 public:
  Reports() { REQUIRE(pipe(ends_) == 0); }
  Reports(const Reports&) = delete;
  Reports& operator=(const Reports&) = delete;
  ~Reports() {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }

  /// Lines shorter than PIPE_BUF stay whole, whoever else writes.
  void say(const std::string& line) const {
    const std::string text = line + "\n";
    if (::write(ends_[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) _exit(3);
  }

  /// Waits until something was said.
  void wait_for_first() const {
    pollfd end = {ends_[0], POLLIN, 0};
    REQUIRE(poll(&end, 1, 20000) == 1);
  }

  /// Everything that was said; waits until the last process that could say more has ended.
  std::vector<std::string> lines() {
    close(ends_[1]);
    ends_[1] = -1;
    std::string text;
    char piece[4096];
    for (ssize_t n = 0; (n = read(ends_[0], piece, sizeof piece)) > 0;)
      text.append(piece, static_cast<size_t>(n));
    std::vector<std::string> found;
    for (size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
      found.push_back(text.substr(0, end));
    return found;
  }

 private:
  int ends_[2];
};

/// Starts a process that runs `part` and ends.
inline pid_t start(const std::function<void()>& part) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child != 0) return child;
  try {
    part();
  } catch (const std::exception& error) {
    (void)!::write(2, error.what(), std::string(error.what()).size());
    _exit(2);
  }
  _exit(0);
}

inline int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

constexpr size_t contested = 7;
inline std::string contested_key(size_t number) {
  return "contested " + std::to_string(number);
}

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A store that remembers whether a batch went unanswered.
class Watched : public Store {
 public:
  explicit Watched(Store& store) : store_(store) {}

  Error get(const std::string& key, Entry& out) override { return store_.get(key, out); }
  Error scan(const std::string& prefix, const std::string& after, size_t limit,
             std::vector<Entry>& out) override {
    return store_.scan(prefix, after, limit, out);
  }
  Error cas_batch(std::vector<Change>& changes) override {
    const Error error = store_.cas_batch(changes);
    unanswered_ = unanswered_ || error.status == Status::io;
    return error;
  }
  bool take_unanswered() { return std::exchange(unanswered_, false); }

 private:
  Store& store_;
  bool unanswered_ = false;
};

/// Writes entries that others write too, until `end` and ten times at least; says "KEY VERSION
/// VALUE" of each write that was applied. Every other change writes two entries. Of a change that
/// was not, though a try of it went unanswered, it says "unanswered KEY VERSION": that try may have
/// been made, and somebody else have written the entry before it could be seen (settle_batch()).
inline void contend(Store& shared, const Reports& reports, unsigned who, Clock::time_point end) {
  Watched store(shared);
  std::mt19937 dice(who);
  for (unsigned round = 0; round < 10 || Clock::now() < end; ++round) {
    std::vector<Change> changes;
    for (unsigned i = 0; i < 4; ++i) {
      const size_t first = dice() % contested;
      Change one;
      for (size_t n = 0; n <= i % 2; ++n) {
        const std::string key = contested_key((first + n) % contested);
        Entry entry;
        const Error error = store.get(key, entry);
        if (!error.ok() && error.status != Status::not_found)
          throw std::runtime_error(error.message);
        one.writes.push_back(
            put(key, error.ok() ? entry.version : 0,
                std::to_string(who) + "." + std::to_string(round) + "." + std::to_string(i)));
      }
      changes.push_back(one);
    }
    const Error error = settle_batch(store, changes, 20000);
    if (!error.ok()) throw std::runtime_error(error.message);
    const bool unanswered = store.take_unanswered();
    for (const Change& one : changes)
      for (const Write& write : one.writes) {
        const std::string version = write.key + " " + std::to_string(write.expected + 1);
        if (one.applied) {
          reports.say(version + " " + *write.value);
        } else if (unanswered) {
          reports.say("unanswered " + version);
        }
      }
  }
}

/// Every version of every entry was written exactly once, and the last one is what is stored. Only
/// of those that went unanswered nobody may have been told.
inline void check_history(Store& store, const std::vector<std::string>& lines) {
  const std::string unanswered_mark = "unanswered ";
  std::map<std::string, std::map<uint64_t, std::string>> history;
  std::set<std::string> unanswered;
  for (const std::string& line : lines) {
    if (line.rfind(unanswered_mark, 0) == 0) {
      unanswered.insert(line.substr(unanswered_mark.size()));
      continue;
    }
    const size_t value = line.rfind(' ');
    const size_t version = line.rfind(' ', value - 1);
    const uint64_t number = std::stoull(line.substr(version + 1));
    CAPTURE(line);
    CHECK(history[line.substr(0, version)].emplace(number, line.substr(value + 1)).second);
  }
  REQUIRE(history.size() == contested);
  for (const auto& [key, versions] : history) {
    CAPTURE(key);
    const uint64_t last = versions.rbegin()->first;
    for (uint64_t version = 1; version <= last; ++version) {
      CAPTURE(version);
      CHECK(versions.count(version) + unanswered.count(key + " " + std::to_string(version)) != 0);
    }
    CHECK(stored(store, key) == std::to_string(last) + " " + versions.rbegin()->second);
  }
}

/// Threads that share one store, in processes that share its entries, race for the same entries.
inline void race(const Open& open, unsigned processes, unsigned threads, milliseconds duration) {
  Reports reports;
  const Clock::time_point end = Clock::now() + duration;
  std::vector<pid_t> children;
  for (unsigned process = 0; process < processes; ++process) {
    children.push_back(start([&]() {
      const auto store = open();
      std::vector<std::thread> running;
      for (unsigned thread = 0; thread < threads; ++thread)
        running.emplace_back([&, who = process * threads + thread]() {
          try {
            contend(*store, reports, who, end);
          } catch (const std::exception& error) {
            reports.say(error.what());
          }
        });
      for (std::thread& thread : running)
        thread.join();
    }));
  }
  const std::vector<std::string> lines = reports.lines();
  for (const pid_t child : children)
    CHECK(wait_for(child) == 0);
  CHECK(lines.size() > processes * threads * 5);
  check_history(*open(), lines);
}

constexpr size_t width = 50;

/// One batch that writes the same entries as all others.
inline std::vector<Change> row_of_writes(uint64_t expected) {
  std::vector<Change> changes;
  for (size_t i = 0; i < width; ++i)
    changes.push_back(change({put("k " + key_number(i), expected, std::string(300, 'v'))}));
  return changes;
}

/// The version that all of these entries have, after what is still under way has ended: a batch
/// that writes nothing waits for it.
inline uint64_t version_of_row(Store& store) {
  CHECK(apply(store, row_of_writes(UINT32_MAX)) == Applied(width, false));
  std::vector<Entry> entries;
  REQUIRE(store.scan("k ", "", 2 * width, entries).ok());
  REQUIRE(entries.size() == width);
  for (const Entry& entry : entries)
    REQUIRE(entry.version == entries[0].version);
  return entries[0].version;
}

/// A process that writes batches is killed again and again: all that it was told is there, and of
/// the batch under way all or nothing.
inline void kill_writers(const Open& open, unsigned lives) {
  std::mt19937 dice(lives);
  CHECK(apply(*open(), row_of_writes(0)) == Applied(width, true));
  uint64_t version = 1;
  size_t batches = 0;
  for (unsigned life = 0; life < lives; ++life) {
    Reports reports;
    const pid_t child = start([&]() {
      const auto store = open();
      for (uint64_t next = version;; ++next) {
        std::vector<Change> changes = row_of_writes(next);
        const Error error = store->cas_batch(changes);
        for (const Change& one : changes)
          if (!error.ok() || !one.applied) throw std::runtime_error("not applied " + error.message);
        reports.say(std::to_string(next + 1));
      }
    });
    reports.wait_for_first();
    std::this_thread::sleep_for(milliseconds(dice() % 60));
    REQUIRE(kill(child, SIGKILL) == 0);
    CHECK(WIFSIGNALED(wait_for(child)));
    const std::vector<std::string> lines = reports.lines();
    const uint64_t told = lines.empty() ? version : std::stoull(lines.back());
    batches += lines.size();
    version = version_of_row(*open());
    CAPTURE(life, told, version);
    CHECK((version == told || version == told + 1));
  }
  CHECK(batches > lives);
}

/// Between a caller and its store: what was written, or not, is not answered.
class Unanswering : public Store {
 public:
  enum class Loses { nothing, request, answer };

  explicit Unanswering(Store& store) : store_(store) {}
  std::vector<Loses> next;  ///< for the calls of cas_batch to come, last first

  Error get(const std::string& key, Entry& out) override { return store_.get(key, out); }
  Error scan(const std::string& prefix, const std::string& after, size_t limit,
             std::vector<Entry>& out) override {
    return store_.scan(prefix, after, limit, out);
  }
  Error cas_batch(std::vector<Change>& changes) override {
    const Loses loses = next.empty() ? Loses::nothing : next.back();
    if (!next.empty()) next.pop_back();
    const Error lost = {Status::io, "lost"};
    if (loses == Loses::request) return lost;
    const Error error = store_.cas_batch(changes);
    return loses == Loses::answer ? lost : error;
  }

 private:
  Store& store_;
};

/// After an unanswered batch settle_batch() says what is stored.
inline void settles(const Open& open) {
  using Loses = Unanswering::Loses;
  const auto store = open();
  Unanswering line(*store);
  const auto settled = [&](std::vector<Loses> next, std::vector<Change> changes) {
    line.next = std::move(next);
    const Error error = settle_batch(line, changes, 5000);
    CAPTURE(error.message);
    REQUIRE(error.ok());
    Applied applied;
    for (const Change& one : changes)
      applied.push_back(one.applied);
    return applied;
  };
  uint64_t version = 0;
  for (const std::vector<Loses>& next : {std::vector<Loses>{},
                                         {Loses::request},
                                         {Loses::answer},
                                         {Loses::answer, Loses::answer},
                                         {Loses::answer, Loses::request},
                                         {Loses::request, Loses::answer}}) {
    CAPTURE(version);
    CHECK(settled(next, {change({put("a", version, "a" + std::to_string(version))}),
                         change({put("b", version, "b"), put("c", version, "c")}),
                         change({put("a", version + 7, "wrong")}), change({removal("none", 3)}),
                         change({put("d", 0, "d")}), change({removal("d", 1)})}) ==
          Applied{true, true, false, next.empty() ? false : true, true, true});
    CHECK(stored(*store, "a") == std::to_string(version + 1) + " a" + std::to_string(version));
    ++version;
  }
  // Somebody else was there before.
  CHECK(apply(*store, {change({put("a", version, "theirs")})}) == Applied{true});
  CHECK(settled({Loses::answer}, {change({put("a", version, "ours"), put("e", 0, "e")}),
                                  change({put("b", version, "ours")})}) == Applied{false, true});
  CHECK(stored(*store, "e") == "none");
  // Unanswered for good: nothing is said to be applied.
  line.next.assign(100, Loses::answer);
  std::vector<Change> changes = {change({put("f", 0, "f")})};
  CHECK(settle_batch(line, changes, 100).status == Status::io);
  CHECK_FALSE(changes[0].applied);
}

}  // namespace store_suite
