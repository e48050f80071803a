// yaan-reader: reads one file for another program, in isolation. Not for people.
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <new>

#include "load/raster_here.hpp"
#include "load/read_here.hpp"
#include "load/reader/call_reader.hpp"
#include "load/reader/confine.hpp"
#include "load/reader/serve.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

/// Writes all of it, or ends the process: without the parent there is nobody to tell.
void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) ::_exit(3);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

void send(ReaderNews::Kind kind, std::string_view stage, double fraction) {
  ReaderNews news;
  news.kind = kind;
  news.stage_bytes = static_cast<std::uint32_t>(stage.copy(news.stage, sizeof news.stage));
  news.fraction = fraction;
  write_all(kNewsFd, {reinterpret_cast<const char*>(&news), sizeof news});
}

/// Tells the parent, but not more often than anybody looks.
class SentProgress : public Progress {
 public:
  void report(std::string_view stage, double fraction) override {
    const auto now = std::chrono::steady_clock::now();
    if (stage == m_stage && now - m_last < std::chrono::milliseconds(10)) return;
    m_stage = stage;
    m_last = now;
    send(ReaderNews::Kind::progress, stage, fraction);
  }

 private:
  std::string m_stage;
  std::chrono::steady_clock::time_point m_last;
};

std::string whole_request() {
  struct stat status {};
  if (::fstat(kRequestFd, &status) != 0 || status.st_size <= 0 || status.st_size > (1 << 24)) return {};
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  if (::pread(kRequestFd, bytes.data(), bytes.size(), 0) != status.st_size) return {};
  ::close(kRequestFd);
  return bytes;
}

ReaderAnswer answer_to(const ReaderRequest& request, const std::string& level) {
  SentProgress progress;
  switch (request.task) {
    case ReaderTask::read: return read_unhashed_here(request.path, request.options, progress);
    case ReaderTask::inspect: return inspect_file_here(request.path, request.options, progress);
    case ReaderTask::raster: return read_raster_here(request.path, request.options, progress);
    case ReaderTask::picture:
      return picture_of_raster_here(request.path, request.options, request.raster, request.view, progress);
    case ReaderTask::level: break;
  }
  return IsolationLevel{level};
}

ReaderAnswer answer_or_failure(std::string_view request_bytes) {
  using Kind = ReaderFailure::Kind;
  try {
    const ReaderRequest request = unpack_request(request_bytes);  // a value that cannot be is a UsageError
    const std::string level = confine_this_process(request);
    set_thread_count(request.threads);
    return answer_to(request, level);
  } catch (const UsageError& error) {
    return ReaderFailure{Kind::usage, error.what(), error.advice()};
  } catch (const MissingCrs& error) {
    return ReaderFailure{Kind::missing_crs, error.what(), error.advice()};
  } catch (const Error& error) {
    return ReaderFailure{Kind::input, error.what(), error.advice()};
  } catch (const std::bad_alloc&) {
    return ReaderFailure{Kind::memory, {}, {}};
  } catch (const std::exception& error) {
    return ReaderFailure{Kind::fault, error.what(), {}};
  }
}

int read_one() {
  const std::string bytes = whole_request();
  if (bytes.empty()) return 3;
  ReaderAnswer answer = answer_or_failure(bytes);
  Packer packer;
  pack_answer(packer, answer);
  send(ReaderNews::Kind::answer, {}, 1);
  for (const std::string_view piece : packer.pieces()) write_all(kAnswerFd, piece);
  ::close(kAnswerFd);  // the parent need not wait until all memory is given back
  ::_exit(0);          // what is left of memory goes faster without destructors
}

}  // namespace

}  // namespace yaan

int main() {
  ::mallopt(M_ARENA_MAX, 8);  // each arena reserves address space, which is bounded
  yaan::prepare_reading();
  return yaan::serve_calls(&yaan::read_one);
}
