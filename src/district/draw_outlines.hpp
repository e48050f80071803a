#pragma once
// The outlines of all districts of a layer together: drawn, cut to the boundary, without overlaps where asked for.

#include <string>
#include <vector>

#include "district/cells.hpp"
#include "district/members.hpp"
#include "yaan/district/districts.hpp"

namespace yaan {

struct Outlines {
  Geometry polygons;                ///< one feature for each district, in the CRS of the positions; empty when hidden
  std::vector<std::string> method;  ///< what was really done; "" without shown members
};

/// Outlines in rank order. `others` are the shown sites of no district, for voronoi. `boundary` and `memory`
/// (for the next run) may be null.
/// Reports what could not be done as find_districts says. The same bytes whatever the thread count.
Outlines draw_outlines(const std::vector<Shown>& districts, const Positions& others, const DistrictOptions& options,
                       const Layer* boundary, const Layer& points, MethodMemory* memory, Progress& progress,
                       Diagnostics& diagnostics);

}  // namespace yaan
