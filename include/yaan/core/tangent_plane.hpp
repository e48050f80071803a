#pragma once
// A plane in metres that touches the WGS 84 ellipsoid: the place to draw hulls and buffers around a few kilometres of
// ground, anywhere on earth, without a CRS definition for each district.

#include <array>
#include <span>

namespace yaan {

/// Orthographic projection along the ellipsoid's normal at the centre (EPSG method 9840, onto the surface at height 0).
/// Lengths are short by the factor 1 - d^2 / (2 R^2) radially at distance d from the centre: 1.2e-6 at 10 km, 1.2e-4 at
/// 100 km. No trouble at the poles or across the antimeridian. Cost: a few dozen flops a point.
class TangentPlane {
 public:
  /// Touches at that longitude and latitude, in degrees.
  TangentPlane(double lon, double lat);

  struct Place {
    double x = 0;  ///< metres east, or degrees of longitude
    double y = 0;  ///< metres north, or degrees of latitude
  };
  /// Precondition: less than a quarter of the globe away; beyond that the answer is NaN.
  [[nodiscard]] Place to_plane(double lon, double lat) const;
  /// Longitude in [-180, 180]. NaN outside the disc that the earth makes.
  [[nodiscard]] Place to_degrees(double x, double y) const;

  /// A centre for the points: the direction of their earth-centred mean. The first point when they balance out.
  static TangentPlane around(std::span<const double> lon, std::span<const double> lat);

 private:
  std::array<double, 3> m_origin{};
  std::array<double, 3> m_east{};
  std::array<double, 3> m_north{};
  std::array<double, 3> m_up{};
};

}  // namespace yaan
