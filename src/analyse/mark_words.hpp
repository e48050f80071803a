#pragma once
// What the marks of local statistics say, and which colour the field has for them.

#include <vector>

#include "yaan/core/column.hpp"

namespace yaan {

/// High-High, High-Low, Low-High, Low-Low: local Moran's quadrants.
std::vector<ColumnClass> quadrant_classes();
/// hot spot, cold spot.
std::vector<ColumnClass> spot_classes();
/// alike high, alike low, alike, different: local Geary.
std::vector<ColumnClass> alike_classes();
/// together, apart: local join counts. Null means another kind as well.
std::vector<ColumnClass> join_classes();
/// gather, apart: colocation.
std::vector<ColumnClass> gather_classes();
/// more and less than its share, cannot be told: quotients with an interval.
std::vector<ColumnClass> share_classes();

/// The marks, then "not significant", then what null means.
std::vector<ColumnClass> with_quiet(std::vector<ColumnClass> marks);

}  // namespace yaan
