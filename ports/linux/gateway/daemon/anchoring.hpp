// What the gateway asks of outside parties: its anchors and further witnesses, each on a thread of
// its own. Nothing of it holds up intake, the gateway's own log, or the end of the service.
#pragma once

#include "anchor_worker.hpp"
#include "metrics.hpp"
#include "witness_worker.hpp"

namespace service {

class Anchoring {
 public:
  /// `store` and `log` must outlive it.
  Anchoring(cairn::gateway::Store& store, const cairn::gateway::AggregateLog& log)
      : store_(store), log_(log) {}
  ~Anchoring() { stop(); }

  /// Loads keys and certificates. Nothing runs, and nothing of the store is read yet.
  Error open(const Config& config);
  void start();
  /// Within about a second, whoever hangs.
  void stop();

  std::vector<AnchorStatus> anchors() const;
  /// Nothing: there are none.
  std::optional<WitnessesStatus> witnesses() const;
  void write(MetricPage& page) const;

 private:
  cairn::gateway::Store& store_;
  const cairn::gateway::AggregateLog& log_;
  std::unique_ptr<AnchorHeads> heads_;
  std::vector<std::unique_ptr<AnchorWorker>> anchors_;
  std::unique_ptr<WitnessWorker> witnesses_;
};

}  // namespace service
