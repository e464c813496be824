#include "confine.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace evidock {

namespace {

#if defined(__x86_64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the helper's system call filter knows x86-64 and arm64"
#endif

constexpr unsigned kSystemCalls[] = {
    // descriptors and files
    SYS_openat, SYS_close, SYS_read, SYS_write, SYS_pread64, SYS_writev, SYS_lseek, SYS_fcntl, SYS_fstat, SYS_newfstatat,
    SYS_statx, SYS_statfs, SYS_fstatfs, SYS_readlinkat, SYS_getdents64, SYS_fsync, SYS_mkdirat, SYS_unlinkat,
    SYS_faccessat,
    // mounting
    SYS_mount, SYS_umount2,
    // sockets and waiting
    SYS_accept4, SYS_recvfrom, SYS_sendto, SYS_getsockopt, SYS_setsockopt, SYS_shutdown, SYS_ppoll, SYS_eventfd2, SYS_futex,
    SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_gettime, SYS_restart_syscall,
    // threads, memory, the end
    SYS_clone, SYS_clone3, SYS_set_robust_list, SYS_rseq, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sched_yield,
    SYS_mmap, SYS_munmap, SYS_mprotect, SYS_madvise, SYS_brk, SYS_getrandom, SYS_gettid, SYS_getpid, SYS_tgkill,
    SYS_exit, SYS_exit_group,
#if defined(__x86_64__)
    SYS_open, SYS_stat, SYS_lstat, SYS_readlink, SYS_mkdir, SYS_rmdir, SYS_poll, SYS_getdents,
#endif
};

constexpr unsigned kControls[] = {BLKROSET, BLKROGET, BLKGETSIZE64, SG_IO};

constexpr std::size_t kCalls = sizeof kSystemCalls / sizeof kSystemCalls[0];
constexpr std::size_t kIoctls = sizeof kControls / sizeof kControls[0];

constexpr unsigned kRefuse = SECCOMP_RET_ERRNO | EPERM;

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
}

sock_filter leave(unsigned action) { return BPF_STMT(BPF_RET | BPF_K, action); }

// Goes on to the next instruction when equal, else past `skip` of them.
sock_filter unlessEqual(unsigned value, unsigned char skip) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}

bool filterSystemCalls() {
  static sock_filter program[8 + 2 * kCalls + 2 * kIoctls + 4];
  unsigned short count = 0;
  const auto add = [&](sock_filter instruction) { program[count++] = instruction; };
  add(load(offsetof(seccomp_data, arch)));
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  add(leave(SECCOMP_RET_KILL_PROCESS));
  add(load(offsetof(seccomp_data, nr)));
  for (const unsigned number : kSystemCalls) {
    add(unlessEqual(number, 1));
    add(leave(SECCOMP_RET_ALLOW));
  }
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 1, 0));
  add(leave(kRefuse));
  // The command is the low half of the second argument, on both little-endian machines.
  add(load(offsetof(seccomp_data, args[1])));
  for (const unsigned command : kControls) {
    add(unlessEqual(command, 1));
    add(leave(SECCOMP_RET_ALLOW));
  }
  add(leave(kRefuse));
  const sock_fprog filter{count, program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool keepCapabilities(unsigned long long kept) {
  // Without the right to do so (a bounding set needs CAP_SETPCAP) there is nothing to take away either.
  for (int capability = 0; capability <= 63; capability += 1)
    if ((kept >> capability & 1) == 0) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  for (int half = 0; half < 2; half += 1) {
    sets[half].effective = static_cast<unsigned>(kept >> 32 * half);
    sets[half].permitted = sets[half].effective;
  }
  return syscall(SYS_capset, &header, sets) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

}  // namespace

void leaveParent(bool keepThree) {
  syscall(SYS_close_range, keepThree ? 4U : 3U, ~0U, 0U);
  clearenv();
  umask(077);
  const int null = open("/dev/null", O_RDWR | O_NOCTTY);
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    if (null > STDERR_FILENO) close(null);
  }
  [[maybe_unused]] const int moved = chdir("/");
}

bool dropAll() { return keepCapabilities(0); }

bool confine() {
  const unsigned long long kept = 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_RAWIO;
  if (!keepCapabilities(kept)) return false;
#ifdef EVIDOCK_SANITIZED
  return true;
#else
  return filterSystemCalls();
#endif
}

}  // namespace evidock
