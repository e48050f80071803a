// Curves of point patterns against their definitions, computed the slow way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "analyse/border_view.hpp"
#include "analyse/pair_loops.hpp"
#include "analyse/pattern_pairs.hpp"
#include "analyse/pattern_window.hpp"
#include "analyse/set_covariance.hpp"
#include "yaan/analyse/cross_k.hpp"
#include "yaan/analyse/pair_correlation.hpp"
#include "yaan/analyse/ripley_k.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/overlay.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::array kCorrections = {EdgeCorrection::none, EdgeCorrection::isotropic, EdgeCorrection::translation,
                                     EdgeCorrection::border};

struct Pattern {
  std::vector<double> x, y;
};

/// A star with a hole, and an island: the border is ragged, concave and in three rings.
Geometry ragged_window(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> radius(0.5, 1.0);
  std::vector<double> x, y;
  for (int i = 0; i < 17; ++i) {
    const double far = radius(random), angle = 2 * kPi * i / 17 + 0.1;
    x.push_back(far * std::cos(angle));
    y.push_back(far * std::sin(angle));
  }
  x.push_back(x.front());
  y.push_back(y.front());
  Geometry shape = Geometry::empty(GeometryKind::polygon);
  shape.add_ring(x, y);
  shape.add_ring(std::vector{-0.2, 0.05, 0.25, 0.1, -0.2}, std::vector{-0.1, 0.2, 0.05, -0.2, -0.1});
  shape.end_part();
  shape.add_ring(std::vector{1.1, 1.6, 1.5, 1.2, 1.1}, std::vector{0.3, 0.1, 0.8, 0.7, 0.3});
  shape.end_part();
  shape.end_feature();
  orient_rings(shape);
  return shape;
}

Pattern random_pattern(const Geometry& window, std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const Box box = window.bounds();
  std::uniform_real_distribution<double> x(box.min_x, box.max_x), y(box.min_y, box.max_y);
  Pattern p;
  while (p.x.size() < n) {
    const double px = x(random), py = y(random);
    if (locate(window, 0, px, py) == Inside::outside) continue;
    p.x.push_back(px);
    p.y.push_back(py);
  }
  return p;
}

double area_of(const Geometry& shape) {
  double sum = 0;
  for (std::size_t ring = 0; ring + 1 < shape.ring_vertices.size(); ++ring)
    sum += ring_area(shape.ring_x(ring), shape.ring_y(ring));
  return sum;
}

/// Where the circle crosses the border cuts it into arcs; the middle of each says whether it lies inside.
double slow_share(const Geometry& window, double cx, double cy, double radius) {
  std::vector<double> angles = {0, 2 * kPi};
  for (std::size_t ring = 0; ring + 1 < window.ring_vertices.size(); ++ring) {
    const auto x = window.ring_x(ring), y = window.ring_y(ring);
    for (std::size_t v = 0; v + 1 < x.size(); ++v) {
      const double ux = x[v + 1] - x[v], uy = y[v + 1] - y[v], px = x[v] - cx, py = y[v] - cy;
      const double a = ux * ux + uy * uy, b = px * ux + py * uy, c = px * px + py * py - radius * radius;
      if (b * b - a * c <= 0) continue;
      for (const double sign : {-1.0, 1.0}) {
        const double t = (-b + sign * std::sqrt(b * b - a * c)) / a;
        if (t < 0 || t > 1) continue;
        const double angle = std::atan2(py + t * uy, px + t * ux);
        angles.push_back(angle < 0 ? angle + 2 * kPi : angle);
      }
    }
  }
  std::sort(angles.begin(), angles.end());
  double inside = 0;
  for (std::size_t i = 0; i + 1 < angles.size(); ++i) {
    const double middle = (angles[i] + angles[i + 1]) / 2;
    if (locate(window, 0, cx + radius * std::cos(middle), cy + radius * std::sin(middle)) != Inside::outside)
      inside += angles[i + 1] - angles[i];
  }
  return inside / (2 * kPi);
}

Geometry shifted(Geometry shape, double dx, double dy) {
  for (double& x : shape.x) x += dx;
  for (double& y : shape.y) y += dy;
  return shape;
}

double slow_weight(const Geometry& window, const Pattern& p, std::size_t i, double qx, double qy,
                   EdgeCorrection correction) {
  const double dx = qx - p.x[i], dy = qy - p.y[i];
  if (correction == EdgeCorrection::isotropic)
    return std::min(100.0, 1 / slow_share(window, p.x[i], p.y[i], std::hypot(dx, dy)));
  if (correction == EdgeCorrection::translation)
    return std::min(100.0, area_of(window) / area_of(intersection(window, shifted(window, dx, dy))));
  return 1;
}

/// Cross-K by its definition; K where `same`.
double slow_k(const Pattern& from, const Pattern& to, bool same, const Geometry& window, double r,
              EdgeCorrection correction) {
  double sum = 0, looking = 0;
  for (std::size_t i = 0; i < from.x.size(); ++i) {
    if (correction == EdgeCorrection::border && distance_to_edges(window, 0, from.x[i], from.y[i]) < r) continue;
    ++looking;
    for (std::size_t j = 0; j < to.x.size(); ++j)
      if (!(same && i == j) && std::hypot(to.x[j] - from.x[i], to.y[j] - from.y[i]) <= r)
        sum += slow_weight(window, from, i, to.x[j], to.y[j], correction);
  }
  const auto a = static_cast<double>(from.x.size()), b = static_cast<double>(to.x.size());
  if (correction == EdgeCorrection::border) return sum * area_of(window) / (b * looking);
  return sum * area_of(window) / (a * (same ? b - 1 : b));
}

// Exact but for the table of overlaps, whose errors are bounded by 1e-3 of the area.
double room(EdgeCorrection correction) { return correction == EdgeCorrection::translation ? 1e-3 : 1e-11; }

TEST(RipleyK, FollowsItsDefinitionInRaggedWindows) {
  const std::vector<double> distances = {0, 0.03, 0.1, 0.17, 0.31, 0.6, 1.0};
  for (unsigned seed = 0; seed < 3; ++seed) {
    const Geometry window = ragged_window(seed);
    const Pattern p = random_pattern(window, 40, seed + 100);
    Progress progress;
    for (const EdgeCorrection correction : kCorrections) {
      const auto k = ripley_k(p.x, p.y, window, distances, correction, progress);
      ASSERT_EQ(k.size(), distances.size());
      for (std::size_t i = 0; i < k.size(); ++i) {
        const double expected = slow_k(p, p, true, window, distances[i], correction);
        if (std::isnan(expected))
          EXPECT_TRUE(std::isnan(k[i]));
        else
          EXPECT_NEAR(k[i], expected, room(correction) * (expected + 1e-3)) << seed << " " << distances[i];
      }
    }
  }
}

TEST(CrossK, FollowsItsDefinitionInRaggedWindows) {
  const std::vector<double> distances = {0.05, 0.12, 0.2};
  const Geometry window = ragged_window(9);
  const Pattern from = random_pattern(window, 30, 1), to = random_pattern(window, 47, 2);
  Progress progress;
  for (const EdgeCorrection correction : kCorrections) {
    const auto k = cross_k({from.x, from.y}, {to.x, to.y}, window, distances, correction, progress);
    for (std::size_t i = 0; i < k.size(); ++i) {
      const double expected = slow_k(from, to, false, window, distances[i], correction);
      EXPECT_NEAR(k[i], expected, room(correction) * expected) << distances[i];
    }
  }
}

TEST(BorderView, SeesTheShareOfEachCircle) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> radii(0.001, 0.9);
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Geometry window = ragged_window(seed);
    const PatternWindow ground(window);
    const Pattern p = random_pattern(window, 20, seed);
    for (std::size_t i = 0; i < p.x.size(); ++i) {
      BorderView view(ground, 1);
      view.enter({p.x[i], p.y[i], p.x[i], p.y[i]});
      view.look_from(p.x[i], p.y[i]);
      EXPECT_NEAR(view.distance(), distance_to_edges(window, 0, p.x[i], p.y[i]), 1e-12);
      const double radius = radii(random);
      const double expected = slow_share(window, p.x[i], p.y[i], radius);
      if (expected > 1e-6) {
        EXPECT_NEAR(view.share_inside(radius), expected, 1e-11);
      }
    }
  }
}

TEST(SetCovariance, IsTheAreaOfTheOverlap) {
  std::mt19937 random(5);
  double worst = 0, sum = 0;
  int count = 0;
  for (unsigned seed = 0; seed < 8; ++seed) {
    const Geometry window = ragged_window(seed);
    const PatternWindow ground(window);
    Progress progress;
    const SetCovariance overlap(ground, 0.7, progress);
    std::uniform_real_distribution<double> shift(-0.7, 0.7), scale(-9, 0);
    for (int i = 0; i < 60; ++i) {
      const double size = std::exp2(scale(random)), dx = size * shift(random), dy = size * shift(random);
      const double off = overlap(dx, dy) - area_of(intersection(window, shifted(window, dx, dy)));
      worst = std::max(worst, std::abs(off) / ground.area());
      sum += std::abs(off) / ground.area();
      ++count;
    }
    EXPECT_NEAR(overlap(0, 0), ground.area(), 1e-4 * ground.area());
  }
  EXPECT_LT(worst, 1e-3);
  EXPECT_LT(sum / count, 1e-4);
  RecordProperty("worst", std::to_string(worst));
}

TEST(SetCovariance, IsExactForRectangles) {
  const PatternWindow ground(rectangle_of({2, -1, 5, 3}));
  EXPECT_TRUE(ground.rectangle());
  Progress progress;
  const SetCovariance overlap(ground, 2, progress);
  EXPECT_DOUBLE_EQ(overlap(-1, 0.5), 2 * 3.5);
}

TEST(PairCorrelation, FollowsItsDefinition) {
  const Geometry window = ragged_window(4);
  const Pattern p = random_pattern(window, 50, 8);
  const std::vector<double> distances = {0, 0.05, 0.2, 0.5};
  const double h = 0.07, n = 50;
  Progress progress;
  for (const EdgeCorrection correction :
       {EdgeCorrection::none, EdgeCorrection::isotropic, EdgeCorrection::translation}) {
    const auto g = pair_correlation(p.x, p.y, window, distances, Metres{h}, correction, progress);
    EXPECT_TRUE(std::isnan(g[0]));
    for (std::size_t k = 1; k < distances.size(); ++k) {
      double sum = 0;
      for (std::size_t i = 0; i < p.x.size(); ++i)
        for (std::size_t j = 0; j < p.x.size(); ++j) {
          const double u = (distances[k] - std::hypot(p.x[j] - p.x[i], p.y[j] - p.y[i])) / h;
          if (i != j && std::abs(u) < 1)
            sum += slow_weight(window, p, i, p.x[j], p.y[j], correction) * 0.75 / h * (1 - u * u);
        }
      const double expected = sum * area_of(window) / (n * (n - 1) * 2 * kPi * distances[k]);
      EXPECT_NEAR(g[k], expected, room(correction) * expected);
    }
  }
  EXPECT_THROW(pair_correlation(p.x, p.y, window, distances, Metres{h}, EdgeCorrection::border, progress),
               std::invalid_argument);
}

TEST(RipleyK, DoesNotDependOnOrderOrThreads) {
  const Geometry window = ragged_window(2);
  Pattern p = random_pattern(window, 1500, 3);
  p.x[7] = p.x[1400];  // two at one place
  p.y[7] = p.y[1400];
  const std::vector<double> distances = {0, 0.02, 0.1, 0.2};
  Progress progress;
  for (const EdgeCorrection correction : kCorrections) {
    const auto one = ripley_k(p.x, p.y, window, distances, correction, progress);
    std::vector<std::size_t> order(p.x.size());
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), std::mt19937(4));
    Pattern moved;
    for (const std::size_t i : order) {
      moved.x.push_back(p.x[i]);
      moved.y.push_back(p.y[i]);
    }
    set_thread_count(1);
    EXPECT_EQ(ripley_k(moved.x, moved.y, window, distances, correction, progress), one);
    set_thread_count(8);
    EXPECT_EQ(ripley_k(moved.x, moved.y, window, distances, correction, progress), one);
    set_thread_count(0);
    EXPECT_GT(one[0], 0);  // the pair at distance 0
  }
}

TEST(RipleyK, HasAnswersForHardlyAnyPoints) {
  const Geometry window = rectangle_of({0, 0, 1, 1});
  Progress progress;
  for (const EdgeCorrection correction : kCorrections) {
    const std::vector<double> none, one = {0.5};
    EXPECT_TRUE(std::isnan(ripley_k(none, none, window, one, correction, progress)[0]));
    EXPECT_TRUE(std::isnan(ripley_k(one, one, window, one, correction, progress)[0]));
    EXPECT_TRUE(ripley_k(one, one, window, none, correction, progress).empty());
    const std::vector<double> stack(5, 0.5);
    EXPECT_DOUBLE_EQ(ripley_k(stack, stack, window, std::vector{0.0, 0.1}, correction, progress)[0],
                     correction == EdgeCorrection::border ? 0.8 : 1);
  }
  EXPECT_THROW(ripley_k(std::vector{1.0}, std::vector<double>{}, window, std::vector{1.0}, kCorrections[0], progress),
               std::invalid_argument);
  progress.cancel();
  EXPECT_THROW(ripley_k(std::vector{0.5}, std::vector{0.5}, window, std::vector{1.0}, kCorrections[0], progress),
               Cancelled);
}

TEST(PairLoops, GiveTheSameBitsOnEveryInstructionSet) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> place(-1, 1);
  std::vector<double> x(1000), y(1000);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = place(random);
    y[i] = place(random);
  }
  const auto run = [&](const PairLoops& loops, std::size_t count) {
    std::vector<std::vector<double>> out(3, std::vector<double>(count + PairLoops::kSlack));
    const std::size_t found =
        loops.near(x.data(), y.data(), count, 0.1, 0.2, 0.5, out[0].data(), out[1].data(), out[2].data());
    for (auto& array : out) array.resize(found);
    return out;
  };
  for (const InstructionSet set : {InstructionSet::avx2, InstructionSet::avx512}) {
    const PairLoops* loops = pair_loops(set);
    if (loops == nullptr) continue;
    for (std::size_t count = 0; count < x.size(); count += 1 + count / 3)
      EXPECT_EQ(run(*loops, count), run(*pair_loops(InstructionSet::baseline), count));
  }
}

}  // namespace
}  // namespace yaan
