#include "load/entry_name.hpp"

#include <algorithm>
#include <array>

namespace yaan {

namespace {

template <std::size_t N>
bool ends_with_any(std::string_view name, const std::array<std::string_view, N>& ends) {
  const std::string lower = lower_ascii(name);
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return lower.ends_with(end); });
}

bool is_leftover(std::string_view part) {
  const std::string lower = lower_ascii(part);
  return lower == "__macosx" || lower == ".ds_store" || lower == "thumbs.db" || lower == "desktop.ini" ||
         lower.starts_with("._");
}

}  // namespace

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

EntryName kind_of_entry(std::string_view name) {
  const bool drive = name.size() >= 2 && name[1] == ':';
  if (name.empty()) return EntryName::unusual;
  if (name.front() == '/' || name.front() == '\\' || drive) return EntryName::outside;
  bool unusual = false;
  bool leftover = false;
  const bool folder = name.back() == '/';
  std::string_view rest = folder ? name.substr(0, name.size() - 1) : name;
  while (true) {
    const std::size_t slash = rest.find_first_of("/\\");
    const std::string_view part = rest.substr(0, slash);
    if (part == "..") return EntryName::outside;
    const bool control = std::any_of(part.begin(), part.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    unusual = unusual || part.empty() || part == "." || part.size() > 255 || control;
    leftover = leftover || is_leftover(part);
    if (slash == std::string_view::npos) break;
    unusual = unusual || rest[slash] == '\\';
    rest.remove_prefix(slash + 1);
  }
  if (unusual) return EntryName::unusual;
  if (leftover) return EntryName::leftover;
  return folder ? EntryName::folder : EntryName::plain;
}

bool is_packed_name(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kPacked = {".zip", ".kmz", ".7z",  ".rar", ".gz",
                                                               ".tgz", ".tar", ".bz2", ".xz",  ".zst"};
  return ends_with_any(name, kPacked);
}

bool is_side_file(std::string_view name) {
  static constexpr std::array<std::string_view, 17> kSides = {
      ".shx", ".prj", ".cpg", ".cst", ".sbn",     ".sbx",       ".qix",      ".qpj",     ".atx",
      ".ain", ".aih", ".qmd", ".sld", ".shp.xml", ".yaan.json", ".gpkg-wal", ".gpkg-shm"};
  return ends_with_any(name, kSides);
}

}  // namespace yaan
