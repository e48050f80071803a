#include "load/reader/confine.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "yaan/core/database_name.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // their shadow memory is terabytes of address space
#else
constexpr bool kSanitized = false;
#endif

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("no isolation: ") + what);
}

void limit(int resource, std::uint64_t soft, std::uint64_t hard) {
  struct rlimit before {};
  require(::getrlimit(static_cast<__rlimit_resource>(resource), &before) == 0, "getrlimit");
  const rlimit after{std::min<rlim_t>(soft, before.rlim_max), std::min<rlim_t>(hard, before.rlim_max)};
  require(::setrlimit(static_cast<__rlimit_resource>(resource), &after) == 0, "setrlimit");
}

void limit_resources(const ReaderRequest& request) {
  const std::uint64_t memory = most_memory(request);
  const auto seconds = static_cast<std::uint64_t>(std::max(1, request.options.max_cpu_seconds));
  if (!kSanitized) limit(RLIMIT_AS, memory, memory);
  limit(RLIMIT_FSIZE, 0, 0);  // it writes no file; the answer goes through a pipe
  limit(RLIMIT_CPU, seconds, seconds + 1);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_NOFILE, 64, 64);
}

// Root keeps its own namespace of users: as another one it could not read the files that it may read.
bool leave_network() {
  if (::geteuid() == 0) return ::unshare(CLONE_NEWNET) == 0;
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

void allow_reading(int ruleset, const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_PATH | O_CLOEXEC);
  if (opened < 0) return;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = opened;
  ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(opened);
}

bool keep_to_folders(const std::string& path) {
  if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1) return false;
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;  // all of the first version
  const auto ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (ruleset < 0) return false;
  for (const char* system : {"/usr", "/lib", "/lib64", "/etc", "/sys/devices/system/cpu"})
    allow_reading(ruleset, system);
  if (!path.empty()) {
    std::error_code error;
    allow_reading(ruleset, fs::absolute(path, error).parent_path());
    const fs::path real = fs::canonical(path, error);
    if (!error) allow_reading(ruleset, real.parent_path());
  }
  const bool done = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return done;
}

// What a parser has no need of. Refused with EPERM, as on a system that forbids it.
constexpr int kForbidden[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(tkill),
    SCMP_SYS(setpgid),
    SCMP_SYS(setsid),
    // ways in and out
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(shmget),
    SCMP_SYS(msgget),
    SCMP_SYS(semget),
    SCMP_SYS(mq_open),
    SCMP_SYS(memfd_create),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_setup),
    // files by name
    SCMP_SYS(creat),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rmdir),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(truncate),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(fchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(lchown),
    SCMP_SYS(utime),
    SCMP_SYS(utimes),
    SCMP_SYS(utimensat),
    SCMP_SYS(futimesat),
    SCMP_SYS(setxattr),
    SCMP_SYS(lsetxattr),
    SCMP_SYS(fsetxattr),
    SCMP_SYS(removexattr),
    SCMP_SYS(lremovexattr),
    SCMP_SYS(fremovexattr),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(inotify_init),
    SCMP_SYS(inotify_init1),
    SCMP_SYS(fanotify_init),
    // the machine
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(syslog),
    SCMP_SYS(personality),
    SCMP_SYS(setrlimit),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(capset),
};

// What only the reader of a database needs.
constexpr int kNetwork[] = {
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),  SCMP_SYS(bind),
    SCMP_SYS(sendto), SCMP_SYS(sendmsg),    SCMP_SYS(sendmmsg),
};

void forbid_calls(bool network) {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_ALLOW);
  require(filter != nullptr, "seccomp");
  const std::uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
  const std::uint32_t missing = SCMP_ACT_ERRNO(ENOSYS);  // then the C library takes the older call, which is looked at
  // As the library's macros do, which are C: a condition on an argument of a call.
  const auto where = [](unsigned argument, scmp_compare compare, scmp_datum_t a, scmp_datum_t b = 0) {
    return scmp_arg_cmp{argument, compare, a, b};
  };
  const auto rule = [&](std::uint32_t action, int call, auto... conditions) {
    const int failed = ::seccomp_rule_add(filter, action, call, sizeof...(conditions), conditions...);
    require(failed == 0 || failed == -EDOM, "seccomp");  // EDOM: not a call of this processor
  };
  for (const int call : kForbidden) rule(refuse, call);
  if (!network)
    for (const int call : kNetwork) rule(refuse, call);
  // Calls that came after those named here, of which some do what these forbid. ENOSYS is what an older system says.
  constexpr int kFirstUnknown = 442;  // mount_setattr, Linux 5.12; the same number on all processors
  constexpr int kLastUnknown = 600;
  for (int call = kFirstUnknown; call <= kLastUnknown; ++call) rule(missing, call);
  for (const scmp_datum_t typing : {TIOCSTI, TIOCLINUX})
    rule(refuse, SCMP_SYS(ioctl), where(1, SCMP_CMP_MASKED_EQ, 0xFFFF'FFFFU, typing));
  rule(missing, SCMP_SYS(clone3));
  rule(missing, SCMP_SYS(openat2));
  rule(refuse, SCMP_SYS(clone), where(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  const auto self = static_cast<scmp_datum_t>(::getpid());
  rule(refuse, SCMP_SYS(kill), where(0, SCMP_CMP_NE, self));
  rule(refuse, SCMP_SYS(tgkill), where(0, SCMP_CMP_NE, self));
  rule(refuse, SCMP_SYS(prlimit64), where(2, SCMP_CMP_NE, 0));
  for (const scmp_datum_t writing : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
    rule(refuse, SCMP_SYS(open), where(1, SCMP_CMP_MASKED_EQ, writing, writing));
    rule(refuse, SCMP_SYS(openat), where(2, SCMP_CMP_MASKED_EQ, writing, writing));
  }
  const int failed = ::seccomp_load(filter);
  ::seccomp_release(filter);
  require(failed == 0, "seccomp");
}

}  // namespace

std::string confine_this_process(const ReaderRequest& request) {
  std::string level = "rlimits + no_new_privs + seccomp";
  require(::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
  require(::prctl(PR_SET_DUMPABLE, 0) == 0, "prctl");
  require(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
  limit_resources(request);
  // A database lies behind the network, and its certificates and password files in any folder.
  const bool database = names_database(request.path);
  if (!database && keep_to_folders(request.path)) level += " + landlock";
  if (!database && leave_network()) level += " + network namespace";
  forbid_calls(database);
  return level;
}

}  // namespace yaan
