#pragma once
// The layer of a scan's clusters: circles.

#include <vector>

#include "analyse/scan_places.hpp"

namespace yaan {

/// What is said of each.
std::vector<OutputField> scan_cluster_fields();

/// One circle for each cluster, about its middle and through its last place.
Layer scan_cluster_layer(const Method& method, const Layer& features, const ScanItems& items, const ScanResult& found,
                         double significance);

}  // namespace yaan
