#pragma once
// The plane in metres on which a density is computed, and layers taken to it and back.

#include <cstddef>
#include <optional>
#include <vector>

#include "yaan/core/crs.hpp"
#include "yaan/core/geometry.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Positions in metres; NaN where a point has none that can be used.
struct PlanePoints {
  std::vector<double> x;
  std::vector<double> y;
};

/// A projected or local layer keeps its own plane, with the unit converted to metres. A layer in degrees gets an
/// equal-area plane that touches the ellipsoid in the middle of the study area, or of the points without one.
class DensityPlane {
 public:
  /// Throws UsageError when the points have no CRS.
  DensityPlane(const Layer& points, const Layer* areas);

  [[nodiscard]] const Crs& crs() const { return m_crs; }
  /// Places given in a CRS, which may be another one. Throws InputError where no transformation exists, Cancelled.
  [[nodiscard]] PlanePoints points(const Geometry& places, const Crs& crs, const Progress& progress) const;
  /// The features in metres, each valid. Edges are straight between the vertices in the plane. Throws UsageError
  /// unless they are polygons.
  [[nodiscard]] Geometry areas(const Layer& areas) const;
  /// All of them together.
  [[nodiscard]] Geometry study_area(const Layer& areas) const;
  /// Metres in the unit of the plane's own coordinates.
  [[nodiscard]] double unit() const { return m_unit; }
  /// WGS 84, or the plane of a local layer.
  [[nodiscard]] Crs output_crs() const;
  /// Polygons in metres of the plane, in output_crs, made valid again where rounding crosses edges. Longitudes run on
  /// past 180 where a polygon does, so that no edge jumps round the globe.
  [[nodiscard]] Geometry to_output(Geometry polygons) const;

 private:
  Crs m_crs;
  double m_unit = 1;               // metres
  std::optional<double> m_centre;  // longitude of a plane of our own
};

/// Planar area of all rings of one feature, in km2.
double area_km2(const Geometry& polygons, std::size_t feature);

}  // namespace yaan
