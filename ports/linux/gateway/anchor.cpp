#include <cairn/checkpoint.hpp>
#include <cairn/gateway/anchor.hpp>

namespace cairn::gateway {

Error anchor_head(const std::string& log, const AggregateHead& head, AnchorHead& out) {
  Note note;
  Checkpoint checkpoint;
  Status status = parse_note(host::bytes_of(head.note), note);
  if (status == Status::ok) status = parse_checkpoint(note.text, checkpoint);
  const bool same = status == Status::ok && checkpoint.size == head.size &&
                    equal(checkpoint.origin, host::bytes_of(log));
  if (!same)
    return {Status::corrupt, "the head to be anchored is not a signed checkpoint of " + log +
                                 " with size " + std::to_string(head.size)};
  out = {log, head.size, sha256(note.text), head.note};
  return {};
}

}  // namespace cairn::gateway
