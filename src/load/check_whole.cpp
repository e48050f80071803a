// Signs that a file is cut short or out of bounds, looked for before GDAL sees it.
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "load/file_format.hpp"
#include "load/input_file.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

InputError truncated(const std::string& shown, const std::string& why) {
  return InputError(fmt::format("{} is cut short: {}", shown, why), "get the file again from where it came");
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
  const auto in = open_input(file);
  std::vector<char> buffer(1 << 20);
  bool in_string = false;
  bool escaped = false;
  int depth = 0;
  while (*in) {
    in->read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(in->gcount());
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
                           "no data nests so deep: it may be damaged, or made to do harm");
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
  if (input_size(file) < stated)
    throw truncated(shown, fmt::format("the database has {} bytes of {}",
                                       with_thousands(static_cast<std::int64_t>(input_size(file))),
                                       with_thousands(static_cast<std::int64_t>(stated))));
}

void check_dbf(const fs::path& dbf, const std::string& shown) {
  const std::string table = bytes_at(dbf, 0, 32);
  if (table.size() < 32) throw truncated(shown, "the .dbf has no header");
  const std::uint64_t needed = little_endian(table, 8, 2) + little_endian(table, 4, 4) * little_endian(table, 10, 2);
  if (input_size(dbf) < needed)
    throw truncated(
        shown, fmt::format("the .dbf has {} bytes of {}", with_thousands(static_cast<std::int64_t>(input_size(dbf))),
                           with_thousands(static_cast<std::int64_t>(needed))));
}

void check_shapefile(const fs::path& shp, const std::string& shown) {
  const std::string header = bytes_at(shp, 0, 100);
  if (header.size() < 100) throw truncated(shown, "not even the header is there");
  const std::uint64_t stated = 2 * big_endian(header, 24, 4);
  if (input_size(shp) < stated)
    throw truncated(
        shown, fmt::format("the .shp has {} bytes of {}", with_thousands(static_cast<std::int64_t>(input_size(shp))),
                           with_thousands(static_cast<std::int64_t>(stated))));
  if (shapefile_part(shp, "shx").empty())
    throw InputError(fmt::format("{}: the .shx part of the Shapefile is missing", shown),
                     "copy all parts of the Shapefile (.shp, .shx, .dbf, .prj, .cpg) together");
  const fs::path dbf = shapefile_part(shp, "dbf");
  if (!dbf.empty()) check_dbf(dbf, shown);  // geometry without attributes can be used; the reader reports it
}

void check_zip(const fs::path& file, const std::string& shown, std::uint64_t max_unpacked_bytes) {
  const std::uint64_t size = input_size(file);
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

void check_closed(const fs::path& file, const std::string& shown, const std::string& element) {
  const std::uint64_t size = input_size(file);
  const std::uint64_t tail_size = std::min<std::uint64_t>(size, 4'096);
  const std::string tail = bytes_at(file, size - tail_size, tail_size);
  if (tail.find("</" + element + ">") == std::string::npos && tail.find(":" + element + ">") == std::string::npos)
    throw truncated(shown, fmt::format("the closing </{}> is missing", element));
}

// A varint of Protocol Buffers; moves `at` behind it.
std::uint64_t varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; at < bytes.size() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  return value;
}

// The length of the blob behind a BlobHeader: its field 3.
std::uint64_t blob_size(std::string_view header) {
  std::uint64_t size = 0;
  for (std::size_t at = 0; at < header.size();) {
    const std::uint64_t key = varint(header, at);
    const std::uint64_t value = varint(header, at);  // of lengths (wire type 2) as well as of numbers
    if (key == (3U << 3U)) size = value;
    if ((key & 7U) == 2U) at += std::min<std::uint64_t>(value, header.size());
  }
  return size;
}

// Blobs one after another, each with the length of its header and a header that states its own.
void check_osm_pbf(const fs::path& file, const std::string& shown) {
  constexpr std::uint64_t kMostHeader = 64 * 1024;
  constexpr std::uint64_t kMostBlob = 32 * 1024 * 1024;
  const std::uint64_t size = input_size(file);
  for (std::uint64_t at = 0; at < size;) {
    const std::string length = bytes_at(file, at, 4);
    const std::uint64_t header_size = length.size() == 4 ? big_endian(length, 0, 4) : 0;
    if (header_size > kMostHeader || (header_size == 0 && length.size() == 4))
      throw InputError(fmt::format("{} is damaged: there is no block of data at byte {}", shown, at),
                       "get the file again from where it came");
    const std::uint64_t blob = blob_size(bytes_at(file, at + 4, header_size));
    if (blob > kMostBlob)
      throw InputError(fmt::format("{} is damaged: a block of data is longer than the format allows", shown),
                       "get the file again from where it came");
    at += 4 + header_size + blob;
    if (length.size() < 4 || at > size) throw truncated(shown, "its last block of data is not whole");
  }
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
    case FileFormat::kml: return check_closed(file, shown, "kml");
    case FileFormat::osm_xml: return check_closed(file, shown, "osm");
    case FileFormat::osm_pbf: return check_osm_pbf(file, shown);
    case FileFormat::flatgeobuf:  // the feature count in the header is compared after reading
    case FileFormat::csv:         // the reader sees an open quote itself
    case FileFormat::zip:         // Archive looks for itself
    case FileFormat::weights:     // the reader counts features and neighbours itself
    case FileFormat::geotiff:     // RasterFile compares where its blocks lie with its size
      return;
  }
}

}  // namespace yaan
