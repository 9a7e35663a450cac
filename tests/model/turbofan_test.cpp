// Real readings through everything: 100 turbofan engines as 100 devices, 20,631 rows of 24 readings
// each. Every device's process is killed with SIGKILL at random moments and started again, until
// all rows are in. Then: nothing acknowledged is lost, no two heads conflict, and readings at
// random are proved and verified offline.
//
// Data: NASA C-MAPSS, subset FD001 (A. Saxena and K. Goebel, 2008), public domain.
#include <cairn/evidence.hpp>
#include <cairn/linux/leaf_buffer.hpp>
#include <cairn/linux/level_array.hpp>
#include <cairn/linux/log_directory.hpp>
#include <csignal>
#include <map>
#include <random>
#include <sstream>

#include "support/host.hpp"
#include "support/vectors.hpp"

using namespace cairn;
using namespace cairn::host;

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// The rows of each engine; empty where the data are not on this machine.
std::map<int, Rows> read_engines() {
  const char* set = std::getenv("CAIRN_DATA_DIR");
  const std::string folder = set != nullptr && *set != 0 ? set : CAIRN_TEST_DATA_DIR;
  std::map<int, Rows> engines;
  std::ifstream in(folder + "/turbofan/train_FD001.txt");
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    int unit = 0, cycle = 0;
    words >> unit >> cycle;
    std::vector<std::string> row;
    for (std::string value; words >> value;)
      row.push_back(value);
    engines[unit].push_back(row);
  }
  return engines;
}

constexpr int64_t first_cycle_ms = 1700000000000;

std::vector<uint8_t> leaf_of(const std::vector<std::string>& row, size_t cycle) {
  std::vector<Reading> readings;
  for (const std::string& value : row) {
    readings.push_back(reading_of_text(value));
    readings.back().channel = static_cast<uint32_t>(readings.size());
  }
  std::vector<uint8_t> leaf(1024);
  const WallTime time = {first_cycle_ms + static_cast<int64_t>(cycle) * 1000,
                         TimeQuality::informative};
  const Result<size_t> size =
      encode_sample(time, readings.data(), readings.size(), {leaf.data() + 1, leaf.size() - 1});
  if (!size.ok()) throw std::runtime_error("a row does not fit a sample");
  leaf[0] = static_cast<uint8_t>(Kind::sample);
  leaf.resize(1 + size.value);
  return leaf;
}

/// What a device tells the world: rows that are durable, and heads.
struct Message {
  uint64_t rows = 0;
  uint64_t head_size = 0;
  Digest head_root{};
};

void tell(int out, uint64_t rows, const Recorder& recorder) {
  Message message;
  message.rows = rows;
  if (const SignedHead* head = recorder.log().head(); head != nullptr) {
    message.head_size = head->size;
    message.head_root = head->root;
  }
  if (write(out, &message, sizeof message) != sizeof message) _exit(3);
}

uint64_t samples_in(const Log& log) {
  std::vector<uint8_t> buffer(1 << 16);
  Log::Cursor cursor;
  uint64_t count = 0;
  if (cursor.open(log, {buffer.data(), buffer.size()}) != Status::ok) return 0;
  for (Log::Cursor::Item item; cursor.next(item) == Status::ok;)
    if (item.type == Log::Cursor::Item::Type::leaf)
      count += item.leaf[0] == static_cast<uint8_t>(Kind::sample) ? 1 : 0;
  return count;
}

// The device's process: goes on behind what its log holds. Never returns.
[[noreturn]] void run_device(const std::string& folder, const Rows& rows, int out) {
  LogDirectory directory;
  if (!directory.open_writer(folder).ok()) _exit(2);
  Recorder& recorder = directory.recorder();
  for (uint64_t done = samples_in(recorder.log()); done < rows.size();) {
    const size_t step = std::min<size_t>(done % 3 == 0 ? 1 : 7, rows.size() - done);
    std::vector<std::vector<uint8_t>> leaves;
    std::vector<ByteView> views;
    for (size_t i = 0; i < step; ++i)
      leaves.push_back(leaf_of(rows[done + i], done + i));
    for (const auto& leaf : leaves)
      views.push_back({leaf.data(), leaf.size()});
    const Status status = step == 1 ? recorder.append(Kind::sample, views[0].part(1)).status
                                    : recorder.append_batch(views.data(), views.size()).status;
    if (status != Status::ok) _exit(4);
    done += step;
    tell(out, done, recorder);
  }
  if (recorder.pending() != 0 && recorder.seal() != Status::ok) _exit(5);
  tell(out, rows.size(), recorder);
  _exit(0);
}

struct Device {
  uint64_t acknowledged = 0;
  std::map<uint64_t, Digest> heads;
  unsigned kills = 0;
  bool finished = false;
};

// Starts the device, listens, and kills it after a random number of messages (and a little later,
// so that the kill falls anywhere inside an operation).
void run_once(const std::string& folder, const Rows& rows, Device& device, std::mt19937& random) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(ends[0]);
    run_device(folder, rows, ends[1]);
  }
  close(ends[1]);
  const unsigned patience = 2 + unsigned(random() % 30);
  unsigned heard = 0;
  Message message;
  while (read(ends[0], &message, sizeof message) == sizeof message) {
    device.acknowledged = std::max(device.acknowledged, message.rows);
    if (message.head_size != 0) {
      const auto known = device.heads.find(message.head_size);
      if (known != device.heads.end()) REQUIRE(known->second == message.head_root);
      device.heads[message.head_size] = message.head_root;
    }
    if (++heard != patience) continue;
    usleep(unsigned(random() % 3000));
    kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) {
    REQUIRE(WEXITSTATUS(status) == 0);
    device.finished = true;
  } else {
    REQUIRE(WTERMSIG(status) == SIGKILL);
    ++device.kills;
  }
}

// The whole log: every row once, in order and unchanged; every head that was told of belongs to it.
void audit(const Log& log, const Rows& rows, const Device& device,
           std::vector<uint64_t>& sample_index) {
  std::vector<uint8_t> buffer(1 << 16);
  Log::Cursor cursor;
  REQUIRE(cursor.open(log, {buffer.data(), buffer.size()}) == Status::ok);
  Frontier tree;
  std::map<uint64_t, Digest> roots;
  for (Log::Cursor::Item item; cursor.next(item) == Status::ok;) {
    if (item.type != Log::Cursor::Item::Type::leaf) continue;
    REQUIRE(item.index == tree.size());
    if (item.leaf[0] == static_cast<uint8_t>(Kind::sample)) {
      REQUIRE(sample_index.size() < rows.size());
      const auto leaf = leaf_of(rows[sample_index.size()], sample_index.size());
      REQUIRE(equal(item.leaf, {leaf.data(), leaf.size()}));
      sample_index.push_back(item.index);
    }
    REQUIRE(tree.append(leaf_hash(item.leaf)) == Status::ok);
    roots[tree.size()] = tree.root();
  }
  REQUIRE(sample_index.size() == rows.size());
  REQUIRE(device.acknowledged == rows.size());
  for (const auto& head : device.heads) {
    REQUIRE(roots.count(head.first) == 1);
    REQUIRE(roots[head.first] == head.second);
  }
}

void prove(const LogDirectory& directory, const LevelArray& levels, uint64_t index) {
  std::string note;
  REQUIRE(directory.checkpoint(note).ok());
  std::vector<uint8_t> file(1 << 16);
  std::vector<uint8_t> leaf(8192);
  const Result<size_t> size = directory.log().read(index, {leaf.data(), leaf.size()});
  REQUIRE(size.ok());
  Digest hashes[proof_hashes_max];
  ProofBuffer proof = {hashes, proof_hashes_max};
  REQUIRE(build_inclusion(index, levels.size(), levels.nodes(), proof) == Status::ok);
  EvidenceWriter writer({file.data(), file.size()});
  REQUIRE(writer.begin_level() == Status::ok);
  REQUIRE(writer.begin_run(index) == Status::ok);
  REQUIRE(writer.leaf({leaf.data(), size.value}) == Status::ok);
  REQUIRE(writer.proof(proof) == Status::ok);
  REQUIRE(writer.checkpoint({note.data(), note.size()}) == Status::ok);
  const Result<size_t> written = writer.finish();
  REQUIRE(written.ok());
  const std::string text = "log " + directory.config().vkey + "\nquorum none\n";
  static Policy policy;
  REQUIRE(parse_policy({text.data(), text.size()}, policy) == Status::ok);
  Verdict verdict;
  CHECK(verify_evidence({file.data(), written.value}, policy, all_verifiers(), nullptr, verdict) ==
        Status::ok);
  CHECK(verdict.position == Outcome::passed);
  file[written.value / 2] ^= 1;
  CHECK(verify_evidence({file.data(), written.value}, policy, all_verifiers(), nullptr, verdict) !=
        Status::ok);
}

}  // namespace

TEST_CASE("100 engines, killed at random, lose nothing and tell one story each") {
  const std::map<int, Rows> engines = read_engines();
  if (engines.empty()) {
    WARN("left out: set CAIRN_DATA_DIR to a folder with turbofan/train_FD001.txt");
    return;
  }
  REQUIRE(engines.size() == 100);
  host_tests::TemporaryFolder folder;
  std::mt19937 random(20631);
  size_t rows = 0;
  unsigned kills = 0;
  for (const auto& engine : engines) {
    const std::string name = "engine-" + std::to_string(engine.first);
    CAPTURE(name);
    KeyFile key;
    const auto algorithm = engine.first % 10 == 0 ? Algorithm::p256 : Algorithm::ed25519;
    REQUIRE(key.generate(folder / (name + ".key"), "turbofan.example/" + name, algorithm).ok());
    LogSettings settings;
    settings.geometry = {65536, 64};
    settings.batch.leaves = 32;
    {
      LogDirectory directory;
      REQUIRE(directory.create(folder / name, folder / (name + ".key"), settings).ok());
    }
    REQUIRE(engine.second.front().size() == 24);
    Device device;
    while (!device.finished)
      run_once(folder / name, engine.second, device, random);
    kills += device.kills;
    rows += engine.second.size();

    LogDirectory directory;
    REQUIRE(directory.open_reader(folder / name).ok());
    std::vector<uint64_t> sample_index;
    audit(directory.log(), engine.second, device, sample_index);
    LevelArray levels;
    REQUIRE(levels.load(directory.log(), directory.log().head()->size).ok());
    for (int i = 0; i < 5; ++i)
      prove(directory, levels, sample_index[random() % sample_index.size()]);
  }
  CHECK(rows == 20631);
  CHECK(kills > 100);  // each device is killed about once for every 17 messages
  std::printf("%zu rows of 24 readings on 100 devices, %u kills\n", rows, kills);
}
