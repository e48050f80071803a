#pragma once
// Spatial weights as GeoDa's text files.

#include <string_view>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/whole_file.hpp"

namespace yaan {

/// Is the name that of a file of weights, .gal or .gwt?
bool is_weights_file(std::string_view file);

/// Writes a table with the columns from, to and weight, as its target's extension says, and finishes the file: .gal has
/// for each feature its neighbours, .gwt has each link with its weight. The head is "0 N LAYER id" with N features.
/// What a format cannot hold is counted: weights other than 1 (gal-without-weights), features without neighbours
/// (gwt-without-islands). The bytes are counted back. Throws UsageError for a layer without these columns and for an id
/// with a blank, OutputError, Cancelled. Returns the features.
std::uint64_t write_weights(WholeFile& file, const PublishedLayer& weights, Diagnostics& diagnostics,
                            Progress& progress);

}  // namespace yaan
