// Many threads on one log: what is acknowledged is durable, whatever the disk had in hand when the
// power went; one write and one flush a commit; failures reach all who wait.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cairn/linux/group_commit.hpp>
#include <mutex>
#include <random>
#include <thread>

#include "support/fake_signer.hpp"
#include "support/host.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

using Bytes = std::vector<uint8_t>;

/// What reached the system, in order: the bytes of each write, and when syncs began and ended.
struct Journal {
  enum class What : uint8_t { write, sync_begins, sync_ends };
  struct Entry {
    What what;
    uint64_t at;
    Bytes bytes;
  };

  std::mutex mutex;
  std::vector<Entry> entries;
  bool fails = false;     ///< syncs do
  unsigned pause_us = 0;  ///< that a sync takes
  bool wrote_in_sync = false;
  bool in_sync = false;

  void add(What what, uint64_t at = 0, ByteView bytes = {}) {
    const std::lock_guard<std::mutex> lock(mutex);
    wrote_in_sync = wrote_in_sync || (what == What::write && in_sync);
    if (what != What::write) in_sync = what == What::sync_begins;
    entries.push_back({what, at, Bytes(bytes.begin(), bytes.end())});
  }
  size_t size() {
    const std::lock_guard<std::mutex> lock(mutex);
    return entries.size();
  }
  size_t count(What what, size_t from = 0) const {
    return static_cast<size_t>(std::count_if(entries.begin() + static_cast<long>(from),
                                             entries.end(),
                                             [&](const Entry& e) { return e.what == what; }));
  }
};

Journal* journal = nullptr;

ssize_t journal_pwrite(int file, const void* data, size_t size_bytes, uint64_t at) {
  journal->add(Journal::What::write, at, {static_cast<const uint8_t*>(data), size_bytes});
  return ::pwrite(file, data, size_bytes, static_cast<off_t>(at));
}

int journal_fdatasync(int file) {
  journal->add(Journal::What::sync_begins);
  if (journal->pause_us != 0) usleep(journal->pause_us);
  const int result = journal->fails ? -1 : ::fdatasync(file);
  journal->add(Journal::What::sync_ends);
  if (journal->fails) errno = EIO;
  return result;
}

constexpr FileCalls journal_calls = {journal_pwrite, journal_fdatasync};
constexpr FileGeometry roomy = {65536, 6};
constexpr FileGeometry narrow = {4096, 4};
constexpr char origin[] = "plant.example/press-7";

/// A leaf that tells who made it.
Bytes make_leaf(unsigned thread, unsigned number) {
  Bytes out(3 + (thread * 31 + number * 7) % 60, static_cast<uint8_t>(number));
  out[0] = 0x40;
  out[1] = static_cast<uint8_t>(thread);
  out[2] = static_cast<uint8_t>(number >> 8);
  return out;
}

/// A log in a file with everything that it needs.
struct Setup {
  TemporaryFolder folder;
  Journal records;
  FileFlash flash;
  fake::FakeSigner key;
  fake::FakeClock clock;
  Signer signer = key.signer();
  Platform platform = clock.platform();
  Bytes frame = Bytes(4096);
  RecorderOptions options;
  Recorder recorder;

  explicit Setup(uint32_t batch_leaves = 64, const FileGeometry& geometry = roomy) {
    journal = &records;
    options.origin = literal(origin);
    options.batch.leaves = batch_leaves;
    options.log.recycle = true;
    options.log.keep_from = UINT64_MAX;
    REQUIRE(flash.create(folder / "log", geometry).ok());
    flash.use(journal_calls);
    REQUIRE(recorder.create(flash.flash(), memory(), options, platform, signer) == Status::ok);
  }
  LogMemory memory() { return {{frame.data(), frame.size()}, nullptr, 0}; }
};

/// What an append answered, and how far the journal had come then.
struct Acknowledged {
  size_t position;
  uint64_t index;
  std::vector<Bytes> leaves;
};

class Writers {
 public:
  Writers(GroupCommit& log, Journal& records, unsigned threads, unsigned appends)
      : log_(log), records_(records) {
    std::vector<std::thread> running;
    for (unsigned t = 0; t < threads; ++t)
      running.emplace_back([this, t, appends] { write(t, appends); });
    for (std::thread& thread : running)
      thread.join();
  }

  std::vector<Acknowledged> acknowledged;
  unsigned failures = 0;

 private:
  void write(unsigned thread, unsigned appends) {
    for (unsigned i = 0; i < appends; ++i) {
      Acknowledged one;
      for (unsigned k = 0; k <= i % 3; ++k)
        one.leaves.push_back(make_leaf(thread, 3 * i + k));
      std::vector<ByteView> views;
      for (const Bytes& leaf : one.leaves)
        views.push_back({leaf.data(), leaf.size()});
      const Result<uint64_t> first = log_.append(views.data(), views.size());
      one.position = records_.size();
      one.index = first.value;
      const std::lock_guard<std::mutex> lock(mutex_);
      if (first.ok()) {
        acknowledged.push_back(std::move(one));
      } else {
        ++failures;
      }
    }
  }

  GroupCommit& log_;
  Journal& records_;
  std::mutex mutex_;
};

/// "" when these leaves stand from `index` on, with nothing but the library's own between them.
std::string find_leaves(const Log& log, uint64_t index, const std::vector<Bytes>& leaves) {
  uint8_t out[256];
  for (const Bytes& leaf : leaves) {
    Result<size_t> size = log.read(index++, out);
    while (size.ok() && out[0] < application_kind_min)
      size = log.read(index++, out);
    if (size.status == Status::pruned) return "";
    if (!size.ok() || !equal({out, size.value}, {leaf.data(), leaf.size()})) {
      return "record " + std::to_string(index - 1) + ": " + status_text(size.status);
    }
  }
  return "";
}

/// What the disk may hold after `position` entries of the journal: all that was synced, and of each
/// write since then all, nothing, the beginning, or something else.
Bytes disk_after(const Journal& records, size_t position, std::mt19937& random) {
  Bytes disk(size_t{narrow.segment_bytes} * narrow.segment_count);
  size_t synced = 0;
  for (size_t i = 0; i < position; ++i) {
    if (records.entries[i].what == Journal::What::sync_ends) synced = i;
  }
  const unsigned fate = static_cast<unsigned>(random() % 5);  // 0..3: of all; 4: drawn for each
  for (size_t i = 0; i < position; ++i) {
    const Journal::Entry& entry = records.entries[i];
    if (entry.what != Journal::What::write) continue;
    const auto place = disk.begin() + static_cast<long>(entry.at);
    size_t kept = entry.bytes.size();
    const unsigned mine = i < synced ? 0 : fate < 4 ? fate : static_cast<unsigned>(random() % 4);
    if (mine == 1) kept = 0;
    if (mine == 2) kept = random() % (kept + 1);
    std::copy_n(entry.bytes.begin(), kept, place);
    if (mine == 3) std::generate_n(place, kept, [&] { return static_cast<uint8_t>(random()); });
  }
  return disk;
}

/// What has reached the disk by now.
Bytes synced_disk(const Journal& records) {
  Bytes disk(size_t{narrow.segment_bytes} * narrow.segment_count);
  size_t end = records.entries.size();
  while (end != 0 && records.entries[end - 1].what != Journal::What::sync_ends)
    --end;
  for (size_t i = 0; i < end; ++i) {
    const Journal::Entry& entry = records.entries[i];
    std::copy(entry.bytes.begin(), entry.bytes.end(), disk.begin() + static_cast<long>(entry.at));
  }
  return disk;
}

/// How many records a log on that disk has.
uint64_t size_on(Bytes disk, const Setup& setup) {
  RamFlash ram{disk.data(), disk.size()};
  Flash flash{};
  Bytes frame(4096);
  Log log;
  LogOptions options = setup.options.log;
  options.log_id = log_id_of(setup.options.origin);
  if (ram_flash(ram, setup.flash.flash(), flash) != Status::ok ||
      log.mount(flash, {{frame.data(), frame.size()}, nullptr, 0}, options, setup.platform) !=
          Status::ok) {
    return UINT64_MAX;
  }
  return log.size();
}

/// "" when a log on that disk holds everything that was acknowledged by then.
std::string audit(Bytes& disk, const Setup& setup, const std::vector<Acknowledged>& acknowledged,
                  size_t position) {
  Flash shape = setup.flash.flash();
  RamFlash ram{disk.data(), disk.size()};
  Flash flash{};
  EXPECT(ram_flash(ram, shape, flash) == Status::ok);
  Bytes frame(4096);
  Recorder recorder;
  fake::FakeSigner key;
  const Signer signer = key.signer();
  const Status status = recorder.open(flash, {{frame.data(), frame.size()}, nullptr, 0},
                                      setup.options, setup.platform, signer);
  if (status != Status::ok) return std::string("open: ") + status_text(status);
  constexpr uint64_t newest = 50;  // are all looked at; of the older ones every seventh is
  for (const Acknowledged& one : acknowledged) {
    if (one.position > position) continue;
    if (one.index + newest < recorder.log().size() && one.index % 7 != 0) continue;
    const std::string lost = find_leaves(recorder.log(), one.index, one.leaves);
    if (!lost.empty()) return lost;
  }
  return "";
}

}  // namespace

TEST_CASE("Threads share commits, and every record is where its append said") {
  Setup setup;
  setup.records.pause_us = 200;
  const size_t before = setup.records.size();
  {
    GroupCommit log(setup.recorder, setup.flash);
    const Writers writers(log, setup.records, 4, 60);
    CHECK(writers.failures == 0);
    REQUIRE(writers.acknowledged.size() == 240);
    const Status status = log.with([&](Recorder& recorder) {
      for (const Acknowledged& one : writers.acknowledged)
        REQUIRE(find_leaves(recorder.log(), one.index, one.leaves) == "");
    });
    CHECK(status == Status::ok);
  }
  CHECK_FALSE(setup.records.wrote_in_sync);
  const size_t syncs = setup.records.count(Journal::What::sync_ends, before);
  CHECK(syncs < 200);  // of 240 appends
  uint8_t note[signed_checkpoint_bytes_max];
  CHECK(setup.recorder.checkpoint(note).ok());
}

TEST_CASE("A commit is one write and one flush, its signature included") {
  Setup setup(0);
  GroupCommit log(setup.recorder, setup.flash);
  const Bytes leaf = make_leaf(1, 2);
  const std::vector<ByteView> leaves(100, ByteView{leaf.data(), leaf.size()});
  for (const size_t count : {size_t{1}, size_t{7}, size_t{100}}) {
    const size_t before = setup.records.size();
    REQUIRE(log.append(leaves.data(), count).ok());
    CHECK(setup.records.count(Journal::What::write, before) == 1);
    CHECK(setup.records.count(Journal::What::sync_ends, before) == 1);
  }
  const size_t before = setup.records.size();
  REQUIRE(log.seal() == Status::ok);
  CHECK(setup.records.count(Journal::What::write, before) == 1);
  CHECK(setup.records.count(Journal::What::sync_ends, before) == 1);
  CHECK(log.seal() == Status::bad_state);
}

TEST_CASE("A batch that is due is signed within the commit of its last record") {
  Setup setup(0);
  setup.options.batch.bytes = 20 * 48;  // what twenty leaves have
  REQUIRE(setup.recorder.open(setup.flash.flash(), setup.memory(), setup.options, setup.platform,
                              setup.signer) == Status::ok);
  GroupCommit log(setup.recorder, setup.flash);
  const Bytes leaf = make_leaf(1, 2);
  const std::vector<ByteView> leaves(20, ByteView{leaf.data(), leaf.size()});
  REQUIRE(log.append(leaves.data(), 1).ok());  // behind a boot record
  REQUIRE(log.seal() == Status::ok);
  const size_t before = setup.records.size();
  REQUIRE(log.append(leaves.data(), 20).ok());
  CHECK(setup.records.count(Journal::What::write, before) == 1);
  CHECK(setup.records.count(Journal::What::sync_ends, before) == 1);
  CHECK(log.with([](Recorder& recorder) { CHECK(recorder.pending() == 0); }) == Status::ok);
}

TEST_CASE("Whatever the disk had in hand when the power went: what was acknowledged is there") {
  std::mt19937 random(11);
  for (const unsigned threads : {1u, 3u}) {
    Setup setup(64, narrow);
    setup.records.pause_us = 50;
    std::vector<Acknowledged> acknowledged;
    {
      GroupCommit log(setup.recorder, setup.flash);
      acknowledged = Writers(log, setup.records, threads, 240 / threads).acknowledged;
    }
    REQUIRE(acknowledged.size() == 240);
    CHECK_FALSE(setup.records.wrote_in_sync);
    const size_t created = 12;  // the journal begins with the making of the log
    REQUIRE(setup.records.entries.size() > 200);
    for (size_t position = created; position <= setup.records.entries.size(); ++position) {
      CAPTURE(threads, position);
      Bytes disk = disk_after(setup.records, position, random);
      REQUIRE(audit(disk, setup, acknowledged, position) == "");
    }
    CHECK(setup.recorder.log().index_min() > 0);  // the ring came round
  }
}

TEST_CASE("Whoever looks at the log sees nothing that is not durable") {
  Setup setup(8, narrow);
  setup.records.pause_us = 100;
  GroupCommit log(setup.recorder, setup.flash);
  std::atomic<bool> stop{false};
  int looks = 0, ahead = 0;
  std::thread reader([&] {
    while (!stop) {
      const Status status = log.with([&](Recorder& recorder) {
        const std::lock_guard<std::mutex> lock(setup.records.mutex);
        ++looks;
        ahead += size_on(synced_disk(setup.records), setup) != recorder.log().size();
      });
      if (status != Status::ok) return;
    }
  });
  const Writers writers(log, setup.records, 3, 60);
  stop = true;
  reader.join();
  CHECK(writers.failures == 0);
  CHECK(looks > 10);
  CHECK(ahead == 0);
}

TEST_CASE("A disk that fails answers all who wait, and takes nothing more") {
  Setup setup;
  setup.records.pause_us = 200;
  GroupCommit log(setup.recorder, setup.flash);
  REQUIRE(Writers(log, setup.records, 1, 3).failures == 0);
  setup.records.fails = true;
  const Writers writers(log, setup.records, 3, 5);
  CHECK(writers.failures == 15);
  setup.records.fails = false;
  const Bytes leaf = make_leaf(0, 0);
  const ByteView view{leaf.data(), leaf.size()};
  CHECK(log.append(&view, 1).status == Status::bad_state);
  CHECK(log.seal() == Status::bad_state);
  CHECK(log.with([](Recorder&) { FAIL("called"); }) != Status::ok);
  CHECK(mentions(setup.flash.last_error().message, {setup.folder / "log"}));
}

TEST_CASE("Leaves that do not fit are refused, and disturb nobody") {
  Setup setup;
  GroupCommit log(setup.recorder, setup.flash);
  const Bytes large(5000, 0x40), forged(4, 0x01), good = make_leaf(2, 1);
  const ByteView views[3] = {
      {good.data(), good.size()}, {large.data(), large.size()}, {forged.data(), forged.size()}};
  CHECK(log.append(views, 3).status == Status::bad_argument);
  CHECK(log.append(views + 1, 1).status == Status::bad_argument);
  CHECK(log.append(views + 2, 1).status == Status::bad_argument);
  CHECK(log.append(views, 1).ok());
}
