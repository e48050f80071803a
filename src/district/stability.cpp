#include "yaan/district/stability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "yaan/analyse/cluster_hierarchy.hpp"
#include "yaan/analyse/radius_choice.hpp"
#include "yaan/core/error.hpp"

namespace yaan {

namespace {

/// How many points two labellings have in common, group by group, in ascending order.
struct Common {
  std::int32_t a, b;
  std::int64_t count;
};

std::vector<Common> common_points(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::vector<std::uint64_t> pairs(a.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    pairs[i] = std::uint64_t{static_cast<std::uint32_t>(a[i])} << 32 | static_cast<std::uint32_t>(b[i]);
  std::sort(pairs.begin(), pairs.end());
  std::vector<Common> common;
  for (std::size_t i = 0; i < pairs.size();) {
    std::size_t end = i;
    while (end < pairs.size() && pairs[end] == pairs[i]) ++end;
    common.push_back({static_cast<std::int32_t>(pairs[i] >> 32), static_cast<std::int32_t>(pairs[i] & 0xffffffff),
                      static_cast<std::int64_t>(end - i)});
    i = end;
  }
  return common;
}

double pairs_of(std::int64_t n) { return static_cast<double>(n) * static_cast<double>(n - 1) / 2; }

}  // namespace

double adjusted_rand_index(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  if (a.size() < 2) return 1;
  std::map<std::int32_t, std::int64_t> in_a, in_b;
  double both = 0;
  for (const Common& common : common_points(a, b)) {
    in_a[common.a] += common.count;
    in_b[common.b] += common.count;
    both += pairs_of(common.count);
  }
  double of_a = 0, of_b = 0;
  for (const auto& [label, count] : in_a) of_a += pairs_of(count);
  for (const auto& [label, count] : in_b) of_b += pairs_of(count);
  const double by_chance = of_a * of_b / pairs_of(static_cast<std::int64_t>(a.size()));
  const double most = (of_a + of_b) / 2;
  return most == by_chance ? 1 : (both - by_chance) / (most - by_chance);
}

namespace {

void check(const StabilityOptions& options) {
  const auto refuse = [](const std::string& what) { throw UsageError(what); };
  if (options.radius_steps < 1 || options.min_points_steps < 1) refuse("the grid of settings needs at least one step");
  if (options.min_points_from < 1 || options.min_points_to < options.min_points_from ||
      options.min_points_to > ClusterHierarchy::kMostMinPoints)
    refuse(fmt::format("min_points go from {} to {}, but must ascend from 1 to {}", options.min_points_from,
                       options.min_points_to, ClusterHierarchy::kMostMinPoints));
  const bool suggested = options.radius_from.value == 0 && options.radius_to.value == 0;
  if (!suggested && !(options.radius_from.value > 0 && options.radius_from.value <= options.radius_to.value))
    refuse(fmt::format("the radii go from {} to {}, but must ascend, or both be 0",
                       to_string(Length(options.radius_from)), to_string(Length(options.radius_to))));
  if ((options.reference_radius.value == 0) != (options.reference_min_points == 0))
    refuse("reference_radius and reference_min_points belong together");
  if (!(options.edge_share >= 0 && options.edge_share <= options.core_share && options.core_share <= 1))
    refuse("edge_share must be at most core_share, and both from 0 to 1");
}

std::vector<std::int64_t> min_points_steps(const StabilityOptions& options) {
  std::vector<std::int64_t> steps;
  const std::int64_t span = options.min_points_to - options.min_points_from;
  for (std::int64_t i = 0; i < options.min_points_steps; ++i) {
    const std::int64_t step =
        options.min_points_from +
        (options.min_points_steps == 1 ? 0 : (2 * span * i / (options.min_points_steps - 1) + 1) / 2);
    if (steps.empty() || steps.back() != step) steps.push_back(step);
  }
  return steps;
}

std::vector<Length> radii(const StabilityOptions& options, const ClusterHierarchy& hierarchy, const Crs& crs) {
  Metres from = options.radius_from, to = options.radius_to;
  if (from.value == 0 && to.value == 0) {
    std::vector<double> core = hierarchy.core_distances();
    const double metres = crs.is_geographic() ? 1 : crs.metres_per_unit();
    for (double& distance : core) distance *= metres;
    std::erase_if(core, [](double distance) { return !(distance > 0.1 && std::isfinite(distance)); });
    if (core.empty()) return {};
    std::sort(core.begin(), core.end());
    from.value = core[(core.size() - 1) * 10 / 100];
    to.value = core[(core.size() - 1) * 75 / 100];
  }
  std::vector<Length> steps;
  for (const Length& radius : radius_steps(from, to, options.radius_steps))
    if (steps.empty() || !(steps.back() == radius)) steps.push_back(radius);
  return steps;
}

using Labels = std::vector<std::int32_t>;

/// For each cluster of a setting the district that it matches, or 0.
std::vector<std::int32_t> match(const Labels& reference, const Labels& setting, std::int64_t clusters) {
  struct Pair {
    double overlap;
    std::int32_t district, cluster;
  };
  std::map<std::int32_t, std::int64_t> of_district, of_cluster;
  const std::vector<Common> common = common_points(reference, setting);
  for (const Common& c : common) {
    of_district[c.a] += c.count;
    of_cluster[c.b] += c.count;
  }
  std::vector<Pair> pairs;
  for (const Common& c : common)
    if (c.a != 0 && c.b != 0)
      pairs.push_back(
          {static_cast<double>(c.count) / static_cast<double>(of_district[c.a] + of_cluster[c.b] - c.count), c.a, c.b});
  std::sort(pairs.begin(), pairs.end(), [](const Pair& p, const Pair& q) {
    if (p.overlap != q.overlap) return p.overlap > q.overlap;
    return p.district != q.district ? p.district < q.district : p.cluster < q.cluster;
  });
  std::vector<std::int32_t> district_of(static_cast<std::size_t>(clusters) + 1, 0);
  std::map<std::int32_t, bool> taken;
  for (const Pair& pair : pairs) {
    auto& district = district_of[static_cast<std::size_t>(pair.cluster)];
    if (district != 0 || taken[pair.district]) continue;
    district = pair.district;
    taken[pair.district] = true;
  }
  return district_of;
}

/// Agreement of each setting with those beside it in a grid of `columns`.
void compare_neighbours(std::vector<StabilitySetting>& settings, const std::vector<Labels>& labels, std::size_t columns,
                        Progress& progress) {
  std::vector<int> neighbours(settings.size(), 0);
  const auto compare = [&](std::size_t s, std::size_t t) {
    progress.throw_if_cancelled();
    const double agreement = adjusted_rand_index(labels[s], labels[t]);
    for (const std::size_t i : {s, t}) {
      settings[i].agreement += agreement;
      ++neighbours[i];
    }
  };
  for (std::size_t s = 0; s < settings.size(); ++s) {
    if (s % columns + 1 < columns) compare(s, s + 1);
    if (s + columns < settings.size()) compare(s, s + columns);
  }
  for (std::size_t s = 0; s < settings.size(); ++s)
    settings[s].agreement = neighbours[s] == 0 ? 1 : settings[s].agreement / neighbours[s];
}

std::size_t best_setting(const std::vector<StabilitySetting>& settings, std::size_t points) {
  const auto useful = [&](const StabilitySetting& setting) {
    return setting.clusters > 0 && static_cast<double>(setting.noise) <= 0.9 * static_cast<double>(points);
  };
  const bool any = std::any_of(settings.begin(), settings.end(), useful);
  std::size_t best = settings.size();
  for (std::size_t s = 0; s < settings.size(); ++s) {
    if (any && !useful(settings[s])) continue;
    if (best == settings.size() || settings[s].agreement > settings[best].agreement) best = s;
  }
  return best == settings.size() ? 0 : best;
}

/// In how many settings each district holds each point.
class Holdings {
 public:
  Holdings(const Labels& reference, std::size_t settings) : m_reference(reference), m_settings(settings) {
    m_own.assign(reference.size(), 0);
    m_others.resize(reference.size());
  }

  void count(const Labels& labels, const std::vector<std::int32_t>& district_of) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::int32_t district = district_of[static_cast<std::size_t>(labels[i])];
      if (district == 0) continue;
      if (district == m_reference[i]) {
        ++m_own[i];
      } else if (m_reference[i] == 0) {
        auto& others = m_others[i];
        const auto at = std::find_if(others.begin(), others.end(), [&](const auto& o) { return o.first == district; });
        if (at == others.end()) {
          others.emplace_back(district, 1);
        } else {
          ++at->second;
        }
      }
    }
  }

  void settle(StabilityMap& map) const {
    map.district = m_reference;
    map.share.resize(m_reference.size());
    map.in_reference.resize(m_reference.size());
    for (std::size_t i = 0; i < m_reference.size(); ++i) {
      map.in_reference[i] = m_reference[i] != 0;
      std::int64_t held = m_own[i];
      for (const auto& [district, count] : m_others[i])
        if (count > held || (count == held && district < map.district[i])) {
          map.district[i] = district;
          held = count;
        }
      map.share[i] = m_settings == 0 ? 0 : static_cast<double>(held) / static_cast<double>(m_settings);
    }
  }

 private:
  const Labels& m_reference;
  std::size_t m_settings;
  std::vector<std::int64_t> m_own;
  std::vector<std::vector<std::pair<std::int32_t, std::int64_t>>> m_others;  // of points outside the reference
};

}  // namespace

StabilityMap stability_map(std::span<const double> x, std::span<const double> y, const Crs& crs,
                           const StabilityOptions& options, Progress& progress) {
  check(options);
  StabilityMap map;
  std::vector<Labels> labels;
  const std::vector<std::int64_t> counts = min_points_steps(options);
  const ClusterHierarchy middle(x, y, crs, counts[counts.size() / 2], progress);
  const std::vector<Length> lengths = radii(options, middle, crs);
  for (std::size_t m = 0; m < counts.size(); ++m) {
    const bool is_middle = m == counts.size() / 2;
    const ClusterHierarchy hierarchy =
        is_middle ? ClusterHierarchy({}, {}, crs, 1, progress) : ClusterHierarchy(x, y, crs, counts[m], progress);
    for (const Length& radius : lengths) {
      progress.throw_if_cancelled();
      ClusterCut cut = (is_middle ? middle : hierarchy).cut(radius);
      map.settings.push_back({radius, counts[m], cut.labels.clusters, cut.labels.noise, 0});
      labels.push_back(std::move(cut.labels.cluster));
    }
  }
  Labels reference(x.size(), 0);
  if (!map.settings.empty()) {
    compare_neighbours(map.settings, labels, lengths.size(), progress);
    map.recommended = best_setting(map.settings, x.size());
    map.reference_radius = map.settings[map.recommended].radius;
    map.reference_min_points = map.settings[map.recommended].min_points;
    map.districts = map.settings[map.recommended].clusters;
    reference = labels[map.recommended];
  }
  if (options.reference_min_points != 0) {
    map.reference_radius = options.reference_radius;
    map.reference_min_points = options.reference_min_points;
    ClusterCut cut = ClusterHierarchy(x, y, crs, map.reference_min_points, progress).cut(map.reference_radius);
    map.districts = cut.labels.clusters;
    reference = std::move(cut.labels.cluster);
  }
  Holdings holdings(reference, map.settings.size());
  for (std::size_t s = 0; s < labels.size(); ++s) {
    progress.throw_if_cancelled();
    holdings.count(labels[s], match(reference, labels[s], map.settings[s].clusters));
  }
  holdings.settle(map);
  return map;
}

}  // namespace yaan
