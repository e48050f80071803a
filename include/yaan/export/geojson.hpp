#pragma once
// GeoJSON by RFC 7946 (2016): WGS 84, right-hand rule, bbox, cut at the antimeridian, foreign member `yaan` with the
// run record. One feature a line, in the layer's order; same layer, same bytes.

#include <cstdint>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/run_record.hpp"
#include "yaan/export/whole_file.hpp"

namespace yaan {

struct GeoJsonOptions {
  int decimals = 7;  ///< of coordinates, 0 to 12; 7 is about a centimetre
};

/// Writes the layer as a FeatureCollection.
/// - Positions are longitude, latitude; longitudes are brought into -180..180.
/// - An edge longer than 180 degrees of longitude is taken the short way round, across the antimeridian (an edge of
///   exactly 360 is kept as drawn); lines and polygons are cut there (RFC 7946 section 3.1.9). A ring about a pole is
///   closed over the pole that lies nearer.
/// - Outer rings run counter-clockwise, holes clockwise. Rings that collapse at the decimals written are left out
///   (`collapsed-ring`, counted); a feature without any position left has a null geometry.
/// - bbox is the smallest box; west is larger than east when it crosses the antimeridian (section 5.2). None for a
/// layer
///   without positions.
/// - `id` is the text or integer of the layer's id column. Properties are all columns: numbers shortest, dates ISO
/// 8601,
///   lists as arrays, missing values null; infinite numbers become null (`infinite-number`, counted). Bytes that are
///   not UTF-8 become U+FFFD.
/// Throws UsageError for a layer whose plane is tied to no place on earth or for decimals out of range, OutputError
/// when the sink fails, Cancelled. Returns the features written. Cost: O(vertices + values), buffers of 64 KiB.
std::uint64_t stream_geojson(ByteSink& sink, const PublishedLayer& layer, const PublishedRecord& record,
                             const GeoJsonOptions& options, Diagnostics& diagnostics, Progress& progress);

/// stream_geojson into a file, finished: the features are counted back from the disk. The caller commits.
std::uint64_t write_geojson(WholeFile& file, const PublishedLayer& layer, const PublishedRecord& record,
                            const GeoJsonOptions& options, Diagnostics& diagnostics, Progress& progress);

/// Counts the members of the top-level array of objects (`features`) of a JSON file without building it. Throws
/// OutputError when the document is not closed.
std::uint64_t count_features(const std::filesystem::path& file);

}  // namespace yaan
