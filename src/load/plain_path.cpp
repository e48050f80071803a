#include "load/plain_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "load/file_format.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

// Letters, digits, + - . before a colon, two at least: `http:`, `GEOJSON:`, `pg:`.
std::string scheme_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon < 2 || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return {};
  const bool plain = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](unsigned char c) {
    return c < 128 && (std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.' || c == '_');
  });
  return plain ? text.substr(0, colon + 1) : std::string();
}

std::string neighbour_advice(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (fs::directory_iterator at(folder, error), end; !error && at != end && names.size() < 10'000; at.increment(error))
    names.push_back(at->path().filename().string());
  if (error) return fmt::format("the folder {} is not there or cannot be read", folder.string());
  std::sort(names.begin(), names.end());
  const std::string near = nearest_word(path.filename().string(), names);
  return near.empty() ? "check the name and the folder" : fmt::format("did you mean {}?", near);
}

}  // namespace

void refuse_other_than_paths(const std::string& text) {
  if (text.empty()) throw UsageError("no file is named", "give the path of a file");
  if (text.find('\0') != std::string::npos)
    throw UsageError("a path cannot hold a zero byte", "give the path of a file");
  const char first = text.front();
  if (first == '{' || first == '[' || first == '<' || text.find('\n') != std::string::npos)
    throw UsageError(fmt::format("\"{}\" is inline text, not the path of a file", text.substr(0, 40)),
                     "save it to a file and name the file");
  if (text.starts_with("/vsi"))
    throw UsageError(fmt::format("{}: virtual file systems are not read", text), "unpack or download the file first");
  if (names_database(text)) {
    check_database_name(text);
    throw UsageError(fmt::format("{} is a database, and here only a file is read", text), "name a file");
  }
  const std::string scheme = scheme_of(text);
  if (!scheme.empty())
    throw UsageError(fmt::format("{}: \"{}\" names a service or a driver, not a file", text, scheme),
                     fmt::format("download the data first; a file of that name is written ./{}", text));
}

fs::path plain_file(const fs::path& path, const ReadOptions& options) {
  const std::string text = path.string();
  refuse_other_than_paths(text);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  const bool missing = status.type() == fs::file_type::not_found || status.type() == fs::file_type::none;
  if (missing && fs::is_symlink(fs::symlink_status(path, error)))
    throw InputError(fmt::format("{} is a link that leads to no file", text), "name the file itself");
  if (missing && format_by_name(path) == FileFormat::shapefile) {
    const fs::path dbf = shapefile_part(path, "dbf");
    if (!dbf.empty() || !shapefile_part(path, "shx").empty())
      throw InputError(fmt::format("{}: the .shp part of the Shapefile is missing", text),
                       fmt::format("copy all parts of the Shapefile (.shp, .shx, .dbf, .prj, .cpg) together{}",
                                   dbf.empty() ? "" : "; its table alone can be read from the .dbf"));
  }
  if (missing) throw InputError(fmt::format("there is no file {}", text), neighbour_advice(path));
  if (fs::is_directory(status)) throw InputError(fmt::format("{} is a folder, not a file", text), "name a file in it");
  if (!fs::is_regular_file(status))
    throw InputError(fmt::format("{} is a pipe, a socket or a device, not a plain file", text),
                     "save the data to a file and name the file");
  if (!std::ifstream(path, std::ios::binary))
    throw InputError(fmt::format("{} cannot be read", text), "check its permissions");
  const std::uintmax_t bytes = fs::file_size(path);
  if (bytes == 0) throw InputError(fmt::format("{} is empty (0 bytes)", text), "get the file again from where it came");
  if (bytes > options.max_file_bytes)
    throw InputError(fmt::format("{} has {} bytes, more than the bound of {}", text,
                                 with_thousands(static_cast<std::int64_t>(bytes)),
                                 with_thousands(static_cast<std::int64_t>(options.max_file_bytes))),
                     "raise max_file_bytes if the file is trusted");
  fs::path absolute = fs::canonical(path);
  if (absolute.string().starts_with("/vsi"))
    throw UsageError(fmt::format("{} leads to a virtual file system", text), "copy the file elsewhere");
  return absolute;
}

WatchedFile::WatchedFile(fs::path file, std::string shown)
    : m_file(std::move(file)), m_shown(std::move(shown)), m_before(state()) {}

WatchedFile::State WatchedFile::state() const { return {fs::file_size(m_file), fs::last_write_time(m_file)}; }

void WatchedFile::throw_if_changed() const {
  if (state() != m_before)
    throw InputError(fmt::format("{} changed while it was read", m_shown),
                     "wait until the program that writes it has ended");
}

}  // namespace yaan
