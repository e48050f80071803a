#include "load/hash_meanwhile.hpp"

#include <fmt/format.h>

#include <vector>

#include "load/file_format.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_of_source(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension != ".shp" && extension != ".SHP") return {path};
  std::vector<fs::path> files;
  for (const std::string_view part : {"cpg", "dbf", "prj", "shp", "shx"})
    if (const fs::path file = shapefile_part(path, part); !file.empty()) files.push_back(file);
  return files;
}

}  // namespace

UnchangedFile::UnchangedFile(fs::path path) : m_path(std::move(path)), m_before(state()) {}

UnchangedFile::State UnchangedFile::state() const { return {fs::file_size(m_path), fs::last_write_time(m_path)}; }

void UnchangedFile::check() const {
  if (state() != m_before)
    throw InputError(fmt::format("{} changed while it was read", m_path.string()),
                     "wait until the program that writes it has ended");
}

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

std::string sha256_of_source(const fs::path& path) { return sha256_of_files(files_of_source(path), {}); }

}  // namespace yaan
