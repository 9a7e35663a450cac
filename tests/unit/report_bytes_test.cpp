// What reports take of a link, counted, and compared with the table in docs/measurements.md.
#include <cstdio>
#include <random>

#include "support/test_reporter.hpp"

using namespace cairn;
using namespace test_reporter;

namespace {

constexpr size_t batch_leaves = 256, batches_before = 16, batches = 16;

using MakeLeaf = Bytes (*)(uint64_t number);

// A kind byte and 32 bytes.
Bytes opaque(uint64_t number) {
  return test_log::leaf(number, 33);
}

// Three channels, every 100 ms, that wander about where a number takes a byte more.
Bytes sample(uint64_t number) {
  static std::mt19937 random;
  if (number == 0) random.seed(1);
  static int64_t value[3];
  constexpr int64_t first[] = {60, 3000, 8190};
  Reading readings[3];
  for (uint32_t i = 0; i < 3; ++i) {
    if (number == 0) value[i] = first[i];
    value[i] += static_cast<int64_t>(random() % 41) - 20;
    readings[i].channel = i + 1;
    readings[i].decimal = value[i];
    readings[i].places = 2;
  }
  Bytes out(100);
  out[0] = static_cast<uint8_t>(Kind::sample);
  const WallTime time = {1700000000000 + static_cast<int64_t>(number) * 100,
                         TimeQuality::synchronised};
  const Result<size_t> size = encode_sample(time, readings, 3, {out.data() + 1, 99});
  REQUIRE(size.ok());
  out.resize(1 + size.value);
  return out;
}

struct Tally {
  size_t records = 0, record_bytes = 0, up = 0, up_messages = 0, down = 0;
};

// Batches of a log that has some already, each reported as soon as it is sealed.
Tally count(ReportMode mode, MakeLeaf make_leaf, size_t limit) {
  test_recorder::Medium medium = test_recorder::roomy(CAIRN_FLASH_NOR);
  medium.segment = 65536;
  medium.count = 16;
  TestReporter t(mode, medium);
  t.device.options.batch.leaves = batch_leaves;
  t.gateway.has_beacon = true;
  REQUIRE(t.create() == Status::ok);
  Tally tally;
  for (uint64_t number = 0; t.signed_size() < (batches_before + batches) * batch_leaves; ++number) {
    const bool counts = t.signed_size() >= batches_before * batch_leaves;
    const uint64_t before = t.signed_size();
    const Bytes leaf = make_leaf(number);
    REQUIRE(t.device.recorder.append(static_cast<Kind>(leaf[0]), vectors::view(leaf).part(1)).ok());
    if (counts) tally.record_bytes += leaf.size();
    if (counts) ++tally.records;
    if (t.signed_size() == before) continue;
    for (Bytes message = t.next(limit); t.status == Status::ok; message = t.next(limit)) {
      const Bytes answer = t.gateway.handle(message);
      if (counts) ++tally.up_messages;
      if (counts) tally.up += message.size();
      if (counts) tally.down += answer.size();
      REQUIRE(t.take(answer) == Status::ok);
    }
    REQUIRE(t.status == Status::end);
    REQUIRE(t.reporter.acknowledged() == t.signed_size());
  }
  return tally;
}

std::string row(const char* what, size_t limit, const Tally& tally, bool records_go) {
  const double beyond =
      static_cast<double>(tally.up) - (records_go ? static_cast<double>(tally.record_bytes) : 0);
  char text[200];
  std::snprintf(
      text, sizeof text, "| %s | %zu | %.1f | %.1f | %.2f | %.1f |\n", what, limit,
      static_cast<double>(tally.up_messages) / batches, static_cast<double>(tally.up) / batches,
      beyond / static_cast<double>(tally.records), static_cast<double>(tally.down) / batches);
  return text;
}

}  // namespace

TEST_CASE("bytes on air are those of docs/measurements.md") {
  std::string table =
      "| what goes | link | messages a batch | bytes a batch | bytes a record, beyond the record | "
      "bytes back |\n|---|---|---|---|---|---|\n";
  const size_t limits[] = {51, 115, 222, 1024, 4096, 65536};
  for (const size_t limit : limits)
    table += row("records of 33 bytes", limit, count(ReportMode::records, opaque, limit), true);
  for (const size_t limit : limits)
    table += row("samples", limit, count(ReportMode::records, sample, limit), true);
  for (const size_t limit : {222u, 65536u})
    table += row("hashes", limit, count(ReportMode::hashes, opaque, limit), false);
  for (const size_t limit : {51u, 115u, 222u})
    table += row("heads", limit, count(ReportMode::heads, opaque, limit), false);
  INFO("it should be\n" << table);
  const std::string page =
      vectors::slurp(std::string(CAIRN_TEST_OWN_VECTORS) + "/../../docs/measurements.md");
  CHECK(page.find("\n\n" + table + "\n") != std::string::npos);
}
