// The public way to read: check the name here, parse elsewhere.
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
  auto result = ask<ReadResult>(request_for(ReaderTask::read, path, options), progress);
  // A path may be of any bytes; on the wire it was made UTF-8.
  for (Source& source : result.layer.sources) source.path = path.string();
  return result;
}

FileReport inspect_file(const fs::path& path, const ReadOptions& options, Progress& progress) {
  auto report = ask<FileReport>(request_for(ReaderTask::inspect, path, options), progress);
  report.path = path.string();
  for (Raster& raster : report.rasters) raster.source.path = path.string();
  return report;
}

Raster read_raster(const fs::path& path, const ReadOptions& options, Progress& progress) {
  auto raster = ask<Raster>(request_for(ReaderTask::raster, path, options), progress);
  raster.source.path = path.string();
  return raster;
}

RasterPicture picture_of_raster(const fs::path& path, const ReadOptions& options, const Raster& raster,
                                const RasterView& view, Progress& progress) {
  ReaderRequest request = request_for(ReaderTask::picture, path, options);
  request.raster = raster;
  request.raster.diagnostics = {};
  request.view = view;
  return ask<RasterPicture>(std::move(request), progress);
}

std::string isolation_level() {
  Progress silent;
  ReaderRequest request;
  request.task = ReaderTask::level;
  return ask<IsolationLevel>(std::move(request), silent).text;
}

}  // namespace yaan
