#include <csv.h>

#include <cairn/linux/csv_source.hpp>
#include <deque>

#include "channel_table.hpp"
#include "input.hpp"

namespace cairn::host {
namespace {

// A quote that is never closed would take in the rest of the file.
constexpr size_t cell_bytes_max = 64 * 1024;

struct Cell {
  bool present = false;  ///< false: nothing between two delimiters
  std::string text;
};

struct Row {
  uint64_t line = 0;
  std::vector<Cell> cells;
};

// libcsv with its callbacks turned into rows that know their line.
class CsvRows {
 public:
  explicit CsvRows(char delimiter) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_EMPTY_IS_NULL);
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
  }
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;
  ~CsvRows() { csv_free(&parser_); }

  /// False when the bytes are not CSV; problem() says why. The rows before it are in rows().
  bool feed(ByteView bytes) {
    if (csv_parse(&parser_, bytes.data, bytes.size, on_cell, on_row, this) != bytes.size) {
      problem_ =
          "a quote stands inside an unquoted cell, or text behind a closing quote. Quote the "
          "whole cell, and double the quotes in it.";
    } else if (parser_.entry_pos > cell_bytes_max) {
      problem_ = "a cell is longer than " + std::to_string(cell_bytes_max) +
                 " bytes. Is its closing quote missing?";
    }
    return problem_.empty();
  }
  bool finish() {
    if (csv_fini(&parser_, on_cell, on_row, this) != 0) {
      problem_ = "the input ends inside a quoted cell.";
    }
    return problem_.empty();
  }

  std::deque<Row>& rows() { return rows_; }
  const std::string& problem() const { return problem_; }
  /// Line on which the unfinished row began.
  uint64_t line() const { return row_.line; }

 private:
  static void on_cell(void* text, size_t size, void* user) {
    CsvRows& self = *static_cast<CsvRows*>(user);
    Cell cell;
    cell.present = text != nullptr;
    if (text != nullptr) cell.text.assign(static_cast<const char*>(text), size);
    for (const char c : cell.text)
      self.lines_inside_ += c == '\n' ? 1 : 0;
    self.row_.cells.push_back(std::move(cell));
  }

  // CR LF arrives as two ends of line, of which the second belongs to the first.
  static void on_row(int end, void* user) {
    CsvRows& self = *static_cast<CsvRows*>(user);
    const bool second_half = end == '\n' && self.last_end_ == '\r' && self.row_.cells.empty();
    self.last_end_ = end;
    if (second_half) return;
    const uint64_t next_line = self.row_.line + self.lines_inside_ + 1;
    if (!self.row_.cells.empty()) self.rows_.push_back(std::move(self.row_));
    self.row_ = {next_line, {}};
    self.lines_inside_ = 0;
  }

  csv_parser parser_{};
  std::deque<Row> rows_;
  Row row_{1, {}};
  uint64_t lines_inside_ = 0;
  int last_end_ = 0;
  std::string problem_;
};

class CsvSource : public Source {
 public:
  CsvSource(const CsvOptions& options, const Platform& platform)
      : options_(options), platform_(platform), rows_(options.delimiter) {}

  Error open(const std::string& path) {
    const Error error = input_.open(path);
    name_ = input_.name();
    bytes_total_ = input_.bytes_total();
    return error;
  }

  Status next(SourceRecord& out) override {
    out.clear();
    if (!error_.ok()) return error_.status;
    if (columns_.empty()) {
      const Status status = read_columns();
      if (status != Status::ok) return status;
    }
    const Status status = next_row();
    if (status != Status::ok) return status;
    out.time = wall_time(platform_);
    out.line = row_.line;
    return read_cells(out);
  }

 private:
  // Puts the next row into row_.
  Status next_row() {
    while (rows_.rows().empty()) {
      if (!rows_.problem().empty()) return fail(Status::corrupt, rows_.line(), rows_.problem());
      if (at_end_) return Status::end;
      const Status status = input_.read();
      bytes_read_ = input_.bytes_read();
      at_end_ = status == Status::end;
      if (at_end_) {
        rows_.finish();
      } else if (status != Status::ok) {
        error_ = input_.error();
        return status;
      } else {
        rows_.feed(without_mark(input_.data()));
      }
    }
    row_ = std::move(rows_.rows().front());
    rows_.rows().pop_front();
    return Status::ok;
  }

  // A byte order mark in front of the first name is not part of it.
  ByteView without_mark(ByteView bytes) {
    const bool marked = at_start_ && equal(bytes.part(0, 3), literal("\xEF\xBB\xBF"));
    at_start_ = false;
    return marked ? bytes.part(3) : bytes;
  }

  // Names the columns: from the first row, which is otherwise kept for read_cells().
  Status read_columns() {
    const Status status = next_row();
    if (status != Status::ok) return status;
    for (size_t i = 0; i < row_.cells.size(); ++i) {
      const std::string name =
          options_.header ? row_.cells[i].text : "column" + std::to_string(i + 1);
      if (const Status named = add_column(name); named != Status::ok) return named;
    }
    if (!options_.header) rows_.rows().push_front(std::move(row_));
    return Status::ok;
  }

  Status add_column(const std::string& heading) {
    const std::string number = std::to_string(columns_.size() + 1);
    if (heading.empty()) {
      return fail(Status::corrupt, row_.line, "column " + number + " has no name.");
    }
    if (!is_utf8(heading)) {
      return fail(Status::corrupt, row_.line,
                  "the name of column " + number + " is not UTF-8. Convert the file (iconv).");
    }
    if (heading.size() > channel_text_bytes_max) {
      return fail(Status::corrupt, row_.line,
                  "the name of column " + number +
                      " is longer than 255 bytes. Is this a CSV file "
                      "with that delimiter?");
    }
    std::vector<NewChannel> added;
    table_.number_of(heading, added);
    if (added.empty()) {
      return fail(Status::corrupt, row_.line, "two columns are called '" + heading + "'.");
    }
    columns_.push_back(heading);
    undeclared_.push_back(std::move(added.front()));
    return Status::ok;
  }

  Status read_cells(SourceRecord& out) {
    if (row_.cells.size() != columns_.size()) {
      return fail(Status::corrupt, row_.line,
                  "a row of " + std::to_string(row_.cells.size()) + " cells, where the first has " +
                      std::to_string(columns_.size()) + ".");
    }
    out.channels.swap(undeclared_);
    for (size_t i = 0; i < row_.cells.size(); ++i) {
      if (!row_.cells[i].present) continue;
      out.texts.push_back(std::move(row_.cells[i].text));
      const std::string& text = out.texts.back();
      Reading reading = reading_of_text(text);
      if (const Status status = check_text(reading, text, columns_[i]); status != Status::ok) {
        return status;
      }
      reading.channel = static_cast<uint32_t>(i + 1);
      out.readings.push_back(reading);
    }
    return Status::ok;
  }

  Status check_text(const Reading& reading, const std::string& text, const std::string& column) {
    if (reading.type != Reading::Type::text) return Status::ok;
    if (!is_utf8(text)) {
      return fail(Status::corrupt, row_.line,
                  "the cell of '" + column + "' is not UTF-8. Convert the file (iconv).");
    }
    if (text.size() > leaf_text_bytes_max) {
      return fail(Status::bad_argument, row_.line,
                  "the cell of '" + column + "' has " + std::to_string(text.size()) +
                      " bytes; a text may have 255.");
    }
    return Status::ok;
  }

  const CsvOptions options_;
  const Platform& platform_;
  Input input_;
  CsvRows rows_;
  Row row_;
  ChannelTable table_;
  std::vector<std::string> columns_;
  std::vector<NewChannel> undeclared_;
  bool at_start_ = true;
  bool at_end_ = false;
};

}  // namespace

OpenedSource open_csv(const std::string& path, const CsvOptions& options,
                      const Platform& platform) {
  const char delimiter = options.delimiter;
  if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter == '\0') {
    return {{Status::bad_argument, "a quote or a line end cannot delimit the cells of a CSV file."},
            nullptr};
  }
  auto source = std::make_unique<CsvSource>(options, platform);
  const Error error = source->open(path);
  if (!error.ok()) return {error, nullptr};
  return {error, std::move(source)};
}

}  // namespace cairn::host
