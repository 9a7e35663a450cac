// A recorder on one memory, living until a power cut ends it, and what of it has left the device.
// It does everything but batches a unit at a time.
#pragma once

#include <cairn/steps.hpp>
#include <utility>

#include "medium.hpp"
#include "support/fake_signer.hpp"
#include "support/log_model.hpp"

namespace powercut {

using log_model::demand;
using log_model::Violation;

/// Copies are snapshots: pointers inside lead to the original.
class RecorderWorld {
 public:
  explicit RecorderWorld(const Medium& medium) : medium_(&medium), flash_(medium.make()) {}

  const Medium& medium() const { return *medium_; }
  bool is_finished() const { return phase_ == Phase::finished; }
  bool is_dead() const { return flash_.is_dead(); }
  /// Whether everything that it knows is on the medium.
  bool is_starting() const { return phase_ == Phase::start; }

  /// One call; lists the operations in which a cut can come.
  void step(std::vector<fake::Operation>* trace) {
    flash_.trace = trace;
    if (phase_ == Phase::start) {
      start();
    } else if (phase_ == Phase::append) {
      append();
    } else if (phase_ == Phase::seal) {
      seal();
    } else if (phase_ == Phase::rest) {
      rest();
    }
    if (!flash_.violation.empty()) throw Violation(flash_.violation);
  }
  /// Cuts the power in the operation number `op` (from 1) of the next step.
  void cut_in(uint64_t op, const fake::Tear& tear) { cut_power_in(flash_, op, tear); }
  void power_on() {
    restart();
    calls_ = 0;
    goal_ = 12;
    rested_ = false;
  }
  /// After the end: started once more, nothing is missing.
  void audit() {
    restart();
    start();
  }
  /// Equal for recorders that start and go on alike.
  uint64_t fingerprint() const {
    uint64_t out = flash_.fingerprint();
    for (const uint64_t value : {durable_, uint64_t{heads_.size()}, uint64_t{created_},
                                 uint64_t{calls_}, uint64_t{goal_}, uint64_t{rested_}})
      out = fingerprint::add(out, value);
    for (size_t i = 0; i < durable_; ++i)
      out = fingerprint::add(out, cairn::load_be64(leaves_[i].bytes));
    return out;
  }
  /// Heads that have left the device.
  size_t head_count() const { return heads_.size(); }
  uint64_t index_min() const { return recorder_.log().index_min(); }

 private:
  enum class Phase : uint8_t { start, append, seal, rest, finished };
  struct Head {
    uint64_t size;
    cairn::Digest root;
  };

  static cairn::ByteView origin() { return cairn::literal("plant.example/press-7"); }

  void restart() {
    flash_.die();
    flash_.reboot();
    clock_ = {};
    phase_ = Phase::start;
  }

  void start() {
    signer_ = key_.signer();
    platform_ = clock_.platform();
    cairn::RecorderOptions options;
    options.origin = origin();
    options.batch.leaves = 8;
    options.log.recycle = medium_->use == Medium::recycled;
    options.log.keep_from = UINT64_MAX;
    options.log.tiles = medium_->tiles;
    const cairn::LogMemory memory = {frame_, nullptr, 0};
    cairn::Steps steps;
    cairn::Status status =
        steps.begin_open(recorder_, flash_.flash(), memory, options, platform_, signer_);
    if (status == cairn::Status::ok) status = finish(steps);
    if (flash_.is_dead()) return;
    demand(status != cairn::Status::damaged, "damage reported after a mere power cut");
    if (status != cairn::Status::ok) {
      demand(status == cairn::Status::not_formatted && !created_,
             std::string("open: ") + cairn::status_text(status));
      flash_.guard.formatting = true;
      status = recorder_.create(flash_.flash(), memory, options, platform_, signer_);
      if (flash_.is_dead()) return;
      flash_.guard.scan(flash_.memory.data());
      demand(status == cairn::Status::ok, "create failed");
    }
    created_ = true;
    take_history(recorder_.log().index_min());
    publish();
    phase_ = Phase::append;
  }

  static std::vector<uint8_t> leaf(uint64_t number) {
    std::vector<uint8_t> out(5 + number % 19, uint8_t(number));
    out[0] = 0x40;
    out[1] = uint8_t(number >> 8);
    return out;
  }

  // What was begun, by a budget of one unit: no more than one operation of the flash each.
  cairn::Status finish(cairn::Steps& steps) {
    for (;;) {
      const uint64_t operations = flash_.operations, read_before = flash_.read_bytes;
      uint32_t used = 9;
      const cairn::Result<bool> left = steps.step(1, used);
      demand(used <= 1, "more units than the budget");
      demand(flash_.operations <= operations + 1, "two operations of the flash in one unit");
      demand(flash_.read_bytes - read_before <= 8 * sizeof frame_, "too much is read in one unit");
      if (!left.ok()) return left.status;
      if (!left.value) return cairn::Status::ok;
    }
  }

  cairn::Result<uint64_t> append_one(cairn::ByteView body) {
    cairn::Steps steps;
    cairn::Status status = steps.begin_append(recorder_, cairn::Kind::opaque, body);
    if (status == cairn::Status::ok) status = finish(steps);
    if (status != cairn::Status::ok) return status;
    return steps.index();
  }

  void append() {
    if (calls_ == goal_) return end();
    const std::vector<uint8_t> bytes = leaf(log().size());
    const cairn::ByteView view = {bytes.data(), bytes.size()};
    const bool batch = calls_ % 7 == 5;  // three with one commit
    const cairn::ByteView leaves[3] = {view, view, view};
    const auto index = batch ? recorder_.append_batch(leaves, 3) : append_one(view.part(1));
    if (flash_.is_dead()) return;
    if (index.status == cairn::Status::full && medium_->use == Medium::filled) return end();
    demand(index.ok(), [&] { return std::string("append: ") + cairn::status_text(index.status); });
    take_history(leaves_.size());
    demand(index.value < leaves_.size() && leaves_[index.value] == cairn::leaf_hash(view),
           "a record is not what was acknowledged");
    publish();
    clock_.pass(50);
    phase_ = calls_ % 23 == 20 ? Phase::seal : Phase::append;
    ++calls_;
  }

  void seal() {
    cairn::Steps steps;
    cairn::Status status = steps.begin_seal(recorder_);
    if (status == cairn::Status::ok) status = finish(steps);
    if (flash_.is_dead()) return;
    demand(status == cairn::Status::ok || status == cairn::Status::bad_state, "seal");
    take_history(leaves_.size());
    publish();
    phase_ = Phase::append;
  }

  void end() {
    take_history(log().index_min());
    publish();
    phase_ = rested_ ? Phase::finished : Phase::rest;
  }

  // The power goes while nothing happens: half-charged cells may change their mind again.
  void rest() {
    restart();
    rested_ = true;
    calls_ = 0;
    goal_ = 3;
  }

  const cairn::Log& log() const { return recorder_.log(); }

  // Reads the records from `from` on, against what is known of them, and the tree over all.
  void take_history(uint64_t from) {
    demand(log().size() >= durable_, "an acknowledged record is gone");
    demand(from <= leaves_.size(), "records were retired that nobody has seen");
    leaves_.resize(log().size());
    uint8_t buffer[512];
    cairn::Log::Cursor cursor;
    demand(cursor.open(log(), buffer, from) == cairn::Status::ok, "no cursor");
    uint64_t next = from;
    uint32_t boot = 0;
    Batches batches;
    cairn::Log::Cursor::Item item;
    while (cursor.next(item) == cairn::Status::ok) {
      if (item.type != cairn::Log::Cursor::Item::Type::leaf) continue;
      demand(item.index == next, "a record is missing");
      const cairn::Digest hash = cairn::leaf_hash(item.leaf);
      demand(next >= durable_ || leaves_[next] == hash, "a record is not what was acknowledged");
      leaves_[next++] = hash;
      const auto kind = static_cast<cairn::Kind>(item.leaf[0]);
      if (kind == cairn::Kind::close) check_close(item, batches);
      if (kind == cairn::Kind::boot) check_boot(item.leaf, boot);
    }
    demand(next == log().size(), "a record is missing");
    durable_ = next;
    demand(root_at(next) == log().root(), "the tree is not that of the records");
    for (const Head& head : heads_)
      demand(head.size <= next && root_at(head.size) == head.root,
             "a head that left the device is not of this history");
  }

  struct Batches {
    bool any = false;
    uint64_t number = 0;
    uint64_t size = 0;  // that the head of the last one signs
  };

  // Batches count, and each names the head before it.
  void check_close(const cairn::Log::Cursor::Item& item, Batches& batches) const {
    cairn::Close close;
    demand(cairn::decode_close(item.leaf.part(1), close) == cairn::Status::ok, "close record");
    demand(!batches.any || close.batch == batches.number + 1, "batch numbers do not count");
    demand(close.has_previous == (close.batch != 0), "a head has no predecessor");
    cairn::Digest previous{};
    (void)cairn::checkpoint_hash({origin(), batches.size, root_at(batches.size), {}}, previous);
    demand(!batches.any || close.previous == previous, "a batch names another head");
    batches = {true, close.batch, item.index + 1};
  }

  static void check_boot(cairn::ByteView leaf, uint32_t& boot) {
    cairn::Boot record;
    demand(cairn::decode_boot(leaf.part(1), record) == cairn::Status::ok, "boot record");
    demand(record.boot > boot, "boot counter went back");
    boot = record.boot;
  }

  cairn::Digest root_at(uint64_t size) const {
    cairn::Frontier tree;
    for (size_t i = 0; i < size; ++i)
      (void)tree.append(leaves_[i]);
    return tree.root();
  }

  // The newest head leaves the device.
  void publish() {
    const cairn::SignedHead* head = log().head();
    demand(head != nullptr || heads_.empty(), "a signed head is gone");
    if (head == nullptr) return;
    uint8_t note[cairn::signed_checkpoint_bytes_max];
    demand(recorder_.checkpoint(note).ok(), "no checkpoint of a head");
    demand(heads_.empty() || head->size >= heads_.back().size, "a signed head is gone");
    if (!heads_.empty() && head->size == heads_.back().size)
      return demand(head->root == heads_.back().root, "two heads conflict");
    demand(root_at(head->size) == head->root, "a head is not of this history");
    heads_.push_back({head->size, head->root});
  }

  const Medium* medium_;
  fake::FakeFlash flash_;
  uint8_t frame_[256];
  fake::FakeSigner key_;
  fake::FakeClock clock_;
  cairn::Signer signer_{};
  cairn::Platform platform_{};
  cairn::Recorder recorder_;
  Phase phase_ = Phase::start;
  uint32_t calls_ = 0;  // of append, since the power came
  uint32_t goal_ = 40;
  bool rested_ = false;
  // Outside of the device.
  std::vector<cairn::Digest> leaves_;  // hashes of all records that there ever were
  std::vector<Head> heads_;
  uint64_t durable_ = 0;  // records that were acknowledged
  bool created_ = false;
};

}  // namespace powercut
