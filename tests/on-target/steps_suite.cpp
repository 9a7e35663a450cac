// Bounded work: a device that is given a few units at a time does the same as one that is not.
#include <cairn/steps.hpp>

#include "fixtures.hpp"

using namespace on_target;

namespace {

constexpr uint32_t no_cut = UINT32_MAX;
uint8_t memory[6 * 512];
uint8_t frame[256];
Recorder recorder;
Steps steps;
const Platform none = CAIRN_PLATFORM_INIT;
const Signer signer = hash_signer();

RecorderOptions options() {
  RecorderOptions out;
  out.origin = literal("example.com/press-7");
  out.batch.leaves = 8;
  out.log.recycle = true;
  out.log.keep_from = UINT64_MAX;
  return out;
}

// A recorder's operations, with so many units a step; 0: as plain calls.
struct Device {
  const CutFlash& flash;
  uint32_t budget;

  Status open() {
    if (budget == 0) return recorder.open(flash.flash, {frame}, options(), none, signer);
    return finish(steps.begin_open(recorder, flash.flash, {frame}, options(), none, signer));
  }
  Status append() {
    const ByteView body = literal("213.5 bar");
    if (budget == 0) return recorder.append(Kind::opaque, body).status;
    return finish(steps.begin_append(recorder, Kind::opaque, body));
  }
  Status seal() { return budget == 0 ? recorder.seal() : finish(steps.begin_seal(recorder)); }
  Status maintain() {
    return budget == 0 ? recorder.log().maintain() : finish(steps.begin_maintain(recorder));
  }

 private:
  Status finish(Status begun) const {
    while (begun == Status::ok) {
      uint32_t used = 0;
      const Result<bool> left = steps.step(budget, used);
      TARGET_CHECK(used <= budget);
      if (!left.ok()) return left.status;
      if (!left.value) return Status::ok;
    }
    return begun;
  }
};

// What lies in the flash after a device has recorded, lost its power, and gone on round the ring.
Digest live(uint8_t kind, uint32_t unit, uint32_t cut, uint32_t budget) {
  CutFlash flash(memory, unit, 512, 6, kind);
  Device device{flash, budget};
  steps = {};
  const Status created = recorder.create(flash.flash, {frame}, options(), none, signer);
  TARGET_CHECK(created == Status::ok);
  flash.cut_after = cut;
  for (int i = 0; i < 40 && !flash.dead; ++i)
    static_cast<void>(device.append());
  TARGET_CHECK(flash.dead == (cut != no_cut));
  flash.power_on();
  steps = {};
  TARGET_CHECK(device.open() == Status::ok);
  for (int i = 0; i < 60; ++i)
    TARGET_CHECK(device.append() == Status::ok && device.maintain() == Status::ok);
  if (recorder.pending() == 0) TARGET_CHECK(device.append() == Status::ok);
  TARGET_CHECK(device.seal() == Status::ok);
  TARGET_CHECK(recorder.log().index_min() != 0);
  return sha256({memory, sizeof memory});
}

}  // namespace

TARGET_TEST("a device in steps leaves the same flash, whatever its budget, also behind a cut") {
  const struct {
    uint8_t kind;
    uint32_t unit;
  } media[] = {{CAIRN_FLASH_NOR, 1}, {CAIRN_FLASH_ONCE, 8}};
  const uint32_t cuts[] = {no_cut, 150, 333, 700}, budgets[] = {1, 3, 1000};
  for (const auto& medium : media) {
    for (const uint32_t cut : cuts) {
      const Digest plain = live(medium.kind, medium.unit, cut, 0);
      for (const uint32_t budget : budgets)
        TARGET_CHECK(live(medium.kind, medium.unit, cut, budget) == plain);
    }
  }
}

TARGET_TEST("a step of no units does nothing, and an operation under way keeps others out") {
  CutFlash flash(memory, 1, 512, 6, CAIRN_FLASH_NOR);
  steps = {};
  TARGET_REQUIRE(recorder.create(flash.flash, {frame}, options(), none, signer) == Status::ok);
  TARGET_REQUIRE(recorder.append(Kind::opaque, literal("213.5 bar")).ok());
  const uint64_t size = recorder.log().size();
  TARGET_REQUIRE(steps.begin_append(recorder, Kind::opaque, literal("213.5 bar")) == Status::ok);
  uint32_t used = 1;
  const Digest before = sha256({memory, sizeof memory});
  TARGET_CHECK(steps.step(0, used).ok() && used == 0 && steps.busy());
  TARGET_CHECK(sha256({memory, sizeof memory}) == before);
  TARGET_CHECK(recorder.append(Kind::opaque, literal("1")).status == Status::bad_state);
  TARGET_CHECK(steps.begin_seal(recorder) == Status::bad_state);
  while (steps.busy())
    TARGET_REQUIRE(steps.step(1, used).ok() && used <= 1);
  TARGET_CHECK(recorder.log().size() == size + 1 && steps.index() == size);
}
