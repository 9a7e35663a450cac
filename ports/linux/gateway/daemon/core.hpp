// The parts of the library that the service is made of.
#pragma once

#include <cairn/gateway/evidence_builder.hpp>
#include <cairn/gateway/intake.hpp>

namespace service {

/// What stays the same while the service runs, whatever is reloaded.
struct Core {
  std::unique_ptr<cairn::gateway::Store> store;
  cairn::host::KeyFile log_key;
  cairn::host::KeyFile witness_key;
  std::unique_ptr<cairn::gateway::Registry> registry;
  cairn::gateway::AggregateLog log;
  std::unique_ptr<cairn::gateway::Intake> intake;
  std::unique_ptr<cairn::gateway::EvidenceBuilder> evidence;
};

}  // namespace service
