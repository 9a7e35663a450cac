// What a scan may ask the operating system for: nothing. The kernel ends a process one of whose
// threads asks for something behind this.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace host_tests {

// The thread sanitizer asks for memory of its own at any time.
#if defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(thread_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

/// Forbids this thread all system calls but to end, and to read the clock where that is one. False
/// when the kernel has no such filters. Under the thread sanitizer it forbids nothing.
inline bool forbid_system_calls(bool allow_clock) {
  if (is_sanitized) return true;
  const auto permits = [](uint32_t number) {
    return sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number};
  };
  const sock_filter permit{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      permits(SYS_exit),
      permit,
      permits(SYS_exit_group),
      permit,
      permits(allow_clock ? SYS_clock_gettime : SYS_exit),
      permit,
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS},
  };
  const sock_fprog program{sizeof filter / sizeof *filter, filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// Whether this machine reads the clock by a system call, and not in memory that the kernel shows.
inline bool clock_is_a_system_call(clockid_t clock) {
  const pid_t child = fork();
  if (child == 0) {
    timespec now{};
    if (forbid_system_calls(false)) clock_gettime(clock, &now);
    syscall(SYS_exit_group, 0);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

}  // namespace host_tests
