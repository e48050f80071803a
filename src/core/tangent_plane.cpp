#include "yaan/core/tangent_plane.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "yaan/core/geodesy.hpp"

namespace yaan {

namespace {

constexpr double kSemiMajor = 6378137.0;  // WGS 84
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquaredEccentricity = kFlattening * (2 - kFlattening);
constexpr double kDegree = 180 / std::numbers::pi;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double dot(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

TangentPlane::TangentPlane(double lon, double lat) : m_origin(earth_centred(lon, lat)) {
  const double sin_lon = std::sin(lon / kDegree);
  const double cos_lon = std::cos(lon / kDegree);
  const double sin_lat = std::sin(lat / kDegree);
  const double cos_lat = std::cos(lat / kDegree);
  m_east = {-sin_lon, cos_lon, 0};
  m_north = {-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat};
  m_up = {cos_lat * cos_lon, cos_lat * sin_lon, sin_lat};
}

TangentPlane::Place TangentPlane::to_plane(double lon, double lat) const {
  const auto point = earth_centred(lon, lat);
  const std::array<double, 3> offset = {point[0] - m_origin[0], point[1] - m_origin[1], point[2] - m_origin[2]};
  // The far side of the earth would fall on the same disc.
  const std::array<double, 3> normal = {std::cos(lat / kDegree) * std::cos(lon / kDegree),
                                        std::cos(lat / kDegree) * std::sin(lon / kDegree), std::sin(lat / kDegree)};
  if (!(dot(normal, m_up) > 0)) return {kNone, kNone};
  return {dot(offset, m_east), dot(offset, m_north)};
}

TangentPlane::Place TangentPlane::to_degrees(double x, double y) const {
  // The point origin + x east + y north + t up lies on the ellipsoid where X^2 + Y^2 + Z^2 / (1 - e^2) = a^2; with the
  // third axis stretched that is a quadratic in t, and the root nearer to the plane is the visible one.
  const double stretch = 1 / (1 - kSquaredEccentricity);
  std::array<double, 3> base{};
  for (std::size_t i = 0; i < 3; ++i) base[i] = m_origin[i] + x * m_east[i] + y * m_north[i];
  const auto form = [&](const std::array<double, 3>& a, const std::array<double, 3>& b) {
    return a[0] * b[0] + a[1] * b[1] + stretch * a[2] * b[2];
  };
  const double square = form(m_up, m_up);
  const double half = form(base, m_up);
  const double constant = form(base, base) - kSemiMajor * kSemiMajor;
  const double discriminant = half * half - square * constant;
  if (!(discriminant >= 0)) return {kNone, kNone};
  const double t = -constant / (half + std::sqrt(discriminant));
  const std::array<double, 3> point = {base[0] + t * m_up[0], base[1] + t * m_up[1], base[2] + t * m_up[2]};
  const double across = std::hypot(point[0], point[1]);
  return {std::atan2(point[1], point[0]) * kDegree, std::atan2(point[2] * stretch, across) * kDegree};
}

TangentPlane TangentPlane::around(std::span<const double> lon, std::span<const double> lat) {
  if (lon.empty()) return {0, 0};
  std::array<double, 3> sum{};
  for (std::size_t i = 0; i < lon.size(); ++i) {
    const auto point = earth_centred(lon[i], lat[i]);
    for (std::size_t k = 0; k < 3; ++k) sum[k] += point[k];
  }
  const double across = std::hypot(sum[0], sum[1]);
  if (std::hypot(across, sum[2]) < 1e-3 * kSemiMajor * static_cast<double>(lon.size())) return {lon[0], lat[0]};
  return {std::atan2(sum[1], sum[0]) * kDegree, std::atan2(sum[2] / (1 - kSquaredEccentricity), across) * kDegree};
}

}  // namespace yaan
