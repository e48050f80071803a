#pragma once
// The findings about a study's sites as a table in which people decide.

#include "yaan/study/run.hpp"

namespace yaan {

/// The findings about all point layers of the study as a layer of points on WGS 84, with empty columns decision, by and
/// date. docs/study.md, Checks.
/// A site without a position is a point at NaN, NaN.
Layer check_table(const Study& study, const LayerMap& layers, const RowsOfLayers& rows, Diagnostics& diagnostics,
                  Progress& progress);

/// Carries out the repairs that the layers of the study accept by rule (`accept`); counted in `diagnostics`.
void apply_accepted(const Study& study, LayerMap& layers, RowsOfLayers& rows, Diagnostics& diagnostics,
                    Progress& progress);

}  // namespace yaan
