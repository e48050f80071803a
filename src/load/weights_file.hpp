#pragma once
// Files of spatial weights: .gal, .gwt and .kwt.

#include <filesystem>
#include <string>

#include "load/raw_layer.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// A table with the columns from, to (texts) and weight (numbers), one row for each link in the order of the file.
///
/// GAL: a head, "N" or "0 N LAYER KEY", then for each feature a line "ID COUNT" and a line of COUNT neighbours' ids
/// (which may be left out where it is 0); each link weighs 1, and a feature without neighbours has one row without to
/// and weight. GWT and KWT: the same head, then lines "FROM TO WEIGHT". Ids hold no blanks. Blank lines between records
/// are passed over.
///
/// Throws InputError, with the line, for anything else: another number of features than the head says, fewer or more
/// neighbours than counted, an id twice or of no feature (GAL), a weight that is no number or negative, bytes that are
/// not UTF-8; and for more links than the options allow. O(bytes).
RawLayer read_weights(const std::filesystem::path& file, const std::string& shown, const ReadOptions& options,
                      Progress& progress);

}  // namespace yaan
