#pragma once
// How closely the members of a district stand.

#include <array>
#include <vector>

namespace yaan {

/// Mean straight-line distance from each point to its nearest other point; 0 for points on the same spot; NaN for fewer
/// than two points. Points are in space (earth-centred, or a plane with z = 0), in metres. A sweep along the longest
/// axis: O(n sqrt n) expected for points that spread over an area, O(n^2) when all lie across that axis.
double mean_nearest_neighbour_distance(std::vector<std::array<double, 3>> points);

}  // namespace yaan
