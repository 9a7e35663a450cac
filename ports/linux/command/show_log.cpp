#include "leaf_text.hpp"
#include "log_access.hpp"
#include "progress.hpp"
#include "show.hpp"
#include "text.hpp"

namespace command {

using Item = cairn::Log::Cursor::Item;

namespace {

void print_record(const Output& output, const Item& item, const Channels& channels) {
  if (!output.json)
    return output.line(std::to_string(item.index) + "  " + leaf_text(item.leaf, channels));
  Json json{{"index", item.index}};
  json.update(leaf_json(item.leaf, channels));
  output.object(json);
}

void show_records(const LogDirectory& log, const ShowLog& what, const Output& output) {
  const uint64_t from = what.from.value_or(0);
  const uint64_t to = what.to.value_or(UINT64_MAX);
  Channels channels;
  Progress progress("reading", "records", std::min(from, log.log().size()));
  Walk walk(log.log());
  Item item;
  // From the beginning, so that channels have their names.
  while (walk.next(item)) {
    if (item.type == Item::Type::head) {
      if (item.size > from && item.size - 1 <= to && !output.json)
        output.line("          -- signed checkpoint of size " + std::to_string(item.size));
      continue;
    }
    if (item.index > to) break;
    channels.learn(item.leaf);
    if (item.index >= from)
      print_record(output, item, channels);
    else
      progress.at(item.index);
  }
}

std::string limits_text(const cairn::BatchPolicy& batch) {
  std::string text;
  if (batch.leaves != 0) text = "every " + counted(batch.leaves, "record");
  if (batch.bytes != 0) text += (text.empty() ? "every " : " or ") + counted(batch.bytes, "byte");
  if (batch.time_ms != 0)
    text += (text.empty() ? "every " : " or ") + std::to_string(batch.time_ms / 1000) + " s";
  return text.empty() ? "only when sealed" : text;
}

void show_summary(const LogDirectory& log, const Output& output) {
  const cairn::Log& ring = log.log();
  const auto& settings = log.config().settings;
  const uint64_t capacity =
      uint64_t{settings.geometry.segment_bytes} * settings.geometry.segment_count;
  const uint64_t head_size = ring.head() == nullptr ? 0 : ring.head()->size;
  output.line("log " + log.path() + " of " + log.config().origin);
  output.field("verifier key", log.config().vkey);
  output.field("private key", log.config().key_path);
  output.field("records", grouped(ring.size()));
  if (ring.index_min() > 0)
    output.field("retired", "all before record " + grouped(ring.index_min()));
  output.field("checkpoint", ring.head() == nullptr ? "none signed yet"
                                                    : "over " + counted(head_size, "record") +
                                                          ", root " + hex(ring.head()->root));
  output.field("not yet signed", counted(ring.size() - head_size, "record"));
  output.field("cosigned", counted(log.cosigned_sizes().size(), "checkpoint"));
  output.field("signed", limits_text(settings.batch));
  output.field("used", bytes_text(ring.used_bytes()) + " of " + bytes_text(capacity) +
                           (settings.recycle ? ", recycled" : ""));
  const cairn::MountReport& report = ring.report();
  if (report.torn_bytes != 0)
    output.field("interrupted", "a write of " + counted(report.torn_bytes, "byte") +
                                    " that was never acknowledged");
  if (report.damaged) output.field("DAMAGED", "acknowledged records are missing: `cairn check`");
  output.object({{"ok", true},
                 {"type", "log"},
                 {"origin", log.config().origin},
                 {"vkey", log.config().vkey},
                 {"key", log.config().key_path},
                 {"records", ring.size()},
                 {"oldest", ring.index_min()},
                 {"signed", head_size},
                 {"root", ring.head() == nullptr ? Json(nullptr) : Json(hex(ring.head()->root))},
                 {"cosigned_sizes", log.cosigned_sizes()},
                 {"batch", settings.batch.leaves},
                 {"used_bytes", ring.used_bytes()},
                 {"capacity_bytes", capacity},
                 {"recycle", settings.recycle},
                 {"torn_bytes", report.torn_bytes},
                 {"damaged", report.damaged}});
}

}  // namespace

void show_log(const ShowLog& what, const Output& output) {
  LogDirectory log;
  open_reader(log, what.path);
  if (what.records || what.from || what.to)
    show_records(log, what, output);
  else
    show_summary(log, output);
}

}  // namespace command
