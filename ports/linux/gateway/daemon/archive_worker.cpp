#include "archive_worker.hpp"

#include "journal.hpp"

namespace service {

namespace {

constexpr std::chrono::milliseconds between_tries(10000);
constexpr std::chrono::hours when_whole(24);

}  // namespace

void ArchiveWorker::start() {
  thread_.start([this] { return round(); });
}

std::chrono::milliseconds ArchiveWorker::round() {
  if (is_whole_) return when_whole;
  cairn::gateway::ArchiveFillOptions options;
  options.log = log_.origin();
  options.is_stopped = [this] { return thread_.is_stopping(); };
  uint64_t files = 0;
  const cairn::host::Error error =
      cairn::gateway::fill_archive(store_, log_.archive(), options, files);
  files_ += files;
  if (thread_.is_stopping()) return when_whole;
  is_whole_ = error.ok();
  if (is_whole_ && files_ != 0)
    report(Severity::info, "archive.filled", {{"files", std::to_string(files_)}});
  // What goes on failing is said once.
  if (!is_whole_ && error.message != error_) report_error("archive.not_filled", error);
  error_ = error.message;
  if (!is_whole_) return between_tries;
  return when_whole;
}

}  // namespace service
