#pragma once
// Ids that a row keeps when others are added, removed or put in another order.

#include <string>
#include <vector>

#include "yaan/core/layer.hpp"

namespace yaan {

/// One for each feature: the text of the id column by the layer's roles where there is one, else "h" and 12 hexadecimal
/// digits of the SHA-256 of the names' keys and of the first vertex to six decimals. Rows that would share an id get
/// " (2)", " (3)" ... in their order: a spreadsheet program makes a date of 1-2. Rows of which `late` says true (empty:
/// none) count behind all others, so that they change no other id. O(n).
std::vector<std::string> stable_ids(const Layer& layer, const std::vector<bool>& late = {});

}  // namespace yaan
