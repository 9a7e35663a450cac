#include "anchoring_json.hpp"

namespace service {

namespace {

uint64_t lag(uint64_t newest, uint64_t reached) {
  return newest > reached ? newest - reached : 0;
}

Json json_of_anchor(const AnchorStatus& anchor, uint64_t size) {
  const cairn::gateway::OutboxState& state = anchor.outbox;
  Json latencies = Json::array();
  for (const AnchorLatency& latency : anchor.latencies)
    latencies.push_back({latency.time_s, latency.seconds});
  Json out{{"name", anchor.name},
           {"type", anchor.type},
           {"site", anchor.site},
           {"size", state.anchored_size},
           {"time", state.anchored_at_s},
           {"not_after", state.not_after_s},
           {"lag_leaves", lag(size, state.anchored_size)},
           {"pending_size", state.pending_size},
           {"pending_since", state.pending_since_s},
           {"failures", state.failures},
           {"next", state.next_s},
           {"spent", state.spent},
           {"unit", anchor.cost_unit},
           {"capped", state.is_capped},
           {"error", state.error},
           {"receipts", anchor.receipts},
           {"latencies", latencies}};
  if (anchor.cost_max != UINT64_MAX) out["cost_max"] = anchor.cost_max;
  if (anchor.account.empty()) return out;
  out["account"] = anchor.account;
  out["contract"] = anchor.contract;
  return out;
}

}  // namespace

Json json_of(const std::vector<AnchorStatus>& anchors, uint64_t size) {
  Json out = Json::array();
  for (const AnchorStatus& anchor : anchors)
    out.push_back(json_of_anchor(anchor, size));
  return out;
}

Json json_of(const std::optional<WitnessesStatus>& witnesses, uint64_t size) {
  if (!witnesses) return nullptr;
  Json peers = Json::array();
  for (const auto& peer : witnesses->peers)
    peers.push_back({{"name", peer.name},
                     {"site", peer.url},
                     {"size", peer.cosigned_size},
                     {"lag_leaves", lag(size, peer.cosigned_size)},
                     {"failures", peer.failures},
                     {"next", peer.next_s},
                     {"error", peer.error}});
  return {{"size", witnesses->cosigned_size},
          {"lag_leaves", lag(size, witnesses->cosigned_size)},
          {"peers", peers}};
}

}  // namespace service
