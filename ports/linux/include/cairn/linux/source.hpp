// Where readings come from: files of several kinds, standard input, this machine's sensors.
//
// A source gives one record at a time and holds one at a time, however long its input is.
#pragma once

#include <cairn/leaf.hpp>
#include <cairn/linux/error.hpp>
#include <deque>
#include <memory>
#include <vector>

namespace cairn::host {

/// A channel that a source met for the first time. Numbers count from 1 in the order of meeting.
struct NewChannel {
  uint32_t number = 0;
  std::string name;
  std::string unit;
};

/// One record of a source: a sample (its readings), or opaque bytes.
struct SourceRecord {
  Kind kind = Kind::sample;          ///< sample or opaque
  std::vector<NewChannel> channels;  ///< to be declared in front of this record; mostly empty
  std::vector<Reading> readings;     ///< texts point into `texts`
  std::deque<std::string> texts;
  std::string opaque;
  WallTime time;      ///< when the record was taken in
  uint64_t line = 0;  ///< where it began in the input, from 1; 0: not a file

  void clear();
};

class Source {
 public:
  virtual ~Source() = default;

  /// Gives the next record in `out`, whose memory is used again.
  ///
  /// ok           a record
  /// end          no more; error() is ok
  /// corrupt, bad_argument, unsupported, io  error() has the file, the line and the reason. The
  ///              records given before stand; the source ends here.
  virtual Status next(SourceRecord& out) = 0;

  /// Why next() failed.
  const Error& error() const { return error_; }
  /// The file's name for messages: its path, "standard input", "sensors".
  const std::string& name() const { return name_; }
  /// For progress: bytes taken in, and how many there are (0: not known).
  uint64_t bytes_read() const { return bytes_read_; }
  uint64_t bytes_total() const { return bytes_total_; }

 protected:
  /// Keeps the error, with name and line in front of `what`; returns its status.
  Status fail(Status status, uint64_t line, const std::string& what);

  std::string name_;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_total_ = 0;
  Error error_;
};

/// Result of opening a source: either the source or why there is none.
struct OpenedSource {
  Error error;
  std::unique_ptr<Source> source;
};

/// The value of a text as a Reading (channel 0), in the first of these forms that loses nothing:
///
/// decimal  a number without exponent that fits 63 bits with at most 18 places: 12, -0.50, +3
/// real     any other finite number with a point or an exponent: 1e-9, 3.14159265358979323846
/// flag     true or false, in any case
/// text     everything else, and whole numbers that are names in truth: 007, or over 63 bits. The
///          Reading keeps a view of `text`.
Reading reading_of_text(const std::string& text);

}  // namespace cairn::host
