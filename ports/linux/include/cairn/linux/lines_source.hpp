// Lines of any text or bytes as opaque records.
#pragma once

#include <cairn/linux/source.hpp>

namespace cairn::host {

/// Opens a file of lines; `-` is standard input. A record is a line without its LF (a CR stays);
/// an empty line is an empty record; a last line without LF counts. Bytes need not be UTF-8.
/// Refused with the line's number: a line over the largest record (8189 bytes).
OpenedSource open_lines(const std::string& path, const Platform& platform);

}  // namespace cairn::host
