// Kulldorff's scan: against every circle drawn by brute force, and all maps of a small town.
#include "yaan/analyse/scan_statistic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "analyse/scan_draws.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/geodesy.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {
namespace {

ScanPlaces town(std::size_t count, std::uint32_t seed, bool whole, bool degrees = false) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> place(0, 1);
  ScanPlaces places;
  for (std::size_t i = 0; i < count; ++i) {
    // On a raster, so that many places are equally far from another.
    places.x.push_back(degrees ? 100 + place(random) : std::floor(12 * place(random)) + 0.001 * (i % 3 == 0));
    places.y.push_back(degrees ? 15 + place(random) : std::floor(12 * place(random)) + 0.01 * static_cast<double>(i));
    const double people = whole ? std::floor(1 + 9 * place(random)) : 0.5 + 9 * place(random);
    places.population.push_back(people);
    places.cases.push_back(static_cast<std::int64_t>(std::floor(people * place(random) * (i % 7 == 0 ? 1.0 : 0.5))));
  }
  return places;
}

double far(const ScanPlaces& places, std::size_t a, std::size_t b, bool degrees) {
  if (!degrees) {
    const double x = places.x[a] - places.x[b], y = places.y[a] - places.y[b];
    return x * x + y * y;
  }
  const auto p = earth_centred(places.x[a], places.y[a]), q = earth_centred(places.x[b], places.y[b]);
  double sum = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) sum += (p[axis] - q[axis]) * (p[axis] - q[axis]);
  return sum;
}

struct Circle {
  std::set<std::uint32_t> places;
  double ratio = 0;
};

// From the definition, written out otherwise.
double ratio_by_hand(ScanModel model, double c, double n, double all_cases, double all) {
  const auto part = [](double x, double rate) { return x == 0 ? 0 : x * std::log(rate); };
  const double inside = c / n, outside = (all_cases - c) / (all - n), whole = all_cases / all;
  if (model == ScanModel::poisson) return part(c, inside) + part(all_cases - c, outside) - part(all_cases, whole);
  return part(c, inside) + part(n - c, 1 - inside) + part(all_cases - c, outside) +
         part(all - n - all_cases + c, 1 - outside) - part(all_cases, whole) - part(all - all_cases, 1 - whole);
}

Circle best_circle(const ScanPlaces& places, const ScanSearch& search, bool degrees) {
  const double cases = static_cast<double>(total_cases(places));
  const double all = std::accumulate(places.population.begin(), places.population.end(), 0.0);
  Circle best;
  for (std::size_t centre = 0; centre < places.x.size(); ++centre)
    for (std::size_t edge = 0; edge < places.x.size(); ++edge) {
      const double radius = far(places, centre, edge, degrees);
      Circle circle;
      double c = 0, n = 0;
      for (std::uint32_t i = 0; i < places.x.size(); ++i) {
        if (far(places, centre, i, degrees) > radius) continue;
        circle.places.insert(i);
        c += static_cast<double>(places.cases[i]);
        n += places.population[i];
      }
      if (n > search.max_share * all * (1 + 1e-12)) continue;
      const bool high = c * all > cases * n;
      if (search.look_for != ScanFor::both && high != (search.look_for == ScanFor::high)) continue;
      circle.ratio = ratio_by_hand(search.model, c, n, cases, all);
      if (circle.ratio > best.ratio + 1e-9) best = circle;
    }
  return best;
}

const Crs& crs_of(bool degrees) {
  static const Crs kWgs84 = Crs::wgs84(), kLocal = Crs::local();
  return degrees ? kWgs84 : kLocal;
}

TEST(ScanStatistic, RatiosByHand) {
  // 10 of 20 cases among a tenth of 100.
  EXPECT_NEAR(scan_likelihood_ratio(ScanModel::poisson, 10, 10, 20, 100),
              10 * std::log(10 / 2.0) + 10 * std::log(10 / 18.0), 1e-12);
  EXPECT_NEAR(
      scan_likelihood_ratio(ScanModel::bernoulli, 10, 10, 20, 100),
      10 * std::log(1.0) + 10 * std::log(1 / 9.0) + 80 * std::log(8 / 9.0) - 20 * std::log(.2) - 80 * std::log(.8),
      1e-12);
  EXPECT_EQ(scan_likelihood_ratio(ScanModel::poisson, 5, 25, 20, 100), 0);
  EXPECT_NEAR(scan_likelihood_ratio(ScanModel::poisson, 0, 25, 20, 100), 20 * std::log(1 / .75), 1e-12);
}

// The most likely cluster, and the largest ratio of each simulation: those of all circles.
TEST(ScanStatistic, FindsWhatEveryCircleWould) {
  Progress progress;
  for (const bool degrees : {false, true})
    for (const ScanModel model : {ScanModel::poisson, ScanModel::bernoulli})
      for (const ScanFor look_for : {ScanFor::high, ScanFor::low, ScanFor::both})
        for (const double share : {0.5, 0.2}) {
          SCOPED_TRACE(testing::Message() << degrees << static_cast<int>(model) << static_cast<int>(look_for) << share);
          ScanPlaces places =
              town(45, 7 + static_cast<std::uint32_t>(look_for), model == ScanModel::bernoulli, degrees);
          ScanSearch search;
          search.model = model;
          search.look_for = look_for;
          search.max_share = share;
          search.simulations = 70;
          const ScanResult found = scan(places, crs_of(degrees), search, progress);
          const Circle best = best_circle(places, search, degrees);
          ASSERT_FALSE(found.clusters.empty());
          const ScanCluster& first = found.clusters.front();
          EXPECT_NEAR(first.log_likelihood_ratio, best.ratio, 1e-9);
          EXPECT_EQ(std::set<std::uint32_t>(first.places.begin(), first.places.end()), best.places);
          ASSERT_EQ(found.maxima.size(), 70U);
          const ScanDraws draws(places, search);
          for (std::uint32_t s = 0; s < 70; s += 23) {
            std::vector<std::int32_t> lanes(kScanLanes * places.x.size(), 0);
            draws.draw(s, 0, lanes.data());
            ScanPlaces map = places;
            for (std::size_t i = 0; i < map.cases.size(); ++i) map.cases[i] = lanes[kScanLanes * i];
            EXPECT_EQ(total_cases(map), total_cases(places));
            EXPECT_NEAR(found.maxima[s], best_circle(map, search, degrees).ratio, 1e-9);
          }
          const auto larger = std::count_if(found.maxima.begin(), found.maxima.end(),
                                            [&](double most) { return most >= best.ratio - 1e-9; });
          EXPECT_DOUBLE_EQ(first.p, static_cast<double>(larger + 1) / 71);
        }
}

TEST(ScanStatistic, SecondaryClustersShareNoPlace) {
  ScanPlaces places = town(300, 3, false);
  for (std::size_t i = 0; i < places.x.size(); ++i) {
    const bool near = std::hypot(places.x[i] - 2, places.y[i] - 3) < 2,
               other = std::hypot(places.x[i] - 9, places.y[i] - 9) < 2;
    if (near || other) places.cases[i] += near ? 20 : 12;
  }
  ScanSearch search;
  search.simulations = 99;
  Progress progress;
  const ScanResult found = scan(places, Crs::local(), search, progress);
  ASSERT_GE(found.clusters.size(), 2U);
  std::set<std::uint32_t> seen;
  double before = INFINITY;
  for (const ScanCluster& cluster : found.clusters) {
    EXPECT_LE(cluster.log_likelihood_ratio, before);
    before = cluster.log_likelihood_ratio;
    EXPECT_LE(cluster.p, 0.05);
    for (const std::uint32_t place : cluster.places) EXPECT_TRUE(seen.insert(place).second);
    double observed = 0, people = 0;
    for (const std::uint32_t place : cluster.places) {
      observed += static_cast<double>(places.cases[place]);
      people += places.population[place];
    }
    EXPECT_EQ(static_cast<double>(cluster.observed), observed);
    EXPECT_NEAR(cluster.population, people, 1e-9);
  }
}

TEST(ScanStatistic, ThreadsAndOrderChangeNothing) {
  const ScanPlaces places = town(400, 11, false, true);
  ScanSearch search;
  search.simulations = 99;
  search.max_radius = Metres{30'000};
  Progress progress;
  set_thread_count(1);
  const ScanResult one = scan(places, Crs::wgs84(), search, progress);
  set_thread_count(8);
  const ScanResult eight = scan(places, Crs::wgs84(), search, progress);
  set_thread_count(0);
  EXPECT_EQ(one.maxima, eight.maxima);
  ASSERT_EQ(one.clusters.size(), eight.clusters.size());
  for (std::size_t c = 0; c < one.clusters.size(); ++c) {
    EXPECT_EQ(one.clusters[c].places, eight.clusters[c].places);
    EXPECT_LE(one.clusters[c].radius, 30'000 * (1 + 1e-4));
  }
}

TEST(ScanStatistic, EverySetOfInstructionsSweepsAlike) {
  std::mt19937 random(5);
  std::vector<std::uint32_t> place(200);
  std::vector<std::uint16_t> bin(200);
  std::vector<std::int32_t> cases(kScanLanes * 50), least(kScanLanes * 4), most(kScanLanes * 4);
  for (auto& c : cases) c = static_cast<std::int32_t>(random() % 4);
  for (std::size_t k = 0; k < place.size(); ++k) {
    place[k] = static_cast<std::uint32_t>(random() % 50) | (random() % 2 == 0 ? ScanList::kEnds : 0U);
    bin[k] = static_cast<std::uint16_t>(k / 50);
  }
  for (std::size_t i = 0; i < least.size(); ++i) {
    least[i] = static_cast<std::int32_t>(100 * (i / kScanLanes) + random() % 250 + 20);
    most[i] = static_cast<std::int32_t>(random() % 100) - 90;
  }
  const ScanList list{place.data(), bin.data(), place.size()};
  const auto stops = [&](const ScanLoops& loops) {
    std::vector<std::size_t> all;
    std::int32_t sums[kScanLanes] = {};
    for (std::size_t k = 0; k < list.count; ++k) {
      k = loops.sweep(list, k, cases.data(), {least.data(), most.data()}, sums);
      all.push_back(k);
      all.insert(all.end(), std::begin(sums), std::end(sums));
    }
    return all;
  };
  const auto expected = stops(*scan_loops(InstructionSet::baseline));
  EXPECT_GT(expected.size(), 10 * kScanLanes);
  for (const InstructionSet set : {InstructionSet::avx2, InstructionSet::avx512})
    if (const ScanLoops* loops = scan_loops(set)) {
      EXPECT_EQ(stops(*loops), expected) << loops->name;
    }
}

// Eight people, three of them cases: the share of all 56 maps with a ratio at least as large is what p estimates.
TEST(ScanStatistic, ApproachesTheExactP) {
  ScanPlaces places;
  for (int i = 0; i < 8; ++i) {
    places.x.push_back(i * i);
    places.y.push_back(0);
    places.population.push_back(1);
    places.cases.push_back(i == 1 || i == 2 || i == 3 ? 1 : 0);
  }
  ScanSearch search;
  search.model = ScanModel::bernoulli;
  search.simulations = 9999;
  Progress progress;
  const ScanResult found = scan(places, Crs::local(), search, progress);
  double as_large = 0, maps = 0;
  for (int a = 0; a < 8; ++a)
    for (int b = a + 1; b < 8; ++b)
      for (int c = b + 1; c < 8; ++c) {
        ScanPlaces map = places;
        for (int i = 0; i < 8; ++i) map.cases[static_cast<std::size_t>(i)] = i == a || i == b || i == c ? 1 : 0;
        as_large += best_circle(map, search, false).ratio >= found.clusters.front().log_likelihood_ratio - 1e-9;
        ++maps;
      }
  ASSERT_EQ(maps, 56);
  const double exact = as_large / maps;
  EXPECT_NEAR(found.clusters.front().p, exact, 4 * std::sqrt(exact * (1 - exact) / 9999) + 1e-4);
  EXPECT_LT(exact, 1);
}

TEST(ScanStatistic, NothingToFind) {
  Progress progress;
  ScanSearch search;
  search.simulations = 19;
  EXPECT_TRUE(scan({}, Crs::local(), search, progress).clusters.empty());
  EXPECT_TRUE(scan({{0, 1, 2}, {0, 0, 0}, {0, 0, 0}, {1, 1, 1}}, Crs::local(), search, progress).clusters.empty());
  EXPECT_TRUE(scan({{0, 1, 2}, {0, 0, 0}, {2, 2, 2}, {1, 1, 1}}, Crs::local(), search, progress).clusters.empty());
  EXPECT_TRUE(scan({{5}, {5}, {3}, {10}}, Crs::local(), search, progress).clusters.empty());
  search.model = ScanModel::bernoulli;
  EXPECT_TRUE(scan({{0, 1, 2}, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}}, Crs::local(), search, progress).clusters.empty());
  EXPECT_THROW(scan({{0, 1}, {0}, {1}, {1}}, Crs::local(), search, progress), std::invalid_argument);
  search.max_radius = Length::bare(5);
  EXPECT_THROW(scan({{0, 1}, {0, 1}, {1, 0}, {1, 1}}, Crs::wgs84(), search, progress), UsageError);
}

}  // namespace
}  // namespace yaan
