#pragma once
// Categories that look the same are one.

#include <string>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"

namespace yaan {

/// Where values of the columns that play category and field differ, but not by key_text, the layer gets a column
/// category_key or field_key that plays the part instead; the column itself stays as it came. Of the spellings of a
/// key, that one stands for all which `known` lists, else the most frequent, else the first in the order of bytes; all
/// values are trimmed. Counted as `unified-key` by the values that are spelled otherwise. O(n log n).
void unify_keys(Layer& layer, const std::vector<std::string>& known, Diagnostics& diagnostics);

}  // namespace yaan
