// Prints the tables of docs/footprint.md.
#include <cstdio>

#include "bench/flash_rows.hpp"

namespace {

std::string number(double value) {
  char out[32];
  std::snprintf(out, sizeof out,
                value == static_cast<double>(static_cast<long>(value)) ? "%.0f"
                : value < 100                                          ? "%.3f"
                                                                       : "%.1f",
                value);
  return out;
}

void print(const std::vector<flash_cost::Row>& rows) {
  std::printf("| what | cairn | goal | littlefs | FlashDB |\n|---|---|---|---|---|\n");
  for (const flash_cost::Row& row : rows) {
    std::string goal;
    if (row.limit != 0)
      goal = "≤ " + number(row.limit) + (row.value <= row.limit ? ": met" : ": not met");
    std::printf("| %s | %s %s | %s |", row.name.c_str(), number(row.value).c_str(),
                row.unit.c_str(), goal.c_str());
    for (const char* peer : {"littlefs", "FlashDB"}) {
      const auto of = row.peers.find(peer);
      std::printf(" %s |", of == row.peers.end() ? "" : number(of->second).c_str());
    }
    std::printf("\n");
  }
  std::printf("\n");
}

// Where the bytes go, for each byte of payload.
void print_parts() {
  std::printf(
      "| sealed every | records, their overhead | close records | heads and frontiers "
      "| NEXT, headers | together |\n|---|---|---|---|---|---|\n");
  for (const uint32_t sealed_every : {256u, 64u}) {
    flash_cost::Setting setting;
    setting.sealed_every = sealed_every;
    const flash_cost::Counts counts = flash_cost::measure(setting);
    const auto share = [&](uint64_t bytes) {
      return number(flash_cost::per_payload(bytes, counts));
    };
    const uint64_t own = counts.records * (flash_cost::record_bytes + 7);
    const uint64_t rest = counts.parts[flash_cost::next_frames] + counts.parts[flash_cost::headers];
    std::printf("| %u | %s | %s | %s | %s | %s |\n", sealed_every, share(own).c_str(),
                share(counts.parts[flash_cost::records] - own).c_str(),
                share(counts.parts[flash_cost::frontiers]).c_str(), share(rest).c_str(),
                share(counts.programmed).c_str());
  }
}

}  // namespace

int main() {
  print(flash_cost::write_rows());
  print(flash_cost::other_rows());
  print_parts();
}
