#pragma once
// The features of a FlatGeobuf of points, in parallel.

#include <filesystem>
#include <vector>

#include "load/gdal_layer.hpp"

namespace yaan {

/// Reads the features straight from the file when all of them are plain: points of two coordinates or null geometries;
/// booleans, integers, numbers and texts, in the order of the columns. Names, types and the CRS are GDAL's, from the
/// layer that it opened with `plan` for its columns. The rows are those that GDAL gives (by test). Returns false, with
/// nothing read, when anything is unusual or wrong: then GDAL reads the layer, and says what is wrong.
///
/// Same rows whatever the threads. Complexity: linear. Memory: the columns, and some megabytes. Throws InputError for
/// more rows than the options allow, Cancelled.
bool read_point_flatgeobuf(const std::filesystem::path& file, OGRLayer& layer, const std::vector<FieldPlan>& plan,
                           RawLayer& raw, const ReadOptions& options, Progress& progress);

}  // namespace yaan
