#pragma once
// What RFC 7946 forbids or advises against and GDAL reads without a word.

#include <filesystem>
#include <string>
#include <string_view>

#include "yaan/core/diagnostics.hpp"

namespace yaan {

/// Looks at the structure of a GeoJSON of at most 64 MiB that is JSON, and counts by feature:
///   doubt  geojson-rule: a feature without the type Feature, an id that is neither text nor number, a bbox that is not
///          four or six numbers, members that are there twice, an unknown type, coordinates that are not those of the
///          type, members of another type of object (section 7.1), a position of one or of more than
///          three numbers, a collection within a collection
///   note   geojson-advice: a collection of one geometry; polygons whose outer rings run clockwise or holes
///          counter-clockwise (section 3.1.6; outputs follow the rule); positions of more than nine decimals (11.2)
/// Nothing is changed. Linear.
void check_geojson_rules(const std::filesystem::path& file, std::string_view where, Diagnostics& diagnostics);

/// The first of those doubts, for a file that GDAL refuses; "" for none.
std::string geojson_fault(const std::filesystem::path& file);

}  // namespace yaan
