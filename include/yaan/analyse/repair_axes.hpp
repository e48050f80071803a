#pragma once
// Points whose x and y are exchanged, found by the areas in which they should lie.

#include <cstdint>
#include <string_view>
#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

enum class AxesExchange {
  fitting,  ///< each point that would then lie in an area; others too where the whole layer is exchanged
  none      ///< points are only marked
};

struct RepairAxesOptions {
  AxesExchange exchange = AxesExchange::fitting;
  Length coast = Metres{5'000};  ///< this near to an area a point in none is taken to be in its place
};

enum class AxesState {
  in_place,   ///< in an area, or within `coast` of one
  exchanged,  ///< in no area, and with x and y exchanged it lies in one
  elsewhere   ///< neither, or without a usable position
};
std::string_view to_string(AxesState state);

struct AxesFinding {
  std::vector<AxesState> states;  ///< one for each point
  std::int64_t exchanged = 0;
  /// Most points of the layer, and two at least, are exchanged: then so are those that are elsewhere and would not come
  /// to lie beyond 90 degrees of latitude.
  bool whole_layer = false;
};

/// Works in any CRS, whether or not the exchanged place would be a possible one: points of Spain (40, -4) as well as
/// those of Thailand (13, 100). Areas are taken to the CRS of the points. Throws as assign_areas.
AxesFinding find_exchanged_axes(const Layer& points, const Layer& areas, const RepairAxesOptions& options,
                                Progress& progress);

/// The verb `repair-axes`: adds axes_state to the points and makes a layer in which those are exchanged.
const Method& repair_axes_method();

}  // namespace yaan
