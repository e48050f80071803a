#include "analyse/pattern_curves.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace yaan {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Finds the first of rising distances that is at least a given one: near its place if they are equally spaced.
class Distances {
 public:
  explicit Distances(std::span<const double> all)
      : m_all(all), m_inverse(all.back() > 0 ? static_cast<double>(all.size() - 1) / all.back() : 0) {}
  [[nodiscard]] std::size_t size() const { return m_all.size(); }
  [[nodiscard]] double operator[](std::size_t k) const { return m_all[k]; }
  /// size() where all are smaller.
  [[nodiscard]] std::size_t first_at_least(double value) const {
    const double guess = std::max(0.0, value * m_inverse);
    std::size_t k = guess < static_cast<double>(m_all.size()) ? static_cast<std::size_t>(guess) : m_all.size();
    while (k > 0 && m_all[k - 1] >= value) --k;
    while (k < m_all.size() && m_all[k] < value) ++k;
    return k;
  }

 private:
  std::span<const double> m_all;
  double m_inverse;
};

std::vector<double> border_corrected(const PatternPair& pair, const PairWeights& weights, const Distances& distances,
                                     bool threads, const Progress& progress) {
  const std::size_t size = distances.size();
  // Two rows of changes from one distance to the next: pairs that count, and points that look around.
  const auto sums = pair_sums(pair.from, pair.to, pair.same, weights, 2 * (size + 1), threads, progress,
                              [&](const NearPairs& pairs, std::span<double> out) {
                                std::size_t end = distances.first_at_least(pairs.to_border);
                                if (end < size && distances[end] == pairs.to_border) ++end;
                                for (const double d : pairs.distance) {
                                  const std::size_t k = distances.first_at_least(d);
                                  if (k >= end) continue;
                                  out[k] += 1;
                                  out[end] -= 1;
                                }
                                out[size + 1] += 1;
                                out[size + 1 + end] -= 1;
                              });
  std::vector<double> k(size);
  const double density = static_cast<double>(pair.to.size()) / weights.window.area();
  double near = 0, looking = 0;
  for (std::size_t i = 0; i < size; ++i) {
    near += sums[i];
    looking += sums[size + 1 + i];
    k[i] = looking > 0 ? near / (density * looking) : kNan;
  }
  return k;
}

/// Ordered pairs that a pattern could have.
double possible_pairs(const PatternPair& pair) {
  return static_cast<double>(pair.from.size()) * (static_cast<double>(pair.to.size()) - (pair.same ? 1 : 0));
}

}  // namespace

std::vector<double> k_curve(const PatternPair& pair, const PairWeights& weights, std::span<const double> distances,
                            bool threads, const Progress& progress) {
  if (distances.empty()) return {};
  const double possible = possible_pairs(pair);
  if (!(possible > 0) || !(weights.window.area() > 0)) return std::vector<double>(distances.size(), kNan);
  const Distances at(distances);
  if (weights.correction == EdgeCorrection::border) return border_corrected(pair, weights, at, threads, progress);
  auto sums = pair_sums(pair.from, pair.to, pair.same, weights, distances.size() + 1, threads, progress,
                        [&](const NearPairs& pairs, std::span<double> out) {
                          for (std::size_t i = 0; i < pairs.distance.size(); ++i)
                            out[at.first_at_least(pairs.distance[i])] += pairs.weight[i];
                        });
  sums.pop_back();
  double sum = 0;
  for (double& value : sums) {
    sum += value;
    value = sum * weights.window.area() / possible;
  }
  return sums;
}

std::vector<double> pair_correlation_curve(const PatternPair& pair, const PairWeights& weights,
                                           std::span<const double> distances, double bandwidth, bool threads,
                                           const Progress& progress) {
  if (distances.empty()) return {};
  const double possible = possible_pairs(pair);
  if (!(possible > 0) || !(weights.window.area() > 0)) return std::vector<double>(distances.size(), kNan);
  const Distances at(distances);
  auto sums = pair_sums(pair.from, pair.to, pair.same, weights, distances.size(), threads, progress,
                        [&](const NearPairs& pairs, std::span<double> out) {
                          for (std::size_t i = 0; i < pairs.distance.size(); ++i) {
                            const double d = pairs.distance[i];
                            for (std::size_t k = at.first_at_least(d - bandwidth); k < at.size(); ++k) {
                              const double off = (at[k] - d) / bandwidth;
                              if (off >= 1) break;
                              out[k] += pairs.weight[i] * (1 - off * off);
                            }
                          }
                        });
  const double scale = 0.75 / bandwidth * weights.window.area() / possible / (2 * std::numbers::pi);
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k] = distances[k] > 0 ? sums[k] * scale / distances[k] : kNan;
  return sums;
}

std::vector<double> l_of_k(std::span<const double> k) {
  std::vector<double> l;
  for (const double value : k) l.push_back(std::sqrt(value / std::numbers::pi));
  return l;
}

}  // namespace yaan
