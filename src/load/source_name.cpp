#include "load/source_name.hpp"

#include <string>
#include <system_error>

#include "load/file_format.hpp"
#include "yaan/load/raster.hpp"

namespace yaan {

namespace fs = std::filesystem;

std::array<fs::path, 2> part_names(const fs::path& shp, std::string_view extension) {
  std::array<fs::path, 2> names;
  for (std::size_t upper = 0; upper < names.size(); ++upper) {
    std::string text = ".";
    for (const char c : extension) text += static_cast<char>(upper != 0 ? c - 'a' + 'A' : c);
    names[upper] = fs::path(shp).replace_extension(text);
  }
  return names;
}

fs::path part_on_disk(const fs::path& shp, std::string_view extension) {
  std::error_code error;
  for (const fs::path& part : part_names(shp, extension))
    if (fs::is_regular_file(part, error)) return part;
  return {};
}

fs::path world_file(const fs::path& tif) {
  for (const char* extension : {".tfw", ".TFW", ".tifw", ".TIFW", ".tiffw", ".wld", ".WLD"}) {
    fs::path file = fs::path(tif).replace_extension(extension);
    std::error_code error;
    if (fs::is_regular_file(file, error)) return file;
  }
  return {};
}

bool names_raster(std::string_view path) { return format_by_name(path) == FileFormat::geotiff; }

}  // namespace yaan
