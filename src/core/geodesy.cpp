#include "yaan/core/geodesy.hpp"

#include <geodesic.h>

#include <cmath>
#include <numbers>

namespace yaan {

namespace {

constexpr double kSemiMajor = 6378137.0;  // WGS 84
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
constexpr double kRadian = std::numbers::pi / 180;

const geod_geodesic& ellipsoid() {
  static const geod_geodesic wgs84 = [] {
    geod_geodesic g;
    geod_init(&g, kSemiMajor, kFlattening);
    return g;
  }();
  return wgs84;
}

}  // namespace

Metres geodesic_distance(double lon1, double lat1, double lon2, double lat2) {
  double distance = 0;
  geod_inverse(&ellipsoid(), lat1, lon1, lat2, lon2, &distance, nullptr, nullptr);
  return Metres{distance};
}

std::array<double, 3> earth_centred(double lon, double lat) {
  const double sin_lat = std::sin(lat * kRadian);
  const double cos_lat = std::cos(lat * kRadian);
  const double normal = kSemiMajor / std::sqrt(1 - kSquaredEccentricity * sin_lat * sin_lat);
  return {normal * cos_lat * std::cos(lon * kRadian), normal * cos_lat * std::sin(lon * kRadian),
          normal * (1 - kSquaredEccentricity) * sin_lat};
}

double chord_of(Metres distance) {
  // Beyond half the circumference every pair is near enough.
  const double half_angle = std::min(distance.value / (2 * kMeanEarthRadius), std::numbers::pi / 2);
  return half_angle >= std::numbers::pi / 2 ? 2 * kSemiMajor : 2 * kMeanEarthRadius * std::sin(half_angle);
}

Metres ground_distance_of(double chord) {
  return Metres{2 * kMeanEarthRadius * std::asin(std::min(1.0, chord / (2 * kMeanEarthRadius)))};
}

double geodesic_ring_area(std::span<const double> lon, std::span<const double> lat) {
  std::size_t n = lon.size();
  if (n > 1 && lon[0] == lon[n - 1] && lat[0] == lat[n - 1]) --n;
  if (n < 3) return 0;
  geod_polygon polygon;
  geod_polygon_init(&polygon, 0);
  for (std::size_t i = 0; i < n; ++i) geod_polygon_addpoint(&ellipsoid(), &polygon, lat[i], lon[i]);
  double area = 0;
  geod_polygon_compute(&ellipsoid(), &polygon, 0, 1, &area, nullptr);
  return area;
}

}  // namespace yaan
