#pragma once
// Distances and areas on the WGS 84 ellipsoid.

#include <array>
#include <span>

#include "yaan/core/units.hpp"

namespace yaan {

/// Of WGS 84, in metres: (2 a + b) / 3.
inline constexpr double kMeanEarthRadius = 6371008.8;

/// Geodesic distance (Karney 2013, by PROJ), in metres; degrees in, any longitude wrap.
Metres geodesic_distance(double lon1, double lat1, double lon2, double lat2);

/// Earth-centred coordinates on the WGS 84 ellipsoid at height 0, in metres. Straight chords between them serve as
/// distance: see chord_of.
std::array<double, 3> earth_centred(double lon, double lat);

/// Length of the straight chord that spans a ground distance, on the sphere of the mean curvature of the ellipsoid.
/// Comparing chords of earth_centred with chord_of(radius) decides "within radius" with a relative error in the radius
/// below 1e-4 up to 100 km anywhere on earth (measured by test; the largest error comes from the varying curvature).
double chord_of(Metres distance);
/// The inverse: ground distance of a chord. Monotone.
Metres ground_distance_of(double chord);

/// Signed geodesic area of a ring in degrees (Karney 2013), in m2; counter-clockwise is positive. The ring need not be
/// closed. 0 below three vertices.
double geodesic_ring_area(std::span<const double> lon, std::span<const double> lat);

}  // namespace yaan
