#include "yaan/district/district_significance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <utility>

#include "analyse/few_permutations.hpp"
#include "analyse/point_set.hpp"
#include "district/background_draws.hpp"
#include "yaan/analyse/scan_statistic.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/silent_progress.hpp"

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The districts of one pattern after the other, with the memory kept.
class ExcessFinder {
 public:
  ExcessFinder(const NullBackground& background, const Crs& crs, const SignificanceOptions& options)
      : m_background(background), m_crs(crs), m_options(options) {
    const double length = checked_ground_length(crs, options.radius, "radius");
    m_reach = length * (crs.is_geographic() ? 1 : background.plane.unit());
  }

  /// The first `moved` places are counted. Districts by their number.
  const std::vector<TestedDistrict>& find(const ClusteredPoints& points, Progress& progress) {
    const PlacedPoints& places = points.places;
    const std::size_t moved = points.moved;
    m_labels = dbscan(places.x, places.y, m_crs, m_options, progress, points.weight);
    const auto clusters = static_cast<std::size_t>(m_labels.clusters);
    m_found.assign(clusters, {});
    m_begin.assign(clusters + 1, 0);
    for (std::size_t i = 0; i < places.x.size(); ++i) {
      if (m_labels.cluster[i] == 0) continue;
      const auto cluster = static_cast<std::size_t>(m_labels.cluster[i]) - 1;
      ++m_found[cluster].count;
      m_found[cluster].counted += i < moved ? 1 : 0;
      if (m_labels.core[i] != 0) ++m_begin[cluster + 1];
    }
    for (std::size_t c = 0; c < clusters; ++c) m_begin[c + 1] += m_begin[c];
    m_core.resize(m_begin.back());
    m_next.assign(m_begin.begin(), m_begin.end() - 1);
    for (std::size_t i = 0; i < places.x.size(); ++i) {
      if (m_labels.core[i] == 0) continue;
      m_core[m_next[static_cast<std::size_t>(m_labels.cluster[i]) - 1]++] = static_cast<std::uint32_t>(i);
    }
    const double total = m_background.total();
    for (std::size_t c = 0; c < clusters; ++c) {
      TestedDistrict& district = m_found[c];
      district.cluster = static_cast<std::int32_t>(c + 1);
      if (district.counted == 0 || !(total > 0)) continue;
      const double near = mass_near(points, std::span(m_core).subspan(m_begin[c], m_begin[c + 1] - m_begin[c]));
      const auto n = static_cast<double>(moved);
      district.expected = n * (std::max(near, m_background.least_mass) / total);
      district.excess = excess_of(static_cast<double>(district.counted), district.expected, n);
    }
    return m_found;
  }

  [[nodiscard]] const DbscanLabels& labels() const { return m_labels; }

 private:
  double mass_near(const ClusteredPoints& points, std::span<const std::uint32_t> core) {
    if (m_background.place_mass) {
      m_centre.clear();
      for (const std::uint32_t i : core) m_centre.push_back(points.standing[i]);
      return m_background.place_mass->near(m_centre, m_places_scratch);
    }
    m_core_x.clear();
    m_core_y.clear();
    for (const std::uint32_t i : core) {
      m_core_x.push_back(points.places.plane_x[i]);
      m_core_y.push_back(points.places.plane_y[i]);
    }
    return m_background.mass.near(m_core_x, m_core_y, m_reach, m_scratch);
  }

  const NullBackground& m_background;
  const Crs& m_crs;
  const SignificanceOptions& m_options;
  double m_reach;
  DbscanLabels m_labels;
  std::vector<TestedDistrict> m_found;
  std::vector<std::uint32_t> m_begin, m_next, m_core;  // core points by cluster
  std::vector<std::uint32_t> m_centre;                 // of one cluster
  std::vector<double> m_core_x, m_core_y;
  BackgroundMass::Scratch m_scratch;
  PlaceMass::Scratch m_places_scratch;
};

/// What a thread works with.
struct Worker {
  BackgroundDraws draws;
  ExcessFinder finder;
  ClusteredPoints points;
};

/// Workers that nobody uses at the moment: a transformation costs more to make than to use.
class Workers {
 public:
  template <class Make>
  std::unique_ptr<Worker> take(const Make& make) {
    {
      const std::lock_guard lock(m_guard);
      if (!m_idle.empty()) {
        std::unique_ptr<Worker> worker = std::move(m_idle.back());
        m_idle.pop_back();
        return worker;
      }
    }
    return make();
  }
  void give_back(std::unique_ptr<Worker> worker) {
    const std::lock_guard lock(m_guard);
    m_idle.push_back(std::move(worker));
  }

 private:
  std::mutex m_guard;
  std::vector<std::unique_ptr<Worker>> m_idle;
};

/// What simulations tell about a list of excesses that rises.
struct Simulated {
  std::vector<double> largest;               // of each simulation
  std::vector<std::int64_t> below_or_equal;  // districts whose excess is at least so many of the list, and no more
  std::int64_t without_a_district = 0;       // simulations
};

Simulated simulate(const NullBackground& background, const ClusteredPoints& clustered, const Crs& crs,
                   const SignificanceOptions& options, std::span<const double> rising, Progress& progress) {
  const auto count = static_cast<std::size_t>(options.simulations);
  Simulated simulated;
  simulated.largest.assign(count, 0);
  simulated.below_or_equal.assign(rising.size() + 1, 0);
  std::mutex guard;
  Workers workers;
  SilentProgress side(progress);
  constexpr std::size_t kBatch = 64;  // between two reports of progress
  for (std::size_t first = 0; first < count; first += kBatch) {
    progress.report("simulating districts", static_cast<double>(first) / static_cast<double>(count));
    parallel_blocks(std::min(kBatch, count - first), 1, progress, [&](std::size_t begin, std::size_t, std::size_t) {
      const OnThisThread stay;
      std::unique_ptr<Worker> worker = workers.take([&] {
        return std::make_unique<Worker>(Worker{{background, crs, options.seed}, {background, crs, options}, clustered});
      });
      const std::size_t s = first + begin;
      worker->draws.draw(static_cast<std::uint32_t>(s), worker->points);
      const auto& found = worker->finder.find(worker->points, side);
      {
        const std::lock_guard lock(guard);
        bool none = true;
        for (const TestedDistrict& district : found) {
          if (district.counted == 0) continue;
          none = false;
          simulated.largest[s] = std::max(simulated.largest[s], district.excess);
          ++simulated.below_or_equal[static_cast<std::size_t>(
              std::upper_bound(rising.begin(), rising.end(), district.excess) - rising.begin())];
        }
        simulated.without_a_district += none ? 1 : 0;
      }
      workers.give_back(std::move(worker));
    });
  }
  return simulated;
}

/// Fills p and the false discovery rates.
void judge(std::vector<TestedDistrict*> tested, const Simulated& simulated, std::span<const double> rising) {
  const auto draws = static_cast<double>(simulated.largest.size() + 1);
  std::sort(tested.begin(), tested.end(),
            [](const TestedDistrict* a, const TestedDistrict* b) { return a->excess < b->excess; });
  std::vector<double> sorted = simulated.largest;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::int64_t> as_large(rising.size(), 0);  // simulated districts with an excess as large as the i-th
  std::int64_t sum = 0;
  for (std::size_t i = rising.size(); i-- > 0;) as_large[i] = sum += simulated.below_or_equal[i + 1];
  double least = 1;
  for (std::size_t i = 0; i < tested.size(); ++i) {
    const auto first = static_cast<std::size_t>(std::lower_bound(rising.begin(), rising.end(), tested[i]->excess) -
                                                rising.begin());  // of those equal, all count
    const auto above = sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), tested[i]->excess);
    tested[i]->p = static_cast<double>(1 + above) / draws;
    const double by_chance = static_cast<double>(1 + as_large[first]) / draws;
    least = std::min(least, by_chance / static_cast<double>(tested.size() - first));
    tested[i]->false_discovery_rate = std::max(least, 1 / draws);  // no finer than the simulations tell
  }
}

/// p allows for all districts already.
void doubt_few_simulations(const DistrictSignificance& result, const std::string& where,
                           const SignificanceOptions& options, Diagnostics& diagnostics) {
  std::vector<double> p;
  for (const TestedDistrict& district : result.districts) p.push_back(district.p);
  PermutedTests tests;
  tests.p = tests.adjusted = p;
  tests.permutations = options.simulations;
  tests.convention = PValue::folded;
  tests.significance = options.significance;
  tests.draws = "simulations";
  doubt_few_permutations(tests, where, diagnostics);
}

}  // namespace

double excess_of(double n, double expected, double total) {
  return n > expected ? scan_likelihood_ratio(ScanModel::poisson, n, expected, total, total) : 0;
}

DistrictSignificance district_significance(const Layer& points, const Layer* window, const Layer* background,
                                           const SignificanceOptions& options, Diagnostics& diagnostics,
                                           Progress& progress) {
  progress.throw_if_cancelled();
  progress.report("reading the background", 0);
  ClusteredPoints clustered;
  const NullBackground by_chance =
      read_background(points, window, background, options, clustered, diagnostics, progress);
  DistrictSignificance result;
  result.null_model = by_chance.model;
  result.clustered = static_cast<std::int64_t>(clustered.row.size());
  result.counted = static_cast<std::int64_t>(clustered.moved);
  result.cluster.assign(points.size(), 0);
  ExcessFinder finder(by_chance, points.crs, options);
  result.districts = finder.find(clustered, progress);
  for (std::size_t i = 0; i < clustered.row.size(); ++i) result.cluster[clustered.row[i]] = finder.labels().cluster[i];
  std::vector<TestedDistrict*> tested;
  std::vector<double> rising;
  for (TestedDistrict& district : result.districts) {
    if (district.counted == 0) {
      district.expected = district.excess = district.p = district.false_discovery_rate = kNan;
    } else {
      tested.push_back(&district);
      rising.push_back(district.excess);
    }
  }
  if (clustered.moved == 0) return result;
  if (result.districts.empty())
    diagnostics.add(Severity::doubt, "no-districts", points.name,
                    "no district was found, so none is tested: take a larger radius or fewer min_points");
  std::sort(rising.begin(), rising.end());
  Simulated simulated = simulate(by_chance, clustered, points.crs, options, rising, progress);
  judge(std::move(tested), simulated, rising);
  doubt_few_simulations(result, points.name, options, diagnostics);
  result.without_a_district = simulated.without_a_district;
  result.largest = std::move(simulated.largest);
  return result;
}

}  // namespace yaan
