// A gateway whose store fails, whose process dies, and whose devices send everything twice, late
// and at once: nothing acknowledged is lost, and no two cosignatures conflict.
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cairn/gateway/sqlite_store.hpp>
#include <csignal>
#include <random>
#include <thread>

#include "support/cosignatures.hpp"
#include "support/gateway_world.hpp"

using namespace gateway_tests;
using test::MemoryStore;

namespace {

const std::string origin = "plant.example/press-7";
constexpr uint64_t sizes = 24;

/// A device that is asked for two histories by whoever has its key.
struct Histories {
  TestDevice press{origin, 1, sizes + 1};
  TestDevice other{origin, 1, sizes + 1, 11};
  std::vector<const History*> all{&press, &other};
};

uint64_t decimal(const std::string& answer) {
  return std::stoull(answer);
}

// What a device does: asks, and goes by the size that it is told.
void climb(const std::function<int(const std::string&, std::string&)>& ask,
           const TestDevice& device, Cosignatures& cosigned, unsigned attempts) {
  uint64_t old = 0;
  for (unsigned i = 0; i < attempts && old < sizes; ++i) {
    const std::string body = device.request(old, old + 1);
    std::string answer;
    const int status = ask(body, answer);
    if (status == 200) cosigned.add(body, answer);
    if (status == 200) ++old;
    if (status == 409) old = std::min<uint64_t>(decimal(answer), sizes);
    if (status == 403) return;  // frozen
  }
}

}  // namespace

TEST_CASE("Whatever call of the store fails, what was acknowledged stays and agrees") {
  for (const bool applies : {false, true}) {
    uint64_t reached = 0;
    for (uint64_t call = 0; call == 0 || reached > call; ++call) {
      GatewayKeys keys;
      MemoryStore store;
      const Histories device;
      Cosignatures cosigned(keys.witness.cosigner_key().value);
      {
        Gateway gateway(keys, store);
        REQUIRE_OK(gateway.registry.enrol(device.press.enrolled(), "ada", now_s));
        store.set_fault({call, applies});
        for (uint64_t size = 0; size < 4; ++size) {
          const std::string body = device.press.request(size, size + 1);
          if (gateway.ask(body) == 200) cosigned.add(body, gateway.answer);
          (void)gateway.log.integrate();
        }
        reached = store.calls();
        store.set_fault({});
      }
      CAPTURE(call, applies, cosigned.count());
      Gateway gateway(keys, store);
      std::string note;
      const Error error = gateway.intake->checkpoint(origin, note);
      const uint64_t acknowledged = cosigned.largest(origin);
      if (acknowledged > 0) {
        REQUIRE(error.ok());
        Checkpoint checkpoint;
        REQUIRE(open_checkpoint(view(note), device.press.note_key(), host::all_verifiers(),
                                checkpoint) == Status::ok);
        CHECK(checkpoint.size >= acknowledged);
      }
      // It goes on, and every newest head becomes a leaf.
      climb(
          [&](const std::string& body, std::string& answer) {
            return static_cast<int>(gateway.intake->add_checkpoint(view(body), answer));
          },
          device.press, cosigned, 100);
      CHECK(cosigned.largest(origin) == sizes);
      CHECK(cosigned.agree(origin, device.all));
      CHECK_OK(gateway.intake->queue_heads());
      REQUIRE_OK(gateway.log.integrate());
      AggregateLeaf leaf;
      CHECK_OK(gateway.log.find(origin, sizes, leaf));
    }
  }
}

TEST_CASE("Two histories, sent by many threads, twice and in any order: one is cosigned") {
  GatewayKeys keys;
  MemoryStore store;
  Gateway gateway(keys, store);
  const Histories device;
  REQUIRE_OK(gateway.registry.enrol(device.press.enrolled(), "ada", now_s));
  Cosignatures cosigned(keys.witness.cosigner_key().value);
  std::vector<std::string> bodies;
  for (const TestDevice* one : {&device.press, &device.other}) {
    for (uint64_t from = 0; from < sizes; ++from) {
      bodies.push_back(one->request(from, from + 1));
      bodies.push_back(one->request(from, from));
    }
  }
  std::vector<std::thread> threads;
  std::atomic<int> odd{0};
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      std::vector<std::string> mine = bodies;
      for (int round = 0; round < 6; ++round) {
        if (round % 2 != 0) std::shuffle(mine.begin(), mine.end(), random);
        for (const std::string& body : mine) {
          std::string answer;
          const int status = static_cast<int>(gateway.intake->add_checkpoint(view(body), answer));
          if (status == 200) cosigned.add(body, answer);
          if (status != 200 && status != 409 && status != 422 && status != 403) ++odd;
        }
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(odd == 0);
  CHECK(cosigned.count() > 11);
  CHECK(cosigned.agree(origin, device.all));
  CHECK(gateway.intake->counts().forks == 1);
  CHECK(gateway.ask(device.press.request(0, 1)) == 403);
}

TEST_CASE("Requests that come while the store commits are committed together") {
  constexpr uint8_t count = 16;
  static std::atomic<int> asked;
  asked = 0;
  // The first batch takes until all have asked, and the time that they need to get in line.
  struct SlowStore : MemoryStore {
    Error cas_batch(std::vector<Change>& changes) override {
      while (is_serving && asked < count)
        std::this_thread::yield();
      if (is_serving.exchange(false)) std::this_thread::sleep_for(std::chrono::milliseconds(300));
      return MemoryStore::cas_batch(changes);
    }
    std::atomic<bool> is_serving{false};
  };
  GatewayKeys keys;
  SlowStore store;
  Gateway gateway(keys, store);
  std::vector<std::unique_ptr<TestDevice>> devices;
  for (uint8_t i = 0; i < count; ++i) {
    devices.push_back(std::make_unique<TestDevice>("d" + std::to_string(i), i, 2));
    REQUIRE_OK(gateway.registry.enrol(devices.back()->enrolled(), "ada", now_s));
  }
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  store.is_serving = true;
  for (const auto& device : devices) {
    threads.emplace_back([&gateway, &good, one = device.get()] {
      std::string answer;
      const std::string body = one->request(0, 2);
      ++asked;
      good += gateway.intake->add_checkpoint(view(body), answer) == WitnessAnswer::cosigned;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(good == count);
  CHECK(gateway.intake->counts().heads == count);
  CHECK(gateway.intake->counts().commits < count / 2);
}

namespace {

// A process that serves one device over SQLite until it is killed. It writes each cosigned note
// into the pipe as soon as it has the answer.
void serve_until_killed(GatewayKeys& keys, const std::string& path, const std::string& log_folder,
                        const host::KeyFile& log_key, const TestDevice& device, int pipe) {
  SqliteStore store;
  Registry registry(store);
  AggregateLog log;
  if (!store.open(path).ok() || !log.open({log_folder, 65536}, store, log_key).ok()) _exit(3);
  Intake intake(store, registry, log, keys.witness, {});
  if (!intake.queue_heads().ok()) _exit(4);
  std::mutex writing;
  const auto work = [&] {
    uint64_t old = 0;
    for (;;) {
      const std::string note = device.checkpoint(old < sizes ? old + 1 : old);
      const std::string body = device.request(old, old < sizes ? old + 1 : old);
      std::string answer;
      const WitnessAnswer status = intake.add_checkpoint(view(body), answer);
      if (status == WitnessAnswer::conflict) old = decimal(answer);
      if (status == WitnessAnswer::not_signed) _exit(0);  // frozen: nothing more to do
      if (status != WitnessAnswer::cosigned) continue;
      const std::string message = note + answer + '\0';
      const std::lock_guard<std::mutex> guard(writing);
      if (write(pipe, message.data(), message.size()) != static_cast<ssize_t>(message.size()))
        _exit(5);
      old = old < sizes ? old + 1 : old;
      (void)log.integrate();
    }
  };
  std::thread second(work);
  work();
  second.join();
}

}  // namespace

TEST_CASE("Two processes over one SQLite file, killed at random moments, never cosign a fork") {
  std::mt19937 random(7);
  size_t total = 0;
  for (int round = 0; round < 4; ++round) {
    GatewayKeys keys;
    const Histories device;
    host::KeyFile other_log;
    REQUIRE_OK(other_log.generate(keys.folder / "log2.key", "plant.example/gateway-2",
                                  Algorithm::ed25519));
    const std::string path = keys.folder / "state.sqlite";
    {
      SqliteStore store;
      REQUIRE_OK(store.open(path));
      REQUIRE_OK(Registry(store).enrol(device.press.enrolled(), "ada", now_s));
    }
    Cosignatures cosigned(keys.witness.cosigner_key().value);
    // The second process is asked for another history from some round on.
    const TestDevice& second_history = round % 2 == 0 ? device.press : device.other;
    for (int life = 0; life < 4; ++life) {
      int ends[2];
      REQUIRE(pipe(ends) == 0);
      pid_t children[2];
      for (int i = 0; i < 2; ++i) {
        children[i] = fork();
        REQUIRE(children[i] >= 0);
        if (children[i] == 0) {
          serve_until_killed(keys, path, keys.folder / ("log" + std::to_string(i)),
                             i == 0 ? keys.log : other_log, i == 0 ? device.press : second_history,
                             ends[1]);
          _exit(0);
        }
      }
      close(ends[1]);
      // Not before they have begun to answer.
      pollfd answers = {ends[0], POLLIN, 0};
      REQUIRE(poll(&answers, 1, 20000) >= 0);
      usleep(static_cast<useconds_t>(random() % 60000));
      for (const pid_t child : children)
        kill(child, SIGKILL);
      std::string notes;
      char piece[65536];
      for (ssize_t n = 0; (n = read(ends[0], piece, sizeof piece)) > 0;)
        notes.append(piece, static_cast<size_t>(n));
      close(ends[0]);
      for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        CHECK((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
      }
      for (size_t at = 0; notes.find('\0', at) != std::string::npos;) {
        const size_t end = notes.find('\0', at);
        cosigned.add_note(notes.substr(at, end - at));
        at = end + 1;
      }
    }
    CAPTURE(round, cosigned.count());
    CHECK(cosigned.agree(origin, device.all));
    total += cosigned.count();
    if (cosigned.count() == 0) continue;  // killed before the first answer
    SqliteStore store;
    REQUIRE_OK(store.open(path));
    Gateway gateway(keys, store);
    std::string note;
    REQUIRE_OK(gateway.intake->checkpoint(origin, note));
    Checkpoint checkpoint;
    REQUIRE(open_checkpoint(view(note), device.press.note_key(), host::all_verifiers(),
                            checkpoint) == Status::ok);
    CHECK(checkpoint.size >= cosigned.largest(origin));
    cosigned.add_note(note);
    CHECK(cosigned.agree(origin, device.all));
  }
  CHECK(total > 10);
}
