// What the log costs its flash: exact counts that repeat everywhere, for the test that keeps them,
// the bench that prints them, and the page that shows them.
#pragma once

#include <algorithm>
#include <cairn/recorder.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "support/fake_signer.hpp"

namespace flash_cost {

inline void require(bool condition) {
  if (condition) return;
  std::fprintf(stderr, "flash_cost: a call failed\n");
  std::exit(1);
}

/// What a program call writes, told from its first bytes.
enum Part { records, batches, frontiers, next_frames, headers, part_count };

struct Counts {
  uint64_t payload = 0;     ///< bytes that the application gave
  uint64_t records = 0;     ///< that it appended
  uint64_t programmed = 0;  ///< bytes
  uint64_t programs = 0;    ///< calls
  uint64_t erases = 0;      ///< of segments
  uint64_t parts[part_count] = {};
};

/// A flash in RAM that counts.
class CountingFlash {
 public:
  CountingFlash(uint32_t unit, uint32_t segment_bytes, uint32_t segment_count, uint8_t kind)
      : wear(segment_count), memory_(size_t{segment_bytes} * segment_count, 0xFF) {
    cairn::Flash geometry{};
    geometry.unit_bytes = unit;
    geometry.segment_bytes = segment_bytes;
    geometry.segment_count = segment_count;
    geometry.kind = kind;
    geometry.erased = 0xFF;
    ram_ = {memory_.data(), memory_.size()};
    require(cairn::ram_flash(ram_, geometry, inner_) == cairn::Status::ok);
    flash = inner_;
    flash.user = this;
    flash.read = on_read;
    flash.program = on_program;
    flash.erase = on_erase;
  }
  CountingFlash(const CountingFlash&) = delete;
  CountingFlash& operator=(const CountingFlash&) = delete;

  cairn::Flash flash{};
  Counts counts;
  uint64_t reads = 0, read_bytes = 0;
  std::vector<uint32_t> wear;  ///< erases of each segment

 private:
  static CountingFlash& self(void* user) { return *static_cast<CountingFlash*>(user); }
  static int on_read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size) {
    CountingFlash& f = self(user);
    ++f.reads;
    f.read_bytes += size;
    return f.inner_.read(f.inner_.user, segment, offset, data, size);
  }
  static int on_program(void* user, uint32_t segment, uint32_t offset, const void* data,
                        uint32_t size) {
    CountingFlash& f = self(user);
    static const Part parts[8] = {headers,     records, frontiers, headers,
                                  next_frames, batches, records,   batches};
    const uint8_t* bytes = static_cast<const uint8_t*>(data);
    f.counts.parts[offset == 0 ? headers : parts[bytes[1] >> 5]] += size;
    f.counts.programmed += size;
    ++f.counts.programs;
    return f.inner_.program(f.inner_.user, segment, offset, data, size);
  }
  static int on_erase(void* user, uint32_t segment) {
    CountingFlash& f = self(user);
    ++f.counts.erases;
    ++f.wear[segment];
    return f.inner_.erase(f.inner_.user, segment);
  }

  std::vector<uint8_t> memory_;
  cairn::RamFlash ram_{};
  cairn::Flash inner_{};
};

struct Setting {
  uint32_t unit = 1;
  uint32_t segment_bytes = 65536;
  uint32_t segment_count = 8;
  uint32_t sealed_every = 256;
  size_t group = 1;  ///< records that become durable together
  size_t frame_bytes = 512;
};

constexpr size_t record_bytes = 32;

/// A recorder over such a flash, with a signer that costs nothing.
class Device {
 public:
  explicit Device(const Setting& setting)
      : flash(setting.unit, setting.segment_bytes, setting.segment_count,
              setting.unit == 1 ? CAIRN_FLASH_NOR : CAIRN_FLASH_ONCE),
        setting_(setting),
        frame_(setting.frame_bytes),
        leaf_(1 + record_bytes, 0x40),
        group_(setting.group, cairn::ByteView(leaf_.data(), leaf_.size())) {
    options_.origin = cairn::literal("plant.example/line-1/device-42");
    options_.batch.leaves = setting.sealed_every;
    options_.log.recycle = true;
    options_.log.keep_from = UINT64_MAX;
    require(recorder.create(flash.flash, memory(), options_, platform_, signer_) ==
            cairn::Status::ok);
  }

  void append() {
    clock_.pass(1000);
    if (setting_.group == 1) {
      require(recorder.append(cairn::Kind::opaque, cairn::ByteView(leaf_.data() + 1, record_bytes))
                  .ok());
    } else {
      require(recorder.append_batch(group_.data(), group_.size()).ok());
    }
    flash.counts.records += setting_.group;
    flash.counts.payload += setting_.group * record_bytes;
  }
  void append_until_erases(uint64_t erases) {
    while (flash.counts.erases < erases)
      append();
  }
  cairn::Status mount(cairn::Log& log) {
    cairn::LogOptions options = options_.log;
    options.log_id = cairn::log_id_of(options_.origin);
    return log.mount(flash.flash, memory(), options, platform_);
  }

  CountingFlash flash;
  cairn::Recorder recorder;

 private:
  cairn::LogMemory memory() { return {{frame_.data(), frame_.size()}, nullptr, 0}; }

  Setting setting_;
  std::vector<uint8_t> frame_, leaf_;
  std::vector<cairn::ByteView> group_;
  fake::FakeSigner key_;
  fake::FakeClock clock_;
  cairn::Signer signer_ = key_.signer();
  cairn::Platform platform_ = clock_.platform();
  cairn::RecorderOptions options_;
};

/// Counts over a whole number of segments, in a log that has been through all of them before.
inline Counts measure(const Setting& setting) {
  Device device(setting);
  device.append_until_erases(setting.segment_count + 1);
  const Counts before = device.flash.counts;
  device.append_until_erases(before.erases + 32);
  Counts out = device.flash.counts;
  out.payload -= before.payload;
  out.records -= before.records;
  out.programmed -= before.programmed;
  out.programs -= before.programs;
  out.erases -= before.erases;
  for (size_t i = 0; i < part_count; ++i)
    out.parts[i] -= before.parts[i];
  return out;
}

inline double per_payload(uint64_t bytes, const Counts& counts) {
  return static_cast<double>(bytes) / static_cast<double>(counts.payload);
}

/// Erases of 4 KiB for each MiB of payload, so that nothing but payload would take 256.
inline double erases_per_mib(const Setting& setting, const Counts& counts) {
  const double erased = static_cast<double>(counts.erases) * setting.segment_bytes;
  return erased / 4096 / (static_cast<double>(counts.payload) / (1 << 20));
}

/// The most program calls of any append that neither closes a batch nor begins a segment.
inline uint64_t most_programs(const Setting& setting) {
  Device device(setting);
  uint64_t most = 0;
  while (device.flash.counts.erases < 20) {
    const uint64_t pending = device.recorder.pending();
    const Counts before = device.flash.counts;
    device.append();
    if (device.recorder.pending() != pending + setting.group) continue;
    if (device.flash.counts.erases != before.erases) continue;
    most = std::max(most, device.flash.counts.programs - before.programs);
  }
  return most;
}

struct MountCost {
  uint64_t reads_young = 0;  ///< the most in the first lap
  uint64_t reads_old = 0;    ///< and in a later one
  uint64_t read_bytes = 0;   ///< the most of all
};

/// Mounts at many places: every so many records, through the first lap and the one after `later`.
inline MountCost measure_mount(const Setting& setting, uint32_t later) {
  Device device(setting);
  MountCost out;
  uint64_t number = 0;
  for (const uint32_t lap : {0u, later}) {
    device.append_until_erases(uint64_t{lap} * setting.segment_count + 2);
    while (device.flash.counts.erases < uint64_t{lap + 1} * setting.segment_count) {
      device.append();
      if (++number % 997 != 0) continue;
      cairn::Log log;
      const uint64_t reads = device.flash.reads, bytes = device.flash.read_bytes;
      require(device.mount(log) == cairn::Status::ok && log.size() == device.recorder.log().size());
      uint64_t& most = lap == 0 ? out.reads_young : out.reads_old;
      most = std::max(most, device.flash.reads - reads);
      out.read_bytes = std::max(out.read_bytes, device.flash.read_bytes - bytes);
    }
  }
  return out;
}

/// The most that the erase counts of two segments differ, after seven laps.
inline uint32_t wear_spread(const Setting& setting) {
  Device device(setting);
  device.append_until_erases(7 * setting.segment_count + 3);
  const auto ends = std::minmax_element(device.flash.wear.begin(), device.flash.wear.end());
  return *ends.second - *ends.first;
}

}  // namespace flash_cost
