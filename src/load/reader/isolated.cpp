// The public way to read: check the name here, parse elsewhere.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "load/file_format.hpp"
#include "load/plain_path.hpp"
#include "load/reader/call_reader.hpp"
#include "load/watched_source.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/load/file_set.hpp"

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
  if (names_database(request.path)) {
    check_database_name(request.path);
    return request;
  }
  request.file_bytes = fs::file_size(plain_file(path, options));
  // What an archive unpacks to is known in the reader alone, after its memory was bounded.
  if (format_by_name(path) == FileFormat::zip)
    request.file_bytes = std::max(request.file_bytes, std::min(20 * request.file_bytes, options.max_unpacked_bytes));
  return request;
}

}  // namespace

namespace {

ReadResult read_set(const fs::path& path, const ReadOptions& options, Progress& progress) {
  FileSet set = list_files(path);
  ReadResult result =
      read_files(set.files, fs::absolute(folder_of(path)).lexically_normal().filename(), options, progress);
  result.diagnostics.merge(set.diagnostics);
  return result;
}

// The files one after another, each a layer of the report or several.
FileReport inspect_set(const fs::path& path, const ReadOptions& options, Progress& progress) {
  FileSet set = list_files(path);
  FileReport report;
  report.path = path.string();
  report.format = set.files.size() == 1 ? "folder of 1 file" : fmt::format("folder of {} files", set.files.size());
  report.several_files = true;
  std::string hashes;
  for (const fs::path& file : set.files) {
    FileReport one = inspect_file(file, options, progress);
    const std::string name = file.filename().string();
    report.bytes += one.bytes;
    hashes += fmt::format("{}  {}\n", one.sha256, name);
    for (LayerReport& layer : one.layers) {
      layer.name = one.layers.size() == 1 ? name : fmt::format("{}/{}", name, layer.name);
      report.layers.push_back(std::move(layer));
    }
  }
  report.sha256 = sha256_hex(hashes);
  if (!report.layers.empty()) report.layers.front().diagnostics.merge(set.diagnostics);
  return report;
}

}  // namespace

// The hashes are this process's work, not the reader's: a file that took the reader over could name any, and while
// the reader works there is time.

ReadResult read_layer(const fs::path& path, const ReadOptions& options, Progress& progress) {
  if (names_several(path)) return read_set(path, options, progress);
  ReaderRequest request = request_for(ReaderTask::read, path, options);
  if (names_database(request.path)) return ask<ReadResult>(std::move(request), progress);
  WatchedSource watched(path);
  auto result = ask<ReadResult>(std::move(request), progress);
  const std::string sha256 = watched.settle();
  for (Source& source : result.layer.sources) {
    source.path = path.string();  // a path may be of any bytes; on the wire it was made UTF-8
    source.sha256 = sha256;
  }
  return result;
}

FileReport inspect_file(const fs::path& path, const ReadOptions& options, Progress& progress) {
  if (names_several(path)) return inspect_set(path, options, progress);
  ReaderRequest request = request_for(ReaderTask::inspect, path, options);
  std::optional<WatchedSource> watched;
  if (!names_database(request.path)) watched.emplace(path);
  auto report = ask<FileReport>(std::move(request), progress);
  report.path = path.string();
  if (watched) report.sha256 = watched->settle();
  for (Raster& raster : report.rasters) {
    raster.source.path = path.string();
    raster.source.sha256 = report.sha256;
  }
  return report;
}

Raster read_raster(const fs::path& path, const ReadOptions& options, Progress& progress) {
  ReaderRequest request = request_for(ReaderTask::raster, path, options);
  WatchedSource watched(path);
  auto raster = ask<Raster>(std::move(request), progress);
  raster.source.path = path.string();
  raster.source.sha256 = watched.settle();
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
