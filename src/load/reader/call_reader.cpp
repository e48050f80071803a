#include "load/reader/call_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <thread>

#include "load/text_encoding.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 20;
constexpr const char* kDamaged = "the file may be damaged, or made to do harm; get it again from where it came";
constexpr const char* kBusy = "the server may be busy or far away; try again, or read less with extent and fields";

[[noreturn]] void throw_system(const char* what) {
  throw InputError(fmt::format("the process that reads files cannot be started: {}: {}", what,
                               std::generic_category().message(errno)),
                   "close other programs and try again");
}

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : m_number(number) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void reset(int number = -1) {
    if (m_number >= 0) ::close(m_number);
    m_number = number;
  }
  [[nodiscard]] int get() const { return m_number; }
  /// Out of the way of the numbers that the child gets, or dup2 would close one too early.
  void lift() {
    const int lifted = ::fcntl(m_number, F_DUPFD_CLOEXEC, 10);
    if (lifted < 0) throw_system("fcntl");
    reset(lifted);
  }

 private:
  int m_number;
};

void open_memory(Descriptor& memory, const char* name) {
  memory.reset(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (memory.get() < 0) throw_system("memfd_create");
  memory.lift();
}

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw_system("write");
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

/// The child; killed and reaped with the object at the latest.
class Child {
 public:
  explicit Child(pid_t pid) : m_pid(pid) {}
  ~Child() {
    if (m_pid <= 0) return;
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// True once it has ended; its status is in `status`, -1 where the program ignores SIGCHLD.
  bool ended(int& status) {
    const pid_t got = ::waitpid(m_pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) return false;
    if (got < 0) status = -1;
    m_pid = 0;
    return true;
  }

 private:
  pid_t m_pid;
};

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

pid_t spawn(const std::filesystem::path& program, bool database, int request, int answer, int news) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (::posix_spawn_file_actions_init(&actions) != 0) throw_system("posix_spawn");
  if (::posix_spawnattr_init(&attributes) != 0) throw_system("posix_spawn");
  for (const int standard : {0, 1, 2})
    ::posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", standard == 0 ? O_RDONLY : O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, request, kRequestFd);
  ::posix_spawn_file_actions_adddup2(&actions, answer, kAnswerFd);
  ::posix_spawn_file_actions_adddup2(&actions, news, kNewsFd);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kNewsFd + 1);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  // A group of its own: an interrupt from the terminal is for the parent, which then ends the child.
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> environment = clean_environment(database);
  std::vector<char*> environment_words;
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

InputError end_of(int status, const ReaderRequest& request) {
  const std::string& path = request.path;
  if (status >= 0 && WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU)
      return InputError(
          fmt::format("reading {} took more than {} s of processor time", path, request.options.max_cpu_seconds),
          "raise max_cpu_seconds if the file is trusted");
    // The answer is a file in memory, for which the limit of this process holds as well.
    rlimit of_files{};
    if (signal == SIGXFSZ && ::getrlimit(RLIMIT_FSIZE, &of_files) == 0 && of_files.rlim_cur != RLIM_INFINITY)
      return InputError(
          fmt::format("what was read from {} is larger than the file size limit of {} bytes", path, of_files.rlim_cur),
          "raise the limit with ulimit -f");
    if (signal == SIGXFSZ)
      return InputError(fmt::format("what was read from {} is larger than the bound of its memory", path),
                        "raise max_memory_bytes if the file is trusted");
    if (signal == SIGBUS)  // bytes of a mapped file are gone
      return InputError(fmt::format("{} was cut short while it was read", path),
                        "wait until the program that writes it has ended");
    if (signal == SIGKILL || signal == SIGTERM)
      return InputError(fmt::format("the process that read {} was killed from outside", path),
                        "the machine may be short of memory; close other programs or read a part of the file");
    return InputError(fmt::format("the process that read {} crashed (signal {})", path, signal), kDamaged);
  }
  return InputError(fmt::format("the process that read {} ended without an answer", path), kDamaged);
}

/// Takes the child's news out of the pipe.
class NewsReader {
 public:
  NewsReader(int pipe, Progress& progress) : m_pipe(pipe), m_progress(progress) {}

  [[nodiscard]] bool done() const { return m_done; }
  [[nodiscard]] bool closed() const { return m_closed; }
  [[nodiscard]] Clock::time_point last() const { return m_last; }

  /// Waits for news, for milliseconds at most.
  void wait() {
    pollfd wanted{m_pipe, POLLIN, 0};
    if (::poll(&wanted, 1, kPollMilliseconds) <= 0) return;
    const ssize_t got = ::read(m_pipe, m_buffer.data() + m_held, m_buffer.size() - m_held);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
      m_closed = true;
      return;
    }
    m_held += static_cast<std::size_t>(got);
    std::size_t at = 0;
    for (; m_held - at >= sizeof(ReaderNews); at += sizeof(ReaderNews)) {
      ReaderNews news;
      std::memcpy(&news, m_buffer.data() + at, sizeof news);
      take(news);
    }
    std::copy(m_buffer.begin() + static_cast<std::ptrdiff_t>(at),
              m_buffer.begin() + static_cast<std::ptrdiff_t>(m_held), m_buffer.begin());
    m_held -= at;
  }

 private:
  void take(const ReaderNews& news) {
    m_last = Clock::now();
    if (news.kind == ReaderNews::Kind::done) m_done = true;
    if (news.kind != ReaderNews::Kind::progress) return;
    const std::string_view stage(news.stage, std::min<std::size_t>(news.stage_bytes, sizeof news.stage));
    const double fraction = std::isfinite(news.fraction) ? std::clamp(news.fraction, 0.0, 1.0) : 0;
    m_progress.report(replace_invalid_utf8(stage), fraction);
  }

  int m_pipe;
  Progress& m_progress;
  std::array<char, 32 * sizeof(ReaderNews)> m_buffer{};
  std::size_t m_held = 0;
  bool m_done = false;
  bool m_closed = false;
  Clock::time_point m_last = Clock::now();
};

/// Returns when the child has said that its answer is whole.
void await_answer(Child& child, int pipe, const ReaderRequest& request, Progress& progress) {
  NewsReader news(pipe, progress);
  while (!news.done()) {
    progress.throw_if_cancelled();
    int status = 0;
    if (news.closed()) {
      if (child.ended(status)) {
        progress.throw_if_cancelled();
        throw end_of(status, request);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    } else {
      news.wait();
    }
    if (Clock::now() - news.last() > std::chrono::seconds(request.options.max_silent_seconds))
      throw InputError(fmt::format("reading {} made no progress for {} s and was stopped", request.path,
                                   request.options.max_silent_seconds),
                       names_database(request.path) ? kBusy : kDamaged);
  }
}

/// The answer in this process's memory; sealed, so that nobody can change it or cut it short under the reader's eyes.
class SealedAnswer {
 public:
  explicit SealedAnswer(int memory) {
    if (::fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
      throw CorruptAnswer("it cannot be sealed");
    struct stat status {};
    if (::fstat(memory, &status) != 0 || status.st_size == 0) throw CorruptAnswer("it is empty");
    m_size = static_cast<std::size_t>(status.st_size);
    m_bytes = ::mmap(nullptr, m_size, PROT_READ, MAP_SHARED, memory, 0);
    if (m_bytes == MAP_FAILED) throw std::bad_alloc();
  }
  ~SealedAnswer() { ::munmap(m_bytes, m_size); }
  SealedAnswer(const SealedAnswer&) = delete;
  SealedAnswer& operator=(const SealedAnswer&) = delete;
  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(m_bytes), m_size}; }

 private:
  void* m_bytes = nullptr;
  std::size_t m_size = 0;
};

[[noreturn]] void throw_as_there(const ReaderFailure& failure, const std::string& path) {
  switch (failure.kind) {
    case ReaderFailure::Kind::usage: throw UsageError(failure.what, failure.advice);
    case ReaderFailure::Kind::input: throw InputError(failure.what, failure.advice);
    case ReaderFailure::Kind::memory:
      throw InputError(fmt::format("reading {} needs more memory than its bound", path),
                       "raise max_memory_bytes if the file is trusted, or read a part of it");
    case ReaderFailure::Kind::fault: break;
  }
  throw InputError(fmt::format("{} cannot be read: {}", path, failure.what), kDamaged);
}

}  // namespace

ReaderAnswer call_reader(const std::filesystem::path& program, const ReaderRequest& request, Progress& progress) {
  progress.throw_if_cancelled();
  Descriptor asked;
  Descriptor answered;
  open_memory(asked, "yaan-request");
  open_memory(answered, "yaan-answer");
  write_all(asked.get(), pack_request(request));
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_system("pipe");
  Descriptor news(ends[0]);
  Descriptor news_end(ends[1]);
  news_end.lift();
  Child child(spawn(program, names_database(request.path), asked.get(), answered.get(), news_end.get()));
  news_end.reset();
  await_answer(child, news.get(), request, progress);
  try {
    const SealedAnswer sealed(answered.get());
    ReaderAnswer answer = unpack_answer(sealed.bytes(), progress, true);
    if (const auto* failure = std::get_if<ReaderFailure>(&answer)) throw_as_there(*failure, request.path);
    return answer;
  } catch (const CorruptAnswer& error) {
    throw InputError(
        fmt::format("the process that read {} gave an answer that cannot be used: {}", request.path, error.what()),
        kDamaged);
  }
}

}  // namespace yaan
