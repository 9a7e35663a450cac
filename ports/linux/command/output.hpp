// What a verb says: plain lines for people, or JSON with --json. Never both.
#pragma once

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "failure.hpp"

namespace command {

using Json = nlohmann::ordered_json;

class Output {
 public:
  bool json = false;  ///< bound to --json

  /// One line for people; nothing under --json.
  void line(const std::string& text) const;
  /// "  name          value", aligned.
  void field(const std::string& name, const std::string& value) const;
  /// Text as it is, without a line end; nothing under --json.
  void raw(const std::string& text) const;
  /// One object, one line; nothing without --json.
  void object(const Json& value) const;
  /// Everything written so far has reached whoever reads.
  void flush() const;
  /// A failure: to standard error, and under --json to standard output as well.
  void failure(const std::string& verb, const Failure& failure) const;
};

/// A line to standard error that is no failure.
void remark(const std::string& text);

}  // namespace command
