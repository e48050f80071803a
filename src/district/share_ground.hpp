#pragma once
// Outlines of many districts on one ground: none beyond the study boundary, none on the ground of another.

#include <cstdint>
#include <vector>

#include "district/ground.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// What became of an outline.
struct Fate {
  bool cut = false;         ///< it lost what lay beyond the boundary
  bool yielded = false;     ///< it lost some ground to other districts
  bool outside = false;     ///< it has no ground within the boundary, and was not cut to it
  bool given_away = false;  ///< others hold all of its ground; it is empty now
  bool about_pole = false;  ///< it surrounds a pole, where degrees make no plane; it was left as it is
};

/// Outlines in degrees (any turn of the globe, as Ground gives them) or in a local plane, laid side by side in one
/// plane of degrees that is cut open at the widest gap between their longitudes. Overlays are done in that plane, so
/// that what a reader of the degrees computes about overlaps and borders is right; edges are straight there.
class SharedGround {
 public:
  SharedGround(Geometry outlines, bool geographic);

  /// Cuts each outline to the polygons of the boundary, which are in the CRS of the outlines and are made valid first.
  /// An outline without ground there stays as it is. Expected O(log p + v) for each outline; see PolygonIndex.
  void clip(const Geometry& boundary, const Progress& progress);
  /// Each outline keeps what no outline before it holds.
  void yield_to_earlier(const Progress& progress);
  /// Ground within several outlines stays with the one that has the nearest place; of places on the same spot, that of
  /// the earlier outline. `places` are degrees or places of the local plane, for each outline. Borders are straight in
  /// a plane that touches the ground between the two districts. A Voronoi diagram for each pair that overlaps, of the
  /// places that can be nearest there.
  void share_by_nearest(const std::vector<const Positions*>& places, const Progress& progress);
  /// Whether the last of these steps took the place from the outline.
  [[nodiscard]] bool lost(std::size_t outline, double x, double y) const;

  [[nodiscard]] const std::vector<Fate>& fate() const { return m_fate; }
  /// The outlines; those that kept all their ground bit for bit as they were given.
  [[nodiscard]] Geometry take();

 private:
  [[nodiscard]] Geometry nearer_to_second(const Geometry& common, std::size_t first, const Positions& first_places,
                                          const Positions& second_places) const;

  bool m_geographic;
  Geometry m_given;
  Geometry m_flat;               ///< outlines about a pole are empty here
  Geometry m_before;             ///< the same before the last step
  std::vector<double> m_centre;  ///< longitude of each outline in the plane
  std::vector<Fate> m_fate;
};

}  // namespace yaan
