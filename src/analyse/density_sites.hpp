#pragma once
// What every surface of density starts from: the points that take part, in a plane, and the cells of the surface.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "analyse/density_plane.hpp"
#include "analyse/index/area_grid.hpp"
#include "yaan/analyse/kernel_density.hpp"
#include "yaan/core/diagnostics.hpp"

namespace yaan {

inline constexpr std::size_t kMostDensityCells = std::size_t{1} << 24;

/// The points of one layer that take part, in metres of the plane, with the points that do not as NaN.
struct DensitySites {
  PlanePoints place;
  std::vector<double> weights;
  Box box;
  std::int64_t used = 0;
  std::int64_t outside = 0;
};

/// The study area in a plane; empty without one.
struct DensityGround {
  /// `areas`: polygons that make it up, or null. `points`: how many will be looked for in it.
  DensityGround(const Layer* areas, const DensityPlane& plane, std::size_t points);
  [[nodiscard]] const AreaGrid* within() const { return study ? &*study : nullptr; }
  /// Whether there is no ground at all: an area without any, or no area and no points in `box`.
  [[nodiscard]] bool nothing(const Box& box) const { return area ? area->bounds().empty() : box.empty(); }

  std::optional<Geometry> area;
  std::optional<AreaGrid> study;
};

/// Coarsened points stand where they may be shown, hidden ones nowhere. `study` is null without a study area; points
/// outside of it are left out. Counts what is left out in `diagnostics`.
DensitySites density_sites(const Layer& layer, const DensityPlane& plane, const AreaGrid* study,
                           Diagnostics& diagnostics, const Progress& progress);

/// Cells that cover the study area: 0 where their centre lies in it, else NaN.
Grid study_grid(const Geometry& area, const AreaGrid& study, double cell, const Crs& crs, const Progress& progress);
/// Cells about points without a study area, as far as their kernels reach.
Grid grid_about(const Box& box, Kernel kernel, double bandwidth, double cell, const Crs& crs);

Box joined(const Box& a, const Box& b);

}  // namespace yaan
