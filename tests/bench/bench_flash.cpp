// What the log costs its flash: counts that repeat exactly, on every machine.
#include "bench/bench.hpp"
#include "bench/flash_rows.hpp"

int main(int argc, char** argv) {
  std::vector<flash_cost::Row> rows = flash_cost::write_rows();
  for (flash_cost::Row& row : flash_cost::other_rows())
    rows.push_back(std::move(row));
  rows.push_back(
      {"RAM: Log, Frontier of 2^" + std::to_string(cairn::Frontier::max_levels) + " included",
       sizeof(cairn::Log),
       "B",
       0,
       {{"littlefs", 472}, {"FlashDB", 160}}});
  rows.push_back({"RAM: Recorder, Log included", sizeof(cairn::Recorder), "B", 0, {}});
  std::vector<bench::Line> lines;
  for (const flash_cost::Row& row : rows)
    lines.push_back(
        {row.name, row.unit, row.limit == 0 ? bench::Goal{} : bench::at_most(row.limit)});
  const std::pair<const char*, const char*> shown[] = {{"power cuts", "ctest -L powercut shows it"},
                                                       {"bit rot", "ctest -L rot shows it"},
                                                       {"mutants", "ctest -L powercut shows it"}};
  for (const auto& [name, where] : shown)
    lines.push_back({name, "", bench::by_tests()});
  bench::Report report("flash", lines, argc, argv);
  for (const flash_cost::Row& row : rows)
    report.row(row.name, row.value, row.peers);
  for (const auto& [name, where] : shown)
    report.missing(name, where);
  return report.finish();
}
