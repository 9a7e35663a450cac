// What /metrics shows of anchors and further witnesses.
#include "anchoring.hpp"

namespace service {

namespace {

/// One line for each anchor.
template <typename Value>
void each(MetricPage& page, const std::vector<AnchorStatus>& anchors, const char* name,
          const char* help, Value value) {
  for (const AnchorStatus& anchor : anchors)
    page.gauge(name, help, static_cast<double>(value(anchor)), {{"anchor", anchor.name}});
}

void write_anchors(MetricPage& page, const std::vector<AnchorStatus>& anchors) {
  for (const AnchorStatus& anchor : anchors)
    page.counter("anchor_receipts_total", "Receipts since the start.", anchor.receipts,
                 {{"anchor", anchor.name}});
  for (const AnchorStatus& anchor : anchors)
    page.counter("anchor_failures_total", "Failures since the start.", anchor.failures,
                 {{"anchor", anchor.name}});
  each(page, anchors, "anchor_size", "Leaves of the newest head with a receipt.",
       [](const AnchorStatus& one) { return one.outbox.anchored_size; });
  each(page, anchors, "anchor_time_seconds", "When that receipt came, POSIX time.",
       [](const AnchorStatus& one) { return one.outbox.anchored_at_s; });
  each(page, anchors, "anchor_failures", "Failures since the newest receipt.",
       [](const AnchorStatus& one) { return one.outbox.failures; });
  each(page, anchors, "anchor_capped", "1 while the cost cap of the period is reached.",
       [](const AnchorStatus& one) { return one.outbox.is_capped ? 1 : 0; });
  each(page, anchors, "anchor_latency_seconds", "From submission to receipt, of the newest.",
       [](const AnchorStatus& one) {
         return one.latencies.empty() ? 0 : one.latencies.back().seconds;
       });
  for (const AnchorStatus& anchor : anchors)
    page.gauge("anchor_spent", "Costs in the period.", static_cast<double>(anchor.outbox.spent),
               {{"anchor", anchor.name}, {"unit", anchor.cost_unit}});
}

void write_witnesses(MetricPage& page, const WitnessesStatus& status) {
  page.counter("witness_cosignatures_total", "Cosignatures that came since the start.",
               status.cosignatures);
  page.counter("witness_failures_total", "Failures since the start.", status.failures);
  page.gauge("witnessed_size", "Leaves of the newest head with enough cosignatures.",
             static_cast<double>(status.cosigned_size));
  for (const auto& peer : status.peers)
    page.gauge("witness_size", "Leaves of the newest head that a witness cosigned.",
               static_cast<double>(peer.cosigned_size), {{"witness", peer.name}});
  for (const auto& peer : status.peers)
    page.gauge("witness_failures", "Failures in a row.", static_cast<double>(peer.failures),
               {{"witness", peer.name}});
}

}  // namespace

void Anchoring::write(MetricPage& page) const {
  write_anchors(page, anchors());
  if (const auto status = witnesses()) write_witnesses(page, *status);
}

}  // namespace service
