// Writes GeoJSON of every kind into a folder, for the checks of check_rfc7946.py.

#include <iostream>
#include <random>

#include "export/contract_layers.hpp"
#include "yaan/core/error.hpp"
#include "yaan/export/geojson.hpp"

namespace {

using namespace yaan;           // NOLINT
using namespace yaan::testing;  // NOLINT

Layer stars_about_the_antimeridian() {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<std::vector<std::vector<double>>> features;
  for (int f = 0; f < 60; ++f) {
    const double cx = 165 + 30 * unit(random);
    const double cy = 120 * unit(random) - 60;
    std::vector<double> outer;
    std::vector<double> hole;
    const auto wrapped = [](double lon) { return lon > 180 ? lon - 360 : lon; };
    for (int i = 0; i <= 16; ++i) {
      const double angle = 2 * M_PI * (i % 16) / 16;
      const double r = i % 2 == 0 ? 6 : 15;
      outer.insert(outer.end(), {wrapped(cx + r * std::cos(angle)), cy + r * std::sin(angle)});
      hole.insert(hole.end(), {wrapped(cx + 2 * std::cos(angle)), cy + 2 * std::sin(angle)});
    }
    features.push_back({outer, hole});
  }
  return layer_of("stars", polygons_of(features));
}

Layer lines() {
  Geometry geometry = Geometry::empty(GeometryKind::line);
  geometry.add_ring(std::vector<double>{100, 101}, std::vector<double>{13, 14});
  geometry.end_feature();
  geometry.add_ring(std::vector<double>{170, -170, 170}, std::vector<double>{0, 10, 20});
  geometry.end_feature();
  geometry.end_feature();
  return layer_of("lines", geometry);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    Progress progress;
    Diagnostics diagnostics;
    Layer odd = layer_of("odd \"name\"", Geometry::points({179.5, -179.5, 100}, {1, 2, 3}));
    odd.set(text_column("text", {"{[\"\\\n", "ย่านน้ำปู่", ""}));
    const std::vector<Layer> layers{
        contract_districts(),
        contract_sites(),
        stars_about_the_antimeridian(),
        lines(),
        odd,
        layer_of("empty", Geometry::points({}, {})),
        layer_of("poles",
                 polygons_of({{{0, -70, -90, -72, 180, -74, 90, -72, 0, -70}}, {{10, 80, 130, 80, -110, 80, 10, 80}}})),
        layer_of("world", polygons_of({{{-180, -90, 180, -90, 180, 90, -180, 90, -180, -90}}}))};
    WholeSet set;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string name = i == 4 ? "odd" : layers[i].name;
      write_geojson(set.add(std::filesystem::path(argv[1]) / (name + ".geojson")), published(layers[i]), open_record(),
                    {}, diagnostics, progress);
    }
    set.commit();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
