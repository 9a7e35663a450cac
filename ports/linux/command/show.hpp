// The parts of `cairn show`: one function for each kind of thing.
#pragma once

#include <optional>
#include <string>

#include "output.hpp"

namespace command {

struct ShowLog {
  std::string path;
  bool records = false;
  std::optional<uint64_t> from;
  std::optional<uint64_t> to;
};

/// A log's summary, or its records.
void show_log(const ShowLog& what, const Output& output);

/// Any file that cairn reads or writes: finds out what it is. Throws when it is none of them.
void show_file(const std::string& path, const Output& output);

}  // namespace command
