// One power cut at every operation of a recorder's life, torn in every style at every unit, and two
// in a sample. Nothing acknowledged is lost, every head that left the device belongs to the one
// history that the log has in the end, batches and boots keep counting, and every close record
// names the head before it.
//
// A failure prints a replay string: `powercut --replay STRING` lives that case alone.
#include "support/catch.hpp"
#include "worlds.hpp"

#ifndef CAIRN_POWERCUT_FIRST
#define CAIRN_POWERCUT_FIRST 1
#endif

using namespace powercut;

namespace {

void cut(const Plan& plan, uint64_t cases_at_least) {
  for (const Medium& medium : recorder_media()) {
    Explorer<RecorderWorld> explorer(medium.name, RecorderWorld(medium), plan);
    if (!explorer.run())
      FAIL(explorer.failure().what << "\npowercut --replay " << explorer.failure().replay);
    const Counts& counts = explorer.counts();
    std::printf("%s: %llu operations, %llu cases, %llu states\n", medium.name,
                static_cast<unsigned long long>(counts.operations),
                static_cast<unsigned long long>(counts.cases),
                static_cast<unsigned long long>(counts.states));
    CHECK(counts.operations > 50);
    CHECK(counts.cases * CAIRN_POWERCUT_FIRST > cases_at_least);
  }
}

}  // namespace

TEST_CASE("a recorder cut anywhere never signs two histories and loses nothing acknowledged") {
  Plan plan;
  plan.first = CAIRN_POWERCUT_FIRST;
  cut(plan, 500);
}

TEST_CASE("a recorder that is cut twice never signs two histories: a sample") {
  Plan plan;
  plan.cuts = 2;
  plan.ends = true;
  plan.first = 61;
  plan.every = 23;
  cut(plan, 100 * CAIRN_POWERCUT_FIRST);
}

TEST_CASE("a recorder's life has batches, and goes round the ring where there is one") {
  for (const Medium& medium : recorder_media()) {
    INFO(medium.name);
    RecorderWorld world(medium);
    while (!world.is_finished())
      world.step(nullptr);
    CHECK(world.head_count() > 5);
    CHECK((world.index_min() != 0) == (medium.use == Medium::recycled));
  }
}
