#include "load/watched_source.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "load/file_format.hpp"
#include "load/source_name.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/load/raster.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

/// The files that make up the source, the one that names it included, in the order of the hash.
std::vector<fs::path> files_of_source(const fs::path& path) {
  std::vector<fs::path> files;
  const std::optional<FileFormat> format = format_by_name(path);
  if (format == FileFormat::shapefile) {
    for (const std::string_view part : {"cpg", "dbf", "prj", "shp", "shx"})
      if (fs::path file = part_on_disk(path, part); !file.empty()) files.push_back(std::move(file));
    return files;
  }
  files.push_back(path);
  if (format == FileFormat::geotiff)
    if (fs::path file = world_file(path); !file.empty()) files.push_back(std::move(file));
  if (format == FileFormat::geopackage)  // changes that were not moved into the database yet
    if (fs::path file = path.string() + "-wal"; fs::is_regular_file(file) && fs::file_size(file) > 0)
      files.push_back(std::move(file));
  return files;
}

}  // namespace

std::vector<WatchedSource::State> WatchedSource::states(const fs::path& path) {
  std::vector<State> found;
  for (fs::path& file : files_of_source(path)) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file, error);
    const fs::file_time_type changed = fs::last_write_time(file, error);
    found.push_back({std::move(file), bytes, changed});
  }
  return found;
}

WatchedSource::WatchedSource(const fs::path& path) : m_path(path), m_before(states(path)) {
  std::promise<std::string> promise;
  m_hash = promise.get_future();
  m_thread = std::jthread([path, promise = std::move(promise)](const std::stop_token& stop) mutable {
    try {
      promise.set_value(sha256_of_files(files_of_source(path), stop));
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
}

std::string WatchedSource::settle() {
  std::string hash = m_hash.get();
  if (states(m_path) != m_before)
    throw InputError(fmt::format("{} changed while it was read", m_path.string()),
                     "wait until the program that writes it has ended");
  return hash;
}

std::string sha256_of_source(const fs::path& path) {
  if (names_database(path.string()))
    throw UsageError("a database has no hash before it is read", "read the layer; its source holds the hash");
  return sha256_of_files(files_of_source(path), {});
}

}  // namespace yaan
