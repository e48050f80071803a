#pragma once
// The members of one district on flat ground in metres.

#include <vector>

#include "yaan/core/geometry.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/tangent_plane.hpp"

namespace yaan {

/// Positions in degrees, or in the layer's own plane when that is a local one.
struct Positions {
  bool geographic = true;
  std::vector<double> x;
  std::vector<double> y;
};
/// Throws UsageError when the layer has no CRS.
Positions positions_of(const Layer& points);

/// A plane about some positions, with the way back.
class Ground {
 public:
  explicit Ground(const Positions& positions);

  [[nodiscard]] TangentPlane::Place to_plane(double x, double y) const;
  /// The polygons in the CRS of the positions.
  [[nodiscard]] Geometry from_plane(Geometry polygons) const;

 private:
  bool m_geographic;
  TangentPlane m_plane;
};

/// The longitude within half a turn of `centre`: itself, or whole turns away. Precondition: finite.
double turned_to(double lon, double centre);

/// Appends a feature of polygons to others; an empty one when `from` has no features at all.
void append_feature(const Geometry& from, std::size_t feature, Geometry& to);

/// Area of polygons in km2: in degrees on the ellipsoid, or planar.
double area_km2(const Geometry& polygons, bool geographic);

}  // namespace yaan
