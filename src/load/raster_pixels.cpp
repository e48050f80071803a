#include "load/raster_pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace yaan {

namespace {

constexpr std::int64_t kPixelsAtOnce = 4'000'000;

/// Reads rows of one level and says what each pixel looks like.
class PixelReader {
 public:
  PixelReader(const RasterFile& file, const std::vector<RasterBand>& bands, const RasterLevel& level)
      : m_file(file), m_bands(file.bands()) {
    for (const int b : m_bands.values()) m_values.push_back({band_at(b, level), bands[static_cast<std::size_t>(b)]});
    if (m_bands.alpha >= 0) m_alpha = {band_at(m_bands.alpha, level), bands[static_cast<std::size_t>(m_bands.alpha)]};
    if (m_bands.mask) m_mask = m_values.front().band->GetMaskBand();
    if (m_bands.kind == ShownBands::Kind::palette) read_palette(*file.dataset().GetRasterBand(m_bands.first + 1));
  }

  /// Red, green, blue and alpha of a stretch of rows, one after the other.
  std::array<std::vector<std::uint8_t>, 4>& read(int left, int top, int width, int rows) {
    const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(rows);
    for (auto& channel : m_light) channel.resize(count);
    std::fill(m_light[3].begin(), m_light[3].end(), std::uint8_t{255});
    const Place place{left, top, width, rows};
    if (m_bands.kind == ShownBands::Kind::palette) {
      read_indices(place);
    } else {
      read_values(place);
    }
    if (m_alpha.band != nullptr) {
      m_other.resize(count);
      read_band(m_alpha, place, m_other, nullptr);
      cover(m_other);
    }
    if (m_mask != nullptr) {
      m_other.resize(count);
      read_bytes(*m_mask, place, m_other);
      cover(m_other);
    }
    return m_light;
  }

 private:
  struct Band {
    GDALRasterBand* band = nullptr;
    RasterBand about;
  };
  struct Place {
    int left, top, width, rows;
  };

  GDALRasterBand* band_at(int index, const RasterLevel& level) const {
    GDALRasterBand* band = m_file.dataset().GetRasterBand(index + 1);
    return level.overview < 0 ? band : band->GetOverview(level.overview);
  }

  void read_palette(GDALRasterBand& band) {
    const GDALColorTable& table = *band.GetColorTable();
    int has = 0;
    const double nodata = band.GetNoDataValue(&has);
    for (int i = 0; i < table.GetColorEntryCount(); ++i) {
      GDALColorEntry entry{};
      table.GetColorEntryAsRGB(i, &entry);
      if (has != 0 && nodata == i) entry.c4 = 0;
      const auto byte = [](short value) { return static_cast<std::uint8_t>(std::clamp<short>(value, 0, 255)); };
      m_palette.push_back({byte(entry.c1), byte(entry.c2), byte(entry.c3), byte(entry.c4)});
    }
  }

  template <class T>
  void read_as(GDALRasterBand& band, const Place& place, std::vector<T>& into, GDALDataType type) {
    GdalMessages messages;
    if (band.RasterIO(GF_Read, place.left, place.top, place.width, place.rows, into.data(), place.width, place.rows,
                      type, 0, 0, nullptr) != CE_None)
      m_file.throw_damaged(messages);
  }
  void read_bytes(GDALRasterBand& band, const Place& place, std::vector<std::uint8_t>& into) {
    read_as(band, place, into, GDT_Byte);
  }

  // One band as light; counts in `without` the bands in which a pixel holds nothing.
  void read_band(const Band& band, const Place& place, std::vector<std::uint8_t>& into,
                 std::vector<std::uint8_t>* without) {
    const double low = band.about.low;
    const double scale = 255 / (band.about.high - low);
    if (band.band->GetRasterDataType() == GDT_Byte) {
      read_bytes(*band.band, place, into);
      if (without != nullptr && band.about.nodata)
        for (std::size_t i = 0; i < into.size(); ++i)
          if (into[i] == *band.about.nodata) ++(*without)[i];
      if (band.about.high != 255)
        for (std::uint8_t& value : into) value = static_cast<std::uint8_t>(std::min(255.0, std::round(value * scale)));
      return;
    }
    m_numbers.resize(into.size());
    read_as(*band.band, place, m_numbers, GDT_Float64);
    for (std::size_t i = 0; i < into.size(); ++i) {
      const double value = m_numbers[i];
      if (!std::isfinite(value)) {
        into[i] = 0;
        if (without != nullptr) (*without)[i] = kNothing;
        continue;
      }
      into[i] = static_cast<std::uint8_t>(std::round(std::clamp((value - low) * scale, 0.0, 255.0)));
      if (without != nullptr && band.about.nodata == value) ++(*without)[i];
    }
  }

  void read_values(const Place& place) {
    m_without.assign(m_light[3].size(), 0);
    for (std::size_t b = 0; b < m_values.size(); ++b) read_band(m_values[b], place, m_light[b], &m_without);
    if (m_values.size() == 1) m_light[2] = m_light[1] = m_light[0];
    for (std::size_t i = 0; i < m_without.size(); ++i)
      if (m_without[i] >= m_values.size()) m_light[3][i] = 0;
  }

  void read_indices(const Place& place) {
    m_indices.resize(m_light[3].size());
    read_as(*m_values.front().band, place, m_indices, GDT_UInt16);
    for (std::size_t i = 0; i < m_indices.size(); ++i) {
      const std::array<std::uint8_t, 4> entry =
          m_indices[i] < m_palette.size() ? m_palette[m_indices[i]] : std::array<std::uint8_t, 4>{};
      for (std::size_t c = 0; c < 4; ++c) m_light[c][i] = entry[c];
    }
  }

  void cover(const std::vector<std::uint8_t>& by) {
    for (std::size_t i = 0; i < by.size(); ++i) m_light[3][i] = std::min(m_light[3][i], by[i]);
  }

  static constexpr std::uint8_t kNothing = 100;  // more than there are bands

  const RasterFile& m_file;
  const ShownBands& m_bands;
  std::vector<Band> m_values;
  Band m_alpha;
  GDALRasterBand* m_mask = nullptr;
  std::vector<std::array<std::uint8_t, 4>> m_palette;
  std::array<std::vector<std::uint8_t>, 4> m_light;
  std::vector<std::uint8_t> m_without;
  std::vector<std::uint8_t> m_other;
  std::vector<std::uint16_t> m_indices;
  std::vector<double> m_numbers;
};

// Adds one row of pixels to the sums of its boxes.
void add_row(const std::array<std::vector<std::uint8_t>, 4>& light, std::size_t row, const RasterWindow& window,
             std::vector<std::uint32_t>& sums) {
  const auto width = static_cast<std::size_t>(window.width);
  const auto box = static_cast<std::size_t>(window.box);
  const std::size_t begin = row * width;
  for (std::size_t x = 0; x < width; ++x) {
    const std::uint32_t alpha = light[3][begin + x];
    if (alpha == 0) continue;
    std::uint32_t* sum = sums.data() + 4 * (x / box);
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint32_t value = light[c][begin + x];
      sum[c] += alpha == 255 ? value : (value * alpha + 127) / 255;
    }
    sum[3] += alpha;
  }
}

}  // namespace

std::vector<std::uint8_t> read_reduced(const RasterFile& file, const std::vector<RasterBand>& bands,
                                       const RasterLevel& level, const RasterWindow& window, Progress& progress) {
  PixelReader reader(file, bands, level);
  const auto across = static_cast<std::size_t>(window.reduced_width());
  std::vector<std::uint8_t> reduced(4 * across * static_cast<std::size_t>(window.reduced_height()));
  std::vector<std::uint32_t> sums;
  const std::uint32_t cells = static_cast<std::uint32_t>(window.box) * static_cast<std::uint32_t>(window.box);
  const auto boxes_at_once = std::max<std::int64_t>(1, kPixelsAtOnce / window.width / window.box);
  const int rows_at_once = static_cast<int>(std::min<std::int64_t>(boxes_at_once * window.box, window.height));
  std::uint8_t* to = reduced.data();
  for (int top = 0; top < window.height; top += rows_at_once) {
    progress.throw_if_cancelled();
    progress.report("reading a picture", static_cast<double>(top) / window.height);
    const int rows = std::min(rows_at_once, window.height - top);
    const auto& light = reader.read(window.left, window.top + top, window.width, rows);
    for (int first = 0; first < rows; first += window.box) {
      sums.assign(4 * across, 0);
      for (int row = first; row < std::min(first + window.box, rows); ++row)
        add_row(light, static_cast<std::size_t>(row), window, sums);
      for (const std::uint32_t sum : sums) *to++ = static_cast<std::uint8_t>((sum + cells / 2) / cells);
    }
  }
  return reduced;
}

}  // namespace yaan
