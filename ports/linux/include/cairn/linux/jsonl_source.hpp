// JSON Lines (one object a line, read by nlohmann-json) as samples.
#pragma once

#include <cairn/linux/source.hpp>

namespace cairn::host {

/// Opens a JSON Lines file; `-` is standard input. `platform` gives the records' time.
///
/// Each key of an object is a channel, "name" or "name [unit]"; new ones may turn up on any line.
/// Numbers become readings as reading_of_text() says; null gives no reading; an empty line no
/// record. Refused with the line's number: anything that is not one
/// object of plain values (nested ones: flatten them), a key given twice, a text over 255 bytes, a
/// line over 1 MiB.
OpenedSource open_jsonl(const std::string& path, const Platform& platform);

}  // namespace cairn::host
