// The public way to read: check the name here, parse elsewhere.
#include "load/hash_meanwhile.hpp"
#include "load/plain_path.hpp"
#include "load/reader/call_reader.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

template <class Answer>
Answer ask(ReaderRequest request, Progress& progress) {
  request.threads = thread_count();
  ReaderAnswer answer = call_reader(reader_program(), request, progress);
  if (auto* wanted = std::get_if<Answer>(&answer)) return std::move(*wanted);
  throw InputError("the process that reads files answered another question", "install Yaan anew");
}

ReaderRequest request_for(ReaderTask task, const fs::path& path, const ReadOptions& options) {
  ReaderRequest request;
  request.task = task;
  request.path = path.string();
  request.options = options;
  request.file_bytes = fs::file_size(plain_file(path, options));
  return request;
}

}  // namespace

ReadResult read_layer(const fs::path& path, const ReadOptions& options, Progress& progress) {
  ReaderRequest request = request_for(ReaderTask::read, path, options);
  const UnchangedFile unchanged(path);
  HashMeanwhile hash(path);  // while the reader starts, this process has nothing else to do
  auto result = ask<ReadResult>(std::move(request), progress);
  const std::string sha256 = hash.wait();
  unchanged.check();
  for (Source& source : result.layer.sources) {
    source.path = path.string();  // a path may be of any bytes; on the wire it was made UTF-8
    source.sha256 = sha256;
  }
  return result;
}

FileReport inspect_file(const fs::path& path, const ReadOptions& options, Progress& progress) {
  auto report = ask<FileReport>(request_for(ReaderTask::inspect, path, options), progress);
  report.path = path.string();
  return report;
}

std::string isolation_level() {
  Progress silent;
  ReaderRequest request;
  request.task = ReaderTask::level;
  return ask<IsolationLevel>(std::move(request), silent).text;
}

}  // namespace yaan
