#pragma once
// The layer of a scan's clusters: circles.

#include <string>
#include <string_view>
#include <vector>

#include "analyse/scan_places.hpp"

namespace yaan {

/// more, fewer or not significant; "" where nothing was tested.
std::string_view scan_mark(const ScanCluster& cluster, const ScanResult& found, double significance);
/// The column of such marks, by which maps are coloured.
OutputField scan_mark_field(const std::string& name);

/// What is said of each.
std::vector<OutputField> scan_cluster_fields();

/// One circle for each cluster, about its middle and through its last place.
Layer scan_cluster_layer(const Method& method, const Layer& features, const ScanItems& items, const ScanResult& found,
                         double significance);

}  // namespace yaan
