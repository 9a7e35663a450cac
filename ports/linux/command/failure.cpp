#include "failure.hpp"

namespace command {

const char* remedy_of(cairn::Status status) {
  using cairn::Status;
  switch (status) {
    case Status::full:
      return "Archive the log and start a larger one, or one that recycles.";
    case Status::not_found:
      return "Check the name, key or index.";
    case Status::io:
      return "Check the disk (space, permissions, health) and try again; nothing acknowledged is "
             "lost.";
    case Status::unreadable:
    case Status::corrupt:
      return "It is truncated, was changed, or is another kind of file: get it again from its "
             "source.";
    case Status::damaged:
      return "Acknowledged records are missing: keep the folder as it is and run `cairn check`.";
    case Status::not_formatted:
      return "Create a log with `cairn init`, or name the folder of one.";
    case Status::wrong_version:
      return "A later cairn made it: use that version.";
    case Status::proof_invalid:
    case Status::signature_invalid:
      return "Do not trust it.";
    case Status::pruned:
      return "It was retired by recycling: ask whoever archived the log.";
    case Status::unsupported:
      return "It uses an algorithm or a size that this build does not know.";
    default:
      return "";
  }
}

std::string fault_text(cairn::Fault fault, Position position) {
  if (fault.field == cairn::Field::none) return "";
  return std::string(cairn::field_text(fault.field)) +
         (position == Position::line ? ", line " : ", byte ") + std::to_string(fault.position);
}

Failure refused(std::string where, cairn::Status status, cairn::Fault fault, Position position) {
  std::string what = cairn::status_text(status);
  const std::string place = fault_text(fault, position);
  if (!place.empty()) what += ": " + place;
  Failure failure = wrong_use(std::move(where), what, remedy_of(status));
  if (fault.field != cairn::Field::none) failure.field = cairn::field_text(fault.field);
  failure.status = status;
  return failure;
}

}  // namespace command
