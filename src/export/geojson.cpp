#include "yaan/export/geojson.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "export/geojson_geometry.hpp"
#include "export/json_scan.hpp"
#include "export/json_string.hpp"
#include "export/properties.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/sha256.hpp"

namespace yaan {

namespace {

constexpr std::size_t kBlockRows = 512;    // of one thread's turn
constexpr std::size_t kBatchRows = 16384;  // between two writes, with a poll for cancelling
constexpr int kMostDecimals = 12;          // beyond, a double has no further digits of a longitude
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
  /// The record with its hash: SHA-256 of every byte of the document but these digits.
  void close_with(const std::string& record) {
    if (!record.ends_with(R"("content_sha256":""})")) throw std::logic_error("a run record ends with its hash");
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

/// Rows [begin, end) as text, a line each, the first row of all without a comma before it.
struct Features {
  std::string text;
  std::int64_t collapsed = 0;  ///< rings and lines left out
  std::int64_t infinite = 0;   ///< numbers written as null
};

Features features(const Layer& layer, std::size_t begin, std::size_t end, int decimals) {
  GeoJsonGeometry geometry(layer.geometry, decimals);
  JsonProperties properties(layer);
  Features written;
  std::string& text = written.text;
  for (std::size_t row = begin; row < end; ++row) {
    text += row == 0 ? "\n{\"type\":\"Feature\"," : ",\n{\"type\":\"Feature\",";
    properties.append_id(text, row);
    text += "\"properties\":";
    properties.append(text, row);
    text += ",\"geometry\":";
    const RoundedFeature& feature = geometry.rounded(row);
    written.collapsed += static_cast<std::int64_t>(feature.collapsed);
    geometry.append(text, feature);
    text += '}';
  }
  written.infinite = properties.infinite_numbers();
  return written;
}

}  // namespace

std::uint64_t stream_geojson(ByteSink& sink, const PublishedLayer& published, const PublishedRecord& record,
                             const GeoJsonOptions& options, Diagnostics& diagnostics, Progress& progress) {
  const Layer& layer = published.layer();
  check(layer, options);
  const std::string stage = "writing " + layer.name;

  HashedOutput out(sink);
  out.text = "{\"type\":\"FeatureCollection\",\n\"name\":";
  append_json_string(out.text, layer.name);
  std::string bbox;
  GeoJsonGeometry(layer.geometry, options.decimals).append_bbox(bbox);
  if (!bbox.empty()) out.text += ",\n\"bbox\":" + bbox;
  out.text += ",\n\"features\":[";
  std::int64_t collapsed = 0, infinite = 0;
  std::vector<Features> ready;
  const auto write_ready = [&] {
    for (const Features& block : ready) {
      out.text += block.text;
      out.flush();
      collapsed += block.collapsed;
      infinite += block.infinite;
    }
  };
  for (std::size_t first = 0; first < layer.size(); first += kBatchRows) {
    progress.throw_if_cancelled();
    progress.report(stage, static_cast<double>(first) / static_cast<double>(layer.size()));
    const std::size_t rows = std::min(kBatchRows, layer.size() - first);
    std::vector<Features> next(block_count(rows, kBlockRows));
    // One task hashes and writes the batch before this one while the others make the text.
    parallel_blocks(next.size() + 1, 1, [&](std::size_t task, std::size_t, std::size_t) {
      if (task == 0) {
        write_ready();
      } else {
        const std::size_t begin = first + (task - 1) * kBlockRows;
        next[task - 1] = features(layer, begin, std::min(begin + kBlockRows, first + rows), options.decimals);
      }
    });
    ready = std::move(next);
  }
  write_ready();
  out.text += "\n],\n\"yaan\":";
  out.close_with(record.json());
  progress.throw_if_cancelled();
  progress.report(stage, 1);

  if (collapsed != 0)
    diagnostics.add(Severity::skipped, "collapsed-ring", layer.name,
                    "rings and lines smaller than the decimals written are left out", collapsed);
  if (infinite != 0)
    diagnostics.add(Severity::repaired, "infinite-number", layer.name, "infinite numbers are written as null",
                    infinite);
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
