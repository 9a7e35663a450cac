// The settings of the plug-in: the JSON file that plugins.conf names for it. plug-in.json beside
// this file is an example with every field.
#pragma once

#include <cairn/linux/error.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::openplc {

/// How the bytes of a variable are read; the names are those of IEC 61131-3.
enum class Type : uint8_t { boolean, sint, usint, int_, uint, dint, udint, lint, real, lreal };

/// The size of a variable of this type in bytes.
unsigned size_of(Type type);

/// A variable that is recorded.
struct Variable {
  enum class Area : uint8_t { input, output, memory, program };
  uint32_t channel = 0;  ///< of its readings on the log
  Type type = Type::boolean;
  Area area = Area::input;
  unsigned address = 0;  ///< %IW7: 7. Area::program: the element in the debug map
  unsigned bit = 0;      ///< %IX7.3: 3. Area::program: the array in the debug map
  bool on_change = false;
};

struct Settings {
  std::string log;           ///< folder of the log; empty: nothing is recorded
  uint32_t every_scans = 0;  ///< record all variables so often; 0: only what changes
  std::vector<Variable> variables;
  std::string retain_folder;           ///< empty: this plug-in is not the retain store
  std::string retain_key;              ///< file of the private key that signs retain values
  uint32_t retain_interval_ms = 1000;  ///< at least so long between two writes
  uint32_t retain_channel = 0;         ///< of the version of the retain values on the log; 0: none
};

/// Reads and checks the settings.
///
/// ok        read
/// corrupt   not JSON, or a field is missing, unknown or wrong; the message names it
/// others    as host::read_file()
host::Error read_settings(const std::string& path, Settings& out);

}  // namespace cairn::openplc
