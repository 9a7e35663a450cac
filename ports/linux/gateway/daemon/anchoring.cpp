#include "anchoring.hpp"

#include "clock.hpp"

namespace service {

Error Anchoring::open(const Config& config) {
  const uint64_t now_s = clock_s();
  const uint64_t patience_s = config.witnesses ? WitnessWorker::patience_s(*config.witnesses) : 0;
  heads_ = std::make_unique<AnchorHeads>(log_, patience_s, now_s);
  if (config.witnesses) {
    WitnessesConfig witnesses = *config.witnesses;
    witnesses.tiles_folder = log_.folder();
    witnesses.archive = &log_.archive();
    witnesses_ = std::make_unique<WitnessWorker>(witnesses, store_, *heads_, log_.origin());
    CAIRN_HOST_TRY(witnesses_->open());
  }
  for (const AnchorConfig& anchor : config.anchors) {
    anchors_.push_back(std::make_unique<AnchorWorker>(anchor, store_, *heads_, log_));
    CAIRN_HOST_TRY(anchors_.back()->open());
  }
  return {};
}

void Anchoring::start() {
  if (witnesses_) witnesses_->start();
  for (const auto& anchor : anchors_)
    anchor->start();
}

void Anchoring::stop() {
  if (witnesses_) witnesses_->tell();
  for (const auto& anchor : anchors_)
    anchor->tell();
  if (witnesses_) witnesses_->stop();
  for (const auto& anchor : anchors_)
    anchor->stop();
}

std::vector<AnchorStatus> Anchoring::anchors() const {
  std::vector<AnchorStatus> out;
  for (const auto& anchor : anchors_)
    out.push_back(anchor->status());
  return out;
}

std::optional<WitnessesStatus> Anchoring::witnesses() const {
  if (!witnesses_) return {};
  return witnesses_->status();
}

}  // namespace service
