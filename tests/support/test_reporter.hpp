// A recorder with a reporter, and the gateway that it reports to.
#pragma once

#include <cairn/reporter.hpp>

#include "support/report_gateway.hpp"
#include "support/test_recorder.hpp"

namespace test_reporter {

using test_recorder::Bytes;
using test_recorder::TestRecorder;

class TestReporter {
 public:
  explicit TestReporter(cairn::ReportMode mode = cairn::ReportMode::records,
                        const test_recorder::Medium& medium = test_recorder::roomy(CAIRN_FLASH_NOR))
      : device(medium) {
    options.mode = mode;
    verifier_ = fake::FakeSigner::verifier();
    options.verifiers = {&verifier_, 1};
    gateway.verifiers = options.verifiers;
    gateway.cosigner = witness_.signer();
    options.witness = cairn::note_key(vectors::view(gateway.name), cairn::NoteType::cosignature,
                                      gateway.cosigner.public_key);
    options.leaf = {leaf_.data(), leaf_.size()};
    gateway.log.name = cairn::literal(test_recorder::origin);
    gateway.log.type = cairn::NoteType::ed25519;
    gateway.log.key = gateway.cosigner.public_key;  // fake keys are all alike
  }
  TestReporter(const TestReporter&) = delete;

  cairn::Status create() {
    CAIRN_TRY(device.create());
    return reporter.begin(device.recorder, options);
  }
  cairn::Status open() {
    CAIRN_TRY(device.open());
    return reporter.begin(device.recorder, options);
  }

  /// `count` records and a seal.
  void batch(size_t count, size_t leaf_bytes = 20) {
    REQUIRE(device.append_batch(count, leaf_bytes).ok());
    if (device.recorder.pending() != 0) REQUIRE(device.recorder.seal() == cairn::Status::ok);
  }

  /// The next message; empty at `end` and for every other status, which is then in `status`.
  Bytes next(size_t limit) {
    Bytes out(limit);
    const auto size = reporter.next({out.data(), out.size()});
    status = size.status;
    out.resize(size.ok() ? size.value : 0);
    return out;
  }
  cairn::Status take(const Bytes& answer) { return reporter.take(vectors::view(answer)); }

  /// Messages and answers in turn until there is nothing to send or one of the two fails.
  cairn::Status exchange(size_t limit) {
    for (;;) {
      const Bytes message = next(limit);
      if (status != cairn::Status::ok) return status;
      ++messages;
      message_bytes += message.size();
      const cairn::Status taken = take(gateway.handle(message));
      if (taken != cairn::Status::ok) return taken;
    }
  }

  const cairn::Log& log() const { return device.recorder.log(); }
  uint64_t signed_size() const { return log().head() == nullptr ? 0 : log().head()->size; }
  /// Whether the gateway has the records in front of the newest head, each as it is in the log.
  bool all_records_arrived() {
    const auto leaves = device.leaves();
    size_t found = 0;
    for (const auto& leaf : leaves) {
      const auto record = gateway.stored.records.find(leaf.index);
      if (leaf.index >= gateway.stored.size || record == gateway.stored.records.end()) continue;
      Bytes whole = {static_cast<uint8_t>(leaf.kind)};
      whole.insert(whole.end(), leaf.body.begin(), leaf.body.end());
      if (record->second == whole) ++found;
    }
    return found == gateway.stored.size && found == signed_size();
  }

  TestRecorder device;
  report_gateway::Gateway gateway;
  cairn::ReporterOptions options;
  cairn::Reporter reporter;
  cairn::Status status = cairn::Status::ok;
  size_t messages = 0;
  size_t message_bytes = 0;

 private:
  fake::FakeSigner witness_;
  cairn::Verifier verifier_{};
  Bytes leaf_ = Bytes(1024);
};

}  // namespace test_reporter
