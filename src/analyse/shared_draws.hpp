#pragma once
// One table of random sets of features that all features share.

#include <cstdint>
#include <span>
#include <vector>

#include "yaan/analyse/autocorrelation.hpp"

namespace yaan {

/// For each draw a list of different numbers below n - 1, as long as the largest number of neighbours. A feature takes
/// the first ones, each raised by one from the feature's own number on, so that it is never its own neighbour.
class SharedDraws {
 public:
  SharedDraws(const SpatialWeights& weights, std::uint32_t items, std::uint32_t draws, std::uint64_t seed);

  /// The lists of the draws first .. first + kLanes - 1 for a feature, laid out as NeighbourDraws does; in `room`.
  std::span<const std::uint32_t> shifted(std::uint32_t own, std::uint32_t first, std::uint32_t count,
                                         std::vector<std::uint32_t>& room) const;

  [[nodiscard]] std::uint32_t length() const { return m_length; }
  /// Number j of a draw, not raised.
  [[nodiscard]] std::uint32_t number(std::uint32_t draw, std::uint32_t j) const {
    return m_number[std::size_t{draw} * m_length + j];
  }

 private:
  std::uint32_t m_length = 0;
  std::uint32_t m_draws;
  std::vector<std::uint32_t> m_number;
};

/// Whether rows have equal weights and the sweep costs less than adding up every permuted lag.
bool sweep_pays(const SpatialWeights& weights, std::int64_t permutations);

/// The tails of every lag with shared draws: as the sweep passes the features, a permuted sum changes only where the
/// feature passes a number of its list, so sorted sums are kept up to date and each observed sum is looked up among
/// them. Sums within `room` for each neighbour are equal. The rows have equal weights. O(n log draws + draws x (sum of
/// neighbour counts of the different degrees) x draws / 2).
void sweep_shared(const SpatialWeights& weights, std::span<const double> values, std::uint32_t draws,
                  std::uint64_t seed, double room, std::vector<TailCounts>& tails, const Progress& progress);

}  // namespace yaan
