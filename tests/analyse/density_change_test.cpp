// Where a density changed: against all labellings of a few points, and what must not count as change.
#include "yaan/analyse/density_change.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "area_samples.hpp"

namespace yaan {
namespace {

using Numbers = std::vector<double>;

struct Places {
  Numbers x, y;
  [[nodiscard]] DensityPoints points() const { return {x, y, {}}; }
};

Places scattered(std::size_t n, unsigned seed, double middle_x = 500, double middle_y = 500, double spread = 0) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> anywhere(0, 1000);
  std::normal_distribution<double> scatter(0, std::max(spread, 1.0));
  Places places;
  for (std::size_t i = 0; i < n; ++i) {
    places.x.push_back(spread > 0 ? middle_x + scatter(random) : anywhere(random));
    places.y.push_back(spread > 0 ? middle_y + scatter(random) : anywhere(random));
  }
  return places;
}

Places joined(Places a, const Places& b) {
  a.x.insert(a.x.end(), b.x.begin(), b.x.end());
  a.y.insert(a.y.end(), b.y.begin(), b.y.end());
  return a;
}

Grid window() { return Grid::covering({0, 0, 1000, 1000}, 100, 1000, Crs::local()); }

DensityChange changed(const Places& before, const Places& after, std::int64_t permutations,
                      Kernel kernel = Kernel::quartic) {
  DensityChangeOptions options;
  options.kernel = kernel;
  options.edge_correction = false;
  options.permutations = permutations;
  Progress progress;
  return density_change(before.points(), after.points(), window(), Metres{300}, options, progress);
}

/// Of the hills of some points at a cell's centre.
double hills(const Places& all, unsigned chosen, double cx, double cy) {
  double sum = 0;
  for (std::size_t i = 0; i < all.x.size(); ++i) {
    if ((chosen >> i & 1U) == 0) continue;
    const double u = ((all.x[i] - cx) * (all.x[i] - cx) + (all.y[i] - cy) * (all.y[i] - cy)) / (300 * 300);
    if (u < 1) sum += (1 - u) * (1 - u);
  }
  return sum;
}

/// p of one cell, and the share of maps whose largest residual reaches it, over all labellings.
struct Exact {
  Numbers p, global;
};

Exact all_labellings(const Places& all, int later, unsigned observed) {
  const Grid cells = window();
  std::vector<Numbers> residuals;
  Numbers mine;
  for (unsigned chosen = 0; chosen < 1U << all.x.size(); ++chosen) {
    if (std::popcount(chosen) != later) continue;
    Numbers residual;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double cx = cells.centre_x(i % cells.columns), cy = cells.centre_y(i / cells.columns);
      const double both = hills(all, ~0U, cx, cy), share = later / static_cast<double>(all.x.size());
      residual.push_back(both > 0 ? (hills(all, chosen, cx, cy) - both * share) / std::sqrt(both) : 0);
    }
    if (chosen == observed) mine = residual;
    residuals.push_back(std::move(residual));
  }
  Exact exact;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    double above = 0, below = 0, global = 0;
    for (const Numbers& one : residuals) {
      double most = 0;
      for (const double value : one) most = std::max(most, std::abs(value));
      above += one[i] >= mine[i] - 1e-9;
      below += one[i] <= mine[i] + 1e-9;
      global += most >= std::abs(mine[i]) - 1e-9;
    }
    const auto maps = static_cast<double>(residuals.size());
    exact.p.push_back(std::min(1.0, 2 * std::min(above, below) / maps));
    exact.global.push_back(global / maps);
  }
  return exact;
}

// Nine points, four of them later: 126 labellings. 4,999 permutations come as near as 4 standard errors.
TEST(DensityChange, HasThePValuesOfAllLabellings) {
  const Places before = scattered(5, 1), after = scattered(4, 2);
  constexpr std::int64_t kPermutations = 4999;
  const DensityChange change = changed(before, after, kPermutations);
  const Exact exact = all_labellings(joined(before, after), 4, 0b111100000);
  int looked_at = 0;
  for (std::size_t i = 0; i < change.p.size(); ++i) {
    const double p = change.p.values[i];
    if (std::isnan(p)) continue;
    ++looked_at;
    const double tail = exact.p[i] / 2, error = 4 * std::sqrt(tail * (1 - tail) / kPermutations) + 1e-3;
    EXPECT_NEAR(p, exact.p[i], 2 * error) << i;
    EXPECT_NEAR(change.p_global.values[i], exact.global[i], 4 * std::sqrt(0.25 / kPermutations) + 1e-3) << i;
  }
  EXPECT_GT(looked_at, 50);
}

// Every site was found twice as often, and nothing changed.
TEST(DensityChange, DoesNotTakeGrowthOfAllForChange) {
  const Places before = scattered(60, 3);
  for (const Kernel kernel : {Kernel::gaussian, Kernel::quartic}) {
    const DensityChange change = changed(before, joined(before, before), 99, kernel);
    for (std::size_t i = 0; i < change.p.size(); ++i) {
      EXPECT_NEAR(change.after.values[i], 2 * change.before.values[i], 1e-9 * change.after.values[i] + 1e-15);
      if (std::isnan(change.p.values[i])) continue;
      EXPECT_GT(change.p.values[i], 0.5);  // the residual is 0, the middle of what the permutations have
      EXPECT_EQ(change.p_global.values[i], 1);
    }
  }
}

TEST(DensityChange, FindsAPlantedKnotAndWhatItTookFrom) {
  const Places before = scattered(200, 4);
  const Places after = joined(scattered(200, 5), scattered(60, 6, 250, 750, 60));
  const DensityChange change = changed(before, after, 199);
  const std::size_t there = *change.p.cell_at(250, 750);
  EXPECT_EQ(change.p.values[there], 2.0 / 200);
  EXPECT_EQ(change.p_global.values[there], 1.0 / 200);
  EXPECT_GT(change.residual.values[there], 0);
  EXPECT_EQ(change.largest.size(), 199U);
}

TEST(DensityChange, TestsNothingWithoutPointsOrPermutations) {
  const Places some = scattered(20, 8);
  for (const DensityChange& change : {changed({}, some, 19), changed(some, {}, 19), changed(some, some, 0)}) {
    for (const double p : change.p.values) EXPECT_TRUE(std::isnan(p));
    EXPECT_TRUE(change.largest.empty());
  }
  EXPECT_EQ(mass(changed({}, some, 19).before), 0);
}

Layer layer_of(const Places& places) {
  Layer layer = sites({}, {});
  layer.geometry = Geometry::points(places.x, places.y);
  layer.columns.clear();
  layer.roles = {};
  return layer;
}

MethodResult run_on(const Layer& before, const Layer& after, const Layer* areas = nullptr) {
  MethodInputs inputs;
  inputs.layers = {{"points", &after}, {"before", &before}};
  if (areas != nullptr) inputs.layers["areas"] = areas;
  DensityChangeOptions options;
  options.bandwidth = Metres{100};
  options.cell_size = Metres{50};
  Progress progress;
  return density_change_method().run(inputs, options, progress);
}

// The knot moved from the south west to the north east.
TEST(DensityChangeMethod, DrawsWhatGrewAndWhatShrank) {
  const Places ground = scattered(100, 9);
  const Layer before = layer_of(joined(ground, scattered(50, 10, 200, 200, 40)));
  const Layer after = layer_of(joined(scattered(100, 11), scattered(50, 12, 800, 800, 40)));
  const Layer areas = squares({"all"}, {{0, 0}}, 1000);
  for (const Layer* study : {static_cast<const Layer*>(nullptr), &areas}) {
    const MethodResult result = run_on(before, after, study);
    const Layer& drawn = result.layers.front();
    bool grown = false, shrunk = false;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const std::string mark = drawn.column("mark").display(i);
      grown |= mark == "grown" && locate(drawn.geometry, i, 800, 800) == Inside::inside;
      shrunk |= mark == "shrunk" && locate(drawn.geometry, i, 200, 200) == Inside::inside;
      const double least = drawn.column("p_global").reals()[i];
      const double ratio = drawn.column("share_ratio").number(i).value_or(9);
      EXPECT_EQ(mark.ends_with("grown"), ratio > 1) << ratio;
      EXPECT_EQ(mark.starts_with("maybe"), least > 0.05);
    }
    EXPECT_EQ(drawn.column("mark").remark.en,
              "p at most 0.05, allowing for the whole map; 199 random labellings; maybe: for each place alone");
    EXPECT_TRUE(grown);
    EXPECT_TRUE(shrunk);
    EXPECT_LE(column(result, "change_p_global").reals()[120], 0.05);
    EXPECT_GT(column(result, "change_log_ratio").reals()[120], 0);
  }
}

// A hidden point that came adds to no density: the change would tell where it is.
TEST(DensityChangeMethod, LeavesHiddenPointsOut) {
  const Places some = scattered(30, 13);
  const Layer before = layer_of(some);
  Layer after = layer_of(joined(some, {{500}, {500}}));
  Column level("level", ColumnType::text);
  for (std::size_t i = 0; i < 30; ++i) level.push("open");
  level.push("hidden");
  after.set(std::move(level));
  after.roles.publication = "level";
  const MethodResult result = run_on(before, after);
  EXPECT_EQ(result.diagnostics.count("hidden-left-out"), 1);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(column(result, "change_km2").reals()[i], 0);
  EXPECT_TRUE(column(result, "change_km2").is_null(30));
}

TEST(DensityChangeMethod, DoubtsAnEmptySnapshot) {
  const Layer nobody = layer_of({}), some = layer_of(scattered(5, 14));
  for (const auto& [before, after] : {std::pair(&nobody, &some), std::pair(&some, &nobody)}) {
    const MethodResult result = run_on(*before, *after);
    EXPECT_EQ(result.diagnostics.count("empty-snapshot"), 1);
    EXPECT_EQ(result.layers.front().size(), 0U);
  }
}

// Two lists of two places are most likely two survey areas.
TEST(DensityChangeMethod, DoubtsSnapshotsWithoutCommonGround) {
  const Places here = scattered(40, 15);
  Places there = scattered(40, 16);
  for (double& x : there.x) x += 3000;
  const auto doubts = [](const Places& before, const Places& after) {
    return run_on(layer_of(before), layer_of(after)).diagnostics.count("no-common-ground");
  };
  EXPECT_EQ(doubts(here, there), 1);
  EXPECT_EQ(doubts(there, here), 1);
  EXPECT_EQ(doubts(here, joined(there, {{here.x[0] + 90}, {here.y[0]}})), 0) << "within the bandwidth";
  EXPECT_EQ(doubts(here, scattered(40, 17)), 0);
  EXPECT_EQ(doubts(here, here), 0);
  EXPECT_EQ(doubts(here, scattered(4, 18, 5000, 5000, 20)), 0) << "too few to tell";
  EXPECT_EQ(doubts({}, here), 0);
  Places sparse, between;  // all alone, so that chance may well part them
  for (int i = 0; i < 10; ++i)
    (i % 2 == 0 ? sparse : between) = joined(i % 2 == 0 ? sparse : between, {{400.0 * i}, {0}});
  EXPECT_EQ(doubts(sparse, between), 0);
}

// The ratio is of the densities, whether or not anything is tested.
TEST(DensityChangeMethod, HasRatiosWithoutPermutations) {
  const Layer before = layer_of(scattered(60, 20)), after = layer_of(scattered(80, 21));
  MethodInputs inputs;
  inputs.layers = {{"points", &after}, {"before", &before}};
  DensityChangeOptions options;
  options.bandwidth = Metres{100};
  options.cell_size = Metres{50};
  Progress progress;
  const MethodResult tested = density_change_method().run(inputs, options, progress);
  options.permutations = 0;
  const MethodResult plain = density_change_method().run(inputs, options, progress);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_TRUE(column(plain, "change_p").is_null(i));
    ASSERT_FALSE(column(plain, "change_log_ratio").is_null(i)) << i;
    EXPECT_EQ(column(plain, "change_log_ratio").reals()[i], column(tested, "change_log_ratio").reals()[i]);
  }
}

// A quotient by what a distant hill leaves there is no ratio.
TEST(DensityChangeMethod, HasNoRatioToNextToNothing) {
  const Places ground = scattered(60, 22, 200, 200, 20);
  const Layer before = layer_of(ground), after = layer_of(joined(ground, scattered(60, 23, 900, 900, 20)));
  const MethodResult result = run_on(before, after);
  const Layer& drawn = result.layers.front();
  bool there = false;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (locate(drawn.geometry, i, 900, 900) != Inside::inside) continue;
    there = true;
    EXPECT_TRUE(drawn.column("share_ratio").is_null(i)) << drawn.column("share_ratio").display(i);
  }
  EXPECT_TRUE(there);
  EXPECT_TRUE(column(result, "change_log_ratio").is_null(100));
  EXPECT_FALSE(column(result, "change_log_ratio").is_null(10));
}

}  // namespace
}  // namespace yaan
