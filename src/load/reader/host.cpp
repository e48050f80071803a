#include "load/reader/host.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "load/reader/serve.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

[[noreturn]] void throw_system(const char* what) {
  throw InputError(fmt::format("the process that reads files cannot be started: {}: {}", what,
                               std::generic_category().message(errno)),
                   "close other programs and try again");
}

namespace {

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

// What libpq reads (PGHOST, PGPASSFILE, ...), with bounds and a name where the user set none. The session's options
// come behind those of the user, and so win.
void add_database_variables(std::vector<std::string>& kept) {
  constexpr std::string_view kOurs[] = {"PGOPTIONS=", "PGCONNECT_TIMEOUT=", "PGAPPNAME="};
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view word(*at);
    const bool ours =
        std::any_of(std::begin(kOurs), std::end(kOurs), [&](auto name) { return word.starts_with(name); });
    if (!ours && (word.starts_with("PG") || word.starts_with("HOME=") || word.starts_with("KRB5")))
      kept.emplace_back(word);
  }
  kept.push_back(fmt::format("PGOPTIONS={} -c default_transaction_read_only=on", variable("PGOPTIONS", "")));
  kept.push_back(fmt::format("PGCONNECT_TIMEOUT={}", variable("PGCONNECT_TIMEOUT", "10")));
  kept.push_back(fmt::format("PGAPPNAME={}", variable("PGAPPNAME", "yaan")));
}

// Nothing from outside but what the loader of programs and the sanitizers need.
std::vector<std::string> clean_environment(bool database) {
  std::vector<std::string> kept = {"LC_ALL=C", "PROJ_NETWORK=OFF", "PATH=/usr/bin:/bin",
                                   "GLIBC_TUNABLES=glibc.malloc.hugetlb=1"};  // large arrays fault in less often
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) kept.push_back(fmt::format("{}={}", name, value));
  if (database) add_database_variables(kept);
  return kept;
}

pid_t spawn(const std::filesystem::path& program, bool database, int control) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (::posix_spawn_file_actions_init(&actions) != 0) throw_system("posix_spawn");
  if (::posix_spawnattr_init(&attributes) != 0) throw_system("posix_spawn");
  for (const int standard : {0, 1, 2})
    ::posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", standard == 0 ? O_RDONLY : O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, control, kControlFd);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kControlFd + 1);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  // A session of its own, without the terminal: an interrupt from there is for the program, which then ends the reader,
  // and nothing can be typed into it from here.
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  std::vector<std::string> environment = clean_environment(database);
  std::vector<char*> environment_words;
  environment_words.reserve(environment.size() + 1);
  for (std::string& word : environment) environment_words.push_back(word.data());
  environment_words.push_back(nullptr);
  std::string name = "yaan-reader";
  std::array<char*, 2> words = {name.data(), nullptr};
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, program.c_str(), &actions, &attributes, words.data(), environment_words.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    errno = failed;
    throw_system("posix_spawn");
  }
  return pid;
}

}  // namespace

ReaderHost::ReaderHost(const std::filesystem::path& program, bool database) : m_owner(::getpid()) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) throw_system("socketpair");
  m_control.reset(ends[0]);
  const Descriptor there(::fcntl(ends[1], F_DUPFD_CLOEXEC, 10));  // or dup2 to its own number would leave it to close
  ::close(ends[1]);
  if (there.get() < 0) throw_system("fcntl");
  m_pid = spawn(program, database, there.get());
}

ReaderHost::~ReaderHost() {
  constexpr int kPatience = 200;  // milliseconds: it may be on its way up still
  m_control.reset();              // at which it kills the readers that still run, and ends
  if (m_owner != ::getpid()) return;
  for (int waited = 0; ::waitpid(m_pid, nullptr, WNOHANG) == 0; ++waited) {
    if (waited == kPatience) ::kill(m_pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool ReaderHost::send(int request, int answer, int news, int life) {
  const std::array<int, kDescriptorsOfCall> call = {request, answer, news, life};
  char byte = 'r';
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof call)> rights{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = rights.data();
  message.msg_controllen = rights.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof call);
  std::memcpy(CMSG_DATA(header), call.data(), sizeof call);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(m_control.get(), &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

namespace {

struct Waiting {
  std::mutex mutex;
  std::filesystem::path program;
  std::shared_ptr<ReaderHost> host;
};
Waiting& waiting() {
  static Waiting only;
  return only;
}

}  // namespace

std::shared_ptr<ReaderHost> waiting_host(const std::filesystem::path& program) {
  Waiting& now = waiting();
  const std::lock_guard lock(now.mutex);
  if (!now.host || now.program != program) {
    now.host = std::make_shared<ReaderHost>(program, false);
    now.program = program;
  }
  return now.host;
}

std::shared_ptr<ReaderHost> next_host(const std::filesystem::path& program, const std::shared_ptr<ReaderHost>& gone) {
  Waiting& now = waiting();
  {
    const std::lock_guard lock(now.mutex);
    if (now.host == gone) now.host.reset();
  }
  return waiting_host(program);
}

void end_waiting_host() {
  Waiting& now = waiting();
  const std::lock_guard lock(now.mutex);
  now.host.reset();
}

}  // namespace yaan
