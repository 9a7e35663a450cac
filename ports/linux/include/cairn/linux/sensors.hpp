// This machine's own sensors as a source: real readings without any extra hardware.
#pragma once

#include <cairn/linux/source.hpp>

namespace cairn::host {

/// Opens the machine's sensors. Each call of next() samples all of them now and never ends: the
/// caller paces it and stops. Load and memory are always there; what else there is depends on the
/// machine (a virtual one often has no thermal sensors):
///
///   load.1min load.5min load.15min                       /proc/loadavg
///   memory.total memory.free memory.available [KiB]      /proc/meminfo
///   thermal.TYPE.N [degC]                                /sys/class/thermal
///   hwmonN.CHIP.SENSOR [degC, V, A, W, J, rpm or %]      /sys/class/hwmon
///   disk.NAME.read disk.NAME.written [B]                 /proc/diskstats, whole disks
///   net.NAME.received net.NAME.sent [B]                  /proc/net/dev, without lo
///
/// Values are exact: what the kernel counts in thousandths has three decimal places.
/// `root` is put in front of these paths. io: not even load and memory can be read.
OpenedSource open_sensors(const Platform& platform, const std::string& root = "");

}  // namespace cairn::host
