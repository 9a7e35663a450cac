// The inputs of `cairn append`: which one, how it is opened, and how it is checked beforehand.
#pragma once

#include <cairn/linux/source.hpp>
#include <optional>
#include <string>

namespace command {

struct Input {
  std::string csv;
  std::string jsonl;
  std::string lines;
  bool sensors = false;
  std::string delimiter = ",";
  bool no_header = false;
  double interval_s = 1;
  std::optional<uint64_t> count;  ///< rows to take at most
};

/// Opens the one input that is named. Throws when there is none, or several.
std::unique_ptr<cairn::host::Source> open_input(const Input& input);

/// Reads a regular file to its end, so that a fault in it is found before the log is touched.
/// Does nothing for pipes, standard input and sensors. Throws what is wrong.
void check_input(const Input& input);

}  // namespace command
