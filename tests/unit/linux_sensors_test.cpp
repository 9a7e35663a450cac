// The machine's own sensors, and those of a machine made of files.
#include <cairn/linux/platform.hpp>
#include <cairn/linux/sensors.hpp>
#include <map>
#include <set>

#include "support/sources.hpp"

using namespace cairn;
using namespace cairn::host;
using namespace host_tests;

namespace {

void put(const TemporaryFolder& root, const std::string& path, const std::string& text) {
  const std::filesystem::path file = root / path;
  std::filesystem::create_directories(file.parent_path());
  write(file.string(), text);
}

// "name [unit]" -> value, of one sample.
std::map<std::string, std::string> sample(Source& source,
                                          std::map<uint32_t, std::string>& headings) {
  SourceRecord record;
  REQUIRE(source.next(record) == Status::ok);
  for (const NewChannel& channel : record.channels)
    headings[channel.number] = channel.name + " [" + channel.unit + "]";
  std::map<std::string, std::string> out;
  for (const Reading& reading : record.readings) {
    SourceRecord one;
    one.readings = {reading};
    const std::string text = text_of(one);
    out[headings.at(reading.channel)] = text.substr(text.find('=') + 1);
  }
  CHECK(record.kind == Kind::sample);
  CHECK(record.time.unix_ms > 1600000000000);
  return out;
}

}  // namespace

TEST_CASE("This machine has load and memory at least, and they change or stay, but are read") {
  OpenedSource opened = open_sensors(linux_platform());
  REQUIRE(opened.source != nullptr);
  std::map<uint32_t, std::string> headings;
  const auto first = sample(*opened.source, headings);
  for (const char* name : {"load.1min []", "load.5min []", "load.15min []", "memory.total [KiB]",
                           "memory.free [KiB]"}) {
    CAPTURE(name);
    CHECK(first.count(name) == 1);
  }
  const size_t count = headings.size();
  CHECK(count >= 5);
  const auto second = sample(*opened.source, headings);
  CHECK(second.at("memory.total [KiB]") == first.at("memory.total [KiB]"));
}

TEST_CASE("Sensors of every kind are read with their exact values and units") {
  const TemporaryFolder root;
  put(root, "proc/loadavg", "0.52 1.08 12.59 1/123 456\n");
  put(root, "proc/meminfo",
      "MemTotal:  24684092 kB\nMemFree: 22897208 kB\nMemAvailable:  23543076 kB\nBuffers: 1 kB\n");
  put(root, "proc/diskstats",
      "   7       0 loop0 1 2 3 4 5 6 7 8 9 10 11\n"
      " 259       0 nvme0n1 100 0 2048 7 50 0 4096 8 0 0 0 0 0 0 0 0 0\n"
      " 259       1 nvme0n1p1 99 0 2000 7 49 0 4000 8 0 0 0 0 0 0 0 0 0\n"
      " 1 0 ram0 1 2 3 4 5 6 7 8 9 10 11\n"
      "broken\n");
  put(root, "sys/block/nvme0n1/size", "1\n");
  put(root, "sys/block/loop0/size", "1\n");
  put(root, "proc/net/dev",
      "Inter-|   Receive |  Transmit\n face |bytes packets errs drop fifo frame compressed "
      "multicast|bytes packets errs drop fifo colls carrier compressed\n"
      "    lo:    3267      29    0    0    0     0          0         0     3267      29    0    "
      "0    "
      "0     0       0          0\n"
      "  eth0:360370912   10180    0    0    0     0          0         0   585898    7766    0    "
      "0  "
      "  0     0       0          0\n");
  put(root, "sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
  put(root, "sys/class/thermal/thermal_zone0/temp", "45500\n");
  put(root, "sys/class/thermal/thermal_zone1/type", "acpitz\n");
  put(root, "sys/class/thermal/cooling_device0/type", "Fan\n");
  put(root, "sys/class/hwmon/hwmon2/name", "nct6775\n");
  put(root, "sys/class/hwmon/hwmon2/temp1_input", "-5000\n");
  put(root, "sys/class/hwmon/hwmon2/temp1_max", "90000\n");
  put(root, "sys/class/hwmon/hwmon2/in0_input", "1024\n");
  put(root, "sys/class/hwmon/hwmon2/fan2_input", "1204\n");
  put(root, "sys/class/hwmon/hwmon2/curr1_input", "250\n");
  put(root, "sys/class/hwmon/hwmon2/power1_input", "1500000\n");
  put(root, "sys/class/hwmon/hwmon2/energy1_input", "7\n");
  put(root, "sys/class/hwmon/hwmon2/humidity1_input", "40100\n");
  put(root, "sys/class/hwmon/hwmon2/intrusion0_input", "garbage\n");

  OpenedSource opened = open_sensors(linux_platform(), root.path());
  REQUIRE(opened.source != nullptr);
  std::map<uint32_t, std::string> headings;
  const std::map<std::string, std::string> expected = {
      {"load.1min []", "52e-2"},
      {"load.5min []", "108e-2"},
      {"load.15min []", "1259e-2"},
      {"memory.total [KiB]", "24684092"},
      {"memory.free [KiB]", "22897208"},
      {"memory.available [KiB]", "23543076"},
      {"disk.nvme0n1.read [B]", "1048576"},
      {"disk.nvme0n1.written [B]", "2097152"},
      {"net.eth0.received [B]", "360370912"},
      {"net.eth0.sent [B]", "585898"},
      {"thermal.x86_pkg_temp.0 [degC]", "45500e-3"},
      {"hwmon2.nct6775.temp1 [degC]", "-5000e-3"},
      {"hwmon2.nct6775.in0 [V]", "1024e-3"},
      {"hwmon2.nct6775.fan2 [rpm]", "1204"},
      {"hwmon2.nct6775.curr1 [A]", "250e-3"},
      {"hwmon2.nct6775.power1 [W]", "1500000e-6"},
      {"hwmon2.nct6775.energy1 [J]", "7e-6"},
      {"hwmon2.nct6775.humidity1 [%]", "40100e-3"},
  };
  CHECK(sample(*opened.source, headings) == expected);

  // A sensor that turns up later is a new channel; one that is gone gives no reading.
  const size_t count = headings.size();
  put(root, "sys/class/thermal/thermal_zone1/temp", "30000\n");
  REQUIRE(unlink((root / "proc/net/dev").c_str()) == 0);
  const auto later = sample(*opened.source, headings);
  CHECK(headings.size() == count + 1);
  CHECK(later.at("thermal.acpitz.1 [degC]") == "30000e-3");
  CHECK(later.count("net.eth0.sent [B]") == 0);
}

TEST_CASE("A machine that gives nothing is an error") {
  const TemporaryFolder root;
  const OpenedSource opened = open_sensors(linux_platform(), root.path());
  CHECK(opened.source == nullptr);
  CHECK(opened.error.status == Status::io);
  CHECK(mentions(opened.error.message, {"/proc/loadavg", "mounted"}));
  put(root, "proc/loadavg", "garbage\n");
  put(root, "proc/meminfo", "MemTotal:\n");
  CHECK(open_sensors(linux_platform(), root.path()).error.status == Status::io);
}
