#pragma once
// The CRS that a file states, from GDAL's words to ours.

#include <string>

#include "yaan/core/crs.hpp"

class OGRSpatialReference;

namespace yaan {

/// Unknown for null, for "undefined", and for what is neither geographic nor projected, whose name goes to `unusable`.
Crs crs_of_reference(const OGRSpatialReference* stated, std::string& unusable);

}  // namespace yaan
