#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cairn/linux/log_directory.hpp>
#include <cerrno>
#include <chrono>
#include <thread>

#include "cosignature_folder.hpp"

namespace cairn::host {
namespace {

constexpr char log_name[] = "log";
constexpr char config_name[] = "config.json";
constexpr char lock_name[] = "lock";
constexpr char cosignatures_name[] = "cosignatures";
// A writer gathers frames for one write; a reader leaves reading ahead to the file's own window.
constexpr size_t writer_frame_bytes = 256 * 1024;
constexpr size_t reader_frame_bytes = 32 * 1024;
constexpr size_t digest_count = 4096;
// A reader that looks while a writer writes may see a later write without an earlier one, which
// looks like damage. But nobody writes to a damaged log: real damage looks the same when seen
// again.
constexpr int mount_attempts = 200;
constexpr std::chrono::milliseconds mount_pause{5};

bool is_empty_folder(const std::string& path) {
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return false;
  bool empty = true;
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") empty = false;
  }
  closedir(folder);
  return empty;
}

std::string describe(Status status) {
  switch (status) {
    case Status::damaged:
      return "acknowledged records are missing. Keep the folder as it is, run 'cairn check' to see "
             "which, and continue in a new log";
    case Status::not_formatted:
      return "its file 'log' holds no log of this origin. Restore it from a copy";
    case Status::wrong_version:
      return "its file 'log' is of a later version, or of another geometry than config.json says";
    case Status::pruned:
      return "the record was retired to make room";
    case Status::bad_state:
      return "not possible in its present state";
    default:
      return status_text(status);
  }
}

// Whether it was made, or was there already and is empty.
Error make_folder(const std::string& path, bool& made) {
  made = mkdir(path.c_str(), 0755) == 0;
  if (made) return sync_folder_of(path);
  if (errno != EEXIST) return system_error("create the folder", path, errno);
  if (is_empty_folder(path)) return {};
  return {Status::bad_state,
          path + " exists already and is not an empty folder. Choose another name."};
}

}  // namespace

Error LogDirectory::create(const std::string& path, const std::string& key_path,
                           const LogSettings& settings, const Begin* predecessor) {
  close();
  bool made = false;
  CAIRN_HOST_TRY(key_.load(key_path));
  CAIRN_HOST_TRY(absolute_path(key_path, config_.key_path));
  CAIRN_HOST_TRY(make_folder(path, made));
  path_ = path;
  const Error error = fill(settings, predecessor);
  if (error.ok()) return error;
  remove_files(made);
  close();
  return error;
}

Error LogDirectory::keep_copy(const std::string& path, const std::string& vkey,
                              const FileGeometry& geometry, ByteView image) {
  LogDirectory copy;
  bool made = false;
  CAIRN_HOST_TRY(geometry.check());
  CAIRN_HOST_TRY(make_folder(path, made));
  copy.path_ = path;
  const Error error = copy.fill_copy(vkey, geometry, image);
  if (!error.ok()) copy.remove_files(made);
  return error;
}

// The order of fill() and fill_copy(), backwards.
void LogDirectory::remove_files(bool with_folder) const {
  for (const char* name : {config_name, log_name, lock_name})
    unlink(file(name).c_str());
  rmdir(file(cosignatures_name).c_str());
  if (with_folder) rmdir(path_.c_str());
}

Error LogDirectory::fill_copy(const std::string& vkey, const FileGeometry& geometry,
                              ByteView image) {
  CAIRN_HOST_TRY(vkey_.parse(vkey, "the verifier key"));
  config_.origin = string_of(vkey_.key.name);
  config_.vkey = vkey;
  config_.settings.geometry = geometry;
  config_.is_copy = true;
  if (mkdir(file(cosignatures_name).c_str(), 0755) != 0) {
    return system_error("create the folder", file(cosignatures_name), errno);
  }
  CAIRN_HOST_TRY(write_file(file(log_name), image));
  return write_log_config(file(config_name), config_);
}

// config.json comes last: a folder without one is not a log, whatever else a power cut left in it.
Error LogDirectory::fill(const LogSettings& settings, const Begin* predecessor) {
  config_.origin = key_.name();
  config_.vkey = vkey_text(key_.log_key());
  config_.settings = settings;
  CAIRN_HOST_TRY(vkey_.parse(config_.vkey, config_.key_path));
  CAIRN_HOST_TRY(lock_.take(file(lock_name), "the log " + path_));
  if (mkdir(file(cosignatures_name).c_str(), 0755) != 0) {
    return system_error("create the folder", file(cosignatures_name), errno);
  }
  CAIRN_HOST_TRY(flash_.create(file(log_name), settings.geometry));
  recorder_ = std::make_unique<Recorder>();
  const Status status =
      recorder_->create(flash_.flash(), memory(writer_frame_bytes), recorder_options(), platform_,
                        key_.signer(), predecessor);
  if (status != Status::ok) return explain(status, "create");
  return write_log_config(file(config_name), config_);
}

Error LogDirectory::open_config(const std::string& path) {
  close();
  path_ = path;
  const Error error = read_log_config(file(config_name), config_);
  if (error.status == Status::not_found) {
    return {Status::not_found,
            path + " is not a log: it has no " + config_name + ". Check the path, or make a log."};
  }
  CAIRN_HOST_TRY(error);
  return vkey_.parse(config_.vkey, file(config_name));
}

Error LogDirectory::load_key(const std::string& key_path) {
  CAIRN_HOST_TRY(key_.load(key_path));
  if (vkey_text(key_.log_key()) == config_.vkey) return {};
  return {Status::not_found, "the private key " + key_path + " (" + vkey_text(key_.log_key()) +
                                 ") is not the key of the log " + path_ + " (" + config_.vkey +
                                 "). Name the right one."};
}

Error LogDirectory::open_writer(const std::string& path, const std::string& key_path,
                                std::optional<uint32_t> batch_leaves) {
  Error error = open_config(path);
  if (error.ok() && config_.is_copy) {
    error = {Status::bad_state, "the log " + path +
                                    " is a copy of a device's flash, to be read. Only the device "
                                    "itself appends to it."};
  }
  if (batch_leaves) config_.settings.batch.leaves = *batch_leaves;
  if (error.ok()) error = lock_.take(file(lock_name), "the log " + path);
  if (error.ok()) error = load_key(key_path.empty() ? config_.key_path : key_path);
  if (error.ok()) error = flash_.open(file(log_name), config_.settings.geometry, false);
  if (error.ok()) error = open_recorder();
  if (!error.ok() && error.status != Status::damaged) close();
  return error;
}

Error LogDirectory::open_recorder() {
  recorder_ = std::make_unique<Recorder>();
  const Status status = recorder_->open(flash_.flash(), memory(writer_frame_bytes),
                                        recorder_options(), platform_, key_.signer());
  if (status == Status::not_found) {
    return {status, "the log " + path_ + " has gone on with a newer key than " + config_.key_path +
                        ". Name that one."};
  }
  return explain(status, "open");
}

Error LogDirectory::open_reader(const std::string& path) {
  Error error = open_config(path);
  if (error.ok()) error = flash_.open(file(log_name), config_.settings.geometry, true);
  if (error.ok()) error = mount();
  if (!error.ok() && error.status != Status::damaged) close();
  return error;
}

Error LogDirectory::refresh() {
  if (recorder_ != nullptr) return {};
  return mount();
}

Error LogDirectory::mount() {
  if (log_ == nullptr) log_ = std::make_unique<Log>();
  uint64_t size = 0;
  uint64_t used_bytes = 0;
  for (int attempt = 0; attempt < mount_attempts; ++attempt) {
    flash_.drop_cache();
    const Status status =
        log_->mount(flash_.flash(), memory(reader_frame_bytes), log_options(), platform_);
    const bool same = attempt > 0 && size == log_->size() && used_bytes == log_->used_bytes();
    if (status != Status::damaged || same) return explain(status, "open");
    size = log_->size();
    used_bytes = log_->used_bytes();
    std::this_thread::sleep_for(mount_pause);
  }
  return {Status::io, "the log " + path_ + " changes faster than it can be read. Try again later."};
}

void LogDirectory::close() {
  recorder_.reset();
  log_.reset();
  flash_.close();
  key_.forget();
  lock_.release();
  config_ = {};
  vkey_ = {};
  path_.clear();
}

LogOptions LogDirectory::log_options() const {
  LogOptions options;
  options.log_id = log_id_of(bytes_of(config_.origin));
  options.recycle = config_.settings.recycle;
  options.keep_from = UINT64_MAX;  // nobody on this machine acknowledges records
  return options;
}

RecorderOptions LogDirectory::recorder_options() const {
  RecorderOptions options;
  options.origin = bytes_of(config_.origin);
  options.batch = config_.settings.batch;
  options.log = log_options();
  return options;
}

LogMemory LogDirectory::memory(size_t frame_bytes) {
  frame_.resize(frame_bytes);
  digests_.resize(digest_count);
  return {{frame_.data(), frame_.size()}, digests_.data(), digests_.size()};
}

Error LogDirectory::checkpoint(std::string& out) const {
  const SignedHead* head = log().head();
  if (head != nullptr) return checkpoint_of(*head, out);
  return {Status::bad_state,
          "the log " + path_ + " has no checkpoint yet: nothing in it has been sealed."};
}

Error LogDirectory::checkpoint_of(const SignedHead& head, std::string& out) const {
  Checkpoint checkpoint;
  checkpoint.origin = bytes_of(config_.origin);
  checkpoint.size = head.size;
  checkpoint.root = head.root;
  uint8_t note[signed_checkpoint_bytes_max];
  const Result<size_t> size = format_signed_checkpoint(checkpoint, log_key(), head.signature, note);
  if (!size.ok()) {
    return {size.status, "the checkpoint of size " + std::to_string(head.size) +
                             " cannot be written: " + status_text(size.status) + "."};
  }
  out = string_of({note, size.value});
  return {};
}

Error LogDirectory::cosignatures(uint64_t size, std::string& lines) const {
  return read_cosignatures(file(cosignatures_name), size, lines);
}

std::vector<uint64_t> LogDirectory::cosigned_sizes() const {
  return sizes_with_cosignatures(file(cosignatures_name));
}

Error LogDirectory::add_cosignatures(uint64_t size, const std::string& lines) {
  return merge_cosignatures(file(cosignatures_name), size, lines);
}

Error LogDirectory::explain(Status status, const std::string& doing) {
  if (status == Status::ok) return {};
  const std::string what = "cannot " + doing + " the log " + path_ + ": ";
  const Error cause = flash_.last_error();
  flash_.clear_error();
  // A log whose medium failed while it was being made durable answers bad_state from then on.
  const bool medium = status == Status::io || status == Status::full || status == Status::bad_state;
  if (!cause.ok() && medium) {
    return {cause.status == Status::full ? Status::full : status,
            what + cause.message + " What was acknowledged is safe."};
  }
  if (status == Status::full) {
    const FileGeometry& geometry = config_.settings.geometry;
    return {status, what + "it has used all of its " + std::to_string(geometry.segment_count) +
                        " segments of " + std::to_string(geometry.segment_bytes) +
                        " bytes. Continue in a new log; this one stays readable."};
  }
  return {status, what + describe(status) + "."};
}

}  // namespace cairn::host
