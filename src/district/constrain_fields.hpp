#pragma once
// What the method `constrain-districts` writes.

#include <vector>

#include "yaan/core/method.hpp"

namespace yaan {

/// Columns of the layer of candidates.
std::vector<OutputField> candidate_fields();
/// Columns added to the points.
std::vector<OutputField> constrained_point_fields();

}  // namespace yaan
