// Under the null a p-value is uniform: 1,000 maps of 500 points, 99 simulations each.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analyse/pattern_window.hpp"
#include "yaan/analyse/cross_k.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

// p takes the values 1/100, 2/100, ..., 1; by chance each is as likely. Chi-square on ten classes.
TEST(CrossK, HasUniformPValuesUnderRandomLabelling) {
  constexpr int kMaps = 1000;
  Layer window;
  window.name = "window";
  window.crs = Crs::local();
  window.geometry = rectangle_of({0, 0, 1000, 1000});
  std::vector<double> p(kMaps);
  parallel_blocks(kMaps, 1, [&](std::size_t begin, std::size_t, std::size_t) {
    std::mt19937 random(static_cast<unsigned>(begin));
    std::uniform_real_distribution<double> place(0, 1000), share(0, 1);
    std::normal_distribution<double> scatter(0, 20);
    Layer points;
    points.name = "points";
    points.crs = Crs::local();
    points.geometry = Geometry::points({}, {});
    Column kind("category", ColumnType::text);
    // Gathered places, because the test must not mind that; kinds by chance.
    while (points.geometry.x.size() < 500) {
      const double cx = place(random), cy = place(random);
      for (int i = 0; i < 5; ++i) {
        const double x = cx + scatter(random), y = cy + scatter(random);
        if (x < 0 || y < 0 || x > 1000 || y > 1000 || points.geometry.x.size() == 500) continue;
        points.geometry.x.push_back(x);
        points.geometry.y.push_back(y);
        kind.push(share(random) < 0.4 ? "craft" : "temple");
      }
    }
    points.columns.push_back(std::move(kind));
    points.roles.category = "category";
    MethodInputs inputs;
    inputs.layers["points"] = &points;
    inputs.layers["window"] = &window;
    CrossKOptions options;
    options.from_kind = "craft";
    options.to_kind = "temple";
    options.max_distance = Metres{100};
    options.steps = 20;
    options.seed = static_cast<std::int64_t>(begin);
    Progress progress;
    const MethodResult result = cross_k_method().run(inputs, options, progress);
    p[begin] = result.layers.front().column("p_global").reals().front();
  });
  std::vector<double> classes(10, 0);
  double significant = 0;
  for (const double value : p) {
    classes[static_cast<std::size_t>(std::ceil(value * 10 - 1e-9)) - 1] += 1;
    significant += value <= 0.05 + 1e-9;
  }
  double chi_square = 0;
  for (const double count : classes) chi_square += (count - kMaps / 10.0) * (count - kMaps / 10.0) / (kMaps / 10.0);
  EXPECT_LT(chi_square, 27.88);                   // the 0.1 % point on 9 degrees
  EXPECT_NEAR(significant / kMaps, 0.05, 0.023);  // 3.3 standard errors
  RecordProperty("chi_square", std::to_string(chi_square));
  RecordProperty("significant", std::to_string(significant / kMaps));
}

}  // namespace
}  // namespace yaan
