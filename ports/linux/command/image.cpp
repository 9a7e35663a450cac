// cairn image: inspects a raw flash image that was read out of a device. Repairs nothing.
#include <cairn/linux/log_directory.hpp>
#include <cairn/recorder.hpp>
#include <memory>

#include "commands.hpp"
#include "files.hpp"
#include "image_report.hpp"
#include "leaf_text.hpp"
#include "text.hpp"

namespace command {

namespace {

using image::Hole;
using image::Medium;
using image::Place;
using image::Report;
using image::Use;

struct ImageArguments {
  std::string file;
  std::string origin;
  std::string key;
  std::string log;
  image::Wanted wanted;
};

std::string id_text(uint32_t id) {
  std::string text;
  for (int shift = 0; shift < 32; shift += 8) {
    const uint8_t byte = static_cast<uint8_t>(id >> shift);
    text += hex({&byte, 1});
  }
  return text;
}

const char* cause_text(Hole::Cause cause) {
  return cause == Hole::Cause::gap     ? "explained by a gap frame"
         : cause == Hole::Cause::burnt ? "explained: programmed all over"
                                       : "unexplained";
}

std::string frames_text(const Place& place) {
  std::string text;
  for (int i = 1; i <= static_cast<int>(image::FrameType::more); ++i) {
    const auto type = static_cast<image::FrameType>(i);
    const unsigned count = place.scan.count(type);
    if (count != 0)
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + image::frame_name(type);
  }
  return text.empty() ? "none" : text;
}

void print_place(const Output& output, const Medium& medium, uint32_t number, const Place& place) {
  std::string text = image::use_name(place.use);
  if (place.header) {
    text += ", number " + std::to_string(place.header->sequence) + ", erased " +
            counted(place.header->erases, "time") + ", " + grouped(place.scan.end) + " of " +
            counted(image::frames_end(medium), "byte") + " used";
    if (place.scan.has_first_frontier)
      text += ", from record " + grouped(place.scan.first_leaf) + ", frames: " + frames_text(place);
    if (place.scan.has_next()) {
      const bool both = place.scan.promise[0] && place.scan.promise[1];
      text += std::string(", NEXT in ") + (both ? "both slots" : "one slot");
    }
    if (place.promised) text += ", header lost";
    if (place.header->corrected) text += ", a flipped bit in the header";
  }
  output.field("segment " + std::to_string(number), text);
  for (const Hole& hole : place.scan.holes)
    output.field("", "hole of " + counted(hole.size, "byte") + " at byte " +
                         std::to_string(hole.offset) + ", " + cause_text(hole.cause));
}

Json place_json(uint32_t number, const Place& place) {
  Json json{{"segment", number}, {"use", image::use_name(place.use)}};
  if (!place.header) return json;
  json["number"] = place.header->sequence;
  json["erases"] = place.header->erases;
  json["used_bytes"] = place.scan.end;
  json["torn_bytes"] = place.scan.torn;
  if (place.scan.has_first_frontier) json["first_record"] = place.scan.first_leaf;
  json["header"] = place.promised ? "lost" : place.header->corrected ? "corrected" : "intact";
  json["next_slots"] = (place.scan.promise[0] ? 1 : 0) + (place.scan.promise[1] ? 1 : 0);
  json["frames"] = Json::object();
  for (int i = 1; i <= static_cast<int>(image::FrameType::more); ++i) {
    const auto type = static_cast<image::FrameType>(i);
    if (place.scan.count(type) != 0)
      json["frames"][image::frame_name(type)] = place.scan.count(type);
  }
  json["holes"] = Json::array();
  for (const Hole& hole : place.scan.holes)
    json["holes"].push_back({{"offset", hole.offset},
                             {"bytes", hole.size},
                             {"explained", hole.cause != Hole::Cause::unexplained},
                             {"by", hole.cause == Hole::Cause::gap     ? Json("gap")
                                    : hole.cause == Hole::Cause::burnt ? Json("burnt")
                                                                       : Json(nullptr)}});
  return json;
}

std::string assumed(const std::string& why) {
  return why.empty() ? "" : " (assumed, " + why + ")";
}

/// Least, most and average erases of the segments whose header says.
std::string wear_text(const Report& report) {
  uint64_t least = UINT64_MAX, most = 0, sum = 0, number = 0;
  for (const Place& place : report.places) {
    if (!place.header || place.use == Use::other) continue;
    least = std::min<uint64_t>(least, place.header->erases);
    most = std::max<uint64_t>(most, place.header->erases);
    sum += place.header->erases;
    ++number;
  }
  if (number == 0) return "unknown";
  return grouped(least) + " to " + grouped(most) + " erases, " + grouped(sum / number) +
         " on average";
}

std::string kinds_text(const Report& report) {
  std::string text;
  for (const auto& kind : report.kinds)
    text += (text.empty() ? "" : ", ") + grouped(kind.second) + " " + kind_text(kind.first);
  return text.empty() ? "none" : text;
}

std::string heads_text(const Report& report, bool has_key) {
  if (report.heads.empty()) return "none";
  const image::Head& newest = report.heads.back();
  size_t verified = 0;
  for (const image::Head& head : report.heads)
    verified += head.is_verified ? 1 : 0;
  return counted(report.heads.size(), "head") + ", the newest of size " + grouped(newest.size) +
         ", root " + (newest.has_root ? hex(newest.root) : "lost") + "; " +
         (has_key ? grouped(verified) + " verified" : "not verified: no --key given");
}

void print_report(const Output& output, const std::string& path, const Medium& medium,
                  const Report& report, bool has_key) {
  const cairn::Flash& geometry = medium.geometry;
  output.line(path + ": " +
              (report.problems.empty() ? "SOUND"
                                       : "DAMAGED: " + counted(report.problems.size(), "problem")));
  for (const image::Problem& problem : report.problems)
    output.field("problem", problem.what);
  output.field("log", "id " + id_text(medium.log_id) +
                          (report.origin.empty() ? "" : ", " + printable(report.origin)));
  output.field("geometry", counted(geometry.segment_count, "segment") + " of " +
                               grouped(geometry.segment_bytes) + " bytes, unit " +
                               counted(geometry.unit_bytes, "byte") + ", from byte " +
                               grouped(medium.offset) + " of " + grouped(medium.file_bytes));
  if (medium.present < geometry.segment_count)
    output.field("behind the file",
                 counted(geometry.segment_count - medium.present, "segment") + ", taken as blank");
  output.field("erased value", hex({&geometry.erased, 1}) + assumed(medium.erased_why));
  output.field("kind", cairn::host::flash_kind_name(geometry.kind) + assumed(medium.kind_why));
  output.field("records", report.records == 0
                              ? "none"
                              : grouped(report.records) + " of " +
                                    record_range(report.index_min, report.size - report.index_min) +
                                    ": " + kinds_text(report));
  if (report.index_min != 0)
    output.field("retired", "all before record " + grouped(report.index_min));
  output.field("tree", "size " + grouped(report.size) + ", root " + hex(report.root) + "; " +
                           counted(report.frontiers, "head") + " recomputed from the records");
  output.field("heads", heads_text(report, has_key));
  output.field("wear", wear_text(report));
  if (report.torn_bytes != 0)
    output.field("at the end", counted(report.torn_bytes, "byte") +
                                   " of a write that was interrupted, or of the newest records");
  for (uint32_t i = 0; i < report.places.size(); ++i)
    print_place(output, medium, i, report.places[i]);
}

Json report_json(const Medium& medium, const Report& report, bool has_key) {
  const cairn::Flash& geometry = medium.geometry;
  Json problems = Json::array(), heads = Json::array(), segments = Json::array();
  for (const image::Problem& problem : report.problems) {
    Json entry{{"what", problem.what}};
    if (problem.place) entry["segment"] = *problem.place;
    if (problem.count != 0) {
      entry["first"] = problem.first;
      entry["count"] = problem.count;
    }
    problems.push_back(entry);
  }
  for (const image::Head& head : report.heads)
    heads.push_back({{"size", head.size},
                     {"root", head.has_root ? Json(hex(head.root)) : Json(nullptr)},
                     {"segment", head.place},
                     {"verified", has_key ? Json(head.is_verified) : Json(nullptr)}});
  for (uint32_t i = 0; i < report.places.size(); ++i)
    segments.push_back(place_json(i, report.places[i]));
  Json kinds = Json::object();
  for (const auto& kind : report.kinds)
    kinds[kind_text(kind.first)] = kind.second;
  return {{"ok", report.problems.empty()},
          {"problems", problems},
          {"log_id", id_text(medium.log_id)},
          {"origin", report.origin.empty() ? Json(nullptr) : Json(report.origin)},
          {"offset", medium.offset},
          {"unit_bytes", geometry.unit_bytes},
          {"segment_bytes", geometry.segment_bytes},
          {"segment_count", geometry.segment_count},
          {"segments_in_file", medium.present},
          {"erased", hex({&geometry.erased, 1})},
          {"erased_assumed", !medium.erased_why.empty()},
          {"kind", cairn::host::flash_kind_name(geometry.kind)},
          {"kind_assumed", !medium.kind_why.empty()},
          {"mounted", cairn::status_text(report.mounted)},
          {"size", report.size},
          {"oldest", report.index_min},
          {"records", report.records},
          {"kinds", kinds},
          {"root", hex(report.root)},
          {"heads_recomputed", report.frontiers},
          {"heads", heads},
          {"torn_bytes", report.torn_bytes},
          {"segments", segments}};
}

/// Puts the log that an image holds into a folder, for the verbs that read one.
void keep_log(const std::string& folder, const Medium& medium, const cairn::NoteKey& key) {
  cairn::host::FileGeometry geometry;
  geometry.segment_bytes = medium.geometry.segment_bytes;
  geometry.segment_count = medium.geometry.segment_count;
  geometry.unit_bytes = medium.geometry.unit_bytes;
  geometry.erased = medium.geometry.erased;
  geometry.kind = medium.geometry.kind;
  const size_t size = size_t{medium.present} * geometry.segment_bytes;
  require(cairn::host::LogDirectory::keep_copy(folder, cairn::host::vkey_text(key), geometry,
                                               {medium.segment(0), size}));
}

int image_verb(ImageArguments arguments, const Output& output) {
  cairn::host::VerifierKey key;
  if (!arguments.log.empty() && arguments.key.empty())
    throw wrong_use("--log " + arguments.log, "a log has a verifier key",
                    "Give it with --key: the device's maker or operator has it.");
  if (!arguments.key.empty()) {
    key = load_vkey(arguments.key);
    if (arguments.origin.empty()) arguments.origin = text_of(key.key.name);
  }
  if (!arguments.origin.empty()) arguments.wanted.log_id = cairn::log_id_of(view(arguments.origin));
  Medium medium = image::load_medium(arguments.file, arguments.wanted);
  const Report report = image::examine(medium, arguments.key.empty() ? nullptr : &key.key);
  if (!report.newest)
    throw wrong_use(arguments.file, "no segment of the log can be read",
                    "Check the geometry, and that the dump is complete.");
  if (!arguments.log.empty()) keep_log(arguments.log, medium, key.key);
  print_report(output, arguments.file, medium, report, !arguments.key.empty());
  output.object(report_json(medium, report, !arguments.key.empty()));
  return report.problems.empty() ? exit_done : exit_not_verified;
}

}  // namespace

void add_image(Commands& commands) {
  const auto arguments = std::make_shared<ImageArguments>();
  CLI::App& verb = commands.add(
      {"image",
       "Inspect a raw flash image from a device",
       "Reads the bytes of a device's flash as a programmer or a debugger dumps them, finds the\n"
       "log in them, and says what is there: segments with their wear and what they hold, holes\n"
       "and what explains them, records, signed heads, and everything that is damaged or lost.\n"
       "Repairs nothing, and writes nothing but the copy that --log asks for.\n\n"
       "The geometry is in the headers of the segments. The erased value and the kind of memory\n"
       "are not: they are concluded from the image, which the output says, unless they are given.\n"
       "\n"
       "The check values of the medium reveal accidents, not forgery: give --key, so that the\n"
       "signed heads are verified against what the image holds.\n\n"
       "With --log the image becomes a log's folder, which the verbs that read a log take: prove,\n"
       "check, show, export, consistency, checkpoint, witness. Nothing can be appended to it.",
       {{"Look at what a service technician has read out", "cairn image press4.bin"},
        {"Verify its signed heads, too", "cairn image press4.bin --key press4.vkey"},
        {"Prove to somebody what a record of the device says",
         "cairn image press4.bin --key press4.vkey --log press4 && cairn prove press4 1042 --out "
         "press4-1042.cairn"},
        {"A log that lies somewhere in the image of a whole chip, of write-once flash",
         "cairn image chip.bin --origin plant.example/press4 --kind once"}}},
      [arguments](const Output& output) { return image_verb(*arguments, output); });
  image::Wanted& wanted = arguments->wanted;
  add_file(verb, "FILE", arguments->file, "The image").required();
  add_text(verb, "--key", arguments->key, "VKEY",
           "The log's verifier key, or a file with it: verifies the signed heads");
  add_file(verb, "--log", arguments->log, "Folder to make, with the log to prove from and check");
  add_text(verb, "--origin", arguments->origin, "NAME", "The log's origin, when several lie there");
  add_number(verb, "--offset", wanted.offset, "Where in the file the first segment begins");
  add_number(verb, "--unit", wanted.unit, "Bytes of the program unit", 1, 256);
  add_number(verb, "--segment-bytes", wanted.segment_bytes, "Bytes of a segment", 256,
             uint64_t{1} << 30);
  add_number(verb, "--segment-count", wanted.segment_count, "Number of segments", 2, UINT32_MAX);
  add_text(verb, "--erased", wanted.erased, "BYTE", "Value of an erased byte: ff or 00")
      .one_of({"ff", "00"});
  add_text(verb, "--kind", wanted.kind, "KIND", "Kind of memory: once, nor, rewritable or file")
      .one_of({"once", "nor", "rewritable", "file"});
}

}  // namespace command
