// Prints the names of the rows that docs/performance.md shows.
#include <cstdio>

#include "bench/lines.hpp"

int main() {
  for (const auto& lines : {bench::append_lines(), bench::proof_lines(), bench::durable_lines(),
                            bench::gateway_lines(), bench::sign_lines(), bench::evidence_lines()})
    for (const bench::Line& line : lines)
      std::printf("%s\n", line.name.c_str());
}
