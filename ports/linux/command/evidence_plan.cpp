#include "evidence_plan.hpp"

#include <cairn/evidence.hpp>
#include <map>
#include <set>

namespace command {

using cairn::Kind;
using cairn::Status;
using Item = cairn::Log::Cursor::Item;

namespace {

bool is_kind(cairn::ByteView leaf, Kind kind) {
  return !leaf.empty() && leaf[0] == static_cast<uint8_t>(kind);
}

/// What a log says before some records that is about them.
class Context {
 public:
  Context(const LogDirectory& log, uint64_t first, uint64_t last) : first_(first) {
    Walk walk(log.log());
    Item item;
    while (walk.next(item)) {
      if (item.type != Item::Type::leaf) continue;
      if (item.index > last) break;
      take(item);
    }
  }

  /// The last close record in front of the records that carries a beacon.
  std::optional<uint64_t> beacon() const { return beacon_; }
  /// Where the channels of their readings were declared last, in front of them.
  const std::set<uint64_t>& declarations() const { return needed_; }

 private:
  void take(const Item& item) {
    cairn::Channel channel{};
    cairn::Close close{};
    const cairn::ByteView body = item.leaf.part(1);
    if (is_kind(item.leaf, Kind::channel) && cairn::decode_channel(body, channel) == Status::ok)
      declared_[channel.number] = item.index;
    if (item.index < first_ && is_kind(item.leaf, Kind::close) &&
        cairn::decode_close(body, close) == Status::ok && close.has_beacon)
      beacon_ = item.index;
    if (item.index >= first_ && is_kind(item.leaf, Kind::sample)) take_sample(body);
  }

  void take_sample(cairn::ByteView body) {
    cairn::SampleReader reader;
    if (reader.open(body) != Status::ok) return;
    cairn::Reading reading;
    while (reader.next(reading) == Status::ok) {
      const auto found = declared_.find(reading.channel);
      if (found != declared_.end() && found->second < first_) needed_.insert(found->second);
    }
  }

  uint64_t first_;
  std::map<uint32_t, uint64_t> declared_;
  std::set<uint64_t> needed_;
  std::optional<uint64_t> beacon_;
};

/// The close record of the batch that `last` belongs to.
std::optional<uint64_t> close_of(const LogDirectory& log, uint64_t last) {
  const auto head = find_head(log, last + 1);
  if (!head) return std::nullopt;
  const std::string leaf = leaf_at(log, head->size - 1);
  if (!is_kind({leaf.data(), leaf.size()}, Kind::close)) return std::nullopt;
  return head->size - 1;
}

/// Runs that hold these records. Those that stand close together go into one run.
std::vector<RecordRun> runs_of(const std::set<uint64_t>& indexes) {
  constexpr uint64_t gap_max = 16;
  std::vector<RecordRun> runs;
  for (const uint64_t index : indexes) {
    if (!runs.empty() && index - (runs.back().first + runs.back().count) <= gap_max)
      runs.back().count = index + 1 - runs.back().first;
    else
      runs.push_back({index, 1});
  }
  return runs;
}

}  // namespace

std::vector<RecordRun> plan_evidence(const LogDirectory& log, uint64_t first, uint64_t last,
                                     bool names) {
  std::vector<RecordRun> runs{{first, last - first + 1}};
  const auto close = close_of(log, last);
  if (close && *close > last) runs.push_back({*close, 1});
  const Context context(log, first, last);
  if (context.beacon()) runs.push_back({*context.beacon(), 1});
  if (!names) return runs;
  const std::vector<RecordRun> declarations = runs_of(context.declarations());
  if (runs.size() + declarations.size() > cairn::evidence_runs_max)
    remark("the channels were declared in too many places: the evidence holds numbers only");
  else
    runs.insert(runs.end(), declarations.begin(), declarations.end());
  return runs;
}

}  // namespace command
