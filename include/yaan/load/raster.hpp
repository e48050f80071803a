#pragma once
// Pictures of the ground (GeoTIFF: a satellite picture, a scanned map, a hillshade) to lie under a map.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

struct RasterBand {
  std::string type;              ///< "8-bit unsigned", "32-bit float"
  std::string meaning;           ///< "red", "grey", "palette", "alpha", "undefined"
  std::optional<double> nodata;  ///< the value of pixels that hold nothing; may be NaN
  double low = 0;                ///< values shown without any and with full light
  double high = 255;
};

/// What a raster is, without its pixels.
struct Raster {
  Source source;
  std::uint64_t bytes = 0;    ///< of the file
  std::int64_t modified = 0;  ///< when the file was last written, in the clock of the file system
  std::int64_t width = 0;     ///< pixels
  std::int64_t height = 0;
  std::vector<RasterBand> bands;
  std::string compression;  ///< "" for none
  int overviews = 0;        ///< smaller copies within the file
  std::string placed_by;    ///< "its tags", "its world file", "7 control points"; "" when nothing places it
  bool turned = false;      ///< its rows do not run from west to east
  Crs crs;                  ///< as read_layer chooses it; kind none when neither file nor options say it
  Box extent;               ///< in the CRS; empty when nothing places it
  double pixel_width = 0;   ///< units of the CRS, in the middle
  double pixel_height = 0;
  /// note: stretched-values, unseen-bands, world-file, turned-picture, control-points, datum-shift, datum-operation;
  /// doubt: no-crs, no-place, unusable-crs, crs-overridden.
  Diagnostics diagnostics;
};

/// Where it lies in another system: a box about points all over it, as far as they can be transformed; empty when its
/// place is unknown.
Box extent_in(const Raster& raster, const Crs& crs);
/// The same in longitudes and latitudes of WGS 84.
Box degrees_of(const Raster& raster);

/// Whether a file of that name is read as a raster: it ends in .tif or .tiff, in whatever case.
bool names_raster(std::string_view path);

/// Looks at a GeoTIFF: as read_layer in isolation, of the settings only `crs` and `datum_shift` count. A world file
/// (.tfw, .tifw, .wld) beside it counts where its own tags do not place it; other files beside it (.aux.xml, .ovr,
/// .msk) are not looked at, so that the hash covers all that is shown.
///
/// Values that are not of 8 bits are stretched: the 2nd and the 98th percentile of a sample of at most 1000 x 1000
/// pixels of each band become 0 and 255. Throws InputError when it is not a GeoTIFF that can be shown: cut short,
/// beyond max_raster_pixels or max_file_bytes, of complex numbers, in CMYK; UsageError and Cancelled as read_layer
/// does.
Raster read_raster(const std::filesystem::path& path, const ReadOptions& options, Progress& progress);

/// Part of a plane as a picture, north up.
struct RasterView {
  Crs plane;      ///< tied to the earth
  Box box;        ///< in the plane, with a width and a height
  int width = 0;  ///< pixels of the whole box, 1 to kMostViewPixels each
  int height = 0;
};
inline constexpr int kMostViewPixels = 16384;

/// The part of a view that a raster covers. Colours are multiplied by alpha, so that none is above it.
struct RasterPicture {
  Picture picture;  ///< empty when the view shows nothing of the raster
  int left = 0;     ///< of its first pixel in the view
  int top = 0;
};

/// Warps the raster into the view by GDAL: averaged (from its overviews, where it has them) until a pixel of it is less
/// than two of the view, then bilinear. Transparent are pixels beyond its edge, masked or with alpha 0, without data
/// (all shown bands at nodata) or not a number. Same file and view, same bytes. `raster` is what read_raster said with
/// the same options. Memory of the reading process: about 8 bytes for each pixel of the view, and 0.5 GiB. Time: that
/// of decoding the part that is seen, at the coarsest overview that is fine enough. Throws InputError when the file has
/// changed since or is damaged, when nothing places it or its CRS is unknown; Cancelled.
RasterPicture picture_of_raster(const std::filesystem::path& path, const ReadOptions& options, const Raster& raster,
                                const RasterView& view, Progress& progress);

}  // namespace yaan
