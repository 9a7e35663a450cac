// Records of a source as leaves, gathered for Recorder::append_batch().
#pragma once

#include <cairn/linux/source.hpp>

namespace cairn::host {

class LeafBuffer {
 public:
  /// Adds the leaves of a record: its new channels, then the record itself.
  /// bad_argument: larger than a leaf can be; nothing is added. `source` names the input.
  Error add(const SourceRecord& record, const Source& source);

  /// The leaves since clear(). The views hold until the next add() or clear().
  const std::vector<ByteView>& leaves();
  size_t count() const { return ends_.size(); }
  size_t size_bytes() const { return bytes_.size(); }
  void clear();

 private:
  template <typename Encode>
  Status add_leaf(Kind kind, size_t bytes_max, Encode encode);
  Status add_channel(const NewChannel& channel);
  Status add_record(const SourceRecord& record);

  std::vector<uint8_t> bytes_;
  std::vector<size_t> ends_;
  std::vector<ByteView> views_;
};

}  // namespace cairn::host
