#include "analyse/scan_clusters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string_view>

#include "analyse/curve_method.hpp"
#include "analyse/mark_words.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/tangent_plane.hpp"

namespace yaan {

namespace {

constexpr std::string_view kSignificant = "significant";
constexpr std::string_view kNotSignificant = "not significant";

constexpr int kCorners = 72;

/// A circle of that radius, counter-clockwise.
void add_circle(double x, double y, double radius, bool geographic, Geometry& shapes) {
  std::vector<double> ring_x, ring_y;
  const TangentPlane plane(geographic ? x : 0, geographic ? y : 0);
  // The plane shows a ground distance as the sine of its angle.
  const double reach = geographic ? kMeanEarthRadius * std::sin(std::min(radius / kMeanEarthRadius, 1.5)) : radius;
  for (int corner = 0; corner < kCorners; ++corner) {
    const double angle = 2 * std::numbers::pi * corner / kCorners;
    const double east = reach * std::cos(angle), north = reach * std::sin(angle);
    if (geographic) {
      const TangentPlane::Place place = plane.to_degrees(east, north);
      ring_x.push_back(x + std::remainder(place.x - x, 360.0));  // not torn apart at 180 degrees
      ring_y.push_back(place.y);
    } else {
      ring_x.push_back(x + east);
      ring_y.push_back(y + north);
    }
  }
  ring_x.push_back(ring_x.front());
  ring_y.push_back(ring_y.front());
  shapes.add_ring(ring_x, ring_y);
  shapes.end_part();
  shapes.end_feature();
}

/// Of a single place: a kilometre, or half way to the next one, so that nothing else seems to be within.
double drawn_radius(const ScanCluster& cluster, double kilometre) {
  return cluster.radius > 0 ? cluster.radius : std::min(kilometre, cluster.next / 2);
}

}  // namespace

std::string_view scan_mark(const ScanCluster& cluster, const ScanResult& found, double significance) {
  if (found.maxima.empty()) return {};
  if (cluster.p > significance) return kNotSignificant;
  return cluster.high ? "more" : "fewer";
}

OutputField scan_mark_field(const std::string& name) {
  return {name,
          ColumnType::text,
          "",
          "more or fewer cases than expected where p is at most the significance, else not significant; null where "
          "nothing was tested.",
          {"Clusters by scan", "คลัสเตอร์จากการสแกน"},
          ColourBy::category,
          true,
          scan_classes()};
}

Layer scan_cluster_layer(const Method& method, const Layer& features, const ScanItems& items, const ScanResult& found,
                         double significance) {
  Layer layer = empty_table(method, features);
  layer.geometry = Geometry::empty(GeometryKind::polygon);
  layer.crs = features.crs;
  for (std::size_t c = 0; c < found.clusters.size(); ++c) {
    const ScanCluster& cluster = found.clusters[c];
    const double metres = features.crs.is_geographic() ? 1 : features.crs.metres_per_unit();
    add_circle(items.places.x[cluster.centre], items.places.y[cluster.centre], drawn_radius(cluster, 1000 / metres),
               features.crs.is_geographic(), layer.geometry);
    std::size_t at = 0;
    layer.columns[at++].push(static_cast<std::int64_t>(c + 1));
    layer.columns[at++].push(std::string_view(cluster.high ? "high" : "low"));
    layer.columns[at++].push(cluster.observed);
    layer.columns[at++].push(cluster.expected);
    layer.columns[at++].push(cluster.population);
    layer.columns[at++].push(static_cast<double>(cluster.observed) / cluster.expected);
    layer.columns[at++].push(std::isfinite(cluster.relative_risk) ? cluster.relative_risk
                                                                  : std::numeric_limits<double>::quiet_NaN());
    layer.columns[at++].push(cluster.log_likelihood_ratio);
    layer.columns[at++].push(found.maxima.empty() ? std::numeric_limits<double>::quiet_NaN() : cluster.p);
    const std::string_view mark = scan_mark(cluster, found, significance);
    layer.columns[at++].push_or_null(mark.empty() || mark == kNotSignificant ? mark : kSignificant);
    layer.columns[at++].push_or_null(mark);
    layer.columns[at++].push(cluster.radius * metres);
    layer.columns[at++].push(static_cast<std::int64_t>(cluster.places.size()));
  }
  return layer;
}

std::vector<OutputField> scan_cluster_fields() {
  using T = ColumnType;
  return {{"cluster", T::integer, "", "Number, the most likely first.", {"Cluster", "คลัสเตอร์"}, ColourBy::none, false},
          {"direction",
           T::text,
           "",
           "high: more cases than expected; low: fewer.",
           {"Direction", "ทิศทาง"},
           ColourBy::none,
           false},
          {"observed", T::integer, "", "Cases within.", {"Observed", "จำนวนที่พบ"}, ColourBy::none, false},
          {"expected",
           T::real,
           "",
           "All cases times the share of the population that is within.",
           {"Expected", "จำนวนคาดหมาย"},
           ColourBy::none,
           false},
          {"population", T::real, "", "Population within.", {"Population", "ประชากร"}, ColourBy::none, false},
          {"observed_by_expected",
           T::real,
           "",
           "Observed over expected.",
           {"Observed / expected", "พบต่อคาดหมาย"},
           ColourBy::none,
           false},
          {"relative_risk",
           T::real,
           "",
           "Rate within over the rate outside; null where there are no cases outside.",
           {"Relative risk", "ความเสี่ยงสัมพัทธ์"},
           ColourBy::ratio,
           true},
          {"log_likelihood_ratio",
           T::real,
           "",
           "How much likelier two rates are than one.",
           {"Log likelihood ratio", "ลอการิทึมอัตราส่วนภาวะน่าจะเป็น"},
           ColourBy::none,
           false},
          {"p",
           T::real,
           "",
           "Rank of the ratio among the largest ratios of the simulations.",
           {"p-value", "ค่า p"},
           ColourBy::none,
           true},
          {"verdict",
           T::text,
           "",
           "significant where p is at most the significance, else not significant; null without simulations.",
           {"Verdict", "ผลการทดสอบ"},
           ColourBy::none,
           true},
          scan_mark_field("mark"),
          {"radius_m",
           T::real,
           "m",
           "Distance from the middle to the last place.",
           {"Radius", "รัศมี"},
           ColourBy::none,
           false},
          {"places", T::integer, "", "Places within.", {"Places", "จำนวนตำแหน่ง"}, ColourBy::none, false}};
}

}  // namespace yaan
