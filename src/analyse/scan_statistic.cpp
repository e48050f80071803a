#include "yaan/analyse/scan_statistic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "analyse/scan_draws.hpp"
#include "analyse/scan_maxima.hpp"
#include "analyse/scan_windows.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kCentresOfBlock = 64;
constexpr double kSameRatio = 1 - 1e-12;  // populations that are not whole add up differently from centre to centre

double x_log_ratio(double x, double over) { return x > 0 ? x * std::log(x / over) : 0; }

/// The most likely window about a place.
struct BestWindow {
  std::uint32_t centre = 0;
  std::uint32_t places = 0;
  double ratio = 0;
};

BestWindow best_about(std::uint32_t centre, const CentreWindows& windows, const ScanPlaces& places, double cases,
                      double population, const ScanSearch& search) {
  BestWindow best{centre, 0, 0};
  double inside = 0;
  for (std::uint32_t k = 0; k < windows.place.size(); ++k) {
    inside += static_cast<double>(places.cases[windows.place[k] & ~ScanList::kEnds]);
    if ((windows.place[k] & ScanList::kEnds) == 0) continue;
    const bool high = inside * population > cases * windows.population[k];
    if (high ? search.look_for == ScanFor::low : search.look_for == ScanFor::high) continue;
    const double ratio = scan_likelihood_ratio(search.model, inside, windows.population[k], cases, population);
    if (ratio > best.ratio) best = {centre, k + 1, ratio};
  }
  return best;
}

ScanCluster cluster_of(const BestWindow& best, const CentreWindows& windows, const ScanPlaces& places, double cases,
                       double population) {
  ScanCluster cluster;
  cluster.centre = best.centre;
  for (std::uint32_t k = 0; k < best.places; ++k) {
    cluster.places.push_back(windows.place[k] & ~ScanList::kEnds);
    cluster.observed += places.cases[cluster.places.back()];
  }
  cluster.radius = windows.distance[best.places - 1];
  cluster.next = best.places < windows.distance.size() ? windows.distance[best.places] : windows.next;
  cluster.population = windows.population[best.places - 1];
  cluster.expected = cases * cluster.population / population;
  const auto inside = static_cast<double>(cluster.observed);
  cluster.high = inside > cluster.expected;
  const double outside = (cases - inside) / (population - cluster.population);
  cluster.relative_risk = outside > 0 ? inside / cluster.population / outside : std::numeric_limits<double>::infinity();
  cluster.log_likelihood_ratio = best.ratio;
  return cluster;
}

double rank_among(double ratio, std::span<const double> maxima) {
  const auto larger =
      std::count_if(maxima.begin(), maxima.end(), [ratio](double most) { return most >= ratio * kSameRatio; });
  return static_cast<double>(larger + 1) / static_cast<double>(maxima.size() + 1);
}

}  // namespace

double scan_likelihood_ratio(ScanModel model, double cases_in, double population_in, double cases, double population) {
  const double cases_out = cases - cases_in;
  const double share = population_in / population;
  double ratio = 0;
  if (model == ScanModel::poisson) {
    ratio = x_log_ratio(cases_in, cases * share) + x_log_ratio(cases_out, cases * (1 - share));
  } else {
    const double others_in = population_in - cases_in;
    const double others = population - cases;
    ratio = x_log_ratio(cases_in, cases * share) + x_log_ratio(cases_out, cases * (1 - share)) +
            x_log_ratio(others_in, others * share) + x_log_ratio(others - others_in, others * (1 - share));
  }
  return std::max(ratio, 0.0);
}

ScanResult scan(const ScanPlaces& places, const Crs& crs, const ScanSearch& search, Progress& progress) {
  ScanResult result;
  const ScanWindows windows(places, crs, search);
  const auto cases = static_cast<double>(total_cases(places));
  const double population = windows.population();
  if (cases == 0 || windows.bins().size() == 0) return result;
  if (search.model == ScanModel::bernoulli && cases >= population) return result;

  progress.report("scanning", 0);
  std::vector<BestWindow> best(windows.size());
  parallel_blocks(windows.size(), kCentresOfBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    CentreWindows about;
    WindowScratch scratch;
    for (std::size_t centre = begin; centre < end; ++centre) {
      windows.about(static_cast<std::uint32_t>(centre), about, scratch, progress);
      best[centre] = best_about(static_cast<std::uint32_t>(centre), about, places, cases, population, search);
    }
  });
  result.maxima = scan_maxima(places, windows, search, progress);

  // By ratio; of equal ones the smaller window, then that about the earlier place.
  std::sort(best.begin(), best.end(), [](const BestWindow& a, const BestWindow& b) {
    return std::tuple(-a.ratio, a.places, a.centre) < std::tuple(-b.ratio, b.places, b.centre);
  });
  std::vector<bool> taken(windows.size(), false);
  CentreWindows about;
  WindowScratch scratch;
  for (const BestWindow& next : best) {
    if (next.ratio <= 0) break;
    const double p = rank_among(next.ratio, result.maxima);
    if (!result.clusters.empty() && p > search.significance) break;
    if (taken[next.centre]) continue;
    windows.about(next.centre, about, scratch, progress);
    ScanCluster cluster = cluster_of(next, about, places, cases, population);
    if (std::any_of(cluster.places.begin(), cluster.places.end(), [&](std::uint32_t place) { return taken[place]; }))
      continue;
    for (const std::uint32_t place : cluster.places) taken[place] = true;
    cluster.p = p;
    result.clusters.push_back(std::move(cluster));
  }
  return result;
}

}  // namespace yaan
