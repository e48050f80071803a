#include "analyse/shared_draws.hpp"

#include <algorithm>
#include <utility>

#include "analyse/neighbour_draws.hpp"
#include "yaan/core/parallel.hpp"

namespace yaan {

namespace {

constexpr std::size_t kSweepBlock = std::size_t{1} << 15;
constexpr std::uint64_t kShared = ~std::uint64_t{0} - 1;  // no feature has this number

std::vector<std::uint32_t> different_degrees(const SpatialWeights& weights) {
  std::vector<std::uint8_t> there;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t degree = weights.degree(i);
    if (degree >= there.size()) there.resize(degree + 1, 0);
    there[degree] = 1;
  }
  std::vector<std::uint32_t> degrees;
  for (std::uint32_t d = 1; d < there.size(); ++d)
    if (there[d] != 0) degrees.push_back(d);
  return degrees;
}

}  // namespace

SharedDraws::SharedDraws(const SpatialWeights& weights, std::uint32_t items, std::uint32_t draws, std::uint64_t seed)
    : m_draws(draws) {
  for (std::size_t i = 0; i < weights.size(); ++i)
    m_length = std::max(m_length, static_cast<std::uint32_t>(weights.degree(i)));
  if (m_length == 0) return;
  m_number.resize(std::size_t{draws} * m_length);
  NeighbourDraws source(items, seed);
  constexpr std::uint32_t kLanes = NeighbourDraws::kLanes;
  for (std::uint32_t first = 0; first < draws; first += kLanes) {
    const auto ids = source.draw(kShared, items, first, m_length);
    for (std::uint32_t lane = 0; lane < std::min(kLanes, draws - first); ++lane)
      for (std::uint32_t j = 0; j < m_length; ++j)
        m_number[std::size_t{first + lane} * m_length + j] = ids[std::size_t{j} * kLanes + lane];
  }
}

std::span<const std::uint32_t> SharedDraws::shifted(std::uint32_t own, std::uint32_t first, std::uint32_t count,
                                                    std::vector<std::uint32_t>& room) const {
  constexpr std::uint32_t kLanes = NeighbourDraws::kLanes;
  room.assign(std::size_t{count} * kLanes, 0);
  for (std::uint32_t lane = 0; lane < std::min(kLanes, m_draws - first); ++lane)
    for (std::uint32_t j = 0; j < count; ++j) {
      const std::uint32_t id = number(first + lane, j);
      room[std::size_t{j} * kLanes + lane] = id + (id >= own ? 1U : 0U);
    }
  return room;
}

bool sweep_pays(const SpatialWeights& weights, std::int64_t permutations) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto row = weights.weights(i);
    for (const double w : row)
      if (w != row.front()) return false;
  }
  const std::vector<std::uint32_t> degrees = different_degrees(weights);
  double changes = 0;  // for each draw: every number changes the sums of the larger degrees
  for (const std::uint32_t d : degrees) changes += d * (d + static_cast<double>(permutations) / 8 + 50);
  return changes < 4 * static_cast<double>(weights.links());
}

namespace {

/// The permuted sums of one degree while the sweep passes, sorted.
struct SortedSums {
  std::uint32_t degree = 0;
  std::vector<double> of_draw;
  std::vector<double> sorted;

  void replace(std::uint32_t draw, double now) {
    const double before = of_draw[draw];
    of_draw[draw] = now;
    const auto from = std::lower_bound(sorted.begin(), sorted.end(), before);
    const auto to = std::lower_bound(sorted.begin(), sorted.end(), now);
    if (to > from) {
      std::move(from + 1, to, from);
      *(to - 1) = now;
    } else {
      std::move_backward(to, from, from + 1);
      *to = now;
    }
  }
};

double permuted_sum(const SharedDraws& draws, std::uint32_t draw, std::uint32_t degree, std::uint32_t own,
                    std::span<const double> values) {
  double sum = 0;
  for (std::uint32_t j = 0; j < degree; ++j) {
    const std::uint32_t id = draws.number(draw, j);
    sum += values[id + (id >= own ? 1U : 0U)];
  }
  return sum;
}

/// The draw in which number `id` stands, and where.
struct Change {
  std::uint32_t id, draw, place;
};

}  // namespace

void sweep_shared(const SpatialWeights& weights, std::span<const double> values, std::uint32_t draws,
                  std::uint64_t seed, double room, std::vector<TailCounts>& tails, const Progress& progress) {
  const std::size_t n = weights.size();
  const SharedDraws table(weights, static_cast<std::uint32_t>(n), draws, seed);
  const std::vector<std::uint32_t> degrees = different_degrees(weights);
  std::vector<std::uint32_t> number_of_degree(table.length() + 1, 0);
  for (std::uint32_t d = 0; d < degrees.size(); ++d) number_of_degree[degrees[d]] = d;
  std::vector<Change> changes;
  changes.reserve(std::size_t{draws} * table.length());
  for (std::uint32_t draw = 0; draw < draws; ++draw)
    for (std::uint32_t j = 0; j < table.length(); ++j) changes.push_back({table.number(draw, j), draw, j});
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return std::pair(a.id, a.draw) < std::pair(b.id, b.draw); });
  parallel_blocks(n, kSweepBlock, progress, [&](std::size_t begin, std::size_t end, std::size_t) {
    std::vector<SortedSums> sums(degrees.size());
    for (std::size_t d = 0; d < degrees.size(); ++d) {
      sums[d].degree = degrees[d];
      for (std::uint32_t draw = 0; draw < draws; ++draw)
        sums[d].of_draw.push_back(permuted_sum(table, draw, degrees[d], static_cast<std::uint32_t>(begin), values));
      sums[d].sorted = sums[d].of_draw;
      std::sort(sums[d].sorted.begin(), sums[d].sorted.end());
    }
    auto change = std::lower_bound(changes.begin(), changes.end(), begin,
                                   [](const Change& c, std::size_t id) { return c.id < id; });
    for (std::size_t i = begin; i < end; ++i) {
      for (; change != changes.end() && change->id < i; ++change)  // the feature has passed this number
        for (SortedSums& of : sums)
          if (of.degree > change->place)
            of.replace(change->draw,
                       permuted_sum(table, change->draw, of.degree, static_cast<std::uint32_t>(i), values));
      const auto to = weights.neighbours(i);
      if (to.empty()) continue;
      double observed = 0;
      for (const std::uint32_t j : to) observed += values[j];
      const double equal = room * static_cast<double>(to.size());
      const std::vector<double>& sorted = sums[number_of_degree[to.size()]].sorted;
      const auto low = std::lower_bound(sorted.begin(), sorted.end(), observed - equal);
      auto high = low;
      if (high != sorted.end() && *high <= observed + equal)
        high = std::upper_bound(low, sorted.end(), observed + equal);
      tails[i] = {sorted.end() - low, high - sorted.begin()};
    }
  });
}

}  // namespace yaan
