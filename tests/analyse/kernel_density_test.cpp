#include "yaan/analyse/kernel_density.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>
#include <thread>

#include "yaan/core/error.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Points {
  std::vector<double> x, y, w;
};

Points clustered(std::size_t n, unsigned seed, double width, double height) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> anywhere(0, 1);
  std::normal_distribution<double> scatter(0, 0.03);
  Points points;
  for (std::size_t i = 0; i < n; ++i) {
    const bool gathered = i % 3 != 0;
    points.x.push_back(width *
                       (gathered ? 0.3 + 0.1 * static_cast<double>(i % 4) + scatter(random) : anywhere(random)));
    points.y.push_back(height * (gathered ? 0.6 + scatter(random) : anywhere(random)));
    points.w.push_back(anywhere(random) * 4);
  }
  return points;
}

/// The definition, term by term.
double sum_at(const Points& points, double gx, double gy, Kernel kernel, double b) {
  double sum = 0;
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    const double weight = points.w.empty() ? 1 : points.w[i];
    const double dd = (gx - points.x[i]) * (gx - points.x[i]) + (gy - points.y[i]) * (gy - points.y[i]);
    if (kernel == Kernel::gaussian) {
      sum += weight / (2 * std::numbers::pi * b * b) * std::exp(-dd / (2 * b * b));
    } else if (dd < b * b) {
      const double q = 1 - dd / (b * b);
      sum += weight * 3 / (std::numbers::pi * b * b) * q * q;
    }
  }
  return sum * 1e6;
}

/// The kernel over the window's cells by Gauss-Legendre rules of three points on four parts of each side.
double mass_at(const Grid& window, double gx, double gy, Kernel kernel, double b) {
  const Points one{{gx}, {gy}, {}};
  constexpr std::array kPlace = {-0.7745966692414834, 0.0, 0.7745966692414834};
  constexpr std::array kWeight = {5.0 / 18, 8.0 / 18, 5.0 / 18};
  const double part = window.cell / 4;
  double sum = 0;
  for (std::size_t r = 0; r < window.rows; ++r)
    for (std::size_t c = 0; c < window.columns; ++c) {
      if (std::isnan(window.at(c, r))) continue;
      for (std::size_t j = 0; j < 12; ++j)
        for (std::size_t i = 0; i < 12; ++i) {
          const auto place = [&](double centre, std::size_t k) {
            return centre + (static_cast<double>(k / 3) - 1.5 + kPlace[k % 3] / 2) * part;
          };
          sum += kWeight[i % 3] * kWeight[j % 3] *
                 sum_at(one, place(window.centre_x(c), i), place(window.centre_y(r), j), kernel, b);
        }
    }
  return sum / 1e6 * part * part;
}

Grid window_of(double width, double height, double cell) {
  return Grid::covering({0, 0, width, height}, cell, std::size_t{1} << 22, Crs::local());
}

Grid density(const Points& points, const Grid& window, Kernel kernel, double bandwidth, bool edge = false) {
  Progress progress;
  return kernel_density(points.x, points.y, points.w, window, kernel, Metres{bandwidth}, edge, progress);
}

void expect_close(const Grid& found, const Points& points, Kernel kernel, double b, double relative) {
  double total = 0;
  if (points.w.empty()) {
    total = static_cast<double>(points.x.size());
  } else {
    total = std::accumulate(points.w.begin(), points.w.end(), 0.0);
  }
  // What the header allows: terms beyond 8 bandwidths may be missing.
  const double absolute =
      kernel == Kernel::gaussian ? 1.3e-14 * total * 1e6 / (2 * std::numbers::pi * b * b) : 1e-15 * total;
  for (std::size_t r = 0; r < found.rows; ++r)
    for (std::size_t c = 0; c < found.columns; ++c) {
      const double expected = sum_at(points, found.centre_x(c), found.centre_y(r), kernel, b);
      const double error = std::abs(found.at(c, r) - expected);
      ASSERT_LE(error, relative * expected + absolute) << c << " " << r << " expected " << expected;
    }
}

TEST(KernelDensity, GaussianEqualsTheSumOfItsTerms) {
  const Grid window = window_of(20000, 14000, 250);
  Points weighted = clustered(2000, 1, 20000, 14000);
  Points even = weighted;
  even.w.clear();
  // From far below a cell, where points are added one by one, to wider than the window.
  for (const double b : {20.0, 130.0, 300.0, 620.0, 1000.0, 2700.0, 9000.0, 60000.0}) {
    SCOPED_TRACE(b);
    expect_close(density(weighted, window, Kernel::gaussian, b), weighted, Kernel::gaussian, b, 1e-6);
    expect_close(density(even, window, Kernel::gaussian, b), even, Kernel::gaussian, b, 1e-6);
  }
}

// One point shows the error of each term at every distance, not only where the terms are large.
TEST(KernelDensity, ASingleTermIsCloseOutToEightBandwidths) {
  Points one{{5031.7}, {4987.3}, {}};
  for (int copies = 0; copies < 12; ++copies) {  // makes gridding worth it
    for (const double cell : {50.0, 100.0, 170.0}) {
      const Grid window = window_of(10000, 10000, cell);
      const Grid found = density(one, window, Kernel::gaussian, 600);
      for (std::size_t r = 0; r < found.rows; ++r)
        for (std::size_t c = 0; c < found.columns; ++c) {
          const double dx = std::abs(found.centre_x(c) - one.x[0]);
          const double dy = std::abs(found.centre_y(r) - one.y[0]);
          if (dx > 8 * 600 || dy > 8 * 600) continue;
          const double expected = sum_at(one, found.centre_x(c), found.centre_y(r), Kernel::gaussian, 600);
          ASSERT_NEAR(found.at(c, r) / expected, 1, 5e-7) << dx << " " << dy;
        }
    }
    one.x.insert(one.x.end(), one.x.begin(), one.x.end());
    one.y.insert(one.y.end(), one.y.begin(), one.y.end());
    if (one.x.size() > 512) break;
  }
}

TEST(KernelDensity, QuarticEqualsTheSumOfItsTerms) {
  const Grid window = window_of(20000, 14000, 250);
  const Points points = clustered(1500, 2, 20000, 14000);
  for (const double b : {90.0, 250.0, 777.0, 3000.0, 40000.0}) {
    SCOPED_TRACE(b);
    expect_close(density(points, window, Kernel::quartic, b), points, Kernel::quartic, b, 1e-11);
  }
}

TEST(KernelDensity, PointsOutsideTheGridReachIn) {
  Grid window = window_of(4000, 3000, 100);
  const Points points{{-900, 5200, 2000, -1e6, kNan}, {1000, 3300, -700, 0, 100}, {1, 2, 3, 4, 5}};
  for (const double b : {400.0, 90.0}) {
    Points near{{-900, 5200, 2000}, {1000, 3300, -700}, {1, 2, 3}};
    expect_close(density(points, window, Kernel::gaussian, b), near, Kernel::gaussian, b, 1e-6);
    expect_close(density(points, window, Kernel::quartic, 3 * b), near, Kernel::quartic, 3 * b, 1e-11);
  }
}

TEST(KernelDensity, EdgeCorrectionDividesByTheMassInsideTheWindow) {
  Grid window = window_of(5000, 4000, 200);
  Points points = clustered(200, 3, 5000, 4000);
  for (const bool whole : {true, false}) {
    if (!whole)  // a bay, a hole and an island
      for (std::size_t r = 0; r < window.rows; ++r)
        for (std::size_t c = 0; c < window.columns; ++c)
          if ((c > 14 && r > 9 && c + r < 34) || (c == 5 && r == 5) || c == 20) window.at(c, r) = kNan;
    // Where the quartic's support ends inside a cell, the oracle is not exact.
    for (const auto& [kernel, b, tolerance] : {std::tuple{Kernel::gaussian, 500.0, 1e-9},
                                               {Kernel::gaussian, 130.0, 1e-6},
                                               {Kernel::gaussian, 4000.0, 1e-9},
                                               {Kernel::quartic, 1100.0, 1e-5},
                                               {Kernel::quartic, 250.0, 1e-3},
                                               {Kernel::quartic, 9000.0, 1e-9}}) {
      const Grid plain = density(points, window, kernel, b);
      const Grid corrected = density(points, window, kernel, b, true);
      for (std::size_t i = 0; i < window.size(); i += 7) {
        if (std::isnan(window.values[i])) {
          EXPECT_TRUE(std::isnan(corrected.values[i]));
          continue;
        }
        if (plain.values[i] == 0) continue;
        const double inside =
            mass_at(window, window.centre_x(i % window.columns), window.centre_y(i / window.columns), kernel, b);
        EXPECT_NEAR(plain.values[i] / corrected.values[i] / inside, 1, tolerance) << i << " " << b;
      }
    }
  }
}

// A lattice of points, one in each cell, is as even as can be: with the correction its surface is flat up to the edge.
TEST(KernelDensity, EdgeCorrectionLevelsAnEvenPattern) {
  const Grid window = window_of(6000, 6000, 100);
  Points points;
  for (int r = 0; r < 60; ++r)
    for (int c = 0; c < 60; ++c) {
      points.x.push_back(100 * c + 50);
      points.y.push_back(100 * r + 50);
    }
  for (const auto& [kernel, b] : {std::pair{Kernel::gaussian, 500.0}, {Kernel::quartic, 1400.0}}) {
    const Grid corrected = density(points, window, kernel, b, true);
    const Grid plain = density(points, window, kernel, b);
    for (const double value : corrected.values) EXPECT_NEAR(value, 100, 0.2);
    EXPECT_NEAR(plain.at(0, 0), 25, 5);  // a quarter of the kernel, where nothing is corrected
  }
}

TEST(KernelDensity, MassIsTheSumOfTheWeights) {
  const Points points = clustered(3000, 4, 20000, 20000);
  const double total = std::accumulate(points.w.begin(), points.w.end(), 0.0);
  const Grid window = Grid::covering({-9000, -9000, 29000, 29000}, 250, std::size_t{1} << 22, Crs::local());
  // Midpoint sums of a Gaussian over a whole lattice are exact to 2 exp(-2 pi^2 (b / cell)^2).
  EXPECT_NEAR(mass(density(points, window, Kernel::gaussian, 1000)) / total, 1, 1e-6);
  EXPECT_NEAR(mass(density(points, window, Kernel::quartic, 3000)) / total, 1, 1e-4);
}

// density() of spatstat.explore 3.0-6 (R 4.2.2): 120 points on cell centres, sigma 700 m, 50 x 40 cells of 200 m. Its
// Fourier transform samples the kernel at cell centres, so it is exact for such points. Its quartic kernel is scaled to
// the standard deviation given, which is a radius of sqrt(8) sigma. It takes the edge mass by cell centres.
TEST(KernelDensity, AgreesWithSpatstat) {
  Points points;
  for (int i = 0; i < 120; ++i) {
    double c = std::floor(50 * std::fmod(i * 0.7548776662466927, 1));
    double r = std::floor(40 * std::fmod(i * 0.5698402909980532, 1));
    if (i % 2 == 1) {
      c = (i % 4 == 1 ? 15 : 36) + std::fmod(c, 7) - 3;
      r = (i % 4 == 1 ? 12 : 27) + std::fmod(r, 7) - 3;
    }
    points.x.push_back(200 * (c + 0.5));
    points.y.push_back(200 * (r + 0.5));
    points.w.push_back(1 + i % 3);
  }
  ASSERT_EQ(std::accumulate(points.x.begin(), points.x.end(), 0.0), 593600);
  ASSERT_EQ(std::accumulate(points.y.begin(), points.y.end(), 0.0), 471800);
  Points even = points;
  even.w.clear();
  const Grid window = window_of(10000, 8000, 200);
  const Grid plain = density(even, window, Kernel::gaussian, 700);
  const Grid weighted = density(points, window, Kernel::gaussian, 700);
  const Grid corrected = density(even, window, Kernel::gaussian, 700, true);
  const Grid quartic = density(even, window, Kernel::quartic, 700 * std::sqrt(8.0));
  struct Row {
    std::size_t column, row;
    double plain, weighted, corrected, quartic;
  };
  for (const Row& row : {Row{0, 0, 0.458822167625, 0.599132772762, 1.47892741782, 0.380359577645},
                         Row{15, 12, 7.86744576443, 15.2206756889, 7.86881413159, 6.83777310208},
                         Row{36, 27, 7.79259016595, 15.896541691, 7.79433479256, 6.78900124986},
                         Row{49, 39, 0.0971805195934, 0.265972441308, 0.313243223728, 0.121993036506},
                         Row{25, 5, 1.02332750049, 2.63322876176, 1.08566698177, 0.92554924765},
                         Row{3, 33, 0.702643993677, 0.986903408382, 0.861190174542, 0.729954591199}}) {
    EXPECT_NEAR(plain.at(row.column, row.row) / row.plain, 1, 1e-6);
    EXPECT_NEAR(weighted.at(row.column, row.row) / row.weighted, 1, 1e-6);
    EXPECT_NEAR(corrected.at(row.column, row.row) / row.corrected, 1, 5e-3);
    EXPECT_NEAR(quartic.at(row.column, row.row) / row.quartic, 1, 1e-4);
  }
}

TEST(KernelDensity, GivesTheSameBytesWhateverTheThreadsAndTheOrder) {
  const Points points = clustered(50000, 5, 70000, 50000);
  Points shuffled = points;
  std::vector<std::size_t> order(points.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::shuffle(order.begin(), order.end(), std::mt19937(6));
  for (std::size_t i = 0; i < order.size(); ++i) {
    shuffled.x[i] = points.x[order[i]];
    shuffled.y[i] = points.y[order[i]];
    shuffled.w[i] = points.w[order[i]];
  }
  Grid window = window_of(70000, 50000, 500);
  for (std::size_t i = 0; i < 2000; ++i) window.values[i * 3] = kNan;
  const auto bytes = [](const Grid& grid) {
    return std::string(reinterpret_cast<const char*>(grid.values.data()), grid.size() * sizeof(double));
  };
  for (const auto& [kernel, b] :
       {std::pair{Kernel::gaussian, 3000.0}, {Kernel::gaussian, 200.0}, {Kernel::quartic, 2000.0}}) {
    set_thread_count(1);
    const std::string expected = bytes(density(points, window, kernel, b, true));
    for (const unsigned threads : {2U, 5U}) {
      set_thread_count(threads);
      EXPECT_EQ(bytes(density(points, window, kernel, b, true)), expected);
      EXPECT_EQ(bytes(density(shuffled, window, kernel, b, true)), expected);
    }
  }
  set_thread_count(0);
}

TEST(KernelDensity, TakesNoPointsAndStackedPoints) {
  const Grid window = window_of(5000, 5000, 100);
  for (const Kernel kernel : {Kernel::gaussian, Kernel::quartic}) {
    for (const double value : density({}, window, kernel, 500, true).values) EXPECT_EQ(value, 0);
    for (const double value : density({{kNan}, {kNan}, {}}, window, kernel, 500).values) EXPECT_EQ(value, 0);
    Points stack{std::vector<double>(4000, 2222), std::vector<double>(4000, 3333), {}};
    expect_close(density(stack, window, kernel, 500), stack, kernel, 500, 1e-6);
  }
  Progress progress;
  const std::vector<double> one{1.0};
  EXPECT_THROW(kernel_density(one, one, {}, window, Kernel::gaussian, Metres{0}, false, progress), UsageError);
  EXPECT_THROW(kernel_density(one, {}, {}, window, Kernel::gaussian, Metres{1}, false, progress),
               std::invalid_argument);
}

TEST(KernelDensity, StopsSoonAfterItIsCancelled) {
  const Points points = clustered(400000, 7, 700000, 500000);
  const Grid window = window_of(700000, 500000, 500);
  for (const auto& [kernel, b] : {std::pair{Kernel::gaussian, 4000.0}, {Kernel::quartic, 30000.0}}) {
    Progress progress;
    using Clock = std::chrono::steady_clock;
    Clock::time_point asked;
    std::jthread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      asked = Clock::now();
      progress.cancel();
    });
    bool cancelled = false;
    try {
      (void)kernel_density(points.x, points.y, {}, window, kernel, Metres{b}, true, progress);
    } catch (const Cancelled&) {
      cancelled = true;
    }
    const auto answered = Clock::now();
    canceller.join();
    EXPECT_TRUE(cancelled);
    EXPECT_LT(std::chrono::duration<double>(answered - asked).count(), 0.25);  // 50 ms on a machine of its own
  }
}

TEST(RelativeRisk, ComparesSharesAndIsSilentOverNothing) {
  Grid first = window_of(400, 100, 100);
  Grid second = first;
  first.values = {2, 6, 1, kNan};
  second.values = {10, 10, 0.05, kNan};
  const Grid risk = relative_risk(first, second, 0.01);
  const double share = (20.05) / 9;
  EXPECT_DOUBLE_EQ(risk.values[0], 0.2 * share);
  EXPECT_DOUBLE_EQ(risk.values[1], 0.6 * share);
  EXPECT_TRUE(std::isnan(risk.values[2]));  // half a hundredth of the peak
  EXPECT_TRUE(std::isnan(risk.values[3]));
  EXPECT_FALSE(std::isnan(relative_risk(first, second, 0.005).values[2]));
  const Grid same = relative_risk(second, second, 0);
  EXPECT_DOUBLE_EQ(same.values[2], 1);
  second.values = {0, 0, 0, kNan};
  for (const double value : relative_risk(first, second, 0.01).values) EXPECT_TRUE(std::isnan(value));
  EXPECT_THROW(relative_risk(first, window_of(400, 200, 100), 0.01), std::invalid_argument);
}

TEST(Grid, CoversABoxAndAdvisesLargerCells) {
  const Grid grid = Grid::covering({150, -50, 1010, 99}, 100, 1000, Crs::local());
  EXPECT_EQ(grid.origin_x, 100);
  EXPECT_EQ(grid.origin_y, -100);
  EXPECT_EQ(grid.columns, 10U);
  EXPECT_EQ(grid.rows, 2U);
  EXPECT_EQ(grid.cell_at(150, -50), std::size_t{0});
  EXPECT_EQ(grid.cell_at(1100, 100), std::size_t{19});
  EXPECT_EQ(grid.cell_at(99, 0), std::nullopt);
  EXPECT_EQ(grid.cell_at(kNan, 0), std::nullopt);
  try {
    (void)Grid::covering({0, 0, 1e6, 1e6}, 100, 10000, Crs::local());
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(error.advice().find("use a cell size of at least"), std::string::npos);
    EXPECT_NO_THROW(
        Grid::covering({0, 0, 1e6, 1e6}, parse_length(error.advice().substr(28), "cell").value, 10000, Crs::local()))
        << error.advice();
  }
}

}  // namespace
}  // namespace yaan
