// A write into a preallocated file and its flush, linked in one submission of io_uring: what it
// would save over the two system calls that cairn makes.
#include <fcntl.h>
#include <liburing.h>
#include <unistd.h>

#include "bench/bench.hpp"
#include "bench/peers/peers.hpp"

namespace peers {
namespace {

using bench::require;

class Uring : public Store {
 public:
  Uring(const std::string& folder, size_t bytes)
      : file_(open((folder + "/log").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    require(file_ >= 0 && io_uring_queue_init(4, &ring_, 0) == 0);
    const std::vector<uint8_t> zeros(1 << 20);
    for (size_t at = 0; at < bytes; at += zeros.size())
      require(pwrite(file_, zeros.data(), zeros.size(), static_cast<off_t>(at)) ==
              static_cast<ssize_t>(zeros.size()));
    require(fsync(file_) == 0);
  }
  ~Uring() override {
    io_uring_queue_exit(&ring_);
    close(file_);
  }

  void commit(uint64_t first, const uint8_t* records, size_t count) override {
    const unsigned bytes = static_cast<unsigned>(count * record_bytes);
    io_uring_sqe* const write = io_uring_get_sqe(&ring_);
    io_uring_prep_write(write, file_, records, bytes, first * record_bytes);
    io_uring_sqe_set_flags(write, IOSQE_IO_LINK);
    io_uring_prep_fsync(io_uring_get_sqe(&ring_), file_, IORING_FSYNC_DATASYNC);
    require(io_uring_submit_and_wait(&ring_, 2) == 2);
    for (int expected : {static_cast<int>(bytes), 0}) {
      io_uring_cqe* done = nullptr;
      require(io_uring_wait_cqe(&ring_, &done) == 0 && done->res == expected);
      io_uring_cqe_seen(&ring_, done);
    }
  }

 private:
  int file_;
  io_uring ring_{};
};

}  // namespace

StoreKind uring() {
  return {"raw, io_uring", [](const std::string& folder, size_t bytes) {
            return std::make_unique<Uring>(folder, bytes);
          }};
}

}  // namespace peers
