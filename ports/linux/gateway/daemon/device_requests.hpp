// What devices ask, whichever transport carries it; what they are answered, as HTTP has it.
#pragma once

#include "core.hpp"
#include "http.hpp"

namespace service {

/// A body of c2sp.org/tlog-witness.
HttpAnswer add_checkpoint(Core& core, const std::string& body);
/// A Report message, answered by a ReportAnswer message, whose code is the status too. `log` as of
/// Intake::report().
HttpAnswer take_report(Core& core, const std::string& message, const std::string& log);
/// A signed request to be enrolled: 200 active, 202 pending.
HttpAnswer enrol(Core& core, const std::string& request);

}  // namespace service
