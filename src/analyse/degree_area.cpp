#include "analyse/degree_area.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

constexpr double kSemiMajor = 6378137.0;  // WGS 84
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
constexpr double kRadian = std::numbers::pi / 180;

// Area in m2 of a strip of one radian of longitude from the equator to the latitude, in degrees.
double area_below(double lat) {
  static const double eccentricity = std::sqrt(kSquaredEccentricity);
  const double s = std::sin(lat * kRadian);
  const double semi_minor = kSemiMajor * (1 - kFlattening);
  return semi_minor * semi_minor / 2 *
         (s / (1 - kSquaredEccentricity * s * s) + std::atanh(eccentricity * s) / eccentricity);
}

template <class Visit>
void visit_rings(const Geometry& polygons, std::size_t feature, const Visit& visit) {
  for (std::size_t part = polygons.feature_parts[feature]; part < polygons.feature_parts[feature + 1]; ++part)
    for (std::size_t ring = polygons.part_rings[part]; ring < polygons.part_rings[part + 1]; ++ring) visit(ring);
}

}  // namespace

double degree_ring_area(std::span<const double> lon, std::span<const double> lat) {
  // Abscissas and weights on [0, 1].
  static constexpr std::array<double, 4> kAt = {0.069431844202973712, 0.330009478207571868, 0.669990521792428132,
                                                0.930568155797026288};
  static constexpr std::array<double, 4> kWeight = {0.173927422568726929, 0.326072577431273071, 0.326072577431273071,
                                                    0.173927422568726929};
  if (lon.size() < 3) return 0;
  const double base = area_below(lat[0]);  // near zero what is summed keeps its digits
  double sum = 0;
  for (std::size_t i = 0; i < lon.size(); ++i) {
    const std::size_t next = i + 1 < lon.size() ? i + 1 : 0;
    const double turn = (lon[next] - lon[i]) * kRadian;
    if (turn == 0) continue;
    double mean = 0;
    for (std::size_t k = 0; k < kAt.size(); ++k)
      mean += kWeight[k] * (area_below(lat[i] + kAt[k] * (lat[next] - lat[i])) - base);
    sum -= turn * mean;
  }
  return sum;
}

double degree_area(const Geometry& polygons, std::size_t feature) {
  double sum = 0;  // rings are oriented, so holes count against their outer ring
  visit_rings(polygons, feature,
              [&](std::size_t ring) { sum += degree_ring_area(polygons.ring_x(ring), polygons.ring_y(ring)); });
  return sum;
}

double degree_perimeter(const Geometry& polygons, std::size_t feature) {
  double sum = 0;
  visit_rings(polygons, feature, [&](std::size_t ring) {
    const std::span<const double> lon = polygons.ring_x(ring);
    const std::span<const double> lat = polygons.ring_y(ring);
    for (std::size_t i = 1; i < lon.size(); ++i) {
      const std::array<double, 3> a = earth_centred(lon[i - 1], lat[i - 1]);
      const std::array<double, 3> b = earth_centred(lon[i], lat[i]);
      sum += ground_distance_of(std::hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2])).value;
    }
  });
  return sum;
}

}  // namespace yaan
