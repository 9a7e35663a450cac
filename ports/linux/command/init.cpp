// cairn init: an empty log.
#include "commands.hpp"
#include "files.hpp"
#include "log_access.hpp"
#include "text.hpp"

namespace command {

namespace {

using Geometry = cairn::host::FileGeometry;

struct InitArguments {
  std::string log;
  std::string key;
  std::string continues;
  std::optional<uint64_t> batch;
  std::optional<uint64_t> batch_seconds;
  std::optional<uint64_t> segment;
  std::optional<uint64_t> segments;
  bool recycle = false;
};

/// The head of an abandoned log, from its last checkpoint. The note must outlive the result.
cairn::Begin predecessor_of(const std::string& note, const std::string& path) {
  cairn::Note parsed;
  cairn::Checkpoint checkpoint;
  cairn::Fault fault;
  cairn::Status status = cairn::parse_note(view(note), parsed, &fault);
  if (status == cairn::Status::ok)
    status = cairn::parse_checkpoint(parsed.text, checkpoint, &fault);
  if (status != cairn::Status::ok) throw refused(path, status, fault);
  cairn::Begin begin{};
  begin.previous_origin = checkpoint.origin;
  begin.previous_size = checkpoint.size;
  begin.previous_root = checkpoint.root;
  return begin;
}

cairn::host::LogSettings options_of(const InitArguments& arguments) {
  cairn::host::LogSettings options;
  if (arguments.batch) options.batch.leaves = static_cast<uint32_t>(*arguments.batch);
  if (arguments.batch_seconds)
    options.batch.time_ms = static_cast<uint32_t>(*arguments.batch_seconds * 1000);
  if (arguments.segment) options.geometry.segment_bytes = static_cast<uint32_t>(*arguments.segment);
  if (arguments.segments)
    options.geometry.segment_count = static_cast<uint32_t>(*arguments.segments);
  options.recycle = arguments.recycle;
  return options;
}

int init(const InitArguments& arguments, const Output& output) {
  std::string note;
  cairn::Begin predecessor{};
  if (!arguments.continues.empty()) {
    note = read_input(arguments.continues);
    predecessor = predecessor_of(note, arguments.continues);
  }
  LogDirectory log;
  require(log.create(arguments.log, arguments.key, options_of(arguments),
                     note.empty() ? nullptr : &predecessor));
  const auto& geometry = log.config().settings.geometry;
  const uint64_t capacity = uint64_t{geometry.segment_bytes} * geometry.segment_count;
  output.line("log " + arguments.log + " of " + log.config().origin);
  output.field("verifier key", log.config().vkey);
  output.field("capacity", bytes_text(capacity) +
                               (arguments.recycle ? ", then the oldest records are retired" : ""));
  output.field("batch",
               log.config().settings.batch.leaves == 0
                   ? "signed when sealed"
                   : "signed every " + counted(log.config().settings.batch.leaves, "record"));
  output.object({{"ok", true},
                 {"log", arguments.log},
                 {"origin", log.config().origin},
                 {"vkey", log.config().vkey},
                 {"capacity_bytes", capacity},
                 {"batch", log.config().settings.batch.leaves}});
  return exit_done;
}

}  // namespace

void add_init(Commands& commands) {
  const auto arguments = std::make_shared<InitArguments>();
  CLI::App& verb = commands.add(
      {"init",
       "Create an empty log",
       "Makes the folder LOG with an empty log of the key's name. The folder remembers where the\n"
       "private key lies (in config.json), not the key itself: it can be copied and handed out\n"
       "without it.\n\n"
       "The size limits hold from the beginning: without --recycle appending stops when the log\n"
       "is full, with it the oldest segment is retired. Files grow only as they are used.",
       {{"A log with the default limits (16 GiB)", "cairn init press4 --key press4.key"},
        {"Sign every 64 records, and at the latest after a minute",
         "cairn init press4 --key press4.key --batch 64 --batch-seconds 60"},
        {"Keep about the newest 64 MiB",
         "cairn init press4 --key press4.key --segment 1048576 --segments 64 --recycle"},
        {"Go on after the old log was lost, naming its last checkpoint",
         "cairn init press4-2 --key press4-2.key --continues press4.checkpoint"}}},
      [arguments](const Output& output) { return init(*arguments, output); });
  add_log(verb, arguments->log);
  add_file(verb, "--key", arguments->key, "Private key of the log, from `cairn keygen`").required();
  add_file(verb, "--continues", arguments->continues,
           "Last checkpoint of the log that this one takes over from");
  add_number(verb, "--batch", arguments->batch,
             "Sign after this many records, the library's own included (default 256; 0: only when "
             "sealed)",
             0, UINT32_MAX);
  add_number(verb, "--batch-seconds", arguments->batch_seconds,
             "Sign at the latest this long after a batch's first record (default: no limit)", 0,
             UINT32_MAX / 1000);
  add_number(verb, "--segment", arguments->segment, "Bytes of a segment (default 1048576)",
             Geometry::segment_bytes_min, Geometry::segment_bytes_max);
  add_number(verb, "--segments", arguments->segments, "Number of segments (default 16384)",
             Geometry::segment_count_min, Geometry::segment_count_max);
  add_switch(verb, "--recycle", arguments->recycle, "When full, retire the oldest records");
}

}  // namespace command
