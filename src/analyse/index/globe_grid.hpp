#pragma once
// The grid of points on the ellipsoid: bands of latitude, each cut into its own whole number of columns.

#include <cstdint>
#include <span>

#include "analyse/index/cell_grid.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Bands of latitude on the WGS 84 ellipsoid whose cells are no larger, corner to corner, than a chord. For two points
/// at distances p and q from the axis, the squared chord is the squared chord of their meridian distance plus
/// 4 p q sin^2 (half the difference of longitude); all bounds here follow from that.
class LatitudeBands {
 public:
  /// chord in metres, from 0.05 up to that of a quarter of the globe.
  explicit LatitudeBands(double chord);

  [[nodiscard]] std::uint32_t count() const { return band_of(90) + 1; }
  [[nodiscard]] std::uint32_t band_of(double latitude) const {
    return static_cast<std::uint32_t>((latitude + 90) * m_inverse_height);
  }
  /// Columns of a band, at least 1; column 0 begins at longitude 0.
  [[nodiscard]] std::uint32_t columns(std::uint32_t band) const;
  /// Least distance from the axis in a band, in metres.
  [[nodiscard]] double least_axis_distance(std::uint32_t band) const;
  /// Longest difference of longitude, in turns, of two points within the chord, one in each of two bands that are
  /// `bands_apart` apart and nowhere nearer to the axis than p and q. At most 0.5.
  [[nodiscard]] double reach(double p, double q, std::uint32_t bands_apart) const;

 private:
  double m_chord;
  double m_height;  // degrees
  double m_inverse_height;
  double m_two_apart;  // least squared meridian chord of points two bands apart
};

struct GlobeGrid : CellGrid {
  explicit GlobeGrid(double chord) : bands(chord) {}
  LatitudeBands bands;
  Scratch<std::uint32_t> row_columns;  ///< for each row that holds points: columns of its band
  Scratch<double> row_axis_distance;   ///< and the least distance from the axis
};

/// All coordinates are finite degrees, |lat| <= 90, any longitude; n < 2^31.
GlobeGrid globe_grid(std::span<const double> lon, std::span<const double> lat, double chord, const Progress& progress);

}  // namespace yaan
