// What stands in front of a report's content. The reporter puts it there when it knows how much
// content there is.
#pragma once

#include "cairn/report.hpp"

namespace cairn::wire {

/// Writes everything of a report but the bytes of its content, of which there will be
/// `content_bytes`: looks at the other fields only. Without memory it counts.
///
/// bad_argument: fields that do not go together, whatever the content is. full.
Result<size_t> encode_report_head(const Report& report, size_t content_bytes, MutableBytes out);

}  // namespace cairn::wire
