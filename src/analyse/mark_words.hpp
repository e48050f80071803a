#pragma once
// What legends say of tests: the marks, which colour the field has for them, and how p was found.

#include <string>
#include <vector>

#include "yaan/analyse/multiple_testing.hpp"
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

/// more, fewer: clusters of a scan. Null: in none of them, or none was tested.
std::vector<ColumnClass> scan_classes();

/// grown, shrunk: counts of areas.
std::vector<ColumnClass> change_classes();
/// The same, and each with "maybe": cells of a surface that are significant alone, but not among all.
std::vector<ColumnClass> doubtful_change_classes();

/// The marks, then "not significant", then what null means.
std::vector<ColumnClass> with_quiet(std::vector<ColumnClass> marks);

/// "corrected by Bonferroni".
Localized correction_words(Correction correction);
/// "p at most 0.05, ", then how p was found.
Localized level_words(double significance, const Localized& how);
/// "first; second".
Localized joined(const Localized& first, const Localized& second);

}  // namespace yaan
