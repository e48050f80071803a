#pragma once
// Who must be named beside an output.

#include <span>
#include <string>
#include <vector>

#include "yaan/core/layer.hpp"
#include "yaan/core/localized.hpp"

namespace yaan {

/// One line for each source, each line once, in order: "Title: attribution (licence)"; what is missing is left out, the
/// file's name stands in for a missing title and attribution.
std::vector<std::string> attribution_lines(std::span<const Source> sources, Language language = Language::english);

}  // namespace yaan
