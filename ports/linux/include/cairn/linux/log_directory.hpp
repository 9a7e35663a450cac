// A log on disk: a folder with everything that belongs to it.
//
//   log            the segment ring (docs/format.md, "Log")
//   config.json    origin, verifier key, geometry, path of the private key, batch policy
//   lock           held by the one writer; names its process
//   cosignatures/  one file for each tree size: the signature lines of witnesses
#pragma once

#include <cairn/linux/key_file.hpp>
#include <cairn/linux/lock_file.hpp>
#include <cairn/linux/log_config.hpp>
#include <cairn/linux/platform.hpp>
#include <optional>
#include <vector>

namespace cairn::host {

class LogDirectory {
 public:
  /// `platform` gives clocks and entropy, and must outlive.
  explicit LogDirectory(const Platform& platform = linux_platform()) : platform_(platform) {}
  LogDirectory(const LogDirectory&) = delete;
  LogDirectory& operator=(const LogDirectory&) = delete;

  /// Makes the folder and an empty log in it, named after the key, and leaves it open for writing.
  /// `path` must not exist, or be an empty folder. A failure leaves nothing behind. For the
  /// successor of an abandoned log, `predecessor` has that log's origin and last known head.
  ///
  /// ok            open for writing
  /// bad_state     something is there already
  /// bad_argument  geometry
  /// others        as KeyFile::load() and system_error()
  Error create(const std::string& path, const std::string& key_path, const LogSettings& settings,
               const Begin* predecessor = nullptr);

  /// Makes the folder, and puts the bytes of a device's flash in it as a log that is only read:
  /// open_writer() answers bad_state, because two that append would be two histories. `vkey` is
  /// the text of the log's verifier key. A failure leaves nothing behind.
  ///
  /// ok            written; nothing is open
  /// bad_state     something is there already
  /// bad_argument  geometry
  /// corrupt       not a verifier key
  /// others        as system_error()
  static Error keep_copy(const std::string& path, const std::string& vkey,
                         const FileGeometry& geometry, ByteView image);

  /// Takes the lock, loads the key and opens the log for appending. `key_path` overrides the path
  /// in config.json, for a key that has moved; `batch_leaves` overrides that limit of the batch
  /// policy.
  ///
  /// ok            open
  /// not_found     no log in this folder, or the key is another log's
  /// bad_state     another process holds the lock; the message names it. Or it is a copy
  /// damaged       open for reading; the message says what to do
  /// corrupt       config.json does not parse
  /// wrong_version config.json or the log is of a later version
  /// others        as KeyFile::load(), Recorder::open() and system_error()
  Error open_writer(const std::string& path, const std::string& key_path = "",
                    std::optional<uint32_t> batch_leaves = {});

  /// Opens the log for reading: no lock, no key, nothing is written. Works on a read-only folder,
  /// and while a writer appends: log() is the log as it was when opened. A cursor may run on into
  /// what was appended since; whoever wants the log of one moment stops at log().size().
  /// Statuses as open_writer(); `damaged` likewise leaves the log open.
  Error open_reader(const std::string& path);

  /// Reader: sees what was appended since. Statuses as open_reader().
  Error refresh();

  void close();

  bool is_open() const { return recorder_ != nullptr || log_ != nullptr; }
  bool is_writer() const { return recorder_ != nullptr; }
  const std::string& path() const { return path_; }
  const LogConfig& config() const { return config_; }
  /// The log's verifier key. Its name is a view into this object.
  const NoteKey& log_key() const { return vkey_.key; }
  /// The log, for reader and writer.
  const Log& log() const { return recorder_ != nullptr ? recorder_->log() : *log_; }
  /// For a writer only.
  Recorder& recorder() { return *recorder_; }
  const KeyFile& key() const { return key_; }
  /// The file below the recorder: with it the two arguments of a GroupCommit. For a writer only.
  FileFlash& flash() { return flash_; }

  /// The newest signed note, without cosignatures. bad_state: nothing signed yet.
  Error checkpoint(std::string& out) const;
  /// Writes the signed note of any head that the log has signed, and that the caller found.
  Error checkpoint_of(const SignedHead& head, std::string& out) const;

  /// The cosignature lines that are kept for a tree size; empty when there are none.
  Error cosignatures(uint64_t size, std::string& lines) const;
  /// The tree sizes that cosignatures are kept for, smallest first.
  std::vector<uint64_t> cosigned_sizes() const;
  /// Adds signature lines for a size. A newer line of the same key replaces the older one. Does not
  /// need the writer's lock.
  /// corrupt: not signature lines; nothing is kept.
  Error add_cosignatures(uint64_t size, const std::string& lines);

  /// Puts a status of the log or the recorder into words, with what the file system said since the
  /// last call. `doing`: "append to", "seal", "read".
  Error explain(Status status, const std::string& doing);

 private:
  Error open_config(const std::string& path);
  Error load_key(const std::string& key_path);
  Error fill_copy(const std::string& vkey, const FileGeometry& geometry, ByteView image);
  void remove_files(bool with_folder) const;
  Error fill(const LogSettings& settings, const Begin* predecessor);
  Error open_recorder();
  Error mount();
  LogOptions log_options() const;
  RecorderOptions recorder_options() const;
  LogMemory memory(size_t frame_bytes);
  std::string file(const char* name) const { return path_ + "/" + name; }

  const Platform& platform_;
  std::string path_;
  LogConfig config_;
  VerifierKey vkey_;
  KeyFile key_;
  LockFile lock_;
  FileFlash flash_;
  std::vector<uint8_t> frame_;
  std::vector<Digest> digests_;
  std::unique_ptr<Recorder> recorder_;  ///< writer
  std::unique_ptr<Log> log_;            ///< reader
};

}  // namespace cairn::host
