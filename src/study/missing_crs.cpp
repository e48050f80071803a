#include "study/missing_crs.hpp"

#include <array>
#include <string_view>

#include "yaan/core/crs.hpp"

namespace yaan {

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
