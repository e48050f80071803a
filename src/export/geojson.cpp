#include "yaan/export/geojson.hpp"

#include <stdexcept>
#include <string>

#include "export/geojson_geometry.hpp"
#include "export/json_scan.hpp"
#include "export/properties.hpp"
#include "export/utf8.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::size_t kRowsBetweenPolls = 4096;
constexpr int kMostDecimals = 12;  // beyond, a double has no further digits of a longitude
constexpr std::string_view kHashClosing = "\"}";

void check(const Layer& layer, const GeoJsonOptions& options) {
  if (options.decimals < 0 || options.decimals > kMostDecimals)
    throw UsageError("GeoJSON cannot have " + std::to_string(options.decimals) + " decimals",
                     "use 0 to " + std::to_string(kMostDecimals));
  if (layer.geometry.kind != GeometryKind::none && !layer.crs.is_wgs84())
    throw UsageError("layer " + layer.name + " lies in a plane of its own (" + layer.crs.name() +
                         "): GeoJSON needs longitudes and latitudes",
                     "give its CRS with --crs, or write a CSV table");
}

/// Collects text, hashes it and hands it on in blocks.
class HashedOutput {
 public:
  explicit HashedOutput(ByteSink& sink) : m_sink(sink) {}
  std::string text;  ///< what comes next; taken by flush()

  void flush() {
    m_hash.update(text);
    m_sink.write(text);
    text.clear();
  }
  void flush_when_full() {
    if (text.size() >= kBlockBytes) flush();
  }
  /// The record with its hash: SHA-256 of every byte of the document but these digits.
  void close_with(const std::string& record) {
    if (!record.ends_with("\"content_sha256\":\"\"}")) throw std::logic_error("a run record ends with its hash");
    text += record.substr(0, record.size() - kHashClosing.size());
    flush();
    const std::string rest = std::string(kHashClosing) + "}\n";
    m_hash.update(rest);
    m_sink.write(m_hash.hex() + rest);
  }

 private:
  ByteSink& m_sink;
  Sha256 m_hash;
};

}  // namespace

std::uint64_t stream_geojson(ByteSink& sink, const PublishedLayer& published, const PublishedRecord& record,
                             const GeoJsonOptions& options, Diagnostics& diagnostics, Progress& progress) {
  const Layer& layer = published.layer();
  check(layer, options);
  GeoJsonGeometry geometry(layer.geometry, options.decimals);
  JsonProperties properties(layer);
  const std::string stage = "writing " + layer.name;

  HashedOutput out(sink);
  out.text = "{\"type\":\"FeatureCollection\",\n\"name\":";
  append_json_string(out.text, layer.name);
  std::string bbox;
  geometry.append_bbox(bbox);
  if (!bbox.empty()) out.text += ",\n\"bbox\":" + bbox;
  out.text += ",\n\"features\":[";
  std::int64_t collapsed = 0;
  for (std::size_t row = 0; row < layer.size(); ++row) {
    if (row % kRowsBetweenPolls == 0) {
      progress.throw_if_cancelled();
      progress.report(stage, static_cast<double>(row) / static_cast<double>(layer.size()));
    }
    out.text += row == 0 ? "\n{\"type\":\"Feature\"," : ",\n{\"type\":\"Feature\",";
    properties.append_id(out.text, row);
    out.text += "\"properties\":";
    properties.append(out.text, row);
    out.text += ",\"geometry\":";
    const RoundedFeature& feature = geometry.rounded(row);
    collapsed += static_cast<std::int64_t>(feature.collapsed);
    geometry.append(out.text, feature);
    out.text += '}';
    out.flush_when_full();
  }
  out.text += "\n],\n\"yaan\":";
  out.close_with(record.json());
  progress.throw_if_cancelled();
  progress.report(stage, 1);

  if (collapsed != 0)
    diagnostics.add(Severity::skipped, "collapsed-ring", layer.name,
                    "rings and lines smaller than the decimals written are left out", collapsed);
  if (properties.infinite_numbers() != 0)
    diagnostics.add(Severity::repaired, "infinite-number", layer.name, "infinite numbers are written as null",
                    properties.infinite_numbers());
  return layer.size();
}

std::uint64_t write_geojson(WholeFile& file, const PublishedLayer& layer, const PublishedRecord& record,
                            const GeoJsonOptions& options, Diagnostics& diagnostics, Progress& progress) {
  const std::uint64_t features = stream_geojson(file, layer, record, options, diagnostics, progress);
  file.finish([&](const std::filesystem::path& written) {
    const std::uint64_t counted = count_features(written);
    if (counted != features)
      throw OutputError("cannot write '" + file.target().string() + "': " + std::to_string(counted) + " of " +
                        std::to_string(features) + " features arrived on the disk");
  });
  return features;
}

std::uint64_t count_features(const std::filesystem::path& file) {
  const JsonScan scan = scan_json(file);
  if (!scan.complete) throw OutputError("'" + file.string() + "' is not a whole JSON document");
  return scan.features;
}

}  // namespace yaan
