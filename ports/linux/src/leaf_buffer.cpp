#include <cairn/linux/file.hpp>
#include <cairn/linux/leaf_buffer.hpp>

namespace cairn::host {
namespace {

Error not_encodable(const SourceRecord& record, const Source& source, const std::string& what) {
  const std::string line = record.line == 0 ? "" : ", line " + std::to_string(record.line);
  return {Status::bad_argument, source.name() + line + ": " + what};
}

}  // namespace

Error LeafBuffer::add(const SourceRecord& record, const Source& source) {
  const size_t size_before = bytes_.size();
  const size_t count_before = ends_.size();
  Status status = Status::ok;
  for (const NewChannel& channel : record.channels) {
    if (status == Status::ok) status = add_channel(channel);
  }
  if (status == Status::ok) status = add_record(record);
  if (status == Status::ok) return {};
  bytes_.resize(size_before);
  ends_.resize(count_before);
  if (status != Status::full) {
    return not_encodable(record, source, std::string("cannot be a record: ") + status_text(status));
  }
  return not_encodable(record, source,
                       "too many readings for one record, which holds " +
                           std::to_string(leaf_bytes_max) + " bytes. Split the line.");
}

// Lets `encode` write a body of at most `bytes_max` behind its kind.
template <typename Encode>
Status LeafBuffer::add_leaf(Kind kind, size_t bytes_max, Encode encode) {
  const size_t begin = bytes_.size();
  bytes_.resize(begin + 1 + bytes_max);
  bytes_[begin] = static_cast<uint8_t>(kind);
  const Result<size_t> size = encode(MutableBytes(bytes_.data() + begin + 1, bytes_max));
  if (!size.ok()) return size.status;
  bytes_.resize(begin + 1 + size.value);
  ends_.push_back(bytes_.size());
  return Status::ok;
}

Status LeafBuffer::add_channel(const NewChannel& channel) {
  const Channel body = {channel.number, bytes_of(channel.name), bytes_of(channel.unit)};
  return add_leaf(Kind::channel, library_body_bytes_max + leaf_text_bytes_max,
                  [&](MutableBytes out) { return encode_channel(body, out); });
}

Status LeafBuffer::add_record(const SourceRecord& record) {
  if (record.kind == Kind::sample) {
    return add_leaf(Kind::sample, leaf_bytes_max - 1, [&](MutableBytes out) {
      return encode_sample(record.time, record.readings.data(), record.readings.size(), out);
    });
  }
  if (record.opaque.size() > leaf_bytes_max - 1) return Status::full;
  bytes_.push_back(static_cast<uint8_t>(record.kind));
  bytes_.insert(bytes_.end(), record.opaque.begin(), record.opaque.end());
  ends_.push_back(bytes_.size());
  return Status::ok;
}

const std::vector<ByteView>& LeafBuffer::leaves() {
  views_.clear();
  size_t begin = 0;
  for (const size_t end : ends_) {
    views_.push_back({bytes_.data() + begin, end - begin});
    begin = end;
  }
  return views_;
}

void LeafBuffer::clear() {
  bytes_.clear();
  ends_.clear();
  views_.clear();
}

}  // namespace cairn::host
