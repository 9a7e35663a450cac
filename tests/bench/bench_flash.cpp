// What the log costs its flash: counts that repeat exactly, on every machine.
#include "bench/bench.hpp"
#include "bench/flash_rows.hpp"

int main(int argc, char** argv) {
  bench::Report report("flash", argc, argv);
  if (!report.usable()) return 2;
  for (const auto& rows : {flash_cost::write_rows(), flash_cost::other_rows()})
    for (const flash_cost::Row& row : rows)
      report.row(row.name, row.value, row.unit, row.limit, row.peers);
  report.row("RAM: Log, Frontier of 2^" + std::to_string(cairn::Frontier::max_levels) + " included",
             sizeof(cairn::Log), "B", 0, {{"littlefs", 472}, {"FlashDB", 160}});
  report.row("RAM: Recorder, Log included", sizeof(cairn::Recorder), "B", 0);
  return report.finish();
}
