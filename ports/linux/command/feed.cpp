#include "feed.hpp"

#include <iterator>

namespace command {

using cairn::Status;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds tick{50};

}  // namespace

/// Outlives the feed while its thread is blocked in a read.
struct Feed::Shared {
  std::unique_ptr<cairn::host::Source> source;
  Options options;
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_ptr<Chunk> pending = std::make_unique<Chunk>();
  Clock::time_point first_row;
  cairn::host::Error error;
  bool ended = false;
  bool abandoned = false;

  bool ready() const {
    return ended || pending->rows >= options.rows_max ||
           (pending->rows > 0 && Clock::now() - first_row >= options.patience);
  }
};

Feed::Feed(std::unique_ptr<cairn::host::Source> source, const Options& options)
    : shared_(std::make_shared<Shared>()) {
  shared_->source = std::move(source);
  shared_->options = options;
  std::thread([shared = shared_] { read(shared); }).detach();
}

Feed::~Feed() {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->abandoned = true;
  shared_->changed.notify_all();
}

void Feed::read(const std::shared_ptr<Shared>& shared) {
  cairn::host::SourceRecord record;
  std::vector<cairn::host::NewChannel> skipped_channels;
  uint64_t to_skip = shared->options.skip;
  for (;;) {
    const Status status = shared->source->next(record);
    if (status == Status::ok && to_skip > 0) {
      --to_skip;
      std::move(record.channels.begin(), record.channels.end(),
                std::back_inserter(skipped_channels));
      continue;
    }
    // Channels that a skipped row declared are declared with the first row that is kept.
    record.channels.insert(record.channels.begin(), skipped_channels.begin(),
                           skipped_channels.end());
    skipped_channels.clear();
    std::unique_lock<std::mutex> lock(shared->mutex);
    shared->changed.wait(lock, [&] {
      return shared->abandoned || shared->pending->rows < shared->options.rows_max;
    });
    if (shared->abandoned) return;
    shared->pending->bytes_read = shared->source->bytes_read();
    if (status == Status::ok) {
      if (shared->pending->rows == 0) shared->first_row = Clock::now();
      shared->error = shared->pending->leaves.add(record, *shared->source);
      if (shared->error.ok()) ++shared->pending->rows;
    } else if (status != Status::end) {
      shared->error = shared->source->error();
    }
    shared->ended = status != Status::ok || !shared->error.ok();
    if (shared->ended || shared->pending->rows >= shared->options.rows_max)
      shared->changed.notify_all();
    if (shared->ended) return;
  }
}

bool Feed::next(Chunk& chunk) {
  chunk.leaves.clear();
  chunk.rows = 0;
  std::unique_lock<std::mutex> lock(shared_->mutex);
  shared_->changed.wait_for(lock, tick, [&] { return shared_->ready(); });
  if (!shared_->ready()) return true;
  std::swap(chunk, *shared_->pending);
  shared_->changed.notify_all();
  return chunk.rows > 0 || !shared_->ended;
}

cairn::host::Error Feed::error() const {
  const std::lock_guard<std::mutex> lock(shared_->mutex);
  return shared_->error;
}

uint64_t Feed::bytes_total() const {
  return shared_->source->bytes_total();
}

}  // namespace command
