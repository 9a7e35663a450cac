// A gateway on one core, from a device's message to the cosignature. Its state is a table of all
// devices; a thousand distinct devices have signed the messages, and stand for all of them in turn.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cairn/linux/log_directory.hpp>
#include <cstring>
#include <numeric>

#include "bench/bench.hpp"
#include "bench/device_messages.hpp"
#include "support/host.hpp"

using namespace cairn;
using bench::cpu_ns;
using bench::median;
using bench::require;
using bench::require_ok;
using gateway::batch;
using gateway::Devices;
using gateway::leaf_bytes;
using gateway::Message;
using vectors::view;

namespace {

constexpr size_t group = 64;  // messages a commit
constexpr size_t groups = 62;
const std::string gateway_name = "plant.example/gateway";

// What the gateway remembers of a device.
struct Device {
  uint8_t key[32];
  Digest root;
  uint64_t size;
  uint32_t id;
};
static_assert(sizeof(Device) <= 80, "100 MB hold a million devices and an index");

/// The table, and a random order in which devices report. Nobody reports twice before all have.
class Table {
 public:
  Table(const Devices& devices, size_t count) : devices_(devices), table_(count), order_(count) {
    for (size_t i = 0; i < count; ++i) {
      const gateway::Start& start = devices.start(i);
      std::memcpy(table_[i].key, start.key.bytes, sizeof table_[i].key);
      table_[i].root = start.root;
      table_[i].size = start.size;
      table_[i].id = start.id;
    }
    std::iota(order_.begin(), order_.end(), uint32_t{0});
    std::shuffle(order_.begin(), order_.end(), std::mt19937(1));
  }
  Device& device(size_t turn) { return table_[order_[turn % order_.size()]]; }
  const Message& message(size_t turn) const {
    return devices_.message(order_[turn % order_.size()], turn / order_.size());
  }

 private:
  const Devices& devices_;
  std::vector<Device> table_;
  std::vector<uint32_t> order_;
};

NoteKey key_of(const Device& device, const std::string& origin) {
  PublicKey key{};
  key.algorithm = CAIRN_ED25519;
  std::memcpy(key.bytes, device.key, sizeof device.key);
  const NoteKey out = note_key(view(origin), NoteType::ed25519, key);
  require(key_id(out) == device.id, "not this device's origin");
  return out;
}

/// Where the batches go: their bytes into a file that was written before, their checkpoints into
/// the gateway's own log, which signs each group.
class Storage {
 public:
  explicit Storage(const std::string& folder) {
    std::filesystem::create_directories(folder);
    file_ = open((folder + "/records").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    require(file_ >= 0);
    const std::vector<uint8_t> zeros(size_t{1} << 20);
    for (size_t at = 0; at < file_bytes; at += zeros.size())
      write(zeros.data(), zeros.size(), at);
    host::KeyFile key;
    require(key.generate(folder + "/key", gateway_name, Algorithm::ed25519).ok());
    host::LogSettings settings;
    settings.batch.leaves = group + 1;  // and the close record
    require(log_.create(folder + "/log", folder + "/key", settings).ok());
    buffer_.reserve(group * (batch * leaf_bytes + 512));
  }
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  ~Storage() { close(file_); }

  void add(const Message& message) {
    buffer_.insert(buffer_.end(), message.leaves.begin(), message.leaves.end());
    checkpoints_.push_back("\x40" + message.checkpoint);
  }
  void commit() {
    if (at_ + buffer_.size() > file_bytes) at_ = 0;
    write(buffer_.data(), buffer_.size(), at_);
    require(fdatasync(file_) == 0);
    at_ += buffer_.size();
    std::vector<ByteView> leaves;
    for (const std::string& checkpoint : checkpoints_)
      leaves.push_back(view(checkpoint));
    require(log_.recorder().append_batch(leaves.data(), leaves.size()).ok());
    buffer_.clear();
    checkpoints_.clear();
  }
  /// The gateway's newest head.
  Checkpoint head() {
    const SignedHead* head = log_.log().head();
    require(head != nullptr);
    return {view(gateway_name), head->size, head->root, {}};
  }

 private:
  static constexpr size_t file_bytes = size_t{64} << 20;

  void write(const uint8_t* data, size_t size, size_t at) const {
    require(pwrite(file_, data, size, static_cast<off_t>(at)) == static_cast<ssize_t>(size));
  }

  int file_;
  size_t at_ = 0;
  std::vector<uint8_t> buffer_;
  std::vector<std::string> checkpoints_;
  host::LogDirectory log_;
};

void cosign(const signing::Pair& cosigner, ByteView text) {
  uint8_t line[512];
  require(
      sign_note(text, view(gateway_name), NoteType::cosignature, cosigner.signer, 1700000000, line)
          .ok());
  bench::keep(line);
}

void cosign(const signing::Pair& cosigner, const Checkpoint& checkpoint) {
  uint8_t text[signed_checkpoint_bytes_max];
  const auto size = format_checkpoint(checkpoint, text);
  require(size.ok());
  cosign(cosigner, ByteView{text, size.value});
}

enum class Cosigning { together, each };
enum Stage { hashing, extending, checking, storing, cosigning };

/// One gateway. Its figures are those of a record, by CPU time and by the wall's. It takes a group
/// of messages through one stage after the other.
class Pipeline {
 public:
  Pipeline(const Devices& devices, size_t device_count, const std::string& folder, Cosigning how)
      : table_(devices, device_count), storage_(folder), how_(how) {}

  void run_group() {
    const double wall = bench::wall_ns();
    double since = cpu_ns();
    const double cpu = since;
    for (const Stage stage : {hashing, extending, checking, storing, cosigning}) {
      run(stage);
      const double now = cpu_ns();
      stages_[stage].push_back((now - since) / records);
      since = now;
    }
    cpu_.push_back((since - cpu) / records);
    wall_.push_back((bench::wall_ns() - wall) / records);
    turn_ += group;
  }

  double record_ns() const { return median(cpu_); }
  double record_wall_ns() const { return median(wall_); }
  double stage_ns(Stage stage) const { return median(stages_[stage]); }

 private:
  static constexpr double records = group * batch;

  void run(Stage stage) {
    for (size_t i = 0; i < group; ++i) {
      const Message& message = table_.message(turn_ + i);
      Device& device = table_.device(turn_ + i);
      switch (stage) {
        case hashing:
          hash(message, &hashes_[i * batch]);
          break;
        case extending:
          extend(message, device, &hashes_[i * batch], heads_[i]);
          break;
        case checking:
          check(message, device, heads_[i]);
          break;
        case storing:
          storage_.add(message);
          break;
        case cosigning:
          if (how_ == Cosigning::each) cosign(cosigner_, heads_[i]);
          break;
      }
    }
    if (stage == storing) storage_.commit();
    if (stage == cosigning && how_ == Cosigning::together) cosign(cosigner_, storage_.head());
  }

  static void hash(const Message& message, Digest* out) {
    ByteView leaves[batch];
    for (size_t i = 0; i < batch; ++i)
      leaves[i] = {&message.leaves[i * leaf_bytes], leaf_bytes};
    leaf_hashes(leaves, batch, out);
  }
  void extend(const Message& message, const Device& device, Digest* hashes, Checkpoint& head) {
    require_ok(tree_.assign(device.size, message.frontier.data(), message.frontier.size()));
    require(tree_.root() == device.root, "not the tree that it was");
    require_ok(tree_.append_batch(hashes, batch));
    head = {view(message.origin), tree_.size(), tree_.root(), {}};
  }
  static void check(const Message& message, Device& device, const Checkpoint& head) {
    Checkpoint is_signed;
    require_ok(open_checkpoint(view(message.checkpoint), key_of(device, message.origin),
                               signing::verifiers(), is_signed));
    require(is_signed.root == head.root && is_signed.size == head.size,
            "not what the device signed");
    device.root = head.root;
    device.size = head.size;
  }

  Table table_;
  Storage storage_;
  Cosigning how_;
  const signing::Ed25519Pair cosigner_{2};
  Frontier tree_;
  std::vector<Digest> hashes_ = std::vector<Digest>(group * batch);
  Checkpoint heads_[group];
  size_t turn_ = 0;
  std::vector<double> cpu_, wall_;
  std::vector<double> stages_[cosigning + 1];
};

/// A witness of a million devices; their state is in memory.
class Witness {
 public:
  Witness(const Devices& devices, size_t device_count) : table_(devices, device_count) {}

  /// One request, answered by the library's own state machine with a cosignature of its own.
  void answer_each() {
    const Message& message = table_.message(turn_);
    uint8_t line[512];
    const WitnessReply reply =
        add_checkpoint(view(message.request), {this, key, get, set}, signing::verifiers(),
                       cosigner_.signer, view(gateway_name), 1700000000, line);
    require(reply.answer == WitnessAnswer::cosigned);
    ++turn_;
  }

  /// A group of requests: each is checked alike, and enters the gateway's tree as a leaf, whose
  /// head gets the one cosignature.
  void answer_group() {
    Digest leaves[group];
    for (Digest& leaf : leaves) {
      leaf = leaf_hash(check(table_.message(turn_), table_.device(turn_)));
      ++turn_;
    }
    require_ok(tree_.append_batch(leaves, group));
    cosign(cosigner_, Checkpoint{view(gateway_name), tree_.size(), tree_.root(), {}});
  }

 private:
  static ByteView check(const Message& message, Device& device) {
    Digest hashes[proof_hashes_max];
    ProofBuffer proof = {hashes, proof_hashes_max};
    AddCheckpoint request;
    Checkpoint head;
    require_ok(parse_add_checkpoint(view(message.request), request, proof));
    require_ok(open_checkpoint(request.checkpoint, key_of(device, message.origin),
                               signing::verifiers(), head));
    require(request.old_size == device.size, "not the last cosigned size");
    require_ok(verify_consistency(device.size, head.size, device.root, head.root, proof));
    device.root = head.root;
    device.size = head.size;
    return request.checkpoint;
  }

  static Device& current(void* user) {
    Witness& self = *static_cast<Witness*>(user);
    return self.table_.device(self.turn_);
  }
  static Status key(void* user, ByteView origin, NoteKey& out) {
    out = key_of(current(user), std::string(origin.text(), origin.size));
    out.name = origin;
    return Status::ok;
  }
  static Status get(void* user, ByteView, WitnessState& out) {
    out = {current(user).size, current(user).root};
    return Status::ok;
  }
  static Status set(void* user, ByteView, const WitnessState& expected, const WitnessState& next,
                    ByteView) {
    Device& device = current(user);
    if (device.size != expected.size) return Status::bad_state;
    device.size = next.size;
    device.root = next.root;
    return Status::ok;
  }

  Table table_;
  const signing::Ed25519Pair cosigner_{2};
  Frontier tree_;
  size_t turn_ = 0;
};

void measure_pipeline(bench::Report& report, const std::string& folder) {
  const Devices devices(20, groups * group / Devices::count + 1);
  const Devices old_devices(40, 1);
  const auto at = [&](const char* name) { return folder + "/" + name; };
  Pipeline thousand(devices, 1000, at("1"), Cosigning::together);
  Pipeline many(devices, 100000, at("2"), Cosigning::together);
  Pipeline million(devices, 1000000, at("3"), Cosigning::together);
  Pipeline each(devices, 1000000, at("4"), Cosigning::each);
  Pipeline old(old_devices, 100000, at("5"), Cosigning::together);
  for (size_t i = 0; i < groups; ++i)
    for (Pipeline* one : {&thousand, &many, &million, &each, &old})
      one->run_group();

  const std::string core =
      "one gateway core: records in batches of 256, each batch checked against its signed "
      "checkpoint, durable, cosigned: ";
  report.row(core + "10^3 devices", 1e9 / thousand.record_ns());
  report.row(core + "10^5 devices", 1e9 / many.record_ns());
  report.row(core + "10^6 devices", 1e9 / million.record_ns());
  report.row(core + "10^6 devices, each checkpoint cosigned by itself", 1e9 / each.record_ns());
  report.row(core + "10^6 devices, waiting for this disk included", 1e9 / million.record_wall_ns());
  const std::string stage = "one gateway core: a record: ";
  report.row(stage + "10^6 devices to 10^3", million.record_ns() / thousand.record_ns());
  report.row(stage + "2^40 records of history to 2^20", old.record_ns() / many.record_ns());
  report.row(stage + "hashing the leaf", million.stage_ns(hashing));
  report.row(stage + "taking up the device's frontier and extending it",
             million.stage_ns(extending));
  report.row(stage + "parsing and verifying the checkpoint, comparing the roots",
             million.stage_ns(checking));
  report.row(stage + "making it durable, 64 batches a commit", million.stage_ns(storing));
  report.row(stage + "one cosignature for 64 batches", million.stage_ns(cosigning));
  report.row(stage + "a cosignature for each batch instead", each.stage_ns(cosigning));
}

void measure_witness(bench::Report& report) {
  constexpr size_t device_count = 1000000;
  const Devices devices(20, 1);
  Witness together(devices, device_count), each(devices, device_count);
  std::vector<double> together_ns, each_ns;
  for (size_t i = 0; i < groups; ++i) {
    const double before = cpu_ns();
    together.answer_group();
    const double between = cpu_ns();
    for (size_t k = 0; k < group; ++k)
      each.answer_each();
    together_ns.push_back((between - before) / group);
    each_ns.push_back((cpu_ns() - between) / group);
  }
  const std::string line = "gateway, device checkpoints verified and cosigned";
  report.row(line, 1e9 / median(together_ns));
  report.row(line + ": each cosigned by itself", 1e9 / median(each_ns));
  report.row(line + ": state of 1M devices", sizeof(Device) * 1e6 / 1e6);
}

}  // namespace

int main(int count, char** arguments) {
  bench::Report report("host", bench::gateway_lines(), count, arguments);
  const host_tests::TemporaryFolder temporary;
  const std::string& asked = report.options().folder;
  measure_pipeline(report, (asked.empty() ? temporary.path() : asked) + "/gateway");
  measure_witness(report);
  return report.finish();
}
