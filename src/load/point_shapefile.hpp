#pragma once
// The rows of a Shapefile of points, in parallel.

#include <filesystem>
#include <vector>

#include "load/gdal_layer.hpp"

namespace yaan {

/// Reads the rows straight from the .shp, .shx and .dbf when all of them are plain: points of two finite coordinates or
/// null shapes; no row deleted; numbers, dates (YYYYMMDD) and texts as dBASE III has them. Names, types and the CRS are
/// GDAL's, from the layer that it opened with `plan` for its columns. The rows are those that GDAL gives (by test),
/// with the bytes of texts as they are. Returns false, with nothing read, when anything is unusual or wrong: then GDAL
/// reads the file, and says what is wrong.
///
/// Same rows whatever the threads. Complexity: linear. Memory: the columns, and some megabytes. Throws InputError for
/// more rows than the options allow, Cancelled.
bool read_point_shapefile(const std::filesystem::path& shp, OGRLayer& layer, const std::vector<FieldPlan>& plan,
                          RawLayer& raw, const ReadOptions& options, Progress& progress);

}  // namespace yaan
