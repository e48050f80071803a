#pragma once
// Clusters to draw outlines of, and measures of what was drawn.

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "yaan/core/overlay.hpp"
#include "yaan/district/districts.hpp"

namespace yaan::samples {

/// Knots of points on a plane in metres, about 800 m apart, so that outlines meet; some points in no cluster.
inline Layer knots(unsigned seed, int clusters, bool lattice = false) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 800 * std::sqrt(clusters));
  std::normal_distribution<double> scatter(0, 250);
  Layer layer;
  layer.name = "sites";
  layer.crs = Crs::local();
  layer.geometry = Geometry::points({}, {});
  Column cluster("cluster", ColumnType::integer);
  const auto add = [&](double x, double y, std::int64_t label) {
    layer.geometry.x.push_back(lattice ? std::round(x / 50) * 50 : x);
    layer.geometry.y.push_back(lattice ? std::round(y / 50) * 50 : y);
    if (label == 0)
      cluster.push_null();
    else
      cluster.push(label);
  };
  for (int c = 1; c <= clusters; ++c) {
    const double x = place(random);
    const double y = place(random);
    const int members = 3 + static_cast<int>(random() % 40);
    for (int i = 0; i < members; ++i) add(x + scatter(random), y + scatter(random), c);
  }
  for (int i = 0; i < 5 * clusters; ++i) add(place(random), place(random), 0);
  layer.set(cluster);
  return layer;
}

inline constexpr OutlineMethod kAll[] = {OutlineMethod::concave, OutlineMethod::buffer, OutlineMethod::convex,
                                         OutlineMethod::density, OutlineMethod::voronoi};

inline DistrictOptions drawn_by(OutlineMethod outline) {
  DistrictOptions options;
  options.outline = outline;
  options.max_edge = Metres{400};
  options.margin = Metres{20};
  options.buffer_radius = Metres{150};
  options.reach = Metres{300};
  return options;
}

inline double area_of(const Geometry& polygons) {
  double area = 0;
  for (std::size_t r = 0; r + 1 < polygons.ring_vertices.size(); ++r)
    area += ring_area(polygons.ring_x(r), polygons.ring_y(r));
  return area;
}

inline Geometry feature(const Geometry& polygons, std::size_t f) {
  return polygons.select({static_cast<std::uint32_t>(f)});
}

/// Largest common area of two districts.
inline double worst_overlap(const Geometry& polygons) {
  double worst = 0;
  for (std::size_t a = 0; a < polygons.size(); ++a)
    for (std::size_t b = a + 1; b < polygons.size(); ++b)
      worst = std::max(worst, area_of(intersection(feature(polygons, a), feature(polygons, b))));
  return worst;
}

inline Geometry star(double x, double y, double radius) {
  std::vector<double> xs;
  std::vector<double> ys;
  for (int i = 0; i < 20; ++i) {
    const double r = i % 2 == 0 ? radius : radius * 0.6;
    xs.push_back(x + r * std::cos(i * std::acos(-1.0) / 10));
    ys.push_back(y + r * std::sin(i * std::acos(-1.0) / 10));
  }
  xs.push_back(xs[0]);
  ys.push_back(ys[0]);
  Geometry polygon = Geometry::empty(GeometryKind::polygon);
  polygon.add_ring(xs, ys);
  polygon.end_part();
  polygon.end_feature();
  return polygon;
}

inline Geometry rectangle(double west, double south, double east, double north) {
  Geometry polygon = Geometry::empty(GeometryKind::polygon);
  const double x[] = {west, east, east, west, west};
  const double y[] = {south, south, north, north, south};
  polygon.add_ring(x, y);
  polygon.end_part();
  polygon.end_feature();
  return polygon;
}

inline Layer areas(Geometry polygons, const Crs& crs) {
  Layer layer;
  layer.name = "boundary";
  layer.crs = crs;
  layer.geometry = std::move(polygons);
  return layer;
}

}  // namespace yaan::samples
