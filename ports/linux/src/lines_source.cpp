#include <cairn/linux/lines_source.hpp>

#include "input.hpp"

namespace cairn::host {
namespace {

constexpr size_t body_bytes_max = leaf_bytes_max - 1;

class LinesSource : public Source {
 public:
  explicit LinesSource(const Platform& platform) : platform_(platform) {}

  Error open(const std::string& path) {
    const Error error = lines_.open(path);
    name_ = lines_.input().name();
    bytes_total_ = lines_.input().bytes_total();
    return error;
  }

  Status next(SourceRecord& out) override {
    out.clear();
    if (!error_.ok()) return error_.status;
    const Status status = lines_.next(out.opaque);
    bytes_read_ = lines_.input().bytes_read();
    if (status == Status::full) {
      return fail(Status::bad_argument, lines_.number(),
                  "longer than a record can be, " + std::to_string(body_bytes_max) + " bytes.");
    }
    if (status == Status::end) return status;
    if (status != Status::ok) {
      error_ = lines_.input().error();
      return status;
    }
    out.kind = Kind::opaque;
    out.line = lines_.number();
    out.time = wall_time(platform_);
    return Status::ok;
  }

 private:
  const Platform& platform_;
  LineInput lines_{body_bytes_max};
};

}  // namespace

OpenedSource open_lines(const std::string& path, const Platform& platform) {
  auto source = std::make_unique<LinesSource>(platform);
  const Error error = source->open(path);
  if (!error.ok()) return {error, nullptr};
  return {error, std::move(source)};
}

}  // namespace cairn::host
