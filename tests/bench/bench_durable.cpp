// Durable commits of 64-byte records. Every engine makes one commit in each round, in this process,
// in an order that changes; what counts is the ratio to a raw write into a preallocated file and
// fdatasync in the same round, because a disk's mood changes from second to second. CPU time is
// taken where there is no disk: on tmpfs.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cairn/linux/log_directory.hpp>
#include <filesystem>
#include <numeric>
#include <random>

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

// A log of the port, whose every commit closes a batch and signs it.
class CairnLog : public peers::Store {
 public:
  static constexpr char name[] = "cairn";

  CairnLog(const std::string& folder, size_t group) : leaves_(group), bytes_(group * leaf_bytes) {
    host::KeyFile key;
    require(key.generate(folder + "/key", "bench.example/log", Algorithm::ed25519).ok());
    host::LogSettings settings;
    settings.batch.leaves = static_cast<uint32_t>(group + 1);  // and the close record
    require(directory_.create(folder + "/log", folder + "/key", settings).ok());
    for (size_t i = 0; i < group; ++i)
      leaves_[i] = {bytes_.data() + i * leaf_bytes, leaf_bytes};
    // The first batch has records of the log's own: from the next on, each has the whole group.
    append(1);
    if (recorder().pending() != 0) append(group - recorder().log().size());
    require(recorder().pending() == 0);
    used_before_ = recorder().log().used_bytes();
  }

  void commit(uint64_t, const uint8_t* records, size_t count) override {
    for (size_t i = 0; i < count; ++i) {
      bytes_[i * leaf_bytes] = 0x40;
      std::memcpy(&bytes_[i * leaf_bytes + 1], records + i * record_bytes, record_bytes);
    }
    append(count);
    require(recorder().pending() == 0 && recorder().last_seal() == Status::ok);
    payload_ += count * record_bytes;
  }
  double bytes_of_payload() {
    return static_cast<double>(recorder().log().used_bytes() - used_before_) /
           static_cast<double>(payload_);
  }

 private:
  static constexpr size_t leaf_bytes = 1 + record_bytes;

  Recorder& recorder() { return directory_.recorder(); }
  void append(size_t count) {
    bytes_[0] = 0x40;
    for (size_t i = 0; i < count; ++i)
      bytes_[i * leaf_bytes] = 0x40;
    require(recorder().append_batch(leaves_.data(), count).ok());
  }

  host::LogDirectory directory_;
  std::vector<ByteView> leaves_;
  std::vector<uint8_t> bytes_;
  uint64_t used_before_ = 0;
  uint64_t payload_ = 0;
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
  Rounds(const std::string& folder, size_t group, size_t rounds) : group_(group) {
    const size_t bytes = (rounds + warm_up) * group * record_bytes;
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
    std::vector<uint8_t> records(group_ * record_bytes);
    for (size_t i = 0; i < group_; ++i)
      store_be64(&records[i * record_bytes], round * group_ + i);
    // By chance, not in turns: a commit also feels what the one before left to the disk.
    std::shuffle(order_.begin(), order_.end(), random_);
    for (const size_t i : order_) {
      Engine& engine = engines_[i];
      const double wall = bench::wall_ns();
      const double cpu = bench::cpu_ns();
      engine.store->commit(round * group_, records.data(), group_);
      if (round < warm_up) continue;
      engine.cpu_ns.push_back((bench::cpu_ns() - cpu) / static_cast<double>(group_));
      engine.wall_us.push_back((bench::wall_ns() - wall) / 1e3);
    }
    if (round < warm_up) return;
    for (Engine& engine : engines_)
      engine.to_raw.push_back(engine.wall_us.back() / engines_[0].wall_us.back());
  }
  void finish(size_t rounds) {
    const double payload = static_cast<double>(rounds * group_ * record_bytes);
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
  size_t rounds;
  std::string text;
};
const Size sizes[] = {{1, 101, "1"}, {64, 101, "64"}, {1024, 61, "1,024"}, {16384, 31, "16,384"}};

void measure_disk(bench::Report& report, const std::string& folder) {
  const std::string append = "durable append, 64-byte records, Merkle and signature included: ";
  const std::string bytes = "CPU per durable record; bytes on disk: bytes for each of payload";
  for (const Size& size : sizes) {
    const Rounds rounds(folder + "/" + std::to_string(size.group), size.group, size.rounds);
    report.row(append + "group " + size.text, to_raw(rounds.cairn()), rounds.others(to_raw));
    report.row(append + "a commit of " + size.text, wall_us(rounds.cairn()),
               rounds.others(wall_us));
    if (size.group > 1)
      report.row(bytes + ", group " + size.text, rounds.cairn().bytes_of_payload,
                 rounds.stores(bytes_of_payload));
  }
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
    const Rounds rounds(folder, size.group, size.rounds);
    report.row(line + size.text, cpu_ns(rounds.cairn()), rounds.others(cpu_ns));
  }
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", bench::durable_lines(), count, arguments);
  const host_tests::TemporaryFolder temporary;
  const std::string& asked = report.options().folder;
  measure_disk(report, (asked.empty() ? temporary.path() : asked) + "/durable");
  measure_cpu(report);
  return report.finish();
}
