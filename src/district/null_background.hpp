#pragma once
// Where chance puts the points of a district test, and how much of it lies where.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "analyse/density_plane.hpp"
#include "analyse/null_places.hpp"
#include "analyse/pattern_window.hpp"
#include "district/background_mass.hpp"
#include "district/null_inputs.hpp"
#include "district/place_mass.hpp"
#include "yaan/district/district_significance.hpp"

namespace yaan {

/// The points that are clustered, in an order that does not depend on that of the rows: first those that chance moves,
/// then those that stay.
struct ClusteredPoints {
  std::vector<std::uint32_t> row;
  PlacedPoints places;
  std::vector<double> weight;           ///< empty unless they count by weight
  std::vector<std::uint32_t> standing;  ///< each one's number in NullBackground::place_mass; empty without that
  std::size_t moved = 0;
};

/// What chance draws from.
struct NullBackground {
  explicit NullBackground(DensityPlane in) : plane(std::move(in)) {}

  DensityPlane plane;
  DistrictNull model = DistrictNull::complete_randomness;
  BackgroundMass mass;                  ///< of a background of areas
  std::optional<PlaceMass> place_mass;  ///< of any other: the places of the pool, then others where points stand
  double least_mass = 0;                ///< ground with less counts as this
  std::optional<GroundDraws> ground;    ///< nothing: places come from the pool
  PlacedPoints pool;
  std::vector<double> pool_mass;  ///< up to each place of the pool; empty: none is drawn twice

  [[nodiscard]] double total() const { return place_mass ? place_mass->total() : mass.total(); }
};

/// Reads the layers: the points that are clustered and what chance draws their places from. Nothing moves where there
/// is no ground to move to. Errors: see district_significance.
NullBackground read_background(const Layer& points, const Layer* window, const Layer* background,
                               const SignificanceOptions& options, ClusteredPoints& clustered, Diagnostics& diagnostics,
                               const Progress& progress);

}  // namespace yaan
