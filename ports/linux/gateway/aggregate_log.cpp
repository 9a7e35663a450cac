#include <algorithm>
#include <cairn/checkpoint.hpp>
#include <cairn/gateway/aggregate_log.hpp>
#include <cairn/linux/tile_folder.hpp>

namespace cairn::gateway {
namespace {

constexpr char checkpoint_name[] = "/checkpoint";
constexpr size_t checkpoint_bytes_max = 1 << 16;  // a mirror adds cosignatures

std::string leaf_key(const std::string& log, uint64_t index) {
  return key_of({"leaf", log, key_number(index)});
}

std::string leaf_of_key(const std::string& log, const DeviceCheckpoint& checkpoint) {
  return key_of({"leaf-of", log, checkpoint.origin, key_number(checkpoint.size)});
}

Error lost_tiles(const std::string& folder, const std::string& what) {
  return {Status::damaged, folder + " does not hold the tree that this gateway signed last: " +
                               what + ". Restore the folder, or run `cairn-gateway rebuild`."};
}

// The leaf of an index below the size of the tree.
Error read_leaf(const std::string& folder, uint64_t size, uint64_t index, std::string& note) {
  host::TileFolder tiles;
  CAIRN_HOST_TRY(tiles.open(folder, size));
  std::string bundle;
  std::vector<ByteView> entries;
  CAIRN_HOST_TRY(tiles.read_entries(index / host::tile_width, bundle));
  const Status status = host::split_entries(host::bytes_of(bundle), entries);
  const size_t place = index % host::tile_width;
  if (status != Status::ok || place >= entries.size())
    return lost_tiles(folder, "the bundle with leaf " + std::to_string(index) + " is damaged");
  note = host::string_of(entries[place]);
  return {};
}

}  // namespace

Error AggregateLog::open(const AggregateOptions& options, Store& store, const host::KeyFile& key) {
  if (key.algorithm() != Algorithm::ed25519)
    return {Status::bad_argument,
            "the key of the gateway's log is not an Ed25519 key, which c2sp.org/tlog-tiles asks "
            "for. Make one with `cairn keygen --type ed25519`."};
  options_ = options;
  store_ = &store;
  key_ = &key;
  resumed_ = false;
  CAIRN_HOST_TRY(tiles_.open(options.folder, 0));
  CAIRN_HOST_TRY(lock_.take(options.folder + "/lock", "the log " + origin()));
  archive_ = std::make_unique<Archive>(options.folder);
  const Error error = resume();
  if (!error.ok()) lock_.release();
  return error;
}

// Brings memory in step with the store and the tiles.
Error AggregateLog::resume() {
  AggregateHead head;
  CAIRN_HOST_TRY(read_head(head));
  CAIRN_HOST_TRY(check_shown(head));
  CAIRN_HOST_TRY(load_tiles(head));
  std::vector<Entry> page;
  std::vector<std::string> notes;
  const std::string prefix = prefix_of({"leaf", origin()});
  std::string after = head.size == 0 ? std::string() : leaf_key(origin(), head.size - 1);
  do {
    page.clear();
    CAIRN_HOST_TRY(store_->scan(prefix, after, scan_page, page));
    for (const Entry& entry : page) {
      const Result<uint64_t> index = number_in_key(entry.key);
      if (!index.ok() || index.value != head.size + notes.size())
        return {Status::corrupt, "the store has no leaf " +
                                     std::to_string(head.size + notes.size()) + " of " + origin() +
                                     " but later ones. Restore the store."};
      notes.push_back(entry.value);
      after = entry.key;
    }
  } while (page.size() == scan_page);
  CAIRN_HOST_TRY(append_leaves(notes));
  if (!head.note.empty()) CAIRN_HOST_TRY(show(head.note));
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    head_ = head;
  }
  CAIRN_HOST_TRY(finish());
  resumed_ = true;
  return {};
}

Error AggregateLog::read_head(AggregateHead& out) {
  out = {0, empty_root, {}};
  head_version_ = 0;
  Entry entry;
  const Error error = store_->get(key_of({"aggregate", origin()}), entry);
  if (error.status == Status::not_found) return {};
  CAIRN_HOST_TRY(error);
  const Error opened = open_head(entry.value, key_->log_key(), "the store's head", out);
  if (!opened.ok()) return {Status::corrupt, opened.message + " Give the key that began the log."};
  head_version_ = entry.version;
  return {};
}

// Reads the tree of `head` from the tiles, and sees that it is that tree.
Error AggregateLog::load_tiles(const AggregateHead& head) {
  Error error = load_frontier(options_.folder, head.size, head.root, frontier_);
  if (error.ok()) error = tiles_.open(options_.folder, head.size);
  return error.ok() ? error : lost_tiles(options_.folder, error.message);
}

// A head is stored before it is shown: a store that knows none, or a smaller one, is not the one
// that belongs to the folder, but a new one or an old copy.
Error AggregateLog::check_shown(const AggregateHead& head) const {
  std::string note;
  AggregateHead shown;
  const std::string path = options_.folder + checkpoint_name;
  const Error error = host::read_file(path, checkpoint_bytes_max, note);
  if (error.status == Status::not_found) return {};
  if (error.status == Status::io) return error;
  const bool is_head = error.ok() && open_head(note, key_->log_key(), path, shown).ok();
  if (!head.note.empty() && (!is_head || shown.size <= head.size)) return {};
  const std::string what = head.note.empty()
                               ? " was signed already, but the store knows nothing of it."
                               : " was signed over " + std::to_string(shown.size) +
                                     " leaves, but the store knows of " +
                                     std::to_string(head.size) + " only: it is an old copy.";
  return {Status::damaged, path + what +
                               " Give the store that belongs to it, or run `cairn-gateway "
                               "rebuild` into a new one."};
}

Error AggregateLog::append_leaves(const std::vector<std::string>& notes) {
  std::vector<ByteView> leaves;
  for (const std::string& note : notes)
    leaves.push_back(host::bytes_of(note));
  CAIRN_HOST_TRY(tiles_.append(leaves.data(), leaves.size()));
  std::vector<Digest> hashes(leaves.size());
  leaf_hashes(leaves.data(), leaves.size(), hashes.data());
  const Status status = frontier_.append_batch(hashes.data(), hashes.size());
  if (status != Status::ok) return {status, "the log " + origin() + " can have no more leaves."};
  return {};
}

Error AggregateLog::add(DeviceCheckpoint checkpoint) {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::string key = leaf_of_key(origin(), checkpoint);
  if (waiting_.count(key) != 0) return {};
  if (waiting_.size() >= options_.queued_max)
    return {Status::full, std::to_string(waiting_.size()) + " checkpoints wait to enter the log " +
                              origin() + " already. Ask again later."};
  waiting_.insert(std::move(key));
  queue_.push_back(std::move(checkpoint));
  return {};
}

Error AggregateLog::integrate() {
  if (!resumed_) CAIRN_HOST_TRY(resume());
  std::vector<DeviceCheckpoint> batch;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    batch.swap(queue_);
  }
  if (batch.empty()) return finish();
  Error error = number(batch);
  if (error.ok()) error = finish();
  if (!error.ok()) {
    resumed_ = false;
    requeue(std::move(batch));
    return error;
  }
  const std::lock_guard<std::mutex> guard(mutex_);
  for (const DeviceCheckpoint& checkpoint : batch)
    waiting_.erase(leaf_of_key(origin(), checkpoint));
  return {};
}

void AggregateLog::requeue(std::vector<DeviceCheckpoint> batch) {
  const std::lock_guard<std::mutex> guard(mutex_);
  queue_.insert(queue_.begin(), std::make_move_iterator(batch.begin()),
                std::make_move_iterator(batch.end()));
}

// Stores each checkpoint under the next number, and then puts it into the tiles.
Error AggregateLog::number(const std::vector<DeviceCheckpoint>& batch) {
  std::vector<Change> changes;
  std::vector<std::string> notes;
  std::vector<std::string> keys;
  std::vector<Entry> entries;
  for (const DeviceCheckpoint& checkpoint : batch)
    keys.push_back(leaf_of_key(origin(), checkpoint));
  CAIRN_HOST_TRY(store_->get_batch(keys, entries));
  uint64_t next = frontier_.size();
  for (size_t i = 0; i < batch.size(); ++i) {
    if (entries[i].version != 0) continue;
    changes.push_back(
        {{{leaf_key(origin(), next), 0, batch[i].note}, {keys[i], 0, std::to_string(next)}}});
    notes.push_back(batch[i].note);
    ++next;
  }
  if (changes.empty()) return {};
  CAIRN_HOST_TRY(store_->cas_batch(changes));
  const auto applied = [](const Change& change) { return change.applied; };
  if (!std::all_of(changes.begin(), changes.end(), applied))
    return {Status::bad_state,
            "another process gave numbers to leaves of " + origin() + ". Stop one of them."};
  return append_leaves(notes);
}

// Publishes and signs what has a number and is in no signed tree.
Error AggregateLog::finish() {
  const AggregateHead before = head();
  if (frontier_.size() == before.size && !before.note.empty()) return {};
  CAIRN_HOST_TRY(tiles_.publish());
  AggregateHead next{frontier_.size(), frontier_.root(), {}};
  CAIRN_HOST_TRY(sign(next.size, next.root, next.note));
  std::vector<Change> changes;
  changes.push_back({{{key_of({"aggregate", origin()}), head_version_, next.note}}});
  for (uint64_t index = before.size; index < next.size; ++index)
    changes.push_back({{{leaf_key(origin(), index), 1, std::nullopt}}});
  CAIRN_HOST_TRY(store_->cas_batch(changes));
  if (!changes.front().applied)
    return {Status::bad_state,
            "another process wrote the head of " + origin() + ". Stop one of them."};
  CAIRN_HOST_TRY(show(next.note));
  ++head_version_;
  const std::lock_guard<std::mutex> guard(mutex_);
  head_ = std::move(next);
  return {};
}

// What a web server over the folder serves.
Error AggregateLog::show(const std::string& note) const {
  return host::write_file(options_.folder + checkpoint_name, host::bytes_of(note), 0644);
}

Error AggregateLog::sign(uint64_t size, const Digest& root, std::string& note) const {
  Checkpoint checkpoint;
  checkpoint.origin = host::bytes_of(origin());
  checkpoint.size = size;
  checkpoint.root = root;
  uint8_t text[signed_checkpoint_bytes_max], line[signed_checkpoint_bytes_max];
  const Result<size_t> text_size = format_checkpoint(checkpoint, text);
  if (!text_size.ok()) return {text_size.status, "the head of " + origin() + " has no text."};
  const NoteKey key = key_->log_key();
  const Result<size_t> line_size =
      sign_note({text, text_size.value}, key.name, key.type, key_->signer(), 0, line);
  if (!line_size.ok())
    return {line_size.status,
            "the key of " + origin() + " does not sign: " + status_text(line_size.status) + "."};
  note = host::string_of({text, text_size.value}) + "\n" + host::string_of({line, line_size.value});
  return {};
}

AggregateHead AggregateLog::head() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return head_;
}

size_t AggregateLog::queued() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return waiting_.size();
}

Error AggregateLog::is_leaf(const std::string& origin, uint64_t device_size, bool& out) const {
  const std::string key = leaf_of_key(this->origin(), {origin, device_size, {}});
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    out = waiting_.count(key) != 0;
  }
  if (out) return {};
  Entry entry;
  const Error error = store_->get(key, entry);
  out = error.ok();
  return error.status == Status::not_found ? Error{} : error;
}

Error AggregateLog::find(const std::string& origin, uint64_t size_min, AggregateLeaf& out) const {
  const std::string prefix = prefix_of({"leaf-of", this->origin(), origin});
  const std::string after = size_min == 0 ? std::string() : prefix + key_number(size_min - 1);
  std::vector<Entry> entries;
  CAIRN_HOST_TRY(store_->scan(prefix, after, 1, entries));
  const uint64_t size = head().size;
  const Result<uint64_t> index =
      entries.empty() ? Status::not_found : parse_decimal(host::bytes_of(entries[0].value));
  if (!index.ok() || index.value >= size)
    return {Status::not_found, "no checkpoint of " + origin + " with at least " +
                                   std::to_string(size_min) + " records is in the log " +
                                   this->origin() + " yet."};
  out.index = index.value;
  out.device_size = number_in_key(entries[0].key).value_or(0);
  return read_leaf(options_.folder, size, out.index, out.note);
}

Error AggregateLog::device_sizes(const std::string& origin, std::vector<uint64_t>& out) const {
  const uint64_t size = head().size;
  out.clear();
  return for_each_entry(
      *store_, prefix_of({"leaf-of", this->origin(), origin}), [&](const Entry& entry) -> Error {
        const Result<uint64_t> device_size = number_in_key(entry.key);
        const Result<uint64_t> index = parse_decimal(host::bytes_of(entry.value));
        if (!device_size.ok() || !index.ok())
          return {Status::corrupt, "the entry '" + entry.key + "' is no place of a leaf."};
        if (index.value < size) out.push_back(device_size.value);
        return {};
      });
}

Error AggregateLog::head_at(uint64_t size, AggregateHead& out) const {
  out = head();
  if (size == out.size) return {};
  if (size > out.size)
    return {Status::not_found, "the log " + origin() + " has " + std::to_string(out.size) +
                                   " leaves, not " + std::to_string(size) + "."};
  const uint64_t held = out.size;
  out = {size, {}, {}};
  CAIRN_HOST_TRY(root_at(options_.folder, held, size, out.root));
  return sign(size, out.root, out.note);
}

}  // namespace cairn::gateway
