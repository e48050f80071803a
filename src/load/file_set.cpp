#include "yaan/load/file_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "load/entry_name.hpp"
#include "load/file_format.hpp"
#include "load/plain_path.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 10'000;

bool is_text(const fs::path& file) { return lower_ascii(file.extension().string()) == ".txt"; }

// "" for a folder itself.
std::string pattern_of(const fs::path& path) {
  return fs::is_directory(path) ? std::string() : path.filename().string();
}

// The character that begins at `at`; a byte that begins none counts as one.
std::size_t character_end(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && end < at + 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return end;
}

// * stands for any characters, ? for one. Where a * took too few, the last one takes one more.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t at = 0;
  std::size_t in_name = 0;
  std::size_t star = std::string_view::npos;
  std::size_t of_star = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      of_star = in_name;
    } else if (at < pattern.size() && pattern[at] == '?') {
      ++at;
      in_name = character_end(name, in_name);
    } else if (at < pattern.size() && pattern[at] == name[in_name]) {
      ++at;
      ++in_name;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_name = of_star = character_end(name, of_star);
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

// ~$ is Office's mark of an open document.
bool is_hidden(const std::string& name) { return name.starts_with('.') || name.starts_with("~$"); }

// A .dbf is a table of its own, unless it belongs to a Shapefile.
bool is_part_of_another(const fs::path& file) {
  return is_side_file(file.filename().string()) ||
         (format_by_name(file) == FileFormat::dbf && !shapefile_part(file, "shp").empty());
}

// By its name, and by those beside it.
bool is_wanted(const fs::path& file, const std::string& pattern) {
  const std::string name = file.filename().string();
  const std::optional<FileFormat> format = format_by_name(file);
  if (is_hidden(name) || !format || format == FileFormat::geotiff || is_part_of_another(file)) return false;
  return pattern.empty() || matches(pattern, name);
}

}  // namespace

bool names_several(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return true;
  return path.filename().string().find_first_of("*?") != std::string::npos && !fs::exists(path, error);
}

fs::path folder_of(const fs::path& path) {
  fs::path folder = fs::is_directory(path) ? path : path.parent_path();
  if (folder.has_filename() && folder.filename() != "." && folder.filename() != "..") return folder;
  folder = fs::absolute(folder.empty() ? "." : folder).lexically_normal();
  return folder.has_filename() ? folder : folder.parent_path();
}

FileSet list_files(const fs::path& path) {
  refuse_other_than_paths(path.string());
  const std::string pattern = pattern_of(path);
  const fs::path folder = folder_of(path);
  const std::string where = folder.filename().string();
  FileSet set;
  std::vector<std::string> others;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code unknown;
    if (at->is_directory(unknown)) {
      if (pattern.empty() && !name.starts_with('.'))
        set.diagnostics.add(Severity::note, "inner-folders", where, "folders within the folder were not looked into", 1,
                            name);
    } else if (is_wanted(at->path(), pattern) && at->is_regular_file(unknown)) {
      set.files.push_back((pattern.empty() ? path : path.parent_path()) / name);
    } else if (pattern.empty() && !is_hidden(name) && !is_part_of_another(at->path())) {
      others.push_back(name);
    }
  }
  if (error)
    throw InputError(fmt::format("the folder {} is not there or cannot be read", folder.string()),
                     "check its name and its permissions");
  std::sort(set.files.begin(), set.files.end());
  if (pattern.empty() && !std::all_of(set.files.begin(), set.files.end(), is_text)) {
    const auto texts =
        std::stable_partition(set.files.begin(), set.files.end(), [](const fs::path& f) { return !is_text(f); });
    for (auto text = texts; text != set.files.end(); ++text) others.push_back(text->filename().string());
    set.files.erase(texts, set.files.end());
  }
  std::sort(others.begin(), others.end());
  for (const std::string& name : others)
    set.diagnostics.add(Severity::note, "other-files", where, "files of the folder were not read", 1, name);
  if (set.files.empty() && !pattern.empty())
    throw InputError(fmt::format("no file that can be read is named like {}", path.string()),
                     "* stands for any letters, ? for one");
  if (set.files.empty())
    throw InputError(fmt::format("the folder {} holds no file that can be read", path.string()),
                     "its own files are looked at, not those of folders within; name one, or another folder");
  if (set.files.size() > kMostFiles)
    throw InputError(
        fmt::format("{} names {} files, more than the bound of {}", path.string(), set.files.size(), kMostFiles),
        "choose some by a pattern, such as sites-2026*.csv");
  return set;
}

bool would_list(const fs::path& path, const fs::path& file) {
  if (!names_several(path)) return false;
  std::error_code error;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  return is_wanted(file, pattern_of(path)) && fs::equivalent(folder_of(path), folder, error) && !error;
}

}  // namespace yaan
