#include <algorithm>
#include <cairn/evidence.hpp>
#include <cairn/gateway/evidence_builder.hpp>
#include <cairn/linux/tile_folder.hpp>
#include <optional>

#include "intake_head.hpp"
#include "own_head.hpp"
#include "record_tiles.hpp"

namespace cairn::gateway {
namespace {

using host::bytes_of;
using host::string_of;

constexpr unsigned heads_tried_max = 64;
constexpr uint64_t beacon_searched_max = 4096;

/// Leaves with their proof.
struct Run {
  uint64_t first = 0;
  std::vector<std::string> leaves;
  std::vector<Digest> proof;
};

/// One tree with its tiles, to read and to prove from.
class Tree {
 public:
  /// The folder holds the tree of `held` leaves; 0: of as many as the note has.
  /// not_found: no such folder, or none of this size.
  Error open(const std::string& folder, const std::string& note, uint64_t held = 0);
  uint64_t size() const { return prover_.size(); }
  Error leaf(uint64_t index, std::string& out);
  Error prove(uint64_t first, uint64_t count, std::vector<Digest>& out) const;
  /// Reads the leaves and proves them.
  Error run(uint64_t first, uint64_t count, Run& out);

 private:
  host::TileFolder tiles_;
  Prover prover_;
  uint64_t bundle_number_ = UINT64_MAX;
  std::string bundle_;
  std::vector<ByteView> entries_;
};

Error Tree::open(const std::string& folder, const std::string& note, uint64_t held) {
  Note parsed;
  Checkpoint checkpoint;
  if (parse_note(bytes_of(note), parsed) != Status::ok ||
      parse_checkpoint(parsed.text, checkpoint) != Status::ok)
    return {Status::damaged, "a checkpoint in the store is none. Restore the store."};
  CAIRN_HOST_TRY(tiles_.open(folder, std::max(held, checkpoint.size)));
  const Status status = prover_.open(checkpoint.size, tiles_.nodes());
  if (status != Status::ok)
    return {status, folder + ": the tiles of size " + std::to_string(checkpoint.size) +
                        " cannot be read: " + status_text(status) + "."};
  if (prover_.root() == checkpoint.root) return {};
  return {Status::damaged, folder + ": the tiles lead to another root than that of size " +
                               std::to_string(checkpoint.size) + " that was signed. Restore them."};
}

Error Tree::leaf(uint64_t index, std::string& out) {
  const uint64_t number = index / host::tile_width;
  if (number != bundle_number_) {
    bundle_number_ = UINT64_MAX;
    CAIRN_HOST_TRY(tiles_.read_entries(number, bundle_));
    if (host::split_entries(bytes_of(bundle_), entries_) != Status::ok)
      return {Status::damaged, "a bundle of records is damaged. Restore the tiles."};
    bundle_number_ = number;
  }
  const size_t place = index % host::tile_width;
  if (place >= entries_.size())
    return {Status::damaged, "a bundle of records is too short. Restore the tiles."};
  out = string_of(entries_[place]);
  return {};
}

Error Tree::prove(uint64_t first, uint64_t count, std::vector<Digest>& out) const {
  out.resize(range_proof_hashes_max);
  ProofBuffer buffer{out.data(), out.size()};
  const Status status =
      count == 1 ? prover_.inclusion(first, buffer) : prover_.range(first, count, buffer);
  out.resize(buffer.count);
  if (status == Status::ok) return {};
  return {status, std::string("the records cannot be proved: ") + status_text(status) + "."};
}

Error Tree::run(uint64_t first, uint64_t count, Run& out) {
  out.first = first;
  size_t bytes = 0;
  for (uint64_t i = first; i < first + count; ++i) {
    out.leaves.emplace_back();
    CAIRN_HOST_TRY(leaf(i, out.leaves.back()));
    bytes += out.leaves.back().size();
    if (bytes > EvidenceBuilder::evidence_bytes_max)
      return {Status::full, "the evidence would be longer than 16 MiB. Ask for fewer records."};
  }
  return prove(first, count, out.proof);
}

bool read_close(const std::string& leaf, Close& out) {
  return !leaf.empty() && leaf[0] == static_cast<char>(Kind::close) &&
         decode_close(bytes_of(leaf).part(1), out) == Status::ok;
}

// The last close record in front of `first` that names a beacon, as far as it is looked for.
Error find_beacon(Tree& tree, uint64_t first, std::optional<uint64_t>& out) {
  const uint64_t least = first > beacon_searched_max ? first - beacon_searched_max : 0;
  std::string leaf;
  Close close{};
  for (uint64_t i = first; i > least && !out; --i) {
    CAIRN_HOST_TRY(tree.leaf(i - 1, leaf));
    if (read_close(leaf, close) && close.has_beacon) out = i - 1;
  }
  return {};
}

/// One log; above the first, a run has no leaves, since they are the checkpoint below.
struct Level {
  std::vector<Run> runs;
  std::string note;
};

/// Everything that goes into the file. Receipts are about the last level.
struct Parts {
  std::vector<Level> levels;
  std::vector<StoredReceipt> receipts;
};

Status write_run(EvidenceWriter& writer, const Run& run) {
  CAIRN_TRY(writer.begin_run(run.first));
  for (const std::string& leaf : run.leaves)
    CAIRN_TRY(writer.leaf(bytes_of(leaf)));
  return writer.proof({run.proof.data(), run.proof.size()});
}

Status write_levels(EvidenceWriter& writer, const Parts& parts) {
  for (const Level& level : parts.levels) {
    CAIRN_TRY(writer.begin_level());
    for (const Run& run : level.runs)
      CAIRN_TRY(write_run(writer, run));
    CAIRN_TRY(writer.checkpoint(bytes_of(level.note)));
  }
  const auto last = static_cast<uint8_t>(parts.levels.size() - 1);
  const size_t count = std::min(parts.receipts.size(), evidence_receipts_max);
  for (size_t i = 0; i < count; ++i) {
    const ByteView body = bytes_of(parts.receipts[i].body);
    CAIRN_TRY(writer.receipt({last, parts.receipts[i].kind, body.size, body.data}));
  }
  return Status::ok;
}

Error write_evidence(const Parts& parts, std::string& file) {
  size_t bytes = 4096;
  for (const Level& level : parts.levels) {
    bytes += level.note.size();
    for (const Run& run : level.runs) {
      bytes += (run.proof.size() + 1) * digest_bytes;
      for (const std::string& leaf : run.leaves)
        bytes += leaf.size() + 8;
    }
  }
  for (const StoredReceipt& receipt : parts.receipts)
    bytes += receipt.body.size() + 16;
  file.assign(bytes, '\0');
  EvidenceWriter writer({reinterpret_cast<uint8_t*>(&file[0]), file.size()});
  Status status = write_levels(writer, parts);
  if (status == Status::ok) {
    const Result<size_t> size = writer.finish();
    status = size.status;
    file.resize(size.value);
  }
  if (status == Status::ok) return {};
  return {status, std::string("the evidence could not be written: ") + status_text(status) + "."};
}

Error add_cosignature(Store& store, const std::string& origin, uint64_t size, std::string& note) {
  Entry entry;
  const Error error = store.get(cosigned_key(origin, size), entry);
  if (error.status == Status::not_found) return {};
  CAIRN_HOST_TRY(error);
  note += entry.value;
  return {};
}

// The smallest head of the device in the gateway's log that covers `size_min` leaves and of which
// the tiles are there: those of heads that came without their records are not.
Error open_device_tree(const AggregateLog& log, const std::string& folder,
                       const std::string& origin, uint64_t size_min, AggregateLeaf& leaf,
                       Tree& tree) {
  Error error;
  for (unsigned i = 0; i < heads_tried_max; ++i) {
    const Error found = log.find(origin, size_min, leaf);
    if (i != 0 && found.status == Status::not_found) break;
    CAIRN_HOST_TRY(found);
    error = tree.open(folder, leaf.note);
    if (error.status != Status::not_found) return error;
    size_min = leaf.device_size + 1;
  }
  return {Status::not_found, "the records of '" + origin +
                                 "' are not here. Ask the device, or whoever keeps its log."};
}

Error gather_runs(Tree& tree, const RecordSpan& span, std::vector<Run>& out) {
  out.emplace_back();
  CAIRN_HOST_TRY(tree.run(span.first, span.count, out.back()));
  Run close_run;
  Close close{};
  const uint64_t last = tree.size() - 1;
  CAIRN_HOST_TRY(tree.run(last, 1, close_run));
  if (last >= span.first + span.count && read_close(close_run.leaves[0], close))
    out.push_back(std::move(close_run));
  std::optional<uint64_t> beacon;
  CAIRN_HOST_TRY(find_beacon(tree, span.first, beacon));
  if (!beacon) return {};
  out.emplace_back();
  return tree.run(*beacon, 1, out.back());
}

// The level of the gateway's own log: one leaf of it under a head that others spoke about.
Error add_own_level(Store& store, const AggregateLog& log, uint64_t index,
                    const std::string& anchor, bool with_leaf, Parts& parts) {
  OwnHead head;
  Tree tree;
  CAIRN_HOST_TRY(choose_own_head(store, log, index + 1, anchor, head));
  // A folder that was restored has no partial tiles of earlier sizes.
  CAIRN_HOST_TRY(tree.open(log.folder(), head.note, log.head().size));
  Run run;
  CAIRN_HOST_TRY(tree.run(index, 1, run));
  if (!with_leaf) run.leaves.clear();
  parts.levels.push_back({{std::move(run)}, std::move(head.note)});
  parts.receipts = std::move(head.receipts);
  return {};
}

}  // namespace

Error EvidenceBuilder::build(const RecordSpan& span, std::string& file,
                             const std::string& anchor) const {
  if (span.count == 0 || span.first > tree_size_max || span.count > tree_size_max - span.first)
    return {Status::bad_argument, "no records are asked for."};
  const std::string folder = records_folder_of(records_folder_, span.origin);
  Parts parts;
  AggregateLeaf leaf;
  Tree tree;
  CAIRN_HOST_TRY(open_device_tree(log_, folder, span.origin, span.first + span.count, leaf, tree));
  Level device{{}, leaf.note};
  CAIRN_HOST_TRY(gather_runs(tree, span, device.runs));
  CAIRN_HOST_TRY(add_cosignature(store_, span.origin, leaf.device_size, device.note));
  parts.levels.push_back(std::move(device));
  CAIRN_HOST_TRY(add_own_level(store_, log_, leaf.index, anchor, false, parts));
  return write_evidence(parts, file);
}

Error EvidenceBuilder::build_head(const std::string& origin, uint64_t size_min, std::string& file,
                                  const std::string& anchor) const {
  Parts parts;
  AggregateLeaf leaf;
  CAIRN_HOST_TRY(log_.find(origin, size_min, leaf));
  CAIRN_HOST_TRY(add_own_level(store_, log_, leaf.index, anchor, true, parts));
  return write_evidence(parts, file);
}

namespace {

// How many of the heads were closed before `time_ms`. Their close records are the last leaves of
// their trees.
Error count_before(Tree& tree, const std::vector<uint64_t>& sizes, int64_t time_ms, size_t& out) {
  size_t low = 0, high = sizes.size();
  std::string leaf;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    Close close{};
    CAIRN_HOST_TRY(tree.leaf(sizes[middle] - 1, leaf));
    const bool before = read_close(leaf, close) && close.time.unix_ms < time_ms;
    (before ? low : high) = before ? middle + 1 : middle;
  }
  out = low;
  return {};
}

}  // namespace

Error EvidenceBuilder::find_time(const std::string& origin, int64_t from_ms, int64_t to_ms,
                                 RecordSpan& out) const {
  std::vector<uint64_t> sizes;
  CAIRN_HOST_TRY(log_.device_sizes(origin, sizes));
  if (!sizes.empty() && sizes.front() == 0) sizes.erase(sizes.begin());  // closed nothing
  Entry entry;
  CAIRN_HOST_TRY(store_.get(head_key(origin), entry));
  Tree tree;
  CAIRN_HOST_TRY(tree.open(records_folder_of(records_folder_, origin), entry.value));
  size_t begin = 0, end = sizes.size();
  CAIRN_HOST_TRY(count_before(tree, sizes, from_ms, begin));
  if (to_ms != INT64_MAX) CAIRN_HOST_TRY(count_before(tree, sizes, to_ms + 1, end));
  if (begin >= end) return {Status::not_found, "'" + origin + "' closed no batch in that time."};
  const uint64_t first = begin == 0 ? 0 : sizes[begin - 1];
  out = {origin, first, sizes[end - 1] - first};
  return {};
}

}  // namespace cairn::gateway
