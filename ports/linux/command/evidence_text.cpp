#include "evidence_text.hpp"

#include <map>

#include "leaf_text.hpp"
#include "text.hpp"

namespace command {

namespace {

std::map<uint64_t, cairn::ByteView> leaves_of(const cairn::EvidenceLevel& level) {
  std::map<uint64_t, cairn::ByteView> leaves;
  for (unsigned i = 0; i < level.run_count; ++i) {
    cairn::LeafReader reader(level.runs[i].leaves);
    cairn::ByteView leaf;
    for (uint64_t index = level.runs[i].first; reader.next(leaf) == cairn::Status::ok; ++index)
      leaves[index] = leaf;
  }
  return leaves;
}

bool is_channel(cairn::ByteView leaf) {
  return !leaf.empty() && leaf[0] == static_cast<uint8_t>(cairn::Kind::channel);
}

}  // namespace

Json print_records(const Output& output, const cairn::EvidenceLevel& level) {
  const cairn::EvidenceRun& subject = level.runs[0];
  Channels channels;
  uint64_t names = 0;
  Json records = Json::array();
  for (const auto& [index, leaf] : leaves_of(level)) {
    channels.learn(leaf);
    const bool asked_for = index >= subject.first && index - subject.first < subject.count;
    names += is_channel(leaf) && !asked_for ? 1 : 0;
    if (asked_for || !is_channel(leaf))
      output.field("record " + std::to_string(index), leaf_text(leaf, channels));
    if (!output.json) continue;
    Json entry{{"index", index}};
    entry.update(leaf_json(leaf, channels));
    records.push_back(entry);
  }
  if (names != 0)
    output.field("names", "from " + counted(names, "channel record") + " of the same log");
  return records;
}

}  // namespace command
