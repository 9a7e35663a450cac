// One power cut at every operation of a log's life, torn in every style, on every kind of medium.
// After each: mount, check everything that was acknowledged, go on to the end, reboot, check again.
#include <cairn/log.hpp>

#include "support/catch.hpp"
#include "support/fake_flash.hpp"
#include "support/log_model.hpp"

using namespace log_model;

namespace {

std::vector<fake::Tear> tears(const Geometry& geometry) {
  using fake::Tear;
  std::vector<Tear> out;
  if (geometry.kind == CAIRN_FLASH_FILE) {  // the cache decides; several draws
    for (uint32_t draw = 0; draw < 6; ++draw)
      out.push_back({Tear::Extent::none, draw, {}, 0});
    return out;
  }
  for (uint8_t erase : {uint8_t(0), uint8_t(1), uint8_t(2), uint8_t(3), uint8_t(4)})
    out.push_back({Tear::Extent::none, 0, Tear::Unit::garbage, erase});
  out.push_back({Tear::Extent::all, 0, Tear::Unit::garbage, 5});
  const uint32_t units = 160 / geometry.unit + 2;
  for (uint32_t done = 0; done < units && done < 12; ++done) {
    for (const auto extent : {Tear::Extent::in_order, Tear::Extent::random_order}) {
      out.push_back({extent, done, Tear::Unit::garbage, 1});
      if (geometry.kind == CAIRN_FLASH_REWRITABLE) continue;
      out.push_back({extent, done, Tear::Unit::looks_blank, 1});
      if (geometry.kind == CAIRN_FLASH_ONCE)
        out.push_back({extent, done, Tear::Unit::unreadable, 1});
    }
  }
  return out;
}

uint64_t cut_everywhere(const Geometry& geometry, uint64_t total) {
  fake::FakeFlash whole(geometry.unit, geometry.segment, geometry.count, geometry.kind,
                        geometry.erased);
  const fake::FakeFlash fresh = whole;
  Acknowledged uncut;
  live(whole, uncut, total);
  REQUIRE(uncut.size >= total);
  uint64_t states = 0;
  for (uint64_t op = 1; op <= whole.operations; ++op) {
    for (const fake::Tear& tear : tears(geometry)) {
      fake::FakeFlash flash = fresh;
      flash.random.seed(uint32_t(op * 1000 + states));
      Acknowledged known;
      const std::string replay =
          std::string(geometry.name) + " cut " + std::to_string(op) + " tear " + tear.text();
      try {
        flash.cut_at(op, tear);
        live(flash, known, total);
        flash.reboot();
        live(flash, known, total + 3);
        flash.reboot();
        live(flash, known, 0);
        if (!flash.violation.empty()) throw Violation(flash.violation);
      } catch (const Violation& violation) {
        FAIL(replay << ": " << violation.what());
      }
      ++states;
    }
  }
  return states;
}

}  // namespace

TEST_CASE("a cut at every operation in every style loses nothing that was acknowledged") {
  for (const Geometry& geometry : geometries) {
    const uint64_t states = cut_everywhere(geometry, 110);
    INFO(geometry.name << ": " << states << " states");
    CHECK(states > 100);
    std::printf("%s: %llu states\n", geometry.name, static_cast<unsigned long long>(states));
  }
}
