#include "study/missing_crs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "yaan/core/crs.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

Box place_of(const LayerMap& layers) {
  Box areas;
  Box all;
  for (const auto& [name, layer] : layers) {
    if (layer.crs.wkt().empty() || layer.geometry.size() == 0 || layer.geometry.kind == GeometryKind::none) continue;
    const Box box = reprojected(layer, Crs::wgs84()).geometry.bounds();
    all.include(box);
    if (layer.geometry.kind == GeometryKind::polygon) areas.include(box);
  }
  return areas.empty() ? all : areas;
}

Box bulk_of(const Geometry& geometry) {
  constexpr std::size_t kFewest = 8;
  constexpr std::size_t kShare = 20;
  if (geometry.x.size() < kFewest) return geometry.bounds();
  const auto ends = [](std::vector<double> values) {
    const std::size_t off = std::max<std::size_t>(1, values.size() / kShare);
    const auto low = values.begin() + static_cast<std::ptrdiff_t>(off);
    const auto high = values.end() - 1 - static_cast<std::ptrdiff_t>(off);
    std::nth_element(values.begin(), low, values.end());
    const double least = *low;
    std::nth_element(values.begin(), high, values.end());
    return std::pair(least, *high);
  };
  const auto [min_x, max_x] = ends(geometry.x);
  const auto [min_y, max_y] = ends(geometry.y);
  return {min_x, min_y, max_x, max_y};
}

std::string crs_advice(const Box& extent, const Box& place) {
  const std::vector<std::string> fitting = crs_candidates(extent, place);
  if (fitting.empty())
    return "none of the usual systems puts it among other layers; name its CRS with --crs, in a study as crs: "
           "EPSG:4326 for longitude and latitude in degrees, EPSG:32647 or EPSG:32648 for UTM in Thailand, local "
           "for a plane of its own";
  return fmt::format(
      "these put it where the study is: {}; name one as its crs (they differ by up to some hundred metres, so ask "
      "whoever made the file)",
      fmt::join(fitting, ", "));
}

void refuse_overridden_crs(const Diagnostics& of_reading, const std::string& file) {
  for (const Diagnostic& entry : of_reading.entries())
    if (entry.code == "crs-overridden")
      throw UsageError(fmt::format("{}: {}", file, entry.message),
                       "leave the CRS away where the file states it; if the file is wrong, add --override-crs, in a "
                       "study \"override_crs\": true");
}

bool lies_within(const Box& extent, const std::string& crs, const Box& place) {
  if (extent.empty() || place.empty()) return false;
  const Crs from = Crs::from_text(crs);
  if (from.is_geographic() && (extent.min_x < -180 || extent.max_x > 180 || extent.min_y < -90 || extent.max_y > 90))
    return false;
  // The edges of a box are curves in another system: corners and middles tell enough at this size.
  std::vector<double> x;
  std::vector<double> y;
  for (const double along : {0.0, 0.5, 1.0})
    for (const double up : {0.0, 0.5, 1.0}) {
      x.push_back(extent.min_x + along * extent.width());
      y.push_back(extent.min_y + up * extent.height());
    }
  if (Transformer(from, Crs::wgs84()).apply(x, y) > 0) return false;
  const double wide = place.width() / 10;
  const double high = place.height() / 10;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] < place.min_x - wide || x[i] > place.max_x + wide || y[i] < place.min_y - high ||
        y[i] > place.max_y + high)
      return false;
  return true;
}

std::vector<std::string> crs_candidates(const Box& extent, const Box& place) {
  constexpr std::array<std::string_view, 8> kCommon = {"EPSG:4326",  "EPSG:32647", "EPSG:32648", "EPSG:24047",
                                                       "EPSG:24048", "EPSG:3857",  "EPSG:4240",  "EPSG:32646"};
  std::vector<std::string> candidates;
  for (const std::string_view code : kCommon)
    if (lies_within(extent, std::string(code), place)) candidates.emplace_back(code);
  return candidates;
}

}  // namespace yaan
