// A TOML file with a schema: whoever reads a value says its type and its range, and what nobody
// asked for is unknown. Every fault names its line, and what to write instead.
#pragma once

#include <cairn/linux/error.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace service {

using cairn::Status;
using cairn::host::Error;

/// What is wrong in a file, found so far.
class ConfigFaults {
 public:
  explicit ConfigFaults(std::string path) : path_(std::move(path)) {}

  /// `line` 0: the file as a whole.
  void add(unsigned line, const std::string& what, const std::string& remedy);
  /// ok, or bad_argument with all of them, one a line: "FILE:LINE: what is wrong. What to do."
  Error error() const;

 private:
  std::string path_;
  std::vector<std::pair<unsigned, std::string>> faults_;
};

/// A table of the file. A value that is missing or wrong reads as `otherwise`; a fault is noted.
class ConfigTable {
 public:
  /// Parses a file's text; `faults` must outlive the table. The table is empty after a syntax
  /// error.
  static ConfigTable parse(const std::string& text, ConfigFaults& faults);
  ConfigTable(ConfigTable&&) noexcept;
  ~ConfigTable();

  std::string text(const std::string& key, const std::string& otherwise);
  /// A text that must be there.
  std::string required_text(const std::string& key, const std::string& example);
  std::string one_of(const std::string& key, const std::vector<std::string>& choices);
  uint64_t number(const std::string& key, uint64_t otherwise, uint64_t least, uint64_t most);
  bool flag(const std::string& key, bool otherwise);
  std::vector<std::string> texts(const std::string& key);
  /// A table; has() of one that is missing is false for every key.
  ConfigTable table(const std::string& key);
  /// "[[key]]": the tables in the order of the file.
  std::vector<ConfigTable> tables(const std::string& key);

  bool has(const std::string& key) const;
  /// Notes a fault at the line of `key`, or of the table when it is not there.
  void fault(const std::string& key, const std::string& what, const std::string& remedy);
  /// Notes the keys that nobody has read as unknown. Call it last.
  void close();

 private:
  struct Inside;
  explicit ConfigTable(std::unique_ptr<Inside> inside);
  std::string name_of(const std::string& key) const;

  std::unique_ptr<Inside> inside_;
};

}  // namespace service
