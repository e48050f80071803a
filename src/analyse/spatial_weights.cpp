#include "yaan/analyse/spatial_weights.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "analyse/index/disjoint_sets.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

SpatialWeights weights_of(std::size_t n, std::vector<Link> links) {
  for (const Link& link : links)
    if (link.from >= n || link.to >= n || !(link.weight >= 0) || !std::isfinite(link.weight))
      throw std::invalid_argument("weights_of: a link to nowhere, or a weight that is negative or not finite");
  std::vector<std::uint64_t> begin(n + 1, 0);
  for (const Link& link : links)
    if (link.from != link.to && link.weight != 0) ++begin[link.from + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  std::vector<std::pair<std::uint32_t, double>> rows(begin[n]);
  std::vector<std::uint64_t> next(begin.begin(), begin.end() - 1);
  for (const Link& link : links)
    if (link.from != link.to && link.weight != 0) rows[next[link.from]++] = {link.to, link.weight};
  links = {};
  SpatialWeights weights;
  weights.begin.reserve(n + 1);
  weights.neighbour.reserve(rows.size());
  weights.weight.reserve(rows.size());
  for (std::size_t i = 0; i < n; ++i) {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(begin[i]);
    const auto last = rows.begin() + static_cast<std::ptrdiff_t>(begin[i + 1]);
    std::sort(first, last, [](const auto& a, const auto& b) {
      return a.first < b.first || (a.first == b.first && a.second > b.second);
    });
    for (auto at = first; at != last; ++at) {
      if (at != first && at->first == (at - 1)->first) continue;
      weights.neighbour.push_back(at->first);
      weights.weight.push_back(at->second);
    }
    weights.begin.push_back(weights.neighbour.size());
  }
  return weights;
}

SpatialWeights higher_order(const SpatialWeights& weights, std::int64_t order, bool lower_orders,
                            const Progress& progress) {
  if (order < 1) throw std::invalid_argument("higher_order: the order is at least 1");
  const std::size_t n = weights.size();
  const std::size_t block_size = std::max<std::size_t>(256, n / 32);  // each block marks what it has seen among all
  std::vector<std::vector<Link>> found(block_count(n, block_size));
  parallel_blocks(n, block_size, progress, [&](std::size_t begin, std::size_t end, std::size_t block) {
    std::vector<std::uint32_t> seen(n, 0xffffffff);  // by whom last
    std::vector<std::uint32_t> front, next;
    for (std::size_t i = begin; i < end; ++i) {
      const auto self = static_cast<std::uint32_t>(i);
      seen[i] = self;
      front.assign(1, self);
      for (std::int64_t step = 1; step <= order && !front.empty(); ++step) {
        next.clear();
        for (const std::uint32_t at : front)
          for (const std::uint32_t to : weights.neighbours(at))
            if (seen[to] != self) {
              seen[to] = self;
              next.push_back(to);
            }
        if (lower_orders || step == order)
          for (const std::uint32_t to : next) found[block].push_back({self, to, 1});
        front.swap(next);
      }
    }
  });
  std::vector<Link> links;
  for (auto& block : found) {
    links.insert(links.end(), block.begin(), block.end());
    block = {};
  }
  return weights_of(n, std::move(links));
}

SpatialWeights select(const SpatialWeights& weights, const std::vector<std::uint32_t>& features) {
  constexpr std::uint32_t kGone = 0xffffffff;
  std::vector<std::uint32_t> number(weights.size(), kGone);
  for (std::size_t i = 0; i < features.size(); ++i) number[features[i]] = static_cast<std::uint32_t>(i);
  std::vector<Link> links;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto to = weights.neighbours(features[i]);
    const auto weight = weights.weights(features[i]);
    for (std::size_t l = 0; l < to.size(); ++l)
      if (number[to[l]] != kGone) links.push_back({static_cast<std::uint32_t>(i), number[to[l]], weight[l]});
  }
  return weights_of(features.size(), std::move(links));
}

void apply_style(SpatialWeights& weights, WeightStyle style) {
  if (style == WeightStyle::binary) return;
  double total = 0;
  double linked = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto row = weights.weights(i);
    if (row.empty()) continue;
    double sum = 0;
    for (const double w : row) sum += style == WeightStyle::row ? w : w * w;
    const double divisor = style == WeightStyle::row ? sum : std::sqrt(sum);
    for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l) {
      weights.weight[l] /= divisor;
      total += weights.weight[l];
    }
    linked += 1;
  }
  if (style == WeightStyle::variance && total > 0)
    for (double& w : weights.weight) w *= linked / total;
}

namespace {

/// The weight of the link, 0 where there is none.
double weight_between(const SpatialWeights& weights, std::uint32_t from, std::uint32_t to) {
  const auto there = weights.neighbours(from);
  const auto at = std::lower_bound(there.begin(), there.end(), to);
  if (at == there.end() || *at != to) return 0;
  return weights.weights(from)[static_cast<std::size_t>(at - there.begin())];
}

}  // namespace

WeightSums sums_of(const SpatialWeights& weights) {
  WeightSums sums;
  const std::size_t n = weights.size();
  std::vector<double> both(n, 0);
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto to = weights.neighbours(i);
    const auto weight = weights.weights(i);
    for (std::size_t l = 0; l < to.size(); ++l) {
      sums.s0 += weight[l];
      sums.s1 += weight[l] * weight[l] + weight[l] * weight_between(weights, to[l], i);
      both[i] += weight[l];
      both[to[l]] += weight[l];
    }
  }
  for (const double sum : both) sums.s2 += sum * sum;
  return sums;
}

std::vector<double> lag(const SpatialWeights& weights, std::span<const double> values) {
  constexpr std::size_t kBlock = std::size_t{1} << 14;
  std::vector<double> lagged(weights.size(), 0);
  parallel_blocks(weights.size(), kBlock, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) {
      double sum = 0;
      for (std::uint64_t l = weights.begin[i]; l < weights.begin[i + 1]; ++l)
        sum += weights.weight[l] * values[weights.neighbour[l]];
      lagged[i] = sum;
    }
  });
  return lagged;
}

namespace {

bool is_symmetric(const SpatialWeights& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto to = weights.neighbours(i);
    for (std::size_t l = 0; l < to.size(); ++l) {
      if (weight_between(weights, to[l], static_cast<std::uint32_t>(i)) != weights.weights(i)[l]) return false;
    }
  }
  return true;
}

}  // namespace

WeightsSummary summarise(const SpatialWeights& weights) {
  WeightsSummary summary;
  const std::size_t n = weights.size();
  summary.links = static_cast<std::int64_t>(weights.links());
  summary.symmetric = is_symmetric(weights);
  summary.component.assign(n, 0);
  std::vector<std::uint32_t> parents(n);
  std::iota(parents.begin(), parents.end(), 0U);
  const DisjointSets sets(parents.data());
  std::size_t least = n, most = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (const std::uint32_t to : weights.neighbours(i)) sets.unite(i, to);
    least = std::min(least, weights.degree(i));
    most = std::max(most, weights.degree(i));
    if (weights.degree(i) == 0) summary.islands.push_back(i);
  }
  summary.least = n == 0 ? 0 : static_cast<std::int64_t>(least);
  summary.most = static_cast<std::int64_t>(most);
  summary.mean = n == 0 ? 0 : static_cast<double>(weights.links()) / static_cast<double>(n);
  std::vector<std::uint32_t> number(n, 0);
  for (std::uint32_t i = 0; i < n; ++i) {
    std::uint32_t& name = number[sets.find(i)];
    if (name == 0) name = static_cast<std::uint32_t>(++summary.components);
    summary.component[i] = name;
  }
  return summary;
}

}  // namespace yaan
