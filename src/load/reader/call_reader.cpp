#include "load/reader/call_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>

#include "load/reader/descriptor.hpp"
#include "load/reader/host.hpp"
#include "load/reader/serve.hpp"
#include "load/text_encoding.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 20;
constexpr int kPipeBytes = 1 << 20;
constexpr const char* kDamaged = "the file may be damaged, or made to do harm; get it again from where it came";
constexpr const char* kBusy = "the server may be busy or far away; try again, or read less with extent and fields";

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_system("pipe");
    from.reset(ends[0]);
    into.reset(ends[1]);
  }
  Descriptor from;
  Descriptor into;
};

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) throw_system("write");
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

/// The process that waits for calls has gone, and its readers with it.
struct HostGone {};

/// The reader of one call; killed with the object at the latest.
class Child {
 public:
  explicit Child(Descriptor life) : m_life(std::move(life)) {}
  /// True once it has ended; its status is in `status`. Throws HostGone.
  bool ended(int& status) {
    ReaderEnd end;
    const ssize_t got = ::recv(m_life.get(), &end, sizeof end, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got != sizeof end) throw HostGone();
    if (end.fork_error != 0) {
      errno = end.fork_error;
      throw_system("fork");
    }
    status = end.status;
    return true;
  }

 private:
  Descriptor m_life;
};

InputError end_of(int status, const ReaderRequest& request) {
  const std::string& path = request.path;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU)
      return InputError(
          fmt::format("reading {} took more than {} s of processor time", path, request.options.max_cpu_seconds),
          "raise max_cpu_seconds if the file is trusted");
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

  [[nodiscard]] bool answered() const { return m_answered; }
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
    if (news.kind == ReaderNews::Kind::answer) m_answered = true;
    if (news.kind != ReaderNews::Kind::progress) return;
    const std::string_view stage(news.stage, std::min<std::size_t>(news.stage_bytes, sizeof news.stage));
    const double fraction = std::isfinite(news.fraction) ? std::clamp(news.fraction, 0.0, 1.0) : 0;
    m_progress.report(replace_invalid_utf8(stage), fraction);
  }

  int m_pipe;
  Progress& m_progress;
  std::array<char, 32 * sizeof(ReaderNews)> m_buffer{};
  std::size_t m_held = 0;
  bool m_answered = false;
  bool m_closed = false;
  Clock::time_point m_last = Clock::now();
};

[[noreturn]] void throw_silent(const ReaderRequest& request) {
  throw InputError(fmt::format("reading {} made no progress for {} s and was stopped", request.path,
                               request.options.max_silent_seconds),
                   names_database(request.path) ? kBusy : kDamaged);
}

bool silent_too_long(Clock::time_point last, const ReaderRequest& request) {
  return Clock::now() - last > std::chrono::seconds(request.options.max_silent_seconds);
}

/// Returns when the child has said that its answer follows.
void await_answer(Child& child, int pipe, const ReaderRequest& request, Progress& progress) {
  NewsReader news(pipe, progress);
  while (!news.answered()) {
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
    if (silent_too_long(news.last(), request)) throw_silent(request);
  }
}

/// The answer as it comes out of its pipe. A pipe reuses few pages: through shared memory every byte would be a first
/// touch of fresh memory on both sides, which costs more than copying.
class AnswerPipe : public ByteSource {
 public:
  AnswerPipe(int pipe, Child& child, const ReaderRequest& request, Progress& progress)
      : m_pipe(pipe), m_child(child), m_request(request), m_progress(progress), m_left(most_memory(request)) {}

  void read(char* to, std::size_t bytes) override {
    if (bytes > m_left)
      throw InputError(fmt::format("what was read from {} is larger than the bound of its memory", m_request.path),
                       "raise max_memory_bytes if the file is trusted");
    m_left -= bytes;
    while (bytes > 0) {
      if (m_held.empty() && bytes < m_buffer.size())
        m_held = {m_buffer.data(), receive(m_buffer.data(), m_buffer.size())};
      const std::size_t got = m_held.empty() ? receive(to, bytes) : m_held.copy(to, bytes);
      if (got == 0) throw_early_end();
      m_held.remove_prefix(std::min(got, m_held.size()));
      to += got;
      bytes -= got;
    }
  }
  [[nodiscard]] std::uint64_t most_left() const override { return m_left; }
  [[nodiscard]] bool at_end() override { return m_held.empty() && receive(m_buffer.data(), 1) == 0; }

 private:
  /// What there is, up to so many bytes; none at the end.
  std::size_t receive(char* to, std::size_t most) {
    const Clock::time_point asked = Clock::now();
    while (true) {
      m_progress.throw_if_cancelled();
      pollfd wanted{m_pipe, POLLIN, 0};
      if (::poll(&wanted, 1, kPollMilliseconds) > 0) {
        const ssize_t got = ::read(m_pipe, to, most);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR && errno != EAGAIN) throw_system("read");
      }
      if (silent_too_long(asked, m_request)) throw_silent(m_request);
    }
  }
  [[noreturn]] void throw_early_end() {
    int status = 0;
    while (!m_child.ended(status)) {  // the pipe closes just before the process is gone
      m_progress.throw_if_cancelled();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (WIFSIGNALED(status)) throw end_of(status, m_request);
    throw CorruptAnswer("the answer ends early");
  }

  int m_pipe;
  Child& m_child;
  const ReaderRequest& m_request;
  Progress& m_progress;
  std::uint64_t m_left;
  std::array<char, 8192> m_buffer{};
  std::string_view m_held;  ///< of the buffer, not handed on yet
};

[[noreturn]] void throw_as_there(const ReaderFailure& failure, const std::string& path) {
  switch (failure.kind) {
    case ReaderFailure::Kind::usage: throw UsageError(failure.what, failure.advice);
    case ReaderFailure::Kind::missing_crs: throw MissingCrs(failure.what, failure.advice);
    case ReaderFailure::Kind::input: throw InputError(failure.what, failure.advice);
    case ReaderFailure::Kind::memory:
      throw InputError(fmt::format("reading {} needs more memory than its bound", path),
                       "raise max_memory_bytes if the file is trusted, or read a part of it");
    case ReaderFailure::Kind::fault: break;
  }
  throw InputError(fmt::format("{} cannot be read: {}", path, failure.what), kDamaged);
}

ReaderAnswer call(ReaderHost& host, const ReaderRequest& request, Progress& progress) {
  const Descriptor asked(::memfd_create("yaan-request", MFD_CLOEXEC));
  if (asked.get() < 0) throw_system("memfd_create");
  write_all(asked.get(), pack_request(request));
  Pipe news;
  Pipe answered;
  ::fcntl(answered.from.get(), F_SETPIPE_SZ, kPipeBytes);  // or as much as the system gives
  std::array<int, 2> life{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life.data()) != 0) throw_system("socketpair");
  Child child{Descriptor(life[0])};
  Descriptor life_there(life[1]);
  if (!host.send(asked.get(), answered.into.get(), news.into.get(), life_there.get())) throw HostGone();
  life_there.reset();
  news.into.reset();
  answered.into.reset();
  await_answer(child, news.from.get(), request, progress);
  AnswerPipe source(answered.from.get(), child, request, progress);
  return unpack_answer(source, progress);
}

ReaderAnswer call_again_if_gone(const std::filesystem::path& program, const ReaderRequest& request,
                                Progress& progress) {
  if (names_database(request.path)) {
    ReaderHost host(program, true);
    return call(host, request, progress);
  }
  const std::shared_ptr<ReaderHost> host = waiting_host(program);
  try {
    return call(*host, request, progress);
  } catch (const HostGone&) {
    return call(*next_host(program, host), request, progress);
  }
}

}  // namespace

ReaderAnswer call_reader(const std::filesystem::path& program, const ReaderRequest& request, Progress& progress) {
  progress.throw_if_cancelled();
  try {
    ReaderAnswer answer = call_again_if_gone(program, request, progress);
    if (const auto* failure = std::get_if<ReaderFailure>(&answer)) throw_as_there(*failure, request.path);
    return answer;
  } catch (const CorruptAnswer& error) {
    throw InputError(
        fmt::format("the process that read {} gave an answer that cannot be used: {}", request.path, error.what()),
        kDamaged);
  } catch (const HostGone&) {
    throw InputError(fmt::format("the process that reads {} was killed from outside", request.path),
                     "the machine may be short of memory; close other programs or read a part of the file");
  }
}

}  // namespace yaan
