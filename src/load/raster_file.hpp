#pragma once
// An open GeoTIFF: what it is, and which of its bands make up the picture.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "load/raster_place.hpp"
#include "yaan/load/raster.hpp"

namespace yaan {

/// Bands as indices into the file's; -1: none.
struct ShownBands {
  enum class Kind { grey, palette, colours };
  Kind kind = Kind::grey;
  int first = 0;  ///< grey, index into the palette, or red
  int green = -1;
  int blue = -1;
  int alpha = -1;
  bool mask = false;  ///< the file has a mask of its own
  [[nodiscard]] std::vector<int> values() const {
    return kind == Kind::colours ? std::vector<int>{first, green, blue} : std::vector<int>{first};
  }
};

class RasterFile {
 public:
  /// Throws as read_raster does.
  RasterFile(const std::filesystem::path& path, const ReadOptions& options);

  [[nodiscard]] GDALDataset& dataset() const { return *m_dataset; }
  [[nodiscard]] const std::string& shown() const { return m_shown; }
  [[nodiscard]] const RasterPlace& place() const { return *m_place; }
  [[nodiscard]] const ShownBands& bands() const { return m_bands; }
  /// All but the source, the ranges of stretched bands and what there is to say of them.
  [[nodiscard]] Raster describe(const ReadOptions& options) const;
  /// Sets the ranges of bands that are not of 8 bits. Throws InputError when a sample cannot be read.
  void find_ranges(Raster& raster) const;
  /// Of what GDAL said, as the reason.
  [[noreturn]] void throw_damaged(const GdalMessages& messages) const;

 private:
  void choose_bands();
  void check_sizes(const ReadOptions& options) const;
  void check_whole_blocks() const;

  std::filesystem::path m_file;
  std::string m_shown;
  GdalOption m_no_neighbours;  // only the file itself counts: its hash must cover all that is shown
  GdalOption m_no_sidecars;
  GDALDatasetUniquePtr m_dataset;
  std::unique_ptr<RasterPlace> m_place;
  ShownBands m_bands;
};

/// When a file was last written, for Raster::modified.
std::int64_t modified_time(const std::filesystem::path& file);

}  // namespace yaan
