// A raster warped into a view.
#include <fmt/format.h>
#include <gdal_alg.h>
#include <gdalwarper.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "load/raster_file.hpp"
#include "load/raster_here.hpp"
#include "load/raster_pixels.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr int kGrid = 32;                           // cells across a window in which its edges are followed
constexpr std::int64_t kMostReduced = 120'000'000;  // pixels between averaging and warping
constexpr double kMostError = 0.125;                // of the warp's own approximation, in pixels
constexpr double kWarpMemory = 256e6;

/// Between pixels of the view and pixels of the raster. The way over the earth is the one that layers take, so that a
/// site and the picture of its roof stay together.
class PixelMap {
 public:
  PixelMap(const RasterFile& file, const Crs& crs, const RasterView& view)
      : m_place(file.place()), m_view(view), m_to_plane(crs, view.plane), m_from_plane(view.plane, crs) {}

  void to_view(std::span<double> x, std::span<double> y) const {
    m_place.to_ground(x, y);
    m_to_plane.apply(x, y);
    for (double& value : x) value = (value - m_view.box.min_x) / m_view.box.width() * m_view.width;
    for (double& value : y) value = (m_view.box.max_y - value) / m_view.box.height() * m_view.height;
  }
  void to_raster(std::span<double> x, std::span<double> y) const {
    for (double& value : x) value = m_view.box.min_x + value * m_view.box.width() / m_view.width;
    for (double& value : y) value = m_view.box.max_y - value * m_view.box.height() / m_view.height;
    m_from_plane.apply(x, y);
    m_place.to_pixels(x, y);
  }

 private:
  const RasterPlace& m_place;
  const RasterView& m_view;
  Transformer m_to_plane;
  Transformer m_from_plane;
};

struct Grid {
  std::vector<double> x;
  std::vector<double> y;
};

Grid grid_over(double left, double top, double width, double height) {
  Grid grid;
  for (int j = 0; j <= kGrid; ++j)
    for (int i = 0; i <= kGrid; ++i) {
      grid.x.push_back(left + width * i / kGrid);
      grid.y.push_back(top + height * j / kGrid);
    }
  return grid;
}

/// Whole pixels; empty without any.
struct Window {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  [[nodiscard]] bool empty() const { return left >= right || top >= bottom; }
};

Window whole_pixels(const Box& box, double margin, std::int64_t width, std::int64_t height) {
  if (box.empty()) return {};
  const auto low = [&](double value, std::int64_t most) {
    return static_cast<int>(std::clamp(std::floor(value - margin), 0.0, static_cast<double>(most)));
  };
  const auto high = [&](double value, std::int64_t most) {
    return static_cast<int>(std::clamp(std::ceil(value + margin), 0.0, static_cast<double>(most)));
  };
  return {low(box.min_x, width), low(box.min_y, height), high(box.max_x, width), high(box.max_y, height)};
}

// The part of the view that the raster reaches. Where a part of the raster lies beyond the plane, all of the view.
Window seen_in_view(const PixelMap& map, const Raster& raster, const RasterView& view) {
  Grid grid = grid_over(0, 0, static_cast<double>(raster.width), static_cast<double>(raster.height));
  map.to_view(grid.x, grid.y);
  Box box;
  bool beyond = false;
  for (std::size_t i = 0; i < grid.x.size(); ++i) {
    if (std::isfinite(grid.x[i]) && std::isfinite(grid.y[i]))
      box.include(grid.x[i], grid.y[i]);
    else
      beyond = true;
  }
  if (beyond) return {0, 0, view.width, view.height};
  return whole_pixels(box, 1, view.width, view.height);
}

/// What of the raster a part of the view needs, and how many of its pixels lie across one of the view, at the least.
struct Need {
  Box box;  ///< in pixels of the raster
  double pixels = 1;
};

Need need_of(const PixelMap& map, const Window& seen) {
  const double width = seen.right - seen.left;
  const double height = seen.bottom - seen.top;
  Grid grid = grid_over(seen.left, seen.top, width, height);
  map.to_raster(grid.x, grid.y);
  Need need;
  double least = std::numeric_limits<double>::infinity();
  constexpr std::size_t kRow = kGrid + 1;
  for (std::size_t i = 0; i < grid.x.size(); ++i) {
    if (std::isfinite(grid.x[i]) && std::isfinite(grid.y[i])) need.box.include(grid.x[i], grid.y[i]);
    if (i % kRow == kGrid || i + kRow >= grid.x.size()) continue;
    const double along_x = (grid.x[i + 1] - grid.x[i]) * kGrid / width;
    const double along_y = (grid.y[i + 1] - grid.y[i]) * kGrid / width;
    const double down_x = (grid.x[i + kRow] - grid.x[i]) * kGrid / height;
    const double down_y = (grid.y[i + kRow] - grid.y[i]) * kGrid / height;
    const double pixels = std::sqrt(std::abs(along_x * down_y - along_y * down_x));
    if (std::isfinite(pixels)) least = std::min(least, pixels);
  }
  if (std::isfinite(least)) need.pixels = std::max(least, 1.0);
  return need;
}

// The coarsest overview that is still as fine as needed.
RasterLevel level_for(const RasterFile& file, double pixels) {
  GDALRasterBand& band = *file.dataset().GetRasterBand(file.bands().first + 1);
  RasterLevel level;
  for (int o = 0; o < band.GetOverviewCount(); ++o) {
    GDALRasterBand* overview = band.GetOverview(o);
    if (overview == nullptr || overview->GetXSize() < 1 || overview->GetYSize() < 1) continue;
    const double scale_x = static_cast<double>(band.GetXSize()) / overview->GetXSize();
    const double scale_y = static_cast<double>(band.GetYSize()) / overview->GetYSize();
    if (std::max(scale_x, scale_y) <= 1.05 * pixels && scale_x > level.scale_x) level = {o, scale_x, scale_y};
  }
  // Every band that is shown must have it.
  for (const int b : file.bands().values()) {
    GDALRasterBand& other = *file.dataset().GetRasterBand(b + 1);
    if (level.overview >= other.GetOverviewCount()) return {};
  }
  return level;
}

RasterWindow window_for(const Need& need, const RasterLevel& level, const Raster& raster) {
  RasterWindow window;
  const double pixels = need.pixels / std::max(level.scale_x, level.scale_y);
  window.box = std::clamp(static_cast<int>(std::floor(pixels * 1.02)), 1, kLargestBox);
  const auto width = static_cast<std::int64_t>(std::llround(static_cast<double>(raster.width) / level.scale_x));
  const auto height = static_cast<std::int64_t>(std::llround(static_cast<double>(raster.height) / level.scale_y));
  const Box box{need.box.min_x / level.scale_x, need.box.min_y / level.scale_y, need.box.max_x / level.scale_x,
                need.box.max_y / level.scale_y};
  while (true) {
    Window whole = whole_pixels(box, 3.0 * window.box, width, height);
    if (whole.empty()) whole = {0, 0, static_cast<int>(width), static_cast<int>(height)};
    window.left = whole.left / window.box * window.box;
    window.top = whole.top / window.box * window.box;
    window.width = whole.right - window.left;
    window.height = whole.bottom - window.top;
    if (std::int64_t{window.reduced_width()} * window.reduced_height() <= kMostReduced || window.box == kLargestBox)
      return window;
    ++window.box;
  }
}

/// What GDAL's warper asks: from pixels of the part of the view to pixels of the averaged part of the raster.
struct WarpMap {
  const PixelMap& map;
  const Window& seen;
  const RasterLevel& level;
  const RasterWindow& window;

  static int transform(void* self, int to_source, int count, double* x, double* y, double* /*z*/, int* done) {
    const WarpMap& warp = *static_cast<const WarpMap*>(self);
    const std::span<double> xs(x, static_cast<std::size_t>(count));
    const std::span<double> ys(y, static_cast<std::size_t>(count));
    if (to_source != 0) {
      for (double& value : xs) value += warp.seen.left;
      for (double& value : ys) value += warp.seen.top;
      warp.map.to_raster(xs, ys);
      for (double& value : xs) value = (value / warp.level.scale_x - warp.window.left) / warp.window.box;
      for (double& value : ys) value = (value / warp.level.scale_y - warp.window.top) / warp.window.box;
    } else {
      for (double& value : xs) value = (value * warp.window.box + warp.window.left) * warp.level.scale_x;
      for (double& value : ys) value = (value * warp.window.box + warp.window.top) * warp.level.scale_y;
      warp.map.to_view(xs, ys);
      for (double& value : xs) value -= warp.seen.left;
      for (double& value : ys) value -= warp.seen.top;
    }
    for (int i = 0; i < count; ++i) done[i] = std::isfinite(x[i]) && std::isfinite(y[i]) ? 1 : 0;
    return 1;
  }
};

GDALDatasetUniquePtr dataset_over(std::uint8_t* pixels, int width, int height) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("MEM");
  GDALDatasetUniquePtr dataset(driver->Create("", width, height, 0, GDT_Byte, nullptr));
  for (std::size_t c = 0; dataset && c < 4; ++c) {
    const std::string pointer = fmt::format("DATAPOINTER={}", static_cast<const void*>(pixels + c));
    const std::string line = fmt::format("LINEOFFSET={}", 4 * static_cast<std::int64_t>(width));
    const char* options[] = {pointer.c_str(), "PIXELOFFSET=4", line.c_str(), nullptr};
    if (dataset->AddBand(GDT_Byte, const_cast<char**>(options)) != CE_None) dataset.reset();
  }
  if (!dataset) throw std::bad_alloc();
  return dataset;
}

struct WarpOptions {
  GDALWarpOptions* options = GDALCreateWarpOptions();
  WarpOptions() = default;
  ~WarpOptions() { GDALDestroyWarpOptions(options); }
  WarpOptions(const WarpOptions&) = delete;
  WarpOptions& operator=(const WarpOptions&) = delete;
};

int CPL_STDCALL report_warp(double fraction, const char* /*message*/, void* progress) {
  static_cast<Progress*>(progress)->report("warping a picture", fraction);
  return static_cast<Progress*>(progress)->cancelled() ? 0 : 1;
}

Picture warped(const RasterFile& file, const WarpMap& map, std::vector<std::uint8_t> source, Progress& progress) {
  Picture picture;
  picture.width = map.seen.right - map.seen.left;
  picture.height = map.seen.bottom - map.seen.top;
  picture.pixels.resize(4 * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  const GDALDatasetUniquePtr from =
      dataset_over(source.data(), map.window.reduced_width(), map.window.reduced_height());
  const GDALDatasetUniquePtr to = dataset_over(picture.pixels.data(), picture.width, picture.height);
  void* approximate = GDALCreateApproxTransformer(&WarpMap::transform, const_cast<WarpMap*>(&map), kMostError);
  const std::unique_ptr<void, decltype(&GDALDestroyApproxTransformer)> kept(approximate, &GDALDestroyApproxTransformer);
  const WarpOptions warp;
  warp.options->hSrcDS = GDALDataset::ToHandle(from.get());
  warp.options->hDstDS = GDALDataset::ToHandle(to.get());
  // Light is multiplied by alpha, so that all four bands are averaged alike and no colour bleeds from what is not
  // there.
  GDALWarpInitDefaultBandMapping(warp.options, 4);
  warp.options->eResampleAlg = GRA_Bilinear;
  warp.options->dfWarpMemoryLimit = kWarpMemory;
  warp.options->pfnTransformer = &GDALApproxTransform;
  warp.options->pTransformerArg = approximate;
  warp.options->pfnProgress = &report_warp;
  warp.options->pProgressArg = &progress;
  warp.options->papszWarpOptions = CSLSetNameValue(warp.options->papszWarpOptions, "INIT_DEST", "0");
  warp.options->papszWarpOptions = CSLSetNameValue(warp.options->papszWarpOptions, "NUM_THREADS", "1");
  warp.options->papszWarpOptions = CSLSetNameValue(warp.options->papszWarpOptions, "SAMPLE_GRID", "YES");
  GdalMessages messages;
  GDALWarpOperation operation;
  const bool done = operation.Initialize(warp.options) == CE_None &&
                    operation.ChunkAndWarpImage(0, 0, picture.width, picture.height) == CE_None;
  progress.throw_if_cancelled();
  if (!done) file.throw_damaged(messages);
  for (std::size_t i = 0; i < picture.pixels.size(); i += 4)
    for (std::size_t c = 0; c < 3; ++c) picture.pixels[i + c] = std::min(picture.pixels[i + c], picture.pixels[i + 3]);
  return picture;
}

void check_view(const RasterView& view) {
  const bool good = view.width > 0 && view.height > 0 && view.width <= kMostViewPixels &&
                    view.height <= kMostViewPixels && view.box.width() > 0 && view.box.height() > 0;
  if (!good) throw std::invalid_argument("the view of a raster is empty or too large");
}

}  // namespace

Raster read_raster_here(const fs::path& path, const ReadOptions& options, Progress& progress) {
  progress.report("looking at a picture", 0);
  const RasterFile file(path, options);
  Raster raster = file.describe(options);
  file.find_ranges(raster);
  progress.throw_if_cancelled();
  return raster;
}

RasterPicture picture_of_raster_here(const fs::path& path, const ReadOptions& options, const Raster& raster,
                                     const RasterView& view, Progress& progress) {
  check_view(view);
  const RasterFile file(path, options);
  const Raster now = file.describe(options);
  if (now.modified != raster.modified || now.bytes != raster.bytes || now.width != raster.width ||
      now.height != raster.height || now.bands.size() != raster.bands.size())
    throw InputError(fmt::format("{} changed while it was used", path.string()),
                     "wait until the program that writes it has ended");
  if (file.place().nowhere() || now.crs.kind() == Crs::Kind::none)
    throw InputError(fmt::format("nothing says where {} lies", path.string()), "georeference it, or give its CRS");
  const PixelMap map(file, now.crs, view);
  RasterPicture result;
  const Window seen = seen_in_view(map, now, view);
  if (seen.empty()) return result;
  const Need need = need_of(map, seen);
  const RasterLevel level = level_for(file, need.pixels);
  const RasterWindow window = window_for(need, level, now);
  std::vector<std::uint8_t> source = read_reduced(file, raster.bands, level, window, progress);
  result.picture = warped(file, {map, seen, level, window}, std::move(source), progress);
  result.left = seen.left;
  result.top = seen.top;
  return result;
}

}  // namespace yaan
