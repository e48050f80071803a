#pragma once
// What columns must be for the parts that they play.

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// Makes numbers of the texts of the column that plays weight: Thai digits and thousands (1,234) are read, a dash or
/// ไม่ทราบ is none (`weight-text`); what else is no number is none as well (`unreadable-weight`). A column of numbers
/// stays as it is.
void settle_weights(Layer& layer, Diagnostics& diagnostics);

/// Doubts features whose id an earlier one has (`repeated-id`), by the column that plays id.
void doubt_repeated_ids(const Layer& layer, Diagnostics& diagnostics);

}  // namespace yaan
