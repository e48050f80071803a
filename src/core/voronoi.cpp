#include "yaan/core/voronoi.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/box_tree.hpp"
#include "core/geos.hpp"
#include "core/snapped_overlay.hpp"

namespace yaan {

namespace {

using Spot = std::pair<double, double>;

// Far nearer than any two sites are told apart on the ground, and coarse enough that no triangle is all rounding.
constexpr double kSpotsPerUnit = 1024;

struct Sites {
  std::vector<Spot> spots;            // distinct
  std::vector<std::uint32_t> member;  // those of them that belong to members
  Box bounds;
};

Sites distinct_sites(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> mine) {
  std::map<Spot, std::size_t> first_at;
  for (std::size_t i = 0; i < x.size(); ++i)
    first_at.emplace(Spot(std::round(x[i] * kSpotsPerUnit) / kSpotsPerUnit + 0.0,
                          std::round(y[i] * kSpotsPerUnit) / kSpotsPerUnit + 0.0),
                     i);
  Sites sites;
  for (const auto& [spot, first] : first_at) {
    if (mine[first] != 0) sites.member.push_back(static_cast<std::uint32_t>(sites.spots.size()));
    sites.spots.push_back(spot);
    sites.bounds.include(spot.first, spot.second);
  }
  return sites;
}

// Sites far enough away to change nothing within the box, which bound every cell that matters: the diagram of GEOS
// starts from a frame at a multiple of the sites' extent, which would show where the sites are few and close together.
// A place in the box is nearer than sqrt 2 (extent + around) to some site, and farther than that from all of these.
void surround(Sites& sites, double around) {
  const Box& b = sites.bounds;
  const double mid_x = (b.min_x + b.max_x) / 2;
  const double mid_y = (b.min_y + b.max_y) / 2;
  const double away = 4 * (around + std::max(b.width(), b.height())) + 1;
  for (int east = -1; east <= 1; ++east)
    for (int north = -1; north <= 1; ++north)
      if (east != 0 || north != 0) sites.spots.emplace_back(mid_x + east * away, mid_y + north * away);
}

Geos::Shape grown_box(const Geos& geos, const Box& box, double around) {
  const double west = box.min_x - around;
  const double east = box.max_x + around;
  const double south = box.min_y - around;
  const double north = box.max_y + around;
  Geometry polygon = Geometry::empty(GeometryKind::polygon);
  polygon.add_ring(std::vector<double>{west, east, east, west, west},
                   std::vector<double>{south, south, north, north, south});
  polygon.end_part();
  polygon.end_feature();
  return geos.feature(polygon, 0);
}

// The cells come from one subdivision and share their corners bit for bit, so that borders just cancel out; a result
// that does not add up would mean that they did not.
Geos::Shape merged_cells(const Geos& geos, const GEOSGeometry* cells) {
  GEOSGeometry* merged = GEOSCoverageUnion_r(geos.get(), cells);
  if (merged == nullptr) return snapped_union(geos, cells);
  Geos::Shape shape = geos.own(merged);
  const double whole = geos.area(cells);
  if (std::abs(geos.area(shape.get()) - whole) <= 1e-9 * whole) return shape;
  return snapped_union(geos, cells);
}

}  // namespace

Geometry voronoi_region(std::span<const double> x, std::span<const double> y, std::span<const std::uint8_t> mine,
                        double around) {
  const Geos geos;
  Sites sites = distinct_sites(x, y, mine);
  Geometry nothing = Geometry::empty(GeometryKind::polygon);
  nothing.end_feature();
  if (sites.member.empty()) return nothing;
  surround(sites, around);

  std::vector<double> site_x;
  std::vector<double> site_y;
  for (const auto& [sx, sy] : sites.spots) {
    site_x.push_back(sx);
    site_y.push_back(sy);
  }
  const Geos::Shape diagram =
      geos.own(GEOSVoronoiDiagram_r(geos.get(), geos.multipoint(site_x, site_y).get(), nullptr, 0, 0));

  // GEOS 3.11 does not say which cell belongs to which site; a cell is the one that holds it.
  BoxTree tree(geos, sites.member.size());
  for (const std::uint32_t member : sites.member)
    tree.insert({site_x[member], site_y[member], site_x[member], site_y[member]}, member);
  std::vector<GEOSGeometry*> cells;
  const int count = GEOSGetNumGeometries_r(geos.get(), diagram.get());
  for (int c = 0; c < count; ++c) {
    const GEOSGeometry* shape = GEOSGetGeometryN_r(geos.get(), diagram.get(), c);
    const Geometry cell = one_feature(geos, shape);
    for (const std::uint32_t member : tree.meeting(cell.bounds())) {
      if (locate(cell, 0, site_x[member], site_y[member]) != Inside::inside) continue;
      cells.push_back(GEOSGeom_clone_r(geos.get(), shape));
      break;
    }
  }
  const std::size_t found = cells.size();
  const Geos::Shape all = geos.own(GEOSGeom_createCollection_r(geos.get(), GEOS_GEOMETRYCOLLECTION, cells.data(),
                                                               static_cast<unsigned>(cells.size())));
  if (found != sites.member.size()) throw std::runtime_error("GEOS: a Voronoi cell is missing");
  const Geos::Shape merged = merged_cells(geos, all.get());
  const Geos::Shape box = grown_box(geos, sites.bounds, around);
  return one_feature(geos, snapped_intersection(geos, merged.get(), box.get()).get());
}

}  // namespace yaan
