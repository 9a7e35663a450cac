// usage: powercut [--depth N] [--first N] [--every N] [--ends] [--at PLACE[,PLACE]] MEDIUM...
//        powercut --replay CASE
//
// Cuts the power in every way that a log on these media can meet: N cuts one behind the other (1).
// `all` stands for every medium of logs, `small` for the small ones, `recorders` for those of
// recorders. Ends with 0 when all is well, with 1
// and the case's replay string when not, with 2 for wrong arguments.
//
//   --first N   of the first cuts, try each Nth
//   --every N   of those behind it, try each Nth
//   --ends      in long writes, only cut at the first and last places and in the middle
//   --at        where the first cut is made, the second, ...: any, slots (NEXT), erase
#include <chrono>
#include <cstdlib>

#include "worlds.hpp"

namespace {

using namespace powercut;

bool is_at(const std::string& place, const Medium& medium, const fake::Operation& operation) {
  if (place == "erase") return operation.kind == fake::Operation::Kind::erase;
  if (place != "slots") return true;
  const fake::FlashGuard guard(medium.unit, medium.segment, medium.count, medium.erased);
  return operation.kind == fake::Operation::Kind::program && operation.offset >= guard.frames_end();
}

template <typename World>
bool explore(const std::string& name, const World& world, Plan plan,
             const std::vector<std::string>& places) {
  if (!places.empty())
    plan.wanted = [&, medium = &world.medium()](unsigned before, const fake::Operation& operation) {
      return before >= places.size() || is_at(places[before], *medium, operation);
    };
  const auto begin = std::chrono::steady_clock::now();
  Explorer<World> explorer(name, world, plan);
  const bool passed = explorer.run();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  const Counts& counts = explorer.counts();
  std::printf("%s: %llu operations, %llu cases, %llu states, %.1f s\n", name.c_str(),
              static_cast<unsigned long long>(counts.operations),
              static_cast<unsigned long long>(counts.cases),
              static_cast<unsigned long long>(counts.states), time.count());
  if (!passed)
    std::printf("violation: %s\nreplay: %s\n", explorer.failure().what.c_str(),
                explorer.failure().replay.c_str());
  std::fflush(stdout);
  return passed;
}

int replay_one(const std::string& text) {
  const std::string violation = replay_case(text);
  if (violation == "no such case") {
    std::printf("no such case\n");
    return 2;
  }
  if (violation.empty()) {
    std::printf("all is well\n");
    return 0;
  }
  std::printf("violation: %s\nreplay: %s\n", violation.c_str(), text.c_str());
  return 1;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  size_t begin = 0;
  for (size_t end; (end = text.find(',', begin)) != std::string::npos; begin = end + 1)
    out.push_back(text.substr(begin, end - begin));
  out.push_back(text.substr(begin));
  return out;
}

void add_names(const std::string& argument, std::vector<std::string>& names) {
  const bool recorders = argument == "recorders";
  if (!recorders && argument != "all" && argument != "small") return names.push_back(argument);
  for (const Medium& medium : recorders           ? recorder_media()
                              : argument == "all" ? media()
                                                  : small_media())
    names.push_back(medium.name);
}

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  std::vector<std::string> names, places;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (argument == "--replay") return replay_one(value);
    if (argument == "--ends") {
      plan.ends = true;
    } else if (argument == "--at") {
      places = split(value);
      ++i;
    } else if (argument == "--depth" || argument == "--first" || argument == "--every") {
      const unsigned long number = std::strtoul(value.c_str(), nullptr, 10);
      if (number == 0) return 2;
      if (argument == "--depth") plan.cuts = unsigned(number);
      if (argument == "--first") plan.first = number;
      if (argument == "--every") plan.every = number;
      ++i;
    } else {
      add_names(argument, names);
    }
  }
  if (names.empty()) return 2;
  bool passed = true;
  for (const std::string& name : names) {
    const bool found = with_world(
        name, [&](const auto& world) { passed = explore(name, world, plan, places) && passed; });
    if (found) continue;
    std::printf("no medium %s\n", name.c_str());
    return 2;
  }
  return passed ? 0 : 1;
}
