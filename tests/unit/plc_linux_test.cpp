// A log folder as a controller's log, pumped by another process: what is queued survives that
// process, and a scan never asks the operating system for anything.
#include <cairn_plc_shared_area.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cairn/linux/log_directory.hpp>
#include <cairn/plc/log_folder.hpp>
#include <cerrno>
#include <csignal>

#include "support/catch.hpp"
#include "support/host.hpp"
#include "support/no_system_calls.hpp"
#include "support/plc.hpp"

using namespace cairn;
using plc::zeros;

namespace {

void make_log(const std::string& folder) {
  host::KeyFile key;
  REQUIRE(key.generate(folder + "/key", "plant.example/line-1", Algorithm::ed25519).ok());
  host::LogSettings settings;
  settings.geometry.segment_bytes = 65536;
  settings.geometry.segment_count = 64;
  settings.batch.leaves = 64;
  host::LogDirectory log;
  REQUIRE(log.create(folder + "/log", folder + "/key", settings).ok());
}

// The process that pumps: until it is killed.
[[noreturn]] void pump_for_ever(const std::string& folder, const std::string& name) {
  host::PlcLogFolder log;
  if (!log.open(folder + "/log").ok()) _exit(1);
  log.log().area = cairn_plc_share_area(name.c_str(), 0);
  log.log().keeps = 1;
  cairn_plc_port port = CAIRN_PLC_PORT_INIT;
  port.logs = &log.log();
  port.log_count = 1;
  port.monotonic_ms = host::plc_monotonic_ms;
  if (cairn_plc_start(&port) != CAIRN_OK) _exit(2);
  for (;;) {
    uint32_t used = 0;
    if (cairn_plc_pump(0, 100, &used) != 1) usleep(500);
  }
}

pid_t start_pump(const std::string& folder, const std::string& name) {
  const pid_t child = fork();
  if (child == 0) pump_for_ever(folder, name);
  return child;
}

void kill_pump(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

// One of every block.
struct Blocks {
  cairn_fb_log_t log;
  cairn_fb_append_t append;
  cairn_fb_sample_t sample;
  cairn_fb_event_t event;
  cairn_fb_correct_t correct;
  cairn_fb_edge_t edge;
  cairn_fb_seal_t seal;
  cairn_fb_verify_t verify;
  cairn_fb_anchor_t anchor;
  cairn_fb_settime_t set_time;
  cairn_fb_status_t status;
  cairn_fb_retain8_t retain;
  cairn_fb_command_t command;

  // Requests follow one another: the next begins when the one before has been shown to be over.
  template <typename Block>
  bool request(Block& block, void (*function)(Block*)) {
    block.Handle = log.Handle;
    block.Execute = !block.Busy && !block.Execute;
    function(&block);
    return block.Done || block.Error;
  }
  template <typename Block>
  bool watch(Block& block, void (*function)(Block*)) {
    block.Handle = log.Handle;
    block.Enable = 1;
    function(&block);
    return block.Valid;
  }
  // One scan; a bit for each block that has had its answer, or works.
  uint32_t scan() {
    log.Enable = anchor.LinkUp = append.Level = 1;
    event.Level = 2;
    anchor.FrameAck = edge.Signal = uint8_t(!edge.Signal);
    set_time.UnixMs = command.Sequence = 1;
    retain.V0 += 1;
    cairn_fb_log(&log);
    const bool seen[] = {log.Valid != 0,
                         request(append, cairn_fb_append) && append.Index != 0,
                         request(event, cairn_fb_event) && event.Index != 0,
                         request(correct, cairn_fb_correct),
                         request(seal, cairn_fb_seal) && seal.Size != 0,
                         request(verify, cairn_fb_verify) && verify.Checked != 0,
                         request(set_time, cairn_fb_settime) && set_time.StepMs != 0,
                         request(command, cairn_fb_command) && command.Error != 0,
                         watch(sample, cairn_fb_sample),
                         watch(edge, cairn_fb_edge),
                         watch(anchor, cairn_fb_anchor) && anchor.AckSize != 0,
                         watch(status, cairn_fb_status) && status.UnixMs != 0,
                         watch(retain, cairn_fb_retain8) && retain.Version > 1};
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof seen; ++i)
      bits |= uint32_t{seen[i]} << i;
    return bits;
  }
};
constexpr uint32_t all_blocks = (1u << 13) - 1;

}  // namespace

TEST_CASE("another process pumps, is killed in the middle, and another goes on") {
  const host_tests::TemporaryFolder folder;
  const std::string name = "cairn-plc-test-" + std::to_string(getpid());
  make_log(folder.path());
  cairn_plc_area* area = cairn_plc_share_area(name.c_str(), 0);
  REQUIRE(area != nullptr);
  cairn_plc_log log = CAIRN_PLC_LOG_INIT;
  log.pump = CAIRN_PLC_PROCESS;
  log.area = area;
  cairn_plc_port port = CAIRN_PLC_PORT_INIT;
  port.logs = &log;
  port.log_count = 1;
  port.monotonic_ms = host::plc_monotonic_ms;
  REQUIRE(cairn_plc_start(&port) == CAIRN_OK);
  auto block = zeros<cairn_fb_log_t>();
  auto append = zeros<cairn_fb_append_t>();
  block.Enable = 1;
  double accepted = 0;
  pid_t child = 0;
  for (int scan = 0; scan < 600; ++scan) {
    if (scan % 200 == 50) child = start_pump(folder.path(), name);
    if (scan % 200 == 180) kill_pump(child);
    cairn_fb_log(&block);
    append.Handle = block.Handle;
    append.Value = accepted + 1;
    // As long as no pump runs, and a loaded machine takes its time to start one: what has room.
    append.Execute = uint8_t(scan % 2 && block.Pending < CAIRN_PLC_QUEUE_RECORDS);
    cairn_fb_append(&append);
    accepted += append.Done && append.Execute;
    usleep(1000);
  }
  CHECK(block.Lost == 0);
  child = start_pump(folder.path(), name);
  for (int wait = 0; wait < 5000 && (block.Pending != 0 || wait < 50); ++wait) {
    cairn_fb_log(&block);
    usleep(1000);
  }
  CHECK(block.Pending == 0);
  CHECK(block.Valid == 1);
  kill_pump(child);
  cairn_plc_stop();
  CHECK(munmap(area, sizeof *area) == 0);
  CHECK(shm_unlink(("/" + name + "-0").c_str()) == 0);

  host::LogDirectory reader;
  REQUIRE(reader.open_reader(folder.path() + "/log").ok());
  double newest = 0;
  int starts = 0;
  uint8_t leaf[1024];
  for (uint64_t i = 0; i < reader.log().size(); ++i) {
    const Result<size_t> size = reader.log().read(i, leaf);
    REQUIRE(size.ok());
    starts += leaf[0] == uint8_t(Kind::boot);
    if (leaf[0] != uint8_t(Kind::sample)) continue;
    const double value = plc::reading_of({leaf, leaf + size.value}).real;
    // One that was being written when its process was killed can come twice, never out of order.
    REQUIRE((value == newest + 1 || value == newest));
    newest = value;
  }
  CHECK(newest == accepted);
  CHECK(starts >= 3);
}

TEST_CASE("another process keeps retained values, and says so to the scan") {
  const host_tests::TemporaryFolder folder;
  const std::string name = "cairn-plc-keep-" + std::to_string(getpid());
  make_log(folder.path());
  cairn_plc_log log = CAIRN_PLC_LOG_INIT;
  log.pump = CAIRN_PLC_PROCESS;
  log.area = cairn_plc_share_area(name.c_str(), 0);
  REQUIRE(log.area != nullptr);
  cairn_plc_port port = CAIRN_PLC_PORT_INIT;
  port.logs = &log;
  port.log_count = 1;
  port.monotonic_ms = host::plc_monotonic_ms;
  REQUIRE(cairn_plc_start(&port) == CAIRN_OK);
  const pid_t child = start_pump(folder.path(), name);
  auto block = zeros<cairn_fb_log_t>();
  auto retain = zeros<cairn_fb_retain8_t>();
  block.Enable = retain.Enable = 1;
  const auto scan_until = [&](auto is_so) {
    for (int wait = 0; wait < 10000; ++wait) {
      cairn_fb_log(&block);
      retain.Handle = block.Handle;
      cairn_fb_retain8(&retain);
      if (is_so()) return true;
      usleep(1000);
    }
    return false;
  };
  CHECK(scan_until([&] { return block.Valid && retain.Valid; }));
  retain.V0 = 4.5;
  CHECK(scan_until([&] { return retain.Version == 1 && !retain.Busy; }));
  retain.Restore = 1;
  CHECK(scan_until([&] { return retain.Restored == 1; }));
  CHECK(retain.R0 == 4.5);
  CHECK(retain.Error == 0);
  kill_pump(child);
  cairn_plc_stop();
  CHECK(munmap(log.area, sizeof *log.area) == 0);
  CHECK(shm_unlink(("/" + name + "-0").c_str()) == 0);
}

TEST_CASE(
    "what a pump shows is whole again behind one that was killed in the middle of showing it") {
  const long page = sysconf(_SC_PAGESIZE);
  const size_t bytes = size_t(page) * (2 + sizeof(cairn_plc_area) / size_t(page));
  char* const memory = static_cast<char*>(
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  REQUIRE(memory != MAP_FAILED);
  plc::Controller controller(CAIRN_PLC_TASK);
  // The first page ends behind the count and the first words of what is shown.
  controller.log.area = reinterpret_cast<cairn_plc_area*>(memory + page - 64);
  REQUIRE(controller.start(true) == CAIRN_OK);
  controller.pump();
  auto block = zeros<cairn_fb_log_t>();
  block.Enable = 1;
  cairn_fb_log(&block);
  REQUIRE(block.Valid == 1);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);
    if (mprotect(memory + page, bytes - size_t(page), PROT_READ) != 0) _exit(1);
    controller.now_ms += 1;
    controller.pump();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGSEGV);
  // Nobody who looks now sees half of it; the next pump puts it right.
  auto append = zeros<cairn_fb_append_t>();
  const auto durable = [&] {
    append.Handle = block.Handle;
    append.Execute = uint8_t(!append.Execute);
    cairn_fb_append(&append);
    controller.pump();
    cairn_fb_log(&block);
    return block.Durable;
  };
  const uint64_t before = block.Durable;
  cairn_fb_log(&block);
  CHECK(block.Durable == before);
  for (int round = 0; round < 4; ++round) {
    const uint64_t shown = durable();
    CHECK(shown == controller.leaves().size());
  }
  CHECK(block.Durable > before);
  cairn_plc_stop();
  CHECK(munmap(memory, bytes) == 0);
}

TEST_CASE("a shared area: one memory for all who name it, and refused names and sizes") {
  const std::string name = "cairn-plc-area-" + std::to_string(getpid());
  const std::string object = "/" + name + "-3";
  cairn_plc_area* area = cairn_plc_share_area(name.c_str(), 3);
  REQUIRE(area != nullptr);
  CHECK(area->opaque[CAIRN_PLC_AREA_WORDS - 1] == 0);
  area->opaque[0] = 7;
  cairn_plc_area* other = cairn_plc_share_area(name.c_str(), 3);
  REQUIRE(other != nullptr);
  CHECK(other->opaque[0] == 7);
  CHECK(munmap(area, sizeof *area) == 0);
  CHECK(munmap(other, sizeof *other) == 0);
  CHECK(truncate(("/dev/shm" + object).c_str(), 4096) == 0);
  const std::string too_long(CAIRN_PLC_AREA_NAME_MAX + 1, 'a');
  for (const char* refused : {name.c_str(), "", "a/b", too_long.c_str()}) {
    errno = 0;
    CHECK(cairn_plc_share_area(refused, 3) == nullptr);
    CHECK(errno == EINVAL);
  }
  CHECK(shm_unlink(object.c_str()) == 0);
}

TEST_CASE("scans ask the operating system for nothing: the kernel would kill them") {
  const host_tests::TemporaryFolder folder;
  const std::string name = "cairn-plc-scan-" + std::to_string(getpid());
  make_log(folder.path());
  cairn_plc_log log = CAIRN_PLC_LOG_INIT;
  log.pump = CAIRN_PLC_PROCESS;
  log.area = cairn_plc_share_area(name.c_str(), 0);
  REQUIRE(log.area != nullptr);
  const bool clock_asks = host_tests::clock_is_a_system_call(CLOCK_BOOTTIME);
  const pid_t pump = start_pump(folder.path(), name);
  const pid_t child = fork();
  if (child == 0) {
    cairn_plc_port port = CAIRN_PLC_PORT_INIT;
    port.logs = &log;
    port.log_count = 1;
    port.monotonic_ms = host::plc_monotonic_ms;
    Blocks blocks{};
    if (cairn_plc_start(&port) != CAIRN_OK) _exit(2);
    const uint64_t end = port.monotonic_ms(nullptr) + 60000;
    if (!host_tests::forbid_system_calls(clock_asks)) _exit(3);
    uint32_t seen = 0;
    while (seen != all_blocks && port.monotonic_ms(nullptr) < end)
      seen |= blocks.scan();
    // Which of the blocks had no answer in time, as far as a status can say it.
    syscall(SYS_exit_group, seen == all_blocks ? 0 : 100 + __builtin_ctz(~seen));
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  kill_pump(pump);
  CHECK(munmap(log.area, sizeof *log.area) == 0);
  CHECK(shm_unlink(("/" + name + "-0").c_str()) == 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a log folder that is not there, or in use, is refused in words") {
  const host_tests::TemporaryFolder folder;
  host::PlcLogFolder log;
  CHECK(log.open(folder.path() + "/log").status == Status::not_found);
  make_log(folder.path());
  REQUIRE(log.open(folder.path() + "/log").ok());
  host::PlcLogFolder other;
  CHECK(other.open(folder.path() + "/log").status == Status::bad_state);
}
