// Real provinces and districts of Thailand, against GEOS.

#include <geos_c.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "yaan/analyse/assign_areas.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

Geometry read_polygons(const std::filesystem::path& file) {
  std::ifstream in(file);
  const nlohmann::json collection = nlohmann::json::parse(in);
  Geometry areas = Geometry::empty(GeometryKind::polygon);
  for (const auto& feature : collection.at("features")) {
    const auto& geometry = feature.at("geometry");
    nlohmann::json parts = geometry.at("coordinates");
    if (geometry.at("type") == "Polygon") parts = nlohmann::json::array({parts});
    for (const auto& part : parts) {
      for (const auto& ring : part) {
        std::vector<double> x, y;
        for (const auto& position : ring) {
          x.push_back(position.at(0).get<double>());
          y.push_back(position.at(1).get<double>());
        }
        areas.add_ring(x, y);
      }
      areas.end_part();
    }
    areas.end_feature();
  }
  return areas;
}

/// The features as GEOS sees them.
class Geos {
 public:
  explicit Geos(const Geometry& areas) : m_context(GEOS_init_r()) {
    for (std::size_t f = 0; f < areas.size(); ++f) {
      std::vector<GEOSGeometry*> parts;
      for (auto p = areas.feature_parts[f]; p < areas.feature_parts[f + 1]; ++p) {
        std::vector<GEOSGeometry*> rings;
        for (auto r = areas.part_rings[p]; r < areas.part_rings[p + 1]; ++r) {
          const auto x = areas.ring_x(r), y = areas.ring_y(r);
          GEOSCoordSequence* sequence = GEOSCoordSeq_copyFromArrays_r(m_context, x.data(), y.data(), nullptr, nullptr,
                                                                      static_cast<unsigned>(x.size()));
          rings.push_back(GEOSGeom_createLinearRing_r(m_context, sequence));
        }
        parts.push_back(
            GEOSGeom_createPolygon_r(m_context, rings[0], rings.data() + 1, static_cast<unsigned>(rings.size() - 1)));
      }
      m_features.push_back(
          GEOSGeom_createCollection_r(m_context, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
      m_prepared.push_back(GEOSPrepare_r(m_context, m_features.back()));
    }
  }
  ~Geos() {
    for (const auto* prepared : m_prepared) GEOSPreparedGeom_destroy_r(m_context, prepared);
    for (auto* feature : m_features) GEOSGeom_destroy_r(m_context, feature);
    GEOS_finish_r(m_context);
  }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  /// The first feature whose closed region holds the point.
  [[nodiscard]] std::int32_t first_holding(double x, double y) const {
    GEOSGeometry* point = GEOSGeom_createPointFromXY_r(m_context, x, y);
    std::int32_t found = -1;
    for (std::size_t f = 0; f < m_prepared.size() && found < 0; ++f)
      if (GEOSPreparedIntersects_r(m_context, m_prepared[f], point) == 1) found = static_cast<std::int32_t>(f);
    GEOSGeom_destroy_r(m_context, point);
    return found;
  }

 private:
  GEOSContextHandle_t m_context;
  std::vector<GEOSGeometry*> m_features;
  std::vector<const GEOSPreparedGeometry*> m_prepared;
};

class RealAreas : public testing::TestWithParam<std::string> {};

TEST_P(RealAreas, HoldTheSamePointsAsInGeos) {
  const char* shared = std::getenv("YAAN_SHARED");
  const auto file = std::filesystem::path(shared == nullptr ? "" : shared) / "data" / "boundaries" / GetParam();
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no reference data: set YAAN_SHARED";
  const Geometry areas = read_polygons(file);
  const Box box = areas.bounds();
  std::mt19937_64 random(77);
  std::vector<double> x, y;
  for (int i = 0; i < 4000; ++i) {
    x.push_back(std::uniform_real_distribution<double>(box.min_x - 0.1, box.max_x + 0.1)(random));
    y.push_back(std::uniform_real_distribution<double>(box.min_y - 0.1, box.max_y + 0.1)(random));
  }
  for (int i = 0; i < 4000; ++i) {  // vertices, most of them shared, and places between two of them
    const auto v = static_cast<std::size_t>(random() % (areas.x.size() - 1));
    const double share = i % 2 == 0 ? 0 : std::uniform_real_distribution<double>(0, 1)(random);
    x.push_back(areas.x[v] + share * (areas.x[v + 1] - areas.x[v]));
    y.push_back(areas.y[v] + share * (areas.y[v + 1] - areas.y[v]));
  }
  AssignAreasOptions options;
  Progress progress;
  set_thread_count(2);
  const AreaAssignment got = assign_areas(x, y, areas, Crs::wgs84(), options, progress);
  set_thread_count(1);
  const AreaAssignment alone = assign_areas(x, y, areas, Crs::wgs84(), options, progress);
  set_thread_count(0);
  EXPECT_EQ(got.area, alone.area);

  const Geos geos(areas);
  std::size_t different = 0, held = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int32_t holder = geos.first_holding(x[i], y[i]);
    held += holder >= 0;
    const std::int32_t ours = got.distance[i] == 0 ? got.area[i] : -1;
    // GEOS puts a point outside whose distance from a border is below what a double can tell: it takes that area too.
    const bool hair =
        holder < 0 && ours >= 0 && distance_to_edges(areas, static_cast<std::size_t>(ours), x[i], y[i]) < 1e-12;
    different += ours != holder && !hair;
  }
  EXPECT_EQ(different, 0U);
  EXPECT_GT(held, 4000U);
  EXPECT_GT(got.nearest, 0);
  EXPECT_GT(got.outside, 0);
}

INSTANTIATE_TEST_SUITE_P(Thailand, RealAreas,
                         testing::Values("mapthai_th_adm1.geojson", "mapthai_th_adm2.geojson",
                                         "ne10m_qgis_thailand.geojson"),
                         [](const auto& set) { return set.param.substr(0, set.param.find('.')); });

}  // namespace
}  // namespace yaan
