#include "load/hash_meanwhile.hpp"

#include <vector>

#include "load/file_format.hpp"
#include "load/raster_place.hpp"
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
  if (format_by_name(path) == FileFormat::shapefile) {
    for (const std::string_view part : {"cpg", "dbf", "prj", "shp", "shx"})
      if (fs::path file = shapefile_part(path, part); !file.empty()) files.push_back(std::move(file));
    return files;
  }
  files.push_back(path);
  if (names_raster(path.string()))
    if (fs::path file = world_file(path); !file.empty()) files.push_back(std::move(file));
  return files;
}

}  // namespace

HashMeanwhile::HashMeanwhile(const fs::path& path) {
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

std::string sha256_of_source(const fs::path& path) {
  if (names_database(path.string()))
    throw UsageError("a database has no hash before it is read", "read the layer; its source holds the hash");
  return sha256_of_files(files_of_source(path), {});
}

}  // namespace yaan
