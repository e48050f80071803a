#pragma once
// Polygons in degrees, whatever their plane, and how much ground they cover.

#include <vector>

#include "yaan/core/layer.hpp"

namespace yaan {

/// In longitude and latitude of WGS 84; features of a plane that reach across the 180th meridian are cut there, as
/// those that were read in degrees are. Throws InputError for a layer that is tied to no place.
Layer in_degrees(const Layer& polygons);

/// For each feature km2 on the WGS 84 ellipsoid, edges straight in degrees (see degree_area); of a local plane km2 in
/// it. 0 for an empty feature.
std::vector<double> ground_areas_km2(const Layer& polygons);

}  // namespace yaan
