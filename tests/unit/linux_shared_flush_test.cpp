// One flush for many writers: nobody is told ok before a flush that began after they had written,
// those who wait share one, and what the system could not write reaches everybody whom it concerns.
#include <atomic>
#include <cairn/linux/shared_flush.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <cairn/linux/tile_writer.hpp>
#include <chrono>
#include <thread>

#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

// A file system whose flushes take as long as a test wants, and fail when it says so.
std::atomic<int> flushes{0};
std::atomic<int> held_back{0};  ///< how many flushes may end; negative: all
std::atomic<bool> fails{false};

int test_sync(int) {
  const int number = ++flushes;
  while (held_back >= 0 && held_back < number)
    std::this_thread::yield();
  if (!fails) return 0;
  errno = EIO;
  return -1;
}

void reset(int may_end) {
  flushes = 0;
  held_back = may_end;
  fails = false;
}

template <typename Condition>
void wait_until(const Condition& condition) {
  while (!condition())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

TEST_CASE("Who asks while a flush is under way is covered by the next, which all of them share") {
  const TemporaryFolder folder;
  reset(0);
  SharedFlush shared(folder.path(), test_sync);
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  const auto ask = [&] {
    const Error error = shared.flush(shared.failures());
    done += error.ok() ? 1 : 1000;
  };
  threads.emplace_back(ask);
  wait_until([] { return flushes == 1; });
  for (int i = 0; i < 7; ++i)
    threads.emplace_back(ask);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(done == 0);
  held_back = 1;
  wait_until([&] { return done == 1; });  // the first: its flush has ended
  wait_until([] { return flushes >= 2; });
  CHECK(done == 1);
  held_back = -1;
  for (std::thread& thread : threads)
    thread.join();
  CHECK(done == 8);
  CHECK(flushes <= 3);  // a thread that was slow to ask may have needed one of its own
}

TEST_CASE("A flush that fails is told to all who wait, and to who wrote before; then it goes on") {
  const TemporaryFolder folder;
  reset(-1);
  SharedFlush shared(folder.path(), test_sync);
  const uint64_t wrote_before = shared.failures();
  CHECK(shared.flush(wrote_before).ok());
  fails = true;
  const Error failed = shared.flush(wrote_before);
  CHECK(failed.status == Status::io);
  CHECK(mentions(failed.message, {folder.path()}));
  fails = false;
  // The system has told its failure, so this flush succeeds; yet the bytes of who asks may be lost.
  CHECK(shared.flush(wrote_before).status == Status::io);
  CHECK(shared.flush(shared.failures()).ok());
}

TEST_CASE("A folder that is not there is told at each flush") {
  const TemporaryFolder folder;
  reset(-1);
  SharedFlush shared(folder / "none", test_sync);
  CHECK(shared.flush(shared.failures()).status == Status::not_found);
  CHECK(shared.flush(shared.failures()).status == Status::not_found);
  CHECK(flushes == 0);
}

TEST_CASE("Tiles of writers that share a flush are those of one alone, with two flushes each") {
  const TemporaryFolder folder;
  reset(-1);
  SharedFlush shared(folder.path(), test_sync);
  const std::string leaf = "leaf";
  const std::vector<ByteView> leaves(300, bytes_of(leaf));
  TileWriter alone, together;
  REQUIRE(alone.open(folder / "alone", 0).ok());
  REQUIRE(together.open(folder / "together", 0, &shared).ok());
  for (TileWriter* writer : {&alone, &together}) {
    REQUIRE(writer->append(leaves.data(), leaves.size()).ok());
    REQUIRE(writer->publish().ok());
  }
  CHECK(flushes == 2);
  for (const char* name : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000",
                           "tile/entries/001.p/44"}) {
    const std::string tile = "/" + std::string(name);
    CHECK(vectors::slurp(folder / "alone" + tile) == vectors::slurp(folder / "together" + tile));
  }

  fails = true;
  REQUIRE(together.append(leaves.data(), 1).ok());
  CHECK(together.publish().status == Status::io);
  CHECK(!exists(folder / "together/tile/0/001.p/45"));
  CHECK(together.publish().status == Status::bad_state);
}
