#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cairn/linux/file.hpp>
#include <cairn/linux/sensors.hpp>
#include <sstream>

#include "channel_table.hpp"

namespace cairn::host {
namespace {

constexpr size_t text_bytes_max = 1024 * 1024;
constexpr int64_t sector_bytes = 512;  // of /proc/diskstats, whatever the disk's own are

std::string text_of(const std::string& path) {
  std::string text;
  if (!read_file(path, text_bytes_max, text).ok()) return "";
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

// The entries of a folder that begin so, in order.
std::vector<std::string> entries_of(const std::string& folder, const std::string& beginning) {
  std::vector<std::string> names;
  DIR* const stream = opendir(folder.c_str());
  if (stream == nullptr) return names;
  while (const dirent* entry = readdir(stream)) {
    const std::string name = entry->d_name;
    if (name[0] != '.' && name.compare(0, beginning.size(), beginning) == 0) names.push_back(name);
  }
  closedir(stream);
  std::sort(names.begin(), names.end());
  return names;
}

// What the files of /sys/class/hwmon hold: kind of sensor, unit, decimal places of the raw value.
struct HwmonKind {
  const char* beginning;
  const char* unit;
  uint8_t places;
};
constexpr HwmonKind hwmon_kinds[] = {
    {"temp", "degC", 3}, {"in", "V", 3},       {"curr", "A", 3},   {"power", "W", 6},
    {"fan", "rpm", 0},   {"humidity", "%", 3}, {"energy", "J", 6},
};

class SensorSource : public Source {
 public:
  SensorSource(const Platform& platform, std::string root)
      : platform_(platform), root_(std::move(root)) {
    name_ = "sensors";
  }

  Status next(SourceRecord& out) override {
    out.clear();
    out.time = wall_time(platform_);
    sample_load(out);
    sample_memory(out);
    if (out.readings.empty()) {
      return fail(
          Status::io, 0,
          root_ + "/proc/loadavg and " + root_ + "/proc/meminfo cannot be read. Is /proc mounted?");
    }
    sample_thermal(out);
    sample_hwmon(out);
    sample_disks(out);
    sample_network(out);
    return Status::ok;
  }

 private:
  void add(SourceRecord& out, const std::string& heading, Reading reading) {
    reading.channel = table_.number_of(heading, out.channels);
    out.readings.push_back(reading);
  }

  // A raw whole number with its decimal places; nothing when the file holds none.
  void add_number(SourceRecord& out, const std::string& heading, const std::string& text,
                  uint8_t places = 0, int64_t factor = 1) {
    Reading reading = reading_of_text(text);
    if (reading.type != Reading::Type::decimal) return;
    if (__builtin_mul_overflow(reading.decimal, factor, &reading.decimal)) return;
    reading.places = static_cast<uint8_t>(reading.places + places);
    add(out, heading, reading);
  }

  void sample_load(SourceRecord& out) {
    std::istringstream fields(text_of(root_ + "/proc/loadavg"));
    std::string value;
    for (const char* name : {"load.1min", "load.5min", "load.15min"}) {
      if (fields >> value) add_number(out, name, value);
    }
  }

  void sample_memory(SourceRecord& out) {
    std::istringstream lines(text_of(root_ + "/proc/meminfo"));
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream fields(line);
      std::string name;
      std::string value;
      fields >> name >> value;
      if (name == "MemTotal:") add_number(out, "memory.total [KiB]", value);
      if (name == "MemFree:") add_number(out, "memory.free [KiB]", value);
      if (name == "MemAvailable:") add_number(out, "memory.available [KiB]", value);
    }
  }

  void sample_thermal(SourceRecord& out) {
    static const std::string beginning = "thermal_zone";
    const std::string folder = root_ + "/sys/class/thermal";
    for (const std::string& zone : entries_of(folder, beginning)) {
      const std::string type = text_of(folder + "/" + zone + "/type");
      const std::string name = "thermal." + type + "." + zone.substr(beginning.size());
      add_number(out, name + " [degC]", text_of(folder + "/" + zone + "/temp"), 3);
    }
  }

  void sample_hwmon(SourceRecord& out) {
    const std::string folder = root_ + "/sys/class/hwmon";
    for (const std::string& chip : entries_of(folder, "hwmon")) {
      const std::string files = folder + "/" + chip;
      const std::string name = chip + "." + text_of(files + "/name") + ".";
      for (const HwmonKind& kind : hwmon_kinds) {
        for (const std::string& file : entries_of(files, kind.beginning)) {
          static const std::string ending = "_input";
          if (file.size() <= ending.size()) continue;
          const size_t stem = file.size() - ending.size();
          if (file.compare(stem, ending.size(), ending) != 0) continue;
          const std::string heading = name + file.substr(0, stem) + " [" + kind.unit + "]";
          add_number(out, heading, text_of(files + "/" + file), kind.places);
        }
      }
    }
  }

  // Whole disks only: partitions would count the same bytes twice.
  void sample_disks(SourceRecord& out) {
    std::istringstream lines(text_of(root_ + "/proc/diskstats"));
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream fields(line);
      std::string major, minor, name, reads, reads_merged, read, read_ms, writes, writes_merged;
      std::string written;
      fields >> major >> minor >> name >> reads >> reads_merged >> read >> read_ms >> writes >>
          writes_merged >> written;
      if (!fields || name.compare(0, 4, "loop") == 0 || name.compare(0, 3, "ram") == 0) continue;
      if (access((root_ + "/sys/block/" + name).c_str(), F_OK) != 0) continue;
      add_number(out, "disk." + name + ".read [B]", read, 0, sector_bytes);
      add_number(out, "disk." + name + ".written [B]", written, 0, sector_bytes);
    }
  }

  void sample_network(SourceRecord& out) {
    std::istringstream lines(text_of(root_ + "/proc/net/dev"));
    std::string line;
    while (std::getline(lines, line)) {
      const size_t colon = line.find(':');
      if (colon == std::string::npos) continue;
      const std::string name =
          line.substr(line.find_first_not_of(' '), colon - line.find_first_not_of(' '));
      if (name == "lo") continue;
      std::istringstream fields(line.substr(colon + 1));
      std::string received, sent, skipped;
      fields >> received;
      for (int i = 0; i < 7; ++i)
        fields >> skipped;
      fields >> sent;
      add_number(out, "net." + name + ".received [B]", received);
      add_number(out, "net." + name + ".sent [B]", sent);
    }
  }

  const Platform& platform_;
  const std::string root_;
  ChannelTable table_;
};

}  // namespace

OpenedSource open_sensors(const Platform& platform, const std::string& root) {
  auto source = std::make_unique<SensorSource>(platform, root);
  SourceRecord probe;
  if (source->next(probe) != Status::ok) return {source->error(), nullptr};
  return {{}, std::make_unique<SensorSource>(platform, root)};
}

}  // namespace cairn::host
