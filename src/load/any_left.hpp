#pragma once
// Whether reading left anything to compute with.

#include <string>

#include "yaan/load/read.hpp"

namespace yaan {

/// Throws InputError for a source that holds features, but none that touches the extent or can be used: a wrong file, a
/// wrong box or a wrong CRS. `axes_exchanged`: some would be in range with longitude and latitude exchanged.
void check_any_left(const ReadResult& result, const std::string& shown, const ReadOptions& options,
                    bool axes_exchanged);

}  // namespace yaan
