#include "load/raster_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "load/file_format.hpp"
#include "load/gdal_crs.hpp"
#include "load/plain_path.hpp"
#include "load/raw_layer.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/numbers.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kMostBlockBytes = std::int64_t{1} << 30;
constexpr std::uint64_t kMostBlocks = 4'000'000;  // of which it is asked where they lie
constexpr int kSampleSide = 1000;
constexpr double kLowShare = 0.02;
constexpr double kHighShare = 0.98;

std::string type_text(const GDALRasterBand& band) {
  auto& asked = const_cast<GDALRasterBand&>(band);  // GDAL's getters are not const
  const GDALDataType type = asked.GetRasterDataType();
  const char* bits = asked.GetMetadataItem("NBITS", "IMAGE_STRUCTURE");
  const std::string size = bits != nullptr ? bits : std::to_string(GDALGetDataTypeSizeBits(type));
  return fmt::format("{}-bit {}", size,
                     GDALDataTypeIsFloating(type) != 0 ? "float"
                     : GDALDataTypeIsSigned(type) != 0 ? "signed"
                                                       : "unsigned");
}

std::string meaning_text(GDALColorInterp meaning) {
  switch (meaning) {
    case GCI_GrayIndex: return "grey";
    case GCI_PaletteIndex: return "palette";
    case GCI_RedBand: return "red";
    case GCI_GreenBand: return "green";
    case GCI_BlueBand: return "blue";
    case GCI_AlphaBand: return "alpha";
    default: return "undefined";
  }
}

RasterBand describe(GDALRasterBand& band) {
  RasterBand described;
  described.type = type_text(band);
  described.meaning = meaning_text(band.GetColorInterpretation());
  int has = 0;
  const double nodata = band.GetNoDataValue(&has);
  if (has != 0) described.nodata = nodata;
  const GDALDataType type = band.GetRasterDataType();
  if (const char* bits = band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE"); bits != nullptr && type == GDT_Byte)
    described.high = std::exp2(std::clamp(parse_double(bits).value_or(8), 1.0, 8.0)) - 1;
  if (described.meaning == "alpha" && type == GDT_UInt16) described.high = 65535;
  return described;
}

}  // namespace

std::int64_t modified_time(const fs::path& file) {
  return static_cast<std::int64_t>(fs::last_write_time(file).time_since_epoch().count());
}

RasterFile::RasterFile(const fs::path& path, const ReadOptions& options)
    : m_file(plain_file(path, options)),
      m_shown(path.string()),
      m_no_neighbours("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"),
      m_no_sidecars("GDAL_PAM_ENABLED", "NO") {
  initialise_gdal();
  if (format_of(m_file, m_shown) != FileFormat::geotiff)
    throw UsageError(fmt::format("{} is no picture (GeoTIFF)", m_shown), "name a file that ends in .tif or .tiff");
  GdalMessages messages;
  const char* drivers[] = {"GTiff", nullptr};
  m_dataset.reset(GDALDataset::Open(m_file.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers,
                                    nullptr, nullptr));
  if (!m_dataset) throw_damaged(messages);
  check_sizes(options);
  check_whole_blocks();
  choose_bands();
  m_place = std::make_unique<RasterPlace>(*m_dataset, m_file, m_shown);
}

void RasterFile::throw_damaged(const GdalMessages& messages) const {
  std::string reason = messages.first();
  for (const std::string& path : {m_file.string(), m_shown})
    for (std::size_t at = reason.find(path); !path.empty() && at != std::string::npos; at = reason.find(path))
      reason.replace(at, path.size(), "the file");
  throw InputError(fmt::format("{} cannot be read as a GeoTIFF: {}", m_shown, reason.empty() ? "no reason" : reason),
                   "the file may be cut short or damaged; get it again from where it came");
}

void RasterFile::check_sizes(const ReadOptions& options) const {
  const auto width = static_cast<std::uint64_t>(m_dataset->GetRasterXSize());
  const auto height = static_cast<std::uint64_t>(m_dataset->GetRasterYSize());
  const int bands = m_dataset->GetRasterCount();
  if (bands < 1) throw InputError(fmt::format("{} holds no picture", m_shown), "get the file again from where it came");
  check_fields(static_cast<std::size_t>(bands), m_shown, options);
  if (width * height > options.max_raster_pixels)
    throw InputError(
        fmt::format("{} has {} x {} pixels, more than the bound of {}", m_shown,
                    with_thousands(static_cast<std::int64_t>(width)), with_thousands(static_cast<std::int64_t>(height)),
                    with_thousands(static_cast<std::int64_t>(options.max_raster_pixels))),
        "cut out the part that the map shows, or make a coarser copy, for example with gdal_translate");
  int block_width = 0;
  int block_height = 0;
  GDALRasterBand& band = *m_dataset->GetRasterBand(1);
  band.GetBlockSize(&block_width, &block_height);
  const char* interleave = m_dataset->GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
  const bool by_pixel = interleave != nullptr && std::string_view(interleave) == "PIXEL";
  const std::int64_t block_bytes = std::int64_t{block_width} * block_height * (by_pixel ? bands : 1) *
                                   GDALGetDataTypeSizeBytes(band.GetRasterDataType());
  if (block_bytes > kMostBlockBytes)
    throw InputError(fmt::format("{} stores its pixels in blocks of {} bytes, more than the bound of {}", m_shown,
                                 with_thousands(block_bytes), with_thousands(kMostBlockBytes)),
                     "write it anew in tiles: gdal_translate -co TILED=YES");
}

// A file that was cut short opens like a whole one and fails only where its pixels are looked for.
void RasterFile::check_whole_blocks() const {
  const std::uint64_t bytes = fs::file_size(m_file);
  std::uint64_t asked = 0;
  std::uint64_t end = 0;
  for (int b = 1; b <= m_dataset->GetRasterCount(); ++b) {
    GDALRasterBand& band = *m_dataset->GetRasterBand(b);
    int width = 1;
    int height = 1;
    band.GetBlockSize(&width, &height);
    const int across = (band.GetXSize() + width - 1) / width;
    const int down = (band.GetYSize() + height - 1) / height;
    for (int y = 0; y < down; ++y)
      for (int x = 0; x < across && asked < kMostBlocks; ++x, ++asked) {
        const char* offset = band.GetMetadataItem(fmt::format("BLOCK_OFFSET_{}_{}", x, y).c_str(), "TIFF");
        const std::string at = offset != nullptr ? offset : "";  // the next question overwrites it
        const char* size =
            at.empty() ? nullptr : band.GetMetadataItem(fmt::format("BLOCK_SIZE_{}_{}", x, y).c_str(), "TIFF");
        if (size == nullptr) continue;  // of a sparse file
        const double last = parse_double(at).value_or(0) + parse_double(size).value_or(0);
        end = std::max(end, static_cast<std::uint64_t>(std::clamp(last, 0.0, 1e18)));
      }
    const char* interleave = m_dataset->GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
    if (interleave != nullptr && std::string_view(interleave) == "PIXEL") break;  // the bands share their blocks
  }
  if (end > bytes)
    throw InputError(
        fmt::format("{} is cut short: its pixels reach to byte {}, but it has {} bytes", m_shown,
                    with_thousands(static_cast<std::int64_t>(end)), with_thousands(static_cast<std::int64_t>(bytes))),
        "get the file again from where it came");
}

void RasterFile::choose_bands() {
  const int count = m_dataset->GetRasterCount();
  const auto find = [&](GDALColorInterp meaning) {
    for (int b = 0; b < count; ++b)
      if (m_dataset->GetRasterBand(b + 1)->GetColorInterpretation() == meaning) return b;
    return -1;
  };
  if (find(GCI_CyanBand) >= 0 || find(GCI_BlackBand) >= 0)
    throw InputError(fmt::format("{} holds the inks of a printer (CMYK), not light", m_shown),
                     "save it in RGB from the program that made it");
  m_bands.alpha = find(GCI_AlphaBand);
  const int red = find(GCI_RedBand);
  const int green = find(GCI_GreenBand);
  const int blue = find(GCI_BlueBand);
  if (red >= 0 && green >= 0 && blue >= 0) {
    m_bands = {ShownBands::Kind::colours, red, green, blue, m_bands.alpha};
  } else if (m_dataset->GetRasterBand(1)->GetColorTable() != nullptr) {
    m_bands.kind = ShownBands::Kind::palette;
  } else if (count - (m_bands.alpha >= 0 ? 1 : 0) >= 3 && (m_bands.alpha < 0 || m_bands.alpha > 2)) {
    m_bands = {ShownBands::Kind::colours, 0, 1, 2, m_bands.alpha};
  } else {
    m_bands.first = m_bands.alpha == 0 && count > 1 ? 1 : 0;
  }
  m_bands.mask = m_bands.alpha < 0 && m_dataset->GetRasterBand(m_bands.first + 1)->GetMaskFlags() == GMF_PER_DATASET;
  for (const int b : m_bands.values())
    if (GDALDataTypeIsComplex(m_dataset->GetRasterBand(b + 1)->GetRasterDataType()) != 0)
      throw InputError(fmt::format("{} holds complex numbers, which are no picture", m_shown),
                       "save their amplitude from the program that made it");
}

Raster RasterFile::describe(const ReadOptions& options) const {
  Raster raster;
  raster.source.path = m_shown;
  raster.bytes = fs::file_size(m_file);
  raster.modified = modified_time(m_file);
  raster.width = m_dataset->GetRasterXSize();
  raster.height = m_dataset->GetRasterYSize();
  for (int b = 1; b <= m_dataset->GetRasterCount(); ++b)
    raster.bands.push_back(yaan::describe(*m_dataset->GetRasterBand(b)));
  if (const char* compression = m_dataset->GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"))
    raster.compression = compression;
  raster.overviews = m_dataset->GetRasterBand(1)->GetOverviewCount();
  raster.placed_by = m_place->placed_by();
  raster.turned = m_place->turned();

  const std::string where = fs::path(m_shown).filename().string();
  Diagnostics& notes = raster.diagnostics;
  std::string unusable;
  const OGRSpatialReference* stated = m_dataset->GetSpatialRef();
  if (stated == nullptr) stated = m_dataset->GetGCPSpatialRef();
  const Crs crs = crs_of_reference(stated, unusable);
  if (!unusable.empty())
    notes.add(Severity::doubt, "unusable-crs", where, fmt::format("the stated CRS {} cannot be used", unusable));
  raster.crs = choose_crs(crs, options, where, notes);
  if (raster.crs.kind() == Crs::Kind::none)
    notes.add(Severity::doubt, "no-crs", where, "the coordinate reference system is unknown; give it with --crs");
  if (m_place->nowhere()) {
    notes.add(Severity::doubt, "no-place", where,
              "nothing says where the picture lies: no tags, no control points and no world file beside it");
    return raster;
  }
  if (m_place->placed_by() == "its world file")
    notes.add(Severity::note, "world-file", where,
              "the picture states no place; the world file beside it places it, and counts to its hash");
  if (raster.turned)
    notes.add(Severity::note, "turned-picture", where,
              "rows of the picture do not run from west to east; maps show it turned so that north is up");
  if (m_place->by_points())
    notes.add(Severity::note, "control-points", where,
              fmt::format("the picture is placed by {}, which it misses by {} pixels (root mean square)",
                          m_place->placed_by(), fixed_trimmed(m_place->misfit(), 2)));
  if (const std::size_t unseen = raster.bands.size() - m_bands.values().size() - (m_bands.alpha >= 0 ? 1 : 0);
      unseen > 0)
    notes.add(Severity::note, "unseen-bands", where,
              fmt::format("bands that are not shown, beside {}",
                          m_bands.kind == ShownBands::Kind::colours ? "red, green and blue" : "the one that is"),
              static_cast<std::int64_t>(unseen));

  const auto width = static_cast<double>(raster.width);
  const auto height = static_cast<double>(raster.height);
  std::vector<double> x;
  std::vector<double> y;
  constexpr int kSteps = 20;
  for (int i = 0; i <= kSteps; ++i)
    for (const auto& [along, up] : {std::pair(i / 20.0, 0.0), {i / 20.0, 1.0}, {0.0, i / 20.0}, {1.0, i / 20.0}}) {
      x.push_back(along * width);
      y.push_back(up * height);
    }
  m_place->to_ground(x, y);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) raster.extent.include(x[i], y[i]);
  std::vector<double> at_x = {width / 2, width / 2 + 1, width / 2};
  std::vector<double> at_y = {height / 2, height / 2, height / 2 + 1};
  m_place->to_ground(at_x, at_y);
  raster.pixel_width = std::hypot(at_x[1] - at_x[0], at_y[1] - at_y[0]);
  raster.pixel_height = std::hypot(at_x[2] - at_x[0], at_y[2] - at_y[0]);
  return raster;
}

void RasterFile::find_ranges(Raster& raster) const {
  std::string ranges;
  for (const int b : m_bands.values()) {
    GDALRasterBand& band = *m_dataset->GetRasterBand(b + 1);
    if (band.GetRasterDataType() == GDT_Byte || m_bands.kind == ShownBands::Kind::palette) continue;
    const int width = std::min(band.GetXSize(), kSampleSide);
    const int height = std::min(band.GetYSize(), kSampleSide);
    std::vector<double> sample(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    GdalMessages messages;
    if (band.RasterIO(GF_Read, 0, 0, band.GetXSize(), band.GetYSize(), sample.data(), width, height, GDT_Float64, 0, 0,
                      nullptr) != CE_None)
      throw_damaged(messages);
    RasterBand& described = raster.bands[static_cast<std::size_t>(b)];
    std::erase_if(sample, [&](double value) { return !std::isfinite(value) || value == described.nodata; });
    described.low = 0;
    described.high = 1;
    if (!sample.empty()) {
      const auto at = [&](double share) {
        const auto nth = sample.begin() + std::lround(share * static_cast<double>(sample.size() - 1));
        std::nth_element(sample.begin(), nth, sample.end());
        return *nth;
      };
      described.low = at(kLowShare);
      described.high = at(kHighShare);
      if (described.high <= described.low) described.high = described.low + 1;
    }
    ranges += fmt::format("{}{} to {}", ranges.empty() ? "" : ", ", fixed_trimmed(described.low, 3),
                          fixed_trimmed(described.high, 3));
  }
  if (!ranges.empty())
    raster.diagnostics.add(
        Severity::note, "stretched-values", fs::path(m_shown).filename().string(),
        fmt::format("values were stretched to light: {} (the 2nd and 98th percentile of a sample)", ranges));
}

}  // namespace yaan
