// Durable commits of 64-byte records. Every engine makes a commit, or a burst of large ones, in
// each round, in this process, in an order that changes; what counts is the ratio to a raw write
// into a preallocated file and fdatasync in the same round, because a disk's mood changes from
// second to second. CPU time is taken where there is no disk: on tmpfs.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cairn/linux/group_commit.hpp>
#include <cairn/linux/log_directory.hpp>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <optional>
#include <random>
#include <thread>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"
#include "support/host.hpp"

using namespace cairn;
using bench::require;
using peers::record_bytes;

namespace {

// A plain file: written to at its end, or into zeros that were written before.
class RawFile : public peers::Store {
 public:
  RawFile(const std::string& folder, size_t bytes, bool preallocated)
      : file_(open((folder + "/log").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    require(file_ >= 0);
    const std::vector<uint8_t> zeros(1 << 20);
    for (size_t at = 0; preallocated && at < bytes; at += zeros.size())
      require(pwrite(file_, zeros.data(), zeros.size(), static_cast<off_t>(at)) ==
              static_cast<ssize_t>(zeros.size()));
    require(fsync(file_) == 0);
  }
  ~RawFile() override { close(file_); }

  void commit(uint64_t first, const uint8_t* records, size_t count) override {
    const size_t bytes = count * record_bytes;
    require(pwrite(file_, records, bytes, static_cast<off_t>(first * record_bytes)) ==
                static_cast<ssize_t>(bytes) &&
            fdatasync(file_) == 0);
  }

 private:
  int file_;
};

/// Records with their kind, as a caller has them who builds them in place.
struct Leaves {
  static constexpr size_t leaf_bytes = 1 + record_bytes;

  std::vector<ByteView> views;
  std::vector<uint8_t> bytes;

  explicit Leaves(size_t count) : views(count), bytes(count * leaf_bytes) {
    for (size_t i = 0; i < count; ++i) {
      bytes[i * leaf_bytes] = 0x40;
      views[i] = {&bytes[i * leaf_bytes], leaf_bytes};
    }
  }
  void set(const uint8_t* records) {
    for (size_t i = 0; i < views.size(); ++i)
      std::memcpy(&bytes[i * leaf_bytes + 1], records + i * record_bytes, record_bytes);
  }
};

// A log of the port, whose every commit closes a batch and signs it. In a burst two threads append
// in turns: one's records are hashed while the other's are flushed.
class CairnLog : public peers::Store {
 public:
  static constexpr char name[] = "cairn";

  CairnLog(const std::string& folder, size_t group) : group_(group) {
    host::KeyFile key;
    require(key.generate(folder + "/key", "bench.example/log", Algorithm::ed25519).ok());
    host::LogSettings settings;
    settings.batch.leaves = static_cast<uint32_t>(group + 1);  // and the close record
    settings.geometry = {64u << 20, 64};
    require(directory_.create(folder + "/log", folder + "/key", settings).ok());
    // The first batch has records of the log's own: from the next on, each has the whole group.
    Recorder& recorder = directory_.recorder();
    require(recorder.append_batch(mine_[0].views.data(), 1).ok());
    if (recorder.pending() != 0) {
      require(recorder.append_batch(mine_[0].views.data(), group - recorder.log().size()).ok());
    }
    require(recorder.pending() == 0);
    used_before_ = recorder.log().used_bytes();
    log_.emplace(recorder, directory_.flash());
  }

  void commit(uint64_t, const uint8_t* records, size_t) override { append(mine_[0], records); }
  void burst(uint64_t first, const uint8_t* records, size_t count, size_t commits) override {
    if (commits == 1) return commit(first, records, count);
    const auto half = [&](size_t number) {
      for (size_t i = number; i < commits; i += 2)
        append(mine_[number], records + i * count * record_bytes);
    };
    std::thread other([&] {
      bench::unpin();
      half(1);
    });
    half(0);
    other.join();
  }
  double bytes_of_payload() {
    uint64_t used = 0;
    require(log_->with([&](Recorder& recorder) {
      require(recorder.pending() == 0 && recorder.last_seal() == Status::ok);
      used = recorder.log().used_bytes() - used_before_;
    }) == Status::ok);
    return static_cast<double>(used) / static_cast<double>(payload_);
  }

 private:
  void append(Leaves& leaves, const uint8_t* records) {
    leaves.set(records);
    require(log_->append(leaves.views.data(), leaves.views.size()).ok());
    payload_ += group_ * record_bytes;
  }

  size_t group_;
  host::LogDirectory directory_;
  std::optional<host::GroupCommit> log_;
  Leaves mine_[2] = {Leaves(group_), Leaves(group_)};  // of each thread
  uint64_t used_before_ = 0;
  std::atomic<uint64_t> payload_{0};
};

struct Engine {
  std::string name;
  std::string folder;
  std::unique_ptr<peers::Store> store;
  std::vector<double> wall_us{}, cpu_ns{}, to_raw{};
  double bytes_of_payload = 0;
};

uint64_t bytes_in(const std::string& folder) {
  uint64_t out = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat about {};
    require(stat(entry.path().c_str(), &about) == 0);
    const auto blocks = static_cast<uint64_t>(about.st_blocks) * 512;
    if (S_ISREG(about.st_mode)) out += std::min(static_cast<uint64_t>(about.st_size), blocks);
  }
  return out;
}

constexpr char raw_name[] = "raw, preallocated";
constexpr size_t warm_up = 3;

/// All engines in `folder`, measured over so many rounds of one commit each.
class Rounds {
 public:
  Rounds(const std::string& folder, size_t group, size_t commits, size_t rounds)
      : group_(group), commits_(commits) {
    const size_t bytes = (rounds + warm_up) * commits * group * record_bytes;
    const auto add = [&](const std::string& name, const auto& make) {
      const std::string own = folder + "/" + std::to_string(engines_.size());
      std::filesystem::create_directories(own);
      engines_.push_back({name, own, make(own)});
    };
    add(raw_name,
        [&](const std::string& own) { return std::make_unique<RawFile>(own, bytes, true); });
    add("raw, growing",
        [&](const std::string& own) { return std::make_unique<RawFile>(own, bytes, false); });
    add(CairnLog::name,
        [&](const std::string& own) { return std::make_unique<CairnLog>(own, group); });
    for (const peers::StoreKind& kind : peers::stores())
      add(kind.name, [&](const std::string& own) { return kind.open(own, bytes); });
    order_.resize(engines_.size());
    std::iota(order_.begin(), order_.end(), size_t{0});
    for (size_t round = 0; round < rounds + warm_up; ++round)
      run(round);
    finish(rounds + warm_up);
    std::filesystem::remove_all(folder);
  }

  const Engine& cairn() const { return engines_[2]; }  // behind the two plain files
  /// The figures of the others: plain files and stores, or stores alone.
  bench::Report::Peers others(const std::function<double(const Engine&)>& figure) const {
    bench::Report::Peers out = stores(figure);
    for (const size_t file : {size_t{0}, size_t{1}})
      out[engines_[file].name] = figure(engines_[file]);
    return out;
  }
  bench::Report::Peers stores(const std::function<double(const Engine&)>& figure) const {
    bench::Report::Peers out;
    for (size_t i = 3; i < engines_.size(); ++i)
      out[engines_[i].name] = figure(engines_[i]);
    return out;
  }

 private:
  void run(size_t round) {
    const size_t count = commits_ * group_;
    std::vector<uint8_t> records(count * record_bytes);
    for (size_t i = 0; i < count; ++i)
      store_be64(&records[i * record_bytes], round * count + i);
    // By chance, not in turns: a commit also feels what the one before left to the disk.
    std::shuffle(order_.begin(), order_.end(), random_);
    for (const size_t i : order_) {
      Engine& engine = engines_[i];
      const double wall = bench::wall_ns();
      const double cpu = bench::cpu_ns();
      engine.store->burst(round * count, records.data(), group_, commits_);
      if (round < warm_up) continue;
      engine.cpu_ns.push_back((bench::cpu_ns() - cpu) / static_cast<double>(count));
      engine.wall_us.push_back((bench::wall_ns() - wall) / 1e3 / static_cast<double>(commits_));
    }
    if (round < warm_up) return;
    for (Engine& engine : engines_)
      engine.to_raw.push_back(engine.wall_us.back() / engines_[0].wall_us.back());
  }
  void finish(size_t rounds) {
    const double payload = static_cast<double>(rounds * commits_ * group_ * record_bytes);
    for (Engine& engine : engines_) {
      if (engine.name == CairnLog::name) {
        engine.bytes_of_payload = static_cast<CairnLog&>(*engine.store).bytes_of_payload();
        engine.store.reset();
      } else {
        engine.store.reset();
        engine.bytes_of_payload = static_cast<double>(bytes_in(engine.folder)) / payload;
      }
    }
  }

  size_t group_;
  size_t commits_;  ///< of each engine in a round
  std::vector<Engine> engines_;
  std::vector<size_t> order_;
  std::mt19937 random_{1};
};

double to_raw(const Engine& engine) {
  return bench::median(engine.to_raw);
}
double wall_us(const Engine& engine) {
  return bench::median(engine.wall_us);
}
double cpu_ns(const Engine& engine) {
  return bench::median(engine.cpu_ns);
}
double bytes_of_payload(const Engine& engine) {
  return engine.bytes_of_payload;
}

struct Size {
  size_t group;
  size_t commits;  // in a round
  size_t rounds;
  std::string text;
};
const Size sizes[] = {
    {1, 1, 101, "1"}, {64, 1, 101, "64"}, {1024, 8, 31, "1,024"}, {16384, 6, 15, "16,384"}};

void measure_disk(bench::Report& report, const std::string& folder) {
  const std::string append = "durable append, 64-byte records, Merkle and signature included: ";
  const std::string bytes = "CPU per durable record; bytes on disk: bytes for each of payload";
  for (const Size& size : sizes) {
    const Rounds rounds(folder + "/" + std::to_string(size.group), size.group, size.commits,
                        size.rounds);
    report.row(append + "group " + size.text, to_raw(rounds.cairn()), rounds.others(to_raw));
    report.row(append + "a commit of " + size.text, wall_us(rounds.cairn()),
               rounds.others(wall_us));
    if (size.group > 1)
      report.row(bytes + ", group " + size.text, rounds.cairn().bytes_of_payload,
                 rounds.stores(bytes_of_payload));
  }
}

// Small commits, of which only each sixty-fourth is signed.
void measure_bytes(bench::Report& report, const std::string& folder) {
  constexpr size_t group = 64, commits = 4096;
  std::filesystem::create_directories(folder);
  host::KeyFile key;
  require(key.generate(folder + "/key", "bench.example/log", Algorithm::ed25519).ok());
  host::LogSettings settings;
  settings.batch.leaves = 4096;
  host::LogDirectory directory;
  require(directory.create(folder + "/log", folder + "/key", settings).ok());
  const Leaves leaves(group);
  const uint64_t before = directory.log().used_bytes();
  host::GroupCommit log(directory.recorder(), directory.flash());
  for (size_t i = 0; i < commits; ++i)
    require(log.append(leaves.views.data(), group).ok());
  uint64_t used = 0;
  require(log.with([&](Recorder& recorder) { used = recorder.log().used_bytes(); }) == Status::ok);
  report.row(
      "CPU per durable record; bytes on disk: bytes for each of payload, group 64, signed every "
      "4,096 records",
      static_cast<double>(used - before) / static_cast<double>(commits * group * record_bytes));
}

bool is_tmpfs(const char* folder) {
  struct statfs about {};
  return statfs(folder, &about) == 0 && about.f_type == 0x01021994;
}

void measure_cpu(bench::Report& report) {
  const std::string line = "CPU per durable record; bytes on disk: CPU, group ";
  for (const Size& size : sizes) {
    if (size.group == 1) continue;
    if (!is_tmpfs("/dev/shm")) {
      report.missing(line + size.text, "/dev/shm is no tmpfs");
      continue;
    }
    const std::string folder = "/dev/shm/cairn-bench-" + std::to_string(getpid());
    const Rounds rounds(folder, size.group, 1, size.rounds);
    report.row(line + size.text, cpu_ns(rounds.cairn()), rounds.others(cpu_ns));
  }
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", bench::durable_lines(), count, arguments);
  const host_tests::TemporaryFolder temporary;
  const std::string& asked = report.options().folder;
  const std::string folder = (asked.empty() ? temporary.path() : asked) + "/durable";
  measure_disk(report, folder);
  measure_bytes(report, folder + "/bytes");
  measure_cpu(report);
  return report.finish();
}
