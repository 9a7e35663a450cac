#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cairn/linux/file_flash.hpp>
#include <cerrno>
#include <cstring>

#include "file_writes.hpp"

namespace cairn::host {
namespace {

// An off_t has another size in a program that does not ask for large files.
ssize_t write_at(int file, const void* data, size_t size_bytes, uint64_t at) {
  return ::pwrite(file, data, size_bytes, static_cast<off_t>(at));
}

constexpr FileCalls system_calls = {write_at, ::fdatasync};

constexpr size_t window_bytes = 64 * 1024;
constexpr uint64_t window_alignment = 4096;

// Whether this process may make a file so large. Trying it would kill the process (SIGXFSZ).
bool within_size_limit(uint64_t file_bytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return true;
  return file_bytes <= limit.rlim_cur;
}

// 0, or the number of the error.
int write_all(const FileCalls& calls, int file, uint64_t at, ByteView bytes) {
  size_t done = 0;
  while (done < bytes.size) {
    const ssize_t n = calls.pwrite(file, bytes.data + done, bytes.size - done, at + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    done += static_cast<size_t>(n);
  }
  return 0;
}

}  // namespace

FileFlash::FileFlash()
    : calls_(&system_calls),
      gathered_(std::make_unique<FileWrites>()),
      flying_(std::make_unique<FileWrites>()) {}

FileFlash::~FileFlash() = default;

Error FileGeometry::check() const {
  const uint64_t bytes = uint64_t{segment_bytes} * segment_count;
  const std::string asked = "a log of " + std::to_string(segment_count) + " segments of " +
                            std::to_string(segment_bytes) + " bytes is not possible: ";
  const uint32_t least =
      kind == CAIRN_FLASH_FILE ? segment_bytes_min : uint32_t{copy_segment_bytes_min};
  if (segment_bytes < least || segment_bytes > segment_bytes_max ||
      segment_count < segment_count_min || segment_count > segment_count_max) {
    return {Status::bad_argument, asked + "choose " + std::to_string(segment_count_min) + " to " +
                                      std::to_string(segment_count_max) + " segments of " +
                                      std::to_string(least) + " to " +
                                      std::to_string(segment_bytes_max) + " bytes."};
  }
  if (bytes <= file_bytes_max) return {};
  return {Status::bad_argument, asked + "together they take " + std::to_string(bytes) +
                                    " bytes, and a file holds " + std::to_string(file_bytes_max) +
                                    ". Choose fewer or smaller segments."};
}

Error FileFlash::create(const std::string& path, const FileGeometry& geometry) {
  read_only_ = false;
  CAIRN_HOST_TRY(open_with(path, geometry, O_RDWR | O_CREAT | O_EXCL));
  Error error;
  if (fsync(file_.number()) != 0) error = system_error("write", path, errno);
  if (error.ok()) error = sync_folder_of(path);
  if (!error.ok()) {
    unlink(path.c_str());
    close();
  }
  return error;
}

Error FileFlash::open(const std::string& path, const FileGeometry& geometry, bool read_only) {
  read_only_ = read_only;
  return open_with(path, geometry, read_only ? O_RDONLY : O_RDWR);
}

Error FileFlash::open_with(const std::string& path, const FileGeometry& geometry, int flags) {
  close();
  CAIRN_HOST_TRY(geometry.check());
  path_ = path;
  flash_ = {};
  flash_.struct_size = sizeof(Flash);
  flash_.unit_bytes = geometry.unit_bytes;
  flash_.segment_bytes = geometry.segment_bytes;
  flash_.segment_count = geometry.segment_count;
  flash_.erased = geometry.erased;
  flash_.kind = geometry.kind;
  flash_.user = this;
  flash_.read = &FileFlash::read;
  flash_.program = &FileFlash::program;
  flash_.erase = &FileFlash::erase;
  flash_.sync = &FileFlash::sync;
  file_ = Descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0644));
  if (!file_.is_open()) {
    return system_error((flags & O_CREAT) != 0 ? "create" : "open", path, errno);
  }
  if (window_ == nullptr) window_ = std::make_unique<uint8_t[]>(window_bytes);
  return {};
}

void FileFlash::close() {
  file_.reset();
  error_ = {};
  window_size_ = 0;
  programmed_at_ = programmed_end_ = 0;
  sync_failed_ = false;
  hands_over_ = false;
  gathered_->clear();
  flying_->clear();
  flight_ = Flight::none;
}

int FileFlash::fail(const char* action, int number) {
  error_ = system_error(action, path_, number);
  return static_cast<int>(error_.status == Status::full ? Status::full : Status::io);
}

bool FileFlash::inside(uint32_t segment, uint32_t offset, uint32_t size_bytes) const {
  return file_.is_open() && segment < flash_.segment_count && offset <= flash_.segment_bytes &&
         size_bytes <= flash_.segment_bytes - offset;
}

uint64_t FileFlash::address(uint32_t segment, uint32_t offset) const {
  return static_cast<uint64_t>(segment) * flash_.segment_bytes + offset;
}

// Reads from the file; what lies behind its end is erased.
int FileFlash::read_at(uint64_t at, uint8_t* data, size_t size_bytes) {
  size_t done = 0;
  while (done < size_bytes) {
    const ssize_t n =
        pread(file_.number(), data + done, size_bytes - done, static_cast<off_t>(at + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail("read", errno);
    if (n == 0) {
      std::memset(data + done, flash_.erased, size_bytes - done);
      break;
    }
    done += static_cast<size_t>(n);
  }
  return 0;
}

int FileFlash::write_at(uint64_t at, const uint8_t* data, size_t size_bytes) {
  const int number = write_all(*calls_, file_.number(), at, {data, size_bytes});
  return number == 0 ? 0 : fail("write", number);
}

int FileFlash::fill_window(uint64_t at) {
  window_size_ = 0;
  window_at_ = at - at % window_alignment;
  if (const int status = read_at(window_at_, window_.get(), window_bytes); status != 0) {
    return status;
  }
  window_size_ = window_bytes;
  return 0;
}

// Cuts the window before bytes that are about to change.
void FileFlash::forget(uint64_t at, uint64_t size_bytes) {
  if (at >= window_at_ + window_size_ || at + size_bytes <= window_at_) return;
  window_size_ = at > window_at_ ? static_cast<size_t>(at - window_at_) : 0;
}

int FileFlash::read(void* user, uint32_t segment, uint32_t offset, void* data,
                    uint32_t size_bytes) {
  FileFlash& self = *static_cast<FileFlash*>(user);
  if (!self.inside(segment, offset, size_bytes)) return static_cast<int>(Status::bad_argument);
  const uint64_t at = self.address(segment, offset);
  const uint64_t end = at + size_bytes;
  const MutableBytes out{static_cast<uint8_t*>(data), size_bytes};
  const bool read_back = at >= self.programmed_at_ && end <= self.programmed_end_;
  if (read_back || size_bytes > window_bytes - window_alignment) {
    if (const int status = self.read_at(at, out.data, size_bytes); status != 0) return status;
  } else {
    if (at < self.window_at_ || end > self.window_at_ + self.window_size_) {
      if (const int status = self.fill_window(at); status != 0) return status;
    }
    std::memcpy(data, self.window_.get() + (at - self.window_at_), size_bytes);
  }
  self.flying_->overlay(at, out);
  self.gathered_->overlay(at, out);
  return 0;
}

// After a failed sync the kernel may have dropped what was written before: a later sync that
// succeeds would promise too much. So nothing more is written until the file is opened again.
int FileFlash::writable() {
  if (read_only_) {
    error_ = {Status::io, path_ + " is open for reading only."};
    return static_cast<int>(Status::io);
  }
  if (sync_failed_) {
    error_ = {Status::io, path_ +
                              " could not be made durable earlier. Close the log, look at the disk "
                              "(dmesg, df), and open it again."};
    return static_cast<int>(Status::io);
  }
  return 0;
}

int FileFlash::program(void* user, uint32_t segment, uint32_t offset, const void* data,
                       uint32_t size_bytes) {
  FileFlash& self = *static_cast<FileFlash*>(user);
  if (!self.inside(segment, offset, size_bytes)) return static_cast<int>(Status::bad_argument);
  if (const int status = self.writable(); status != 0) return status;
  const uint64_t at = self.address(segment, offset);
  const ByteView bytes{static_cast<const uint8_t*>(data), size_bytes};
  if (self.hands_over_) return self.program_later(at, bytes);
  self.forget(at, size_bytes);
  self.programmed_at_ = at;
  self.programmed_end_ = at + size_bytes;
  return self.write_at(at, bytes.data, bytes.size);
}

// Written zeros, although a hole would read the same: on most file systems a later sync then has
// no metadata to write, which makes it up to half as long again faster.
int FileFlash::write_zeros(uint64_t at, uint64_t size_bytes) {
  static const uint8_t zeros[window_bytes] = {};
  for (uint64_t done = 0; done < size_bytes; done += window_bytes) {
    const uint64_t rest = size_bytes - done;
    const size_t piece = static_cast<size_t>(std::min<uint64_t>(rest, window_bytes));
    if (const int status = write_at(at + done, zeros, piece); status != 0) return status;
  }
  return 0;
}

int FileFlash::erase(void* user, uint32_t segment) {
  FileFlash& self = *static_cast<FileFlash*>(user);
  if (!self.inside(segment, 0, 0)) return static_cast<int>(Status::bad_argument);
  if (const int status = self.writable(); status != 0) return status;
  const uint64_t at = self.address(segment, 0);
  const uint64_t size_bytes = self.flash_.segment_bytes;
  if (!within_size_limit(at + size_bytes)) return self.fail("grow", EFBIG);
  if (const int status = self.write_gathered(); status != 0) return status;
  self.forget(at, size_bytes);
  int result = 0;
  do {
    result =
        fallocate(self.file_.number(), 0, static_cast<off_t>(at), static_cast<off_t>(size_bytes));
  } while (result != 0 && errno == EINTR);
  // Where a file system cannot allocate ahead, writing the zeros does it, or fails alike.
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS) return self.fail("grow", errno);
  return self.write_zeros(at, size_bytes);
}

int FileFlash::sync(void* user) {
  FileFlash& self = *static_cast<FileFlash*>(user);
  if (!self.file_.is_open()) return static_cast<int>(Status::bad_state);
  if (const int status = self.writable(); status != 0) return status;
  if (self.hands_over_) return self.hand_commit_over();
  if (self.calls_->fdatasync(self.file_.number()) == 0) return 0;
  self.sync_failed_ = true;
  return self.fail("sync", errno);
}

// ---- commits that are handed over --------------------------------------------------------------

Status FileFlash::hand_over(bool on) {
  if (!on && write_gathered() != 0) return Status::io;
  hands_over_ = on;
  return Status::ok;
}

// 0, or the number of the error. Touches nothing that the log's thread changes meanwhile.
int FileFlash::write_out(const FileWrites& writes) {
  int number = 0;
  for (size_t i = 0; i < writes.run_count() && number == 0; ++i)
    number = write_all(*calls_, file_.number(), writes.run(i).at, writes.run(i).bytes);
  return number;
}

// Their bytes change in the file.
void FileFlash::forget(const FileWrites& writes) {
  for (size_t i = 0; i < writes.run_count(); ++i)
    forget(writes.run(i).at, writes.run(i).bytes.size);
}

Status FileFlash::flush() {
  std::unique_lock<std::mutex> lock(mutex_);
  landed_.wait(lock, [&] { return flight_ != Flight::flushing; });
  if (flight_ == Flight::failed) return Status::io;
  if (flight_ != Flight::waiting) return Status::ok;
  flight_ = Flight::flushing;
  lock.unlock();
  int number = write_out(*flying_);
  if (number == 0 && calls_->fdatasync(file_.number()) != 0) number = errno;
  lock.lock();
  flight_errno_ = number;
  flight_ = number == 0 ? Flight::done : Flight::failed;
  lock.unlock();
  landed_.notify_all();
  return number == 0 ? Status::ok : Status::io;
}

bool FileFlash::is_flushing() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return flight_ == Flight::flushing;
}

// Waits until what was handed over is durable, or sees to it.
int FileFlash::settle() {
  if (flush() != Status::ok) {
    sync_failed_ = true;
    return fail("sync", flight_errno_);
  }
  forget(*flying_);
  flying_->clear();
  const std::lock_guard<std::mutex> lock(mutex_);
  flight_ = Flight::none;
  return 0;
}

int FileFlash::hand_commit_over() {
  if (const int status = settle(); status != 0) return status;
  std::swap(gathered_, flying_);
  const std::lock_guard<std::mutex> lock(mutex_);
  flight_ = Flight::waiting;
  return 0;
}

// Writes what is gathered, behind what was handed over.
int FileFlash::write_gathered() {
  if (!hands_over_) return 0;
  if (const int status = settle(); status != 0) return status;
  forget(*gathered_);
  if (const int number = write_out(*gathered_); number != 0) return fail("write", number);
  gathered_->clear();
  return 0;
}

int FileFlash::program_later(uint64_t at, ByteView bytes) {
  if (gathered_->size_bytes() + bytes.size > hand_over_bytes_max) {
    if (const int status = write_gathered(); status != 0) return status;
  }
  gathered_->add(at, bytes);
  return 0;
}

}  // namespace cairn::host
