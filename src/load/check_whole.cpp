// Signs that a file is cut short or out of bounds, looked for before GDAL sees it.
#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <vector>

#include "load/file_format.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

InputError truncated(const std::string& shown, const std::string& why) {
  return InputError(fmt::format("{} is cut short: {}", shown, why), "get the file again from where it came");
}

std::string bytes_at(const fs::path& file, std::uint64_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Counts brackets outside strings. GDAL's parser says what else is wrong; this one says where the file ends.
void check_json(const fs::path& file, const std::string& shown, int max_nesting) {
  std::ifstream in(file, std::ios::binary);
  std::vector<char> buffer(1 << 20);
  bool in_string = false;
  bool escaped = false;
  int depth = 0;
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(in.gcount());
    for (std::size_t i = 0; i < count; ++i) {
      const char c = buffer[i];
      if (in_string) {
        if (escaped) {
          escaped = false;
        } else if (c == '\\') {
          escaped = true;
        } else if (c == '"') {
          in_string = false;
        }
      } else if (c == '"') {
        in_string = true;
      } else if (c == '{' || c == '[') {
        if (++depth > max_nesting)
          throw InputError(fmt::format("{} nests brackets deeper than the bound of {}", shown, max_nesting),
                           "raise max_nesting if the file is trusted");
      } else if (c == '}' || c == ']') {
        --depth;
      }
    }
  }
  if (in_string) throw truncated(shown, "the JSON ends within a string");
  if (depth > 0) throw truncated(shown, fmt::format("the JSON ends with {} brackets open", depth));
}

void check_geopackage(const fs::path& file, const std::string& shown) {
  const std::string header = bytes_at(file, 0, 100);
  if (header.size() < 100) throw truncated(shown, "not even the header of the database is there");
  std::uint64_t page = big_endian(header, 16, 2);
  if (page == 1) page = 65'536;
  // The page count in the header holds only where the change counter equals the version-valid-for number.
  if (big_endian(header, 24, 4) != big_endian(header, 92, 4)) return;
  const std::uint64_t stated = page * big_endian(header, 28, 4);
  if (fs::file_size(file) < stated)
    throw truncated(shown, fmt::format("the database has {} bytes of {}",
                                       with_thousands(static_cast<std::int64_t>(fs::file_size(file))),
                                       with_thousands(static_cast<std::int64_t>(stated))));
}

void check_dbf(const fs::path& dbf, const std::string& shown) {
  const std::string table = bytes_at(dbf, 0, 32);
  if (table.size() < 32) throw truncated(shown, "the .dbf has no header");
  const std::uint64_t needed = little_endian(table, 8, 2) + little_endian(table, 4, 4) * little_endian(table, 10, 2);
  if (fs::file_size(dbf) < needed)
    throw truncated(
        shown, fmt::format("the .dbf has {} bytes of {}", with_thousands(static_cast<std::int64_t>(fs::file_size(dbf))),
                           with_thousands(static_cast<std::int64_t>(needed))));
}

void check_shapefile(const fs::path& shp, const std::string& shown) {
  const std::string header = bytes_at(shp, 0, 100);
  if (header.size() < 100) throw truncated(shown, "not even the header is there");
  const std::uint64_t stated = 2 * big_endian(header, 24, 4);
  if (fs::file_size(shp) < stated)
    throw truncated(
        shown, fmt::format("the .shp has {} bytes of {}", with_thousands(static_cast<std::int64_t>(fs::file_size(shp))),
                           with_thousands(static_cast<std::int64_t>(stated))));
  if (shapefile_part(shp, "shx").empty())
    throw InputError(fmt::format("{}: the .shx part of the Shapefile is missing", shown),
                     "copy all parts of the Shapefile (.shp, .shx, .dbf, .prj, .cpg) together");
  const fs::path dbf = shapefile_part(shp, "dbf");
  if (!dbf.empty()) check_dbf(dbf, shown);  // geometry without attributes can be used; the reader reports it
}

void check_zip(const fs::path& file, const std::string& shown, std::uint64_t max_unpacked_bytes) {
  const std::uint64_t size = fs::file_size(file);
  const std::uint64_t tail_size = std::min<std::uint64_t>(size, 65'557);  // end record and its longest comment
  const std::string tail = bytes_at(file, size - tail_size, tail_size);
  const std::size_t end = tail.rfind("PK\x05\x06");
  if (end == std::string::npos || tail.size() - end < 22) throw truncated(shown, "the directory at its end is missing");
  const std::uint64_t entries = little_endian(tail, end + 10, 2);
  const std::uint64_t directory_size = little_endian(tail, end + 12, 4);
  const std::uint64_t directory_at = little_endian(tail, end + 16, 4);
  if (directory_at + directory_size > size) throw truncated(shown, "its directory points beyond its end");
  const std::string directory = bytes_at(file, directory_at, directory_size);
  std::uint64_t unpacked = 0;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < entries && at + 46 <= directory.size(); ++i) {
    if (directory.compare(at, 4, "PK\x01\x02") != 0) throw truncated(shown, "its directory is damaged");
    unpacked += little_endian(directory, at + 24, 4);
    at += 46 + little_endian(directory, at + 28, 2) + little_endian(directory, at + 30, 2) +
          little_endian(directory, at + 32, 2);
  }
  if (unpacked > max_unpacked_bytes)
    throw InputError(fmt::format("{} unpacks to {} bytes, more than the bound of {}", shown,
                                 with_thousands(static_cast<std::int64_t>(unpacked)),
                                 with_thousands(static_cast<std::int64_t>(max_unpacked_bytes))),
                     "raise max_unpacked_bytes if the file is trusted");
}

void check_kml(const fs::path& file, const std::string& shown) {
  const std::uint64_t size = fs::file_size(file);
  const std::uint64_t tail_size = std::min<std::uint64_t>(size, 4'096);
  const std::string tail = bytes_at(file, size - tail_size, tail_size);
  if (tail.find("</kml>") == std::string::npos && tail.find(":kml>") == std::string::npos)
    throw truncated(shown, "the closing </kml> is missing");
}

}  // namespace

void check_whole(FileFormat format, const fs::path& file, const std::string& shown, int max_nesting,
                 std::uint64_t max_unpacked_bytes) {
  switch (format) {
    case FileFormat::geojson:
    case FileFormat::topojson: return check_json(file, shown, max_nesting);
    case FileFormat::geopackage: return check_geopackage(file, shown);
    case FileFormat::shapefile: return check_shapefile(file, shown);
    case FileFormat::dbf: return check_dbf(file, shown);
    case FileFormat::xlsx: return check_zip(file, shown, max_unpacked_bytes);
    case FileFormat::kml: return check_kml(file, shown);
    case FileFormat::flatgeobuf:  // the feature count in the header is compared after reading
    case FileFormat::csv:         // the reader sees an open quote itself
      return;
  }
}

}  // namespace yaan
