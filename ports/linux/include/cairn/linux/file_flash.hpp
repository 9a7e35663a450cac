// A cairn::Flash of kind "file": one sparse file, a segment after the other. Erased bytes are 0x00,
// so that a hole of the file is erased memory; the program unit is one byte.
//
// Erasing a segment allocates it. A full disk is thus met before a record is written, never in the
// middle of one, and the log behind it stays intact.
//
// A commit can be handed over instead of synced, so that the next one is made while the disk is
// busy with it (GroupCommit does). What reaches the disk, and in which order, stays the same.
#pragma once

#include <cairn/flash.hpp>
#include <cairn/linux/file.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace cairn::host {

/// Chosen when a log is made, and kept with it (the file itself does not say).
struct FileGeometry {
  static constexpr uint32_t segment_bytes_min = 4096;
  static constexpr uint32_t segment_bytes_max = uint32_t{1} << 30;
  static constexpr uint32_t segment_count_min = 2;
  static constexpr uint32_t segment_count_max = uint32_t{1} << 18;
  static constexpr uint64_t file_bytes_max = uint64_t{1} << 44;  ///< what ext4 holds in one file

  uint32_t segment_bytes = 1024 * 1024;
  uint32_t segment_count = 16384;  ///< at most 16 GiB by default; the file grows as it is used

  // Of a copy of a device's flash, which is only read: what that flash is.
  static constexpr uint32_t copy_segment_bytes_min = 256;
  uint32_t unit_bytes = 1;
  uint8_t erased = 0x00;
  uint8_t kind = CAIRN_FLASH_FILE;

  /// ok, or bad_argument with a message that says what is possible.
  Error check() const;
};

/// The system calls that change the file: a test may stand in front of them.
struct FileCalls {
  ssize_t (*pwrite)(int file, const void* data, size_t size_bytes, uint64_t at);
  int (*fdatasync)(int file);
};

class FileWrites;

class FileFlash {
 public:
  FileFlash();
  ~FileFlash();
  FileFlash(const FileFlash&) = delete;
  FileFlash& operator=(const FileFlash&) = delete;

  /// Makes an empty file, readable by all, and opens it for writing.
  ///
  /// ok            open
  /// bad_argument  as FileGeometry::check()
  /// bad_state     the file exists already
  /// full, io, not_found  as system_error()
  Error create(const std::string& path, const FileGeometry& geometry);

  /// Opens a file that create() made. Read-only: program and erase answer io.
  Error open(const std::string& path, const FileGeometry& geometry, bool read_only);

  void close();
  bool is_open() const { return file_.is_open(); }

  /// For cairn::Log and cairn::Recorder. Holds the address of this object.
  ///
  /// Reads beyond the end of the file give erased bytes. Small reads come from a window of the
  /// file in memory; what this object programs or erases is dropped from it at once.
  /// A full disk makes erase (and, where a file system cannot allocate ahead, program and sync)
  /// answer Status::full; every other failure is io. After a failed sync nothing more is written
  /// until the file is opened again: what the kernel had in hand may be lost.
  const Flash& flash() const { return flash_; }

  /// Forgets the window: the next read sees what another process has written since.
  void drop_cache() { window_size_ = 0; }

  /// Chooses what a sync of the log does. False, as at first: it writes and syncs, and returns when
  /// all is durable. True: programmed bytes gather in memory, and a sync hands them over to be
  /// written by flush() with one write and one fdatasync. Nothing of a later commit is written
  /// before those have ended: a sync, an erase, or more than hand_over_bytes_max in one commit wait
  /// for them, or do them. Reads see what is on its way.
  ///
  /// Turning it off flushes. Power loss: what was not flushed is absent, as if it had not been
  /// written. After a failed flush nothing more is written until the file is opened again.
  /// ok, io
  Status hand_over(bool on);
  /// Writes and syncs the commit that was handed over, if there is one. The one call that another
  /// thread may make while the log works on.
  /// ok, io (also when an earlier flush failed)
  Status flush();

  /// Whether a thread is in flush(), at the disk.
  bool is_flushing();

  static constexpr size_t hand_over_bytes_max = 4 * 1024 * 1024;

  /// For tests. `calls` must outlive this object.
  void use(const FileCalls& calls) { calls_ = &calls; }

  /// Why the last failing call failed; ok when none has since clear_error().
  const Error& last_error() const { return error_; }
  void clear_error() { error_ = {}; }

 private:
  static int read(void* user, uint32_t segment, uint32_t offset, void* data, uint32_t size_bytes);
  static int program(void* user, uint32_t segment, uint32_t offset, const void* data,
                     uint32_t size_bytes);
  static int erase(void* user, uint32_t segment);
  static int sync(void* user);

  Error open_with(const std::string& path, const FileGeometry& geometry, int flags);
  int read_at(uint64_t at, uint8_t* data, size_t size_bytes);
  int write_at(uint64_t at, const uint8_t* data, size_t size_bytes);
  int write_zeros(uint64_t at, uint64_t size_bytes);
  int fill_window(uint64_t at);
  void forget(uint64_t at, uint64_t size_bytes);
  int writable();
  int program_later(uint64_t at, ByteView bytes);
  int write_out(const FileWrites& writes);
  void forget(const FileWrites& writes);
  int write_gathered();
  int hand_commit_over();
  int settle();
  uint64_t address(uint32_t segment, uint32_t offset) const;
  bool inside(uint32_t segment, uint32_t offset, uint32_t size_bytes) const;
  int fail(const char* action, int number);

  Descriptor file_;
  Flash flash_{};
  Error error_;
  std::string path_;
  std::unique_ptr<uint8_t[]> window_;
  uint64_t window_at_ = 0;
  size_t window_size_ = 0;
  uint64_t programmed_at_ = 0;  ///< newest write: its read-back goes past the window
  uint64_t programmed_end_ = 0;
  bool read_only_ = false;
  bool sync_failed_ = false;

  enum class Flight : uint8_t { none, waiting, flushing, done, failed };
  const FileCalls* calls_;
  bool hands_over_ = false;
  std::unique_ptr<FileWrites> gathered_;  ///< of the commit that is open
  std::unique_ptr<FileWrites> flying_;    ///< handed over
  std::mutex mutex_;                      ///< of the fields that follow
  std::condition_variable landed_;
  Flight flight_ = Flight::none;
  int flight_errno_ = 0;
};

}  // namespace cairn::host
