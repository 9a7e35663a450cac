// Rows of a CSV file (RFC 4180, read by libcsv) as samples.
#pragma once

#include <cairn/linux/source.hpp>

namespace cairn::host {

struct CsvOptions {
  char delimiter = ',';
  /// True: the first row names the channels, "name" or "name [unit]". False: every row is data,
  /// and the channels are called column1, column2, ...
  bool header = true;
};

/// Opens a CSV file; `-` is standard input. `platform` gives the records' time and must outlive.
///
/// Quoted fields, line ends inside quotes, LF and CRLF; a UTF-8 byte order mark is skipped. An
/// empty cell gives no reading, an empty row no record. Refused with the line's number: a row with
/// more or fewer cells than the first, bytes that are not UTF-8, a cell over 255 bytes that is not
/// a number, a channel named twice or not at all.
OpenedSource open_csv(const std::string& path, const CsvOptions& options, const Platform& platform);

}  // namespace cairn::host
