#include "load/reader/serve.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <vector>

#include "load/reader/call_reader.hpp"

namespace yaan {

namespace {

constexpr int kLifted = 16;  // descriptors from here on are out of the way of those with a fixed number

using Call = std::array<int, kDescriptorsOfCall>;

// False when the other side is gone.
bool receive(Call& call) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Call))> rights{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = rights.data();
  message.msg_controllen = rights.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(kControlFd, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* const header = got == 1 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(Call))) return false;
  std::memcpy(call.data(), CMSG_DATA(header), sizeof call);
  for (int& descriptor : call) {
    const int lifted = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kLifted);
    ::close(descriptor);
    if (lifted < 0) return false;
    descriptor = lifted;
  }
  return true;
}

[[noreturn]] void become_reader(const Call& call, int (*read_one)()) {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(call[0], kRequestFd);
  ::dup2(call[1], kAnswerFd);
  ::dup2(call[2], kNewsFd);
  ::close_range(kNewsFd + 1, ~0U, 0);
  ::_exit(read_one());
}

class Host {
 public:
  explicit Host(int (*read_one)()) : m_read_one(read_one) {
    sigset_t ends;
    ::sigemptyset(&ends);
    ::sigaddset(&ends, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &ends, nullptr);
    m_signals = ::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  }

  int serve() {
    if (m_signals < 0) return 3;
    while (true) {
      std::vector<pollfd> watched = {{kControlFd, POLLIN, 0}, {m_signals, POLLIN, 0}};
      for (const Reader& reader : m_readers) watched.push_back({reader.socket, POLLIN, 0});
      if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
      // Nobody writes to the sockets of the calls: there is something to read when they were closed.
      for (std::size_t i = 0; i < m_readers.size(); ++i)
        if (watched[2 + i].revents != 0) drop(m_readers[i]);
      if (watched[1].revents != 0) reap();
      Call call{};
      if (watched[0].revents == 0) continue;
      if (!receive(call)) break;
      start(call);
    }
    for (Reader& reader : m_readers) drop(reader);
    return 0;
  }

 private:
  struct Reader {
    pid_t pid = 0;
    int socket = -1;  ///< -1, which poll passes over, once the caller has no interest
  };

  void start(const Call& call) {
    const pid_t pid = ::fork();
    if (pid == 0) become_reader(call, m_read_one);
    const int error = errno;
    for (const int descriptor : {call[0], call[1], call[2]}) ::close(descriptor);
    if (pid < 0)
      tell(call[3], {error, 0});
    else
      m_readers.push_back({pid, call[3]});
  }
  static void drop(Reader& reader) {
    ::kill(reader.pid, SIGKILL);
    ::close(reader.socket);
    reader.socket = -1;
  }
  static void tell(int socket, const ReaderEnd& end) {
    if (socket < 0) return;
    (void)!::send(socket, &end, sizeof end, MSG_NOSIGNAL);
    ::close(socket);
  }
  void reap() {
    signalfd_siginfo info{};
    while (::read(m_signals, &info, sizeof info) > 0) {
    }
    int status = 0;
    for (pid_t pid = ::waitpid(-1, &status, WNOHANG); pid > 0; pid = ::waitpid(-1, &status, WNOHANG)) {
      const auto found =
          std::find_if(m_readers.begin(), m_readers.end(), [pid](const Reader& reader) { return reader.pid == pid; });
      if (found == m_readers.end()) continue;
      tell(found->socket, {0, status});
      m_readers.erase(found);
    }
  }

  int (*m_read_one)();
  int m_signals = -1;
  std::vector<Reader> m_readers;
};

}  // namespace

int serve_calls(int (*read_one)()) {
  struct stat status {};
  if (::fstat(kControlFd, &status) != 0 || !S_ISSOCK(status.st_mode)) {
    constexpr std::string_view kWords = "yaan-reader is started by yaan and by programs of its library\n";
    return ::write(STDERR_FILENO, kWords.data(), kWords.size()) < 0 ? 3 : 2;
  }
  return Host(read_one).serve();
}

}  // namespace yaan
