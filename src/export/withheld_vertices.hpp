#pragma once
// Takes protected positions out of the outlines of lines and polygons.

#include "export/publication_rules.hpp"
#include "yaan/core/geometry.hpp"

namespace yaan {

/// Removes every vertex of a line or polygon geometry that tells a protected position; polygons that lost one are made
/// valid again, and parts with too few vertices left go. Returns how many vertices were removed.
std::size_t withhold_vertices(Geometry& geometry, const PublicationPolicy& policy);

}  // namespace yaan
