#include "node_pass.hpp"

#include <algorithm>

#include "progress.hpp"

namespace command {

using cairn::Status;
using Item = cairn::Log::Cursor::Item;

cairn::NodeSource NodePass::nodes() {
  return {this, &NodePass::node};
}

Status NodePass::node(void* user, unsigned level, uint64_t index, cairn::Digest& out) {
  NodePass& self = *static_cast<NodePass*>(user);
  if (!self.done_) {
    self.nodes_[{level, index}];
    out = {};
    return Status::ok;
  }
  const auto found = self.nodes_.find({level, index});
  if (found == self.nodes_.end()) return Status::bad_argument;
  out = found->second.hash;
  return found->second.status;
}

void NodePass::run() {
  const cairn::Log& log = log_.log();
  uint64_t from = UINT64_MAX;
  uint64_t to = 0;
  for (auto& [place, node] : nodes_) {
    const uint64_t begin = place.second << place.first;
    // What reaches into retired records is the log's to know.
    if (begin < log.index_min()) {
      node.status = log.node(place.first, place.second, node.hash);
      continue;
    }
    from = std::min(from, begin);
    to = std::max(to, (place.second + 1) << place.first);
  }
  done_ = true;
  if (from >= to) return;
  Progress progress("hashing", "records", to - from);
  Walk walk(log, from);
  Item item;
  while (walk.next(item)) {
    if (item.type != Item::Type::leaf) continue;
    if (item.index >= to) break;
    take(item);
    progress.at(item.index - from);
  }
}

void NodePass::take(const Item& item) {
  Place place{0, item.index};
  cairn::Digest hash = cairn::leaf_hash(item.leaf);
  put(place, hash);
  while ((place.second & 1) != 0 && !open_.empty() &&
         open_.back().first == Place{place.first, place.second - 1}) {
    hash = cairn::node_hash(open_.back().second, hash);
    open_.pop_back();
    place = {place.first + 1, place.second >> 1};
    put(place, hash);
  }
  // Behind a lost record, what awaits it waits in vain: it is never on top again.
  open_.push_back({place, hash});
}

void NodePass::put(const Place& place, const cairn::Digest& hash) {
  const auto found = nodes_.find(place);
  if (found != nodes_.end()) found->second = {Status::ok, hash};
}

}  // namespace command
