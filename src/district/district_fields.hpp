#pragma once
// What the method `districts` writes.

#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

/// Columns of the layer of districts.
std::vector<OutputField> district_fields();
/// Columns added to the points.
std::vector<OutputField> district_point_fields();

}  // namespace yaan
