#include "analyse/index/globe_grid.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <vector>

#include "analyse/index/radius_kernels.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 14;
constexpr double kShrink = 1 - 0x1p-16;  // more than the rounding of cell numbers and of earth-centred coordinates
constexpr double kWiden = 1 + 1e-6;
constexpr double kSemiMajor = 6378137.0;  // WGS 84
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
constexpr double kLeastMeridianRadius = kSemiMajor * (1 - kSquaredEccentricity);  // at the equator
constexpr double kMostMeridianRadius = 6399593.626;                               // at the poles
constexpr double kRadian = std::numbers::pi / 180;

double axis_distance(double latitude) {
  if (std::abs(latitude) >= 90) return 0;
  const double sine = std::sin(latitude * kRadian);
  return kSemiMajor * std::cos(latitude * kRadian) / std::sqrt(1 - kSquaredEccentricity * sine * sine);
}

std::uint32_t column_of(double longitude, std::uint32_t columns) {
  const double turns = longitude / 360;
  // Truncation and one correction in place of floor, which is a call on the oldest processors.
  auto whole = static_cast<double>(static_cast<std::int64_t>(turns));
  if (whole > turns) whole -= 1;
  const auto column = static_cast<std::uint32_t>((turns - whole) * columns);
  return column < columns ? column : columns - 1;
}

}  // namespace

LatitudeBands::LatitudeBands(double chord)
    : m_chord(chord),
      m_height(chord / std::numbers::sqrt2 / kMostMeridianRadius / kRadian * kShrink),
      m_inverse_height(1 / m_height) {
  const double apart = 2 * kLeastMeridianRadius * std::sin(std::min(m_height * kRadian, std::numbers::pi) / 2);
  m_two_apart = apart * apart / kWiden;
}

std::uint32_t LatitudeBands::columns(std::uint32_t band) const {
  const double margin = m_height * 1e-6 + 1e-12;
  const double low = -90 + band * m_height - margin;
  const double high = low + m_height + 2 * margin;
  const double widest = low <= 0 && high >= 0 ? kSemiMajor : std::max(axis_distance(low), axis_distance(high));
  const double columns = std::ceil(2 * std::numbers::pi * widest * std::numbers::sqrt2 / (m_chord * kShrink));
  return static_cast<std::uint32_t>(std::max(1.0, columns));
}

double LatitudeBands::least_axis_distance(std::uint32_t band) const {
  const double margin = m_height * 1e-6 + 1e-12;
  const double low = -90 + band * m_height - margin;
  return std::min(axis_distance(low), axis_distance(low + m_height + 2 * margin));
}

double LatitudeBands::reach(double p, double q, std::uint32_t bands_apart) const {
  const double left = m_chord * m_chord * kWiden - (bands_apart < 2 ? 0 : m_two_apart);
  const double squared_sine = left / (4 * p * q);
  if (!(squared_sine < 1)) return 0.5;  // also when p or q is 0
  return squared_sine <= 0 ? 0 : std::asin(std::sqrt(squared_sine)) / std::numbers::pi * kWiden;
}

GlobeGrid globe_grid(std::span<const double> lon, std::span<const double> lat, double chord, const Progress& progress) {
  const std::size_t n = lon.size();
  GlobeGrid grid(chord);
  for (auto& axis : grid.coordinate) axis = Scratch<double>(n + kReadPast);

  std::vector<std::uint32_t> first_of_block(block_count(n, kBlock) + 1, 0xffffffff);
  std::vector<std::uint32_t> last_of_block(block_count(n, kBlock) + 1, 0);
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    double least = 90;
    double most = -90;
    for (std::size_t i = begin; i < end; ++i) {
      least = lat[i] < least ? lat[i] : least;
      most = lat[i] > most ? lat[i] : most;
    }
    first_of_block[block] = grid.bands.band_of(least);
    last_of_block[block] = grid.bands.band_of(most);
  });
  const std::uint32_t first = n == 0 ? 0 : *std::min_element(first_of_block.begin(), first_of_block.end());
  const std::uint32_t last = *std::max_element(last_of_block.begin(), last_of_block.end());

  // The columns of every band in a table, unless the bands by far outnumber the points.
  std::vector<std::uint32_t> table;
  const std::uint32_t span = last - first + 1;
  if (span <= 4 * n + 1024) {
    table.resize(span);
    parallel_blocks(span, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t b = begin; b < end; ++b) table[b] = grid.bands.columns(first + static_cast<std::uint32_t>(b));
    });
  }
  const std::uint32_t equator = grid.bands.band_of(0);
  const std::uint32_t widest = grid.bands.columns(std::clamp(equator, first, last));
  const auto column_bits = static_cast<unsigned>(std::bit_width(widest));
  sort_into_cells(
      grid, n, static_cast<unsigned>(std::bit_width(span - 1)), column_bits,
      [&](std::size_t begin, std::size_t end, std::uint64_t* keys) {
        for (std::size_t i = begin; i < end; ++i) {
          const std::uint32_t row = grid.bands.band_of(lat[i]) - first;
          const std::uint32_t columns = table.empty() ? grid.bands.columns(first + row) : table[row];
          keys[i] = static_cast<std::uint64_t>(row) << column_bits | column_of(lon[i], columns);
        }
      },
      progress);

  grid.row_columns = Scratch<std::uint32_t>(grid.rows);
  grid.row_axis_distance = Scratch<double>(grid.rows);
  parallel_blocks(grid.rows, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row) {
      const std::uint32_t band = first + grid.row_number[row];
      grid.row_columns[row] = grid.bands.columns(band);
      grid.row_axis_distance[row] = grid.bands.least_axis_distance(band);
    }
  });
  parallel_blocks(n, kBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    double* x = grid.coordinate[0].data();
    double* y = grid.coordinate[1].data();
    for (std::size_t i = begin; i < end; ++i) {
      x[i] = lon[grid.point[i]];
      y[i] = lat[grid.point[i]];
    }
    radius_kernels().earth_centred(x + begin, y + begin, grid.coordinate[2].data() + begin, end - begin);
  });
  return grid;
}

}  // namespace yaan
