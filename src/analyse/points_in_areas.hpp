#pragma once
// Which points count in which area: what area-statistics and location-quotient start from.

#include <cstdint>
#include <string>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/core/units.hpp"

namespace yaan {

/// A point that is not open counts in an area of at least so many km2 only: as much as the coarse cell that it may be
/// shown in. The count of a smaller area would tell where it is.
inline constexpr double kLeastAreaKm2 = 31;

struct PointsInAreas {
  std::vector<std::int32_t> area;    ///< row of the areas in which each point counts, or -1
  std::vector<std::int32_t> stands;  ///< row of the areas where it stands, withheld or not, or -1
  std::vector<std::string> code;     ///< of each area: its code, else its stable id
  std::vector<std::uint32_t> order;  ///< rows of the areas by code, so that nothing depends on the order of the rows
  std::vector<double> km2;           ///< of each area, on the ground
  std::int64_t inside = 0;
  std::int64_t nearest = 0;   ///< outside every area, in the nearest one within the distance
  std::int64_t outside = 0;   ///< in none, or without a usable position
  std::int64_t withheld = 0;  ///< not open, and in an area too small to count them
};

/// Of each area its code by the part, else its stable id.
std::vector<std::string> area_codes(const Layer& areas);
/// Rows of the areas by code, then by their bounds.
std::vector<std::uint32_t> order_by_code(const std::vector<std::string>& codes, const Geometry& shapes);

/// Every point is in one area at most: the rule is that of assign_areas for the areas in the order of their codes.
/// Counts points outside, at the nearest area and withheld in `diagnostics`. Throws as assign_areas does, and
/// InputError for areas that cannot be taken to the points' system.
PointsInAreas points_in_areas(const Layer& points, const Layer& areas, const Length& within, Diagnostics& diagnostics,
                              Progress& progress);

/// The inputs of the methods that count points in areas. `points`: what the points are for.
std::vector<InputRole> counting_inputs(std::string points);

/// The parameter `within` of their options.
template <class Options>
Parameter within_parameter() {
  Parameter within = parameter(&Options::within, "within", ParameterKind::length,
                               "How far outside every area a point may lie and still count in the nearest; 0m for "
                               "never.");
  within.minimum = 0;
  within.slider_maximum = 20000;
  within.title = {"Nearest area within", "ระยะถึงพื้นที่ใกล้สุด"};
  return within;
}

}  // namespace yaan
