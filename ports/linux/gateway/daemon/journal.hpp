// What the service writes about itself: one event a line, as key=value or as JSON, to standard
// error, where systemd's journal takes it. Values are escaped, so nobody writes lines of his own.
#pragma once

#include <cairn/linux/error.hpp>
#include <string>
#include <utility>
#include <vector>

namespace service {

enum class Severity { debug, info, warning, error };

using Fields = std::vector<std::pair<std::string, std::string>>;

/// From which severity on, and in which format ("text" or "json"). May be called again.
void set_journal(const std::string& level, const std::string& format);

/// Writes an event, named like "checkpoint.cosigned". Any thread may call it.
void report(Severity severity, const std::string& event, const Fields& fields = {});

/// Writes a failed call: its status and message.
void report_error(const std::string& event, const cairn::host::Error& error, Fields fields = {});

}  // namespace service
