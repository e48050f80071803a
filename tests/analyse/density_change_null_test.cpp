// Under the null the p-value of the whole map is uniform: 1,000 pairs of snapshots, 99 permutations each.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "yaan/analyse/density_change.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

struct Map {
  double p_global = 1;
  double p_somewhere = 1;  ///< of one cell in the middle
};

/// Gathered sites, found by chance in one of two snapshots; `planted` more in the later one at one place.
Map map_of(unsigned seed, int planted) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 1000), share(0, 1);
  std::normal_distribution<double> scatter(0, 60);
  std::vector<double> x[2], y[2];
  for (int knot = 0; knot < 12; ++knot) {
    const double cx = place(random), cy = place(random);
    for (int i = 0; i < 10; ++i) {
      const std::size_t late = share(random) < 0.6 ? 1 : 0;
      x[late].push_back(cx + scatter(random));
      y[late].push_back(cy + scatter(random));
    }
  }
  for (int i = 0; i < planted; ++i) {
    x[1].push_back(500 + scatter(random));
    y[1].push_back(500 + scatter(random));
  }
  DensityChangeOptions options;
  options.permutations = 99;
  options.kernel = Kernel::quartic;
  options.edge_correction = false;
  options.seed = static_cast<std::int64_t>(seed);
  Progress progress;
  const Grid window = Grid::covering({0, 0, 1000, 1000}, 100, 1000, Crs::local());
  const DensityChange change =
      density_change({x[0], y[0], {}}, {x[1], y[1], {}}, window, Metres{200}, options, progress);
  Map map;
  for (const double p : change.p_global.values) map.p_global = std::isnan(p) ? map.p_global : std::min(map.p_global, p);
  map.p_somewhere = change.p.values[*change.p.cell_at(510, 510)];
  return map;
}

std::vector<Map> maps_of(std::size_t count, int planted) {
  std::vector<Map> maps(count);
  parallel_blocks(count, 1, [&](std::size_t begin, std::size_t, std::size_t) {
    maps[begin] = map_of(static_cast<unsigned>(begin), planted);
  });
  return maps;
}

// p takes the values 1/100, 2/100, ..., 1; by chance each is as likely. Chi-square on ten classes.
TEST(DensityChange, HasUniformGlobalPValuesWithoutChange) {
  constexpr std::size_t kMaps = 1000;
  std::vector<double> classes(10, 0);
  double significant = 0, somewhere = 0;
  for (const Map& map : maps_of(kMaps, 0)) {
    classes[static_cast<std::size_t>(std::ceil(map.p_global * 10 - 1e-9)) - 1] += 1;
    significant += map.p_global <= 0.05 + 1e-9;
    somewhere += map.p_somewhere <= 0.04 + 1e-9;
  }
  double chi_square = 0;
  for (const double count : classes) chi_square += (count - kMaps / 10.0) * (count - kMaps / 10.0) / (kMaps / 10.0);
  EXPECT_LT(chi_square, 27.88);                   // the 0.1 % point on 9 degrees
  EXPECT_NEAR(significant / kMaps, 0.05, 0.023);  // 3.3 standard errors
  EXPECT_NEAR(somewhere / kMaps, 0.04, 0.021);    // two-sided p of one cell: .02, .04, ...
  RecordProperty("chi_square", std::to_string(chi_square));
  RecordProperty("significant", std::to_string(significant / kMaps));
  RecordProperty("somewhere", std::to_string(somewhere / kMaps));
}

TEST(DensityChange, HasPowerAgainstAPlantedKnot) {
  constexpr std::size_t kMaps = 200;
  double found = 0;
  for (const Map& map : maps_of(kMaps, 30)) found += map.p_global <= 0.05 + 1e-9;
  EXPECT_GT(found / kMaps, 0.5);
  RecordProperty("power", std::to_string(found / kMaps));
}

}  // namespace
}  // namespace yaan
