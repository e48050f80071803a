#pragma once
// Small layers for the tests of the writers.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <stdlib.h>

#include "yaan/core/layer.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/run_record.hpp"

namespace yaan::testing {

/// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "yaan-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    m_path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return m_path / name; }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(m_path), std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path m_path;
};

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline Column text_column(const std::string& name, const std::vector<std::string>& values) {
  Column column(name, ColumnType::text);
  for (const std::string& value : values) value.empty() ? column.push_null() : column.push(std::string_view(value));
  return column;
}

inline Column real_column(const std::string& name, const std::vector<double>& values) {
  return Column::of(name, values);
}

inline Layer layer_of(const std::string& name, Geometry geometry) {
  Layer layer;
  layer.name = name;
  layer.crs = Crs::wgs84();
  layer.geometry = std::move(geometry);
  return layer;
}

/// One polygon of one ring for each list of x, y, x, y, ... (closed by the test).
inline Geometry polygons_of(const std::vector<std::vector<std::vector<double>>>& features) {
  Geometry geometry = Geometry::empty(GeometryKind::polygon);
  for (const auto& rings : features) {
    for (const auto& ring : rings) {
      std::vector<double> x;
      std::vector<double> y;
      for (std::size_t i = 0; i + 1 < ring.size(); i += 2) {
        x.push_back(ring[i]);
        y.push_back(ring[i + 1]);
      }
      geometry.add_ring(x, y);
    }
    if (!rings.empty()) geometry.end_part();
    geometry.end_feature();
  }
  return geometry;
}

// Three open sites, one coarsened, one hidden.
inline constexpr double kHiddenLon = 98.9873612;
inline constexpr double kHiddenLat = 18.7964273;
inline constexpr double kCoarsenedLon = 98.9931547;
inline constexpr double kCoarsenedLat = 18.7882519;
inline constexpr const char* kHiddenId = "site-0042";
inline constexpr const char* kHiddenNameEn = "Shrine of the Quiet Spirit";
inline constexpr const char* kHiddenNameTh = "ศาลเจ้าพ่อเงียบ";

inline Layer sites() {
  Layer layer = layer_of("assets", Geometry::points({98.981, kHiddenLon, 98.985, kCoarsenedLon, 99.001},
                                                    {18.791, kHiddenLat, 18.783, kCoarsenedLat, 18.800}));
  layer.set(text_column("id", {"site-0041", kHiddenId, "site-0043", "site-0044", "site-0045"}));
  layer.set(text_column("name_th", {"วัดเจดีย์หลวง", kHiddenNameTh, "น้ำปู่ญู", "กาดหลวง", "ฏุ"}));
  layer.set(text_column("name_en", {"Wat Chedi Luang", kHiddenNameEn, "Nam Pu", "Kad Luang", "Fifth"}));
  layer.set(text_column("category", {"temple", "heritage_site", "craft", "market", "museum"}));
  layer.set(text_column("publication", {"open", "hidden", "", "coarsened", "open"}));
  layer.set(real_column("longitude", layer.geometry.x));
  layer.set(real_column("latitude", layer.geometry.y));
  layer.roles.id = "id";
  layer.roles.name_th = "name_th";
  layer.roles.name_en = "name_en";
  layer.roles.category = "category";
  layer.roles.publication = "publication";
  Source source;
  source.path = "creative_assets.csv";
  source.sha256 = std::string(64, 'a');
  source.title = {"Creative assets", "สินทรัพย์สร้างสรรค์"};
  source.licence = "CC-BY-4.0";
  source.attribution = "Yaan contributors";
  layer.sources.push_back(source);
  return layer;
}

inline RunRecord sample_record() {
  RunRecord record;
  record.version = "0.1.0";
  record.study = R"({"yaan_study":1,"title":{"en":"Chiang Mai","th":"เชียงใหม่"}})";
  record.study_sha256 = std::string(64, 'b');
  record.inputs = recorded_inputs(sites(), "assets");
  record.steps.push_back(
      {"dbscan",
       {{"points", std::string("assets")}, {"radius", Length(Metres{1000})}, {"min_points", std::int64_t{5}}},
       {{"clusters", std::int64_t{2}}, {"share", 0.25}}});
  record.output = {"layer", "assets", "sites.geojson", 4};
  record.diagnostics.add(Severity::note, "border", "assets", "a border site touches two clusters", 1, "site-0043");
  return record;
}

inline PublishedRecord open_record() { return publish(sample_record(), PublicationPolicy()); }

inline PublishedLayer published(const Layer& layer) {
  Diagnostics diagnostics;
  return publish(layer, PublicationPolicy(layer), diagnostics);
}

}  // namespace yaan::testing
