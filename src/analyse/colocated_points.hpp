#pragma once
// Points with kinds and what is around them: what both colocation quotients start from.

#include <cstdint>
#include <string>
#include <vector>

#include "analyse/autocorrelation_parameters.hpp"
#include "yaan/analyse/colocation_quotient.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// Items are the points with a kind and a place, by their places (x, then y, kind, id), so that nothing depends on the
/// order of the rows.
struct ColocatedPoints {
  std::vector<std::uint32_t> row;
  std::vector<std::uint32_t> kind;
  std::vector<std::string> names;  ///< of the kinds, in the order of their bytes
  std::vector<std::int64_t> members;
  SpatialWeights weights;
  std::vector<std::uint32_t> islands;  ///< items without neighbours

  [[nodiscard]] std::size_t size() const { return row.size(); }
};

/// Kinds by the column options.variable, else the part category; `places` has one for each point, NaN for those that
/// take no part. What is left out is counted. Throws UsageError without a column of kinds and for more than 100 of
/// them.
ColocatedPoints colocated_points(const Layer& points, const Geometry& places, const ColocationOptions& options,
                                 Diagnostics& diagnostics, Progress& progress);

/// The number of a kind by its name. Throws UsageError that lists the kinds.
std::uint32_t kind_named(const ColocatedPoints& points, const std::string& name, const Layer& layer);

/// The parameters that both have: what is looked at, what is around a point, and of local_parameters those that count.
template <class Options>
std::vector<Parameter> colocation_parameters() {
  using C = ColocationOptions;
  using K = ParameterKind;
  std::vector<Parameter> all = {
      variable_parameter<Options>("Column of the kinds; empty for the one in the part category."),
      titled(inherited<Options>(&C::around, "around", K::choice,
                                "Whom a point has around it: its nearest, or all within the distance.",
                                {"nearest", "distance"}),
             {"Around", "โดยรอบ"}),
      titled(ranged(inherited<Options>(&WeightsOptions::nearest, "nearest", K::integer, "How many nearest points."), 1,
                    500),
             {"Nearest", "จำนวนที่ใกล้สุด"}),
      titled(ranged(inherited<Options>(&WeightsOptions::distance, "distance", K::length,
                                       "With around distance: how far a neighbour may be."),
                    0, std::numeric_limits<double>::infinity(), true),
             {"Distance", "ระยะ"}),
      titled(
          inherited<Options>(&C::decay, "decay", K::choice,
                             "How a neighbour's weight falls with distance: none, or as Gauss's curve whose bandwidth "
                             "is the distance, or that of the last of the nearest.",
                             {"none", "gaussian"}),
          {"Decay", "การลดตามระยะ"})};
  all[2].slider_minimum = 1;
  all[2].slider_maximum = 30;
  all[3].slider_minimum = 100;
  all[3].slider_maximum = 20000;
  // In the same words as everywhere.
  std::vector<Parameter> local = local_parameters<Options>();
  std::erase_if(local, [](const Parameter& p) {
    return p.name != "permutations" && p.name != "seed" && p.name != "p_value" && p.name != "correction" &&
           p.name != "significance";
  });
  append(all, std::move(local));
  return all;
}

}  // namespace yaan
