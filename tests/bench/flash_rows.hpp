// The rows of the table "flash": exact counts, each with what is to be reached and what others
// need.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/flash_cost.hpp"

namespace flash_cost {

struct Row {
  std::string name;
  double value;
  std::string unit;
  double limit;  ///< 0: no goal
  std::map<std::string, double> peers;
};

// Of the peers: littlefs 2.11.2 and FlashDB 2.2.0, 32-byte records durable one by one, 4-KiB
// sectors, counted the same way. FlashDB has no check value, no hash and no signature.
inline std::vector<Row> write_rows() {
  struct Case {
    uint32_t unit, sealed_every;
    size_t group;
    double goal;
    std::map<std::string, double> bytes, erases;
  };
  const std::map<std::string, double> none;
  const Case cases[] = {
      {1,
       256,
       1,
       1.25,
       {{"littlefs", 66.2}, {"FlashDB", 1.445}},
       {{"littlefs", 33240}, {"FlashDB", 390}}},
      {1,
       64,
       1,
       1.35,
       {{"littlefs", 66.2}, {"FlashDB", 1.445}},
       {{"littlefs", 33240}, {"FlashDB", 390}}},
      {16, 256, 1, 1.65, {{"FlashDB", 2.655}}, {{"FlashDB", 1130}}},
      {1, 256, 8, 1.15, {{"littlefs", 9.1}}, {{"littlefs", 4379}}},
  };
  std::vector<Row> out;
  for (const Case& c : cases) {
    Setting setting;
    setting.unit = c.unit;
    setting.sealed_every = c.sealed_every;
    setting.group = c.group;
    const Counts counts = measure(setting);
    const std::string name = std::to_string(c.unit) + "-byte units, sealed every " +
                             std::to_string(c.sealed_every) +
                             (c.group == 1 ? "" : ", " + std::to_string(c.group) + " at once");
    const double records_of = static_cast<double>(counts.records);
    out.push_back({"programmed bytes per payload byte, " + name,
                   per_payload(counts.programmed, counts), "B/B", c.goal, c.bytes});
    // The goal is one for memory with small units.
    out.push_back({"erases per MB of payload, " + name, erases_per_mib(setting, counts), "1/MiB",
                   c.unit == 1 ? 310.0 : 0, c.erases});
    out.push_back({"program calls per record, closing and segments included, " + name,
                   static_cast<double>(counts.programs) / records_of, "calls", 0,
                   c.group == 1 && c.unit == 1
                       ? std::map<std::string, double>{{"littlefs", 34}, {"FlashDB", 4.11}}
                       : none});
  }
  return out;
}

inline std::vector<Row> other_rows() {
  std::vector<Row> out;
  Setting setting;
  out.push_back({"program calls per record: of an append itself",
                 static_cast<double>(most_programs(setting)),
                 "calls",
                 1,
                 {{"littlefs", 34}, {"FlashDB", 4.11}}});
  setting.segment_bytes = 4096;
  setting.frame_bytes = 1024;
  for (const uint32_t mib : {1u, 8u}) {
    setting.segment_count = mib * 256;
    const MountCost cost = measure_mount(setting, mib == 1 ? 3 : 1);
    const std::string name = "mount: reads, " + std::to_string(mib) + " MiB of 4-KiB segments";
    const double flashdb = mib == 1 ? 517 : 4101;
    out.push_back({name,
                   static_cast<double>(cost.reads_young),
                   "reads",
                   mib == 1 ? 40.0 : 46.0,
                   {{"FlashDB", flashdb}}});
    out.push_back({name + ", in a later lap",
                   static_cast<double>(cost.reads_old),
                   "reads",
                   mib == 1 ? 40.0 : 46.0,
                   {{"FlashDB", flashdb}}});
  }
  setting = {};
  out.push_back({"erases, most worn segment less least worn, after 7 laps",
                 static_cast<double>(wear_spread(setting)),
                 "erases",
                 1,
                 {}});
  return out;
}

}  // namespace flash_cost
