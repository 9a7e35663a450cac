#include <cairn/linux/jsonl_source.hpp>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "channel_table.hpp"
#include "input.hpp"

namespace cairn::host {
namespace {

constexpr size_t line_bytes_max = 1024 * 1024;

// Takes one object apart while it is parsed, so that numbers are seen as they were written.
class LineHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  LineHandler(ChannelTable& table, SourceRecord& out) : table_(table), out_(out) {}

  const std::string& problem() const { return problem_; }

  bool null() override { return inside() && known_key(); }
  bool boolean(bool value) override {
    Reading reading;
    reading.type = Reading::Type::flag;
    reading.flag = value;
    return add(reading);
  }
  bool number_integer(number_integer_t value) override { return add_number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return add_number(std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& written) override {
    return add_number(written);
  }
  bool string(string_t& value) override {
    if (value.size() > leaf_text_bytes_max) {
      return refuse("the text of '" + key_ + "' has " + std::to_string(value.size()) +
                    " bytes; a text may have 255.");
    }
    return add_text(value);
  }
  bool binary(binary_t&) override { return refuse("binary values are not JSON."); }

  bool start_object(std::size_t) override {
    if (depth_++ == 0) return true;
    return refuse("'" + key_ + "' is an object. Flatten it: one object of plain values a line.");
  }
  bool key(string_t& name) override {
    key_ = name;
    if (name.empty()) return refuse("a key is empty.");
    if (name.size() > channel_text_bytes_max) return refuse("a key is longer than 255 bytes.");
    if (!keys_.insert(name).second) return refuse("the key '" + name + "' is given twice.");
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return refuse("an array, where one object a line is expected.");
    return refuse("'" + key_ + "' is an array. Flatten it: one object of plain values a line.");
  }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& error) override {
    // nlohmann's own text is "[json.exception...] parse error at ...: syntax error ...".
    const std::string text = error.what();
    const size_t reason = text.find(": ");
    return refuse("not JSON at byte " + std::to_string(position) + ": " +
                  (reason == std::string::npos ? text : text.substr(reason + 2)) + ".");
  }

 private:
  bool refuse(const std::string& problem) {
    problem_ = problem;
    return false;
  }
  bool inside() {
    return depth_ > 0 || refuse("a bare value, where one object a line is expected.");
  }
  // A channel is declared even when its first value is null: the key has been seen.
  bool known_key() {
    number_ = table_.number_of(key_, out_.channels);
    return true;
  }
  bool add(Reading reading) {
    if (!inside() || !known_key()) return false;
    reading.channel = number_;
    out_.readings.push_back(reading);
    return true;
  }
  bool add_text(const std::string& value) {
    out_.texts.push_back(value);
    Reading reading;
    reading.type = Reading::Type::text;
    reading.text = bytes_of(out_.texts.back());
    return add(reading);
  }
  bool add_number(const std::string& written) {
    const Reading reading = reading_of_text(written);
    return reading.type == Reading::Type::text ? add_text(written) : add(reading);
  }

  ChannelTable& table_;
  SourceRecord& out_;
  std::unordered_set<std::string> keys_;
  std::string key_;
  std::string problem_;
  uint32_t number_ = 0;
  int depth_ = 0;
};

class JsonlSource : public Source {
 public:
  explicit JsonlSource(const Platform& platform) : platform_(platform) {}

  Error open(const std::string& path) {
    const Error error = lines_.open(path);
    name_ = lines_.input().name();
    bytes_total_ = lines_.input().bytes_total();
    return error;
  }

  Status next(SourceRecord& out) override {
    out.clear();
    if (!error_.ok()) return error_.status;
    do {
      const Status status = lines_.next(line_);
      bytes_read_ = lines_.input().bytes_read();
      if (status == Status::end) return status;
      if (status == Status::full) {
        return fail(Status::bad_argument, lines_.number(), "longer than 1 MiB.");
      }
      if (status != Status::ok) {
        error_ = lines_.input().error();
        return status;
      }
    } while (line_.find_first_not_of(" \t\r") == std::string::npos);
    out.time = wall_time(platform_);
    out.line = lines_.number();
    LineHandler handler(table_, out);
    if (nlohmann::json::sax_parse(line_, &handler)) return Status::ok;
    return fail(Status::corrupt, lines_.number(), handler.problem());
  }

 private:
  const Platform& platform_;
  LineInput lines_{line_bytes_max};
  std::string line_;
  ChannelTable table_;
};

}  // namespace

OpenedSource open_jsonl(const std::string& path, const Platform& platform) {
  auto source = std::make_unique<JsonlSource>(platform);
  const Error error = source->open(path);
  if (!error.ok()) return {error, nullptr};
  return {error, std::move(source)};
}

}  // namespace cairn::host
