#pragma once
// Pairs of points that are near each other, with their edge weights: the loop below every curve of a point pattern.

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "analyse/border_view.hpp"
#include "analyse/set_covariance.hpp"
#include "yaan/analyse/point_pattern.hpp"
#include "yaan/core/parallel.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {

/// Points in the cells of a grid, row by row; within a cell by (x, y), so that the order is that of the places alone.
struct CellPoints {
  /// Cells of about half the reach.
  CellPoints(std::span<const double> px, std::span<const double> py, const Box& bounds, double reach);

  [[nodiscard]] std::size_t size() const { return x.size(); }
  [[nodiscard]] Box box_of(std::uint32_t cell) const;

  Intervals columns, rows;
  std::vector<std::uint32_t> begin;  // of each cell, and the end
  std::vector<std::uint32_t> cell;   // of each point
  std::vector<double> x, y;
};

/// What a correction needs to know of the window, prepared once for many patterns.
struct PairWeights {
  /// Throws Cancelled.
  PairWeights(const PatternWindow& on, EdgeCorrection edge_correction, double longest, const Progress& progress);

  const PatternWindow& window;
  EdgeCorrection correction;
  double reach;
  std::unique_ptr<const SetCovariance> covariance;  // for translation
};

/// Pairs of one point with others, its own place in the pattern left out: distances (up to the reach and by rounding
/// beyond) and weights. The order follows from the places.
struct NearPairs {
  std::span<const double> distance;
  std::span<const double> weight;
  double to_border;  ///< for the border correction; at most the reach matters
};

/// Calls visit(pairs) for the points of a block, in order. `same`: from and to are one pattern.
template <class Visit>
void visit_pairs(const CellPoints& from, const CellPoints& to, bool same, const PairWeights& weights, std::size_t begin,
                 std::size_t end, const Visit& visit);

/// Points of `from` that one block holds.
inline constexpr std::size_t kPairBlock = 512;

/// Sums of `width` numbers over all pairs: add(pairs, sums) adds the pairs of one point. Blocks are summed in their
/// order, so that the thread count makes no difference. `threads`: whether to use several; a caller that runs many
/// patterns at once does not.
template <class Add>
std::vector<double> pair_sums(const CellPoints& from, const CellPoints& to, bool same, const PairWeights& weights,
                              std::size_t width, bool threads, const Progress& progress, const Add& add) {
  std::vector<std::vector<double>> blocks(block_count(from.size(), kPairBlock));
  const auto run = [&](std::size_t begin, std::size_t end, std::size_t block) {
    progress.throw_if_cancelled();
    blocks[block].assign(width, 0);
    visit_pairs(from, to, same, weights, begin, end,
                [&](const NearPairs& pairs) { add(pairs, std::span(blocks[block])); });
  };
  if (threads) {
    parallel_blocks(from.size(), kPairBlock, progress, run);
  } else {
    for (std::size_t b = 0; b < blocks.size(); ++b) run(b * kPairBlock, std::min(from.size(), (b + 1) * kPairBlock), b);
  }
  std::vector<double> sums(width, 0);
  for (const auto& block : blocks)
    for (std::size_t i = 0; i < width; ++i) sums[i] += block[i];
  return sums;
}

/// The scratch of visit_pairs.
class PairCollector {
 public:
  PairCollector(const CellPoints& from, const CellPoints& to, bool same, const PairWeights& weights)
      : m_from(from), m_to(to), m_same(same), m_weights(weights), m_view(weights.window, weights.reach) {}
  NearPairs of(std::size_t point);

 private:
  void collect(std::size_t point);
  void add_run(std::uint32_t begin, std::uint32_t end, double x, double y);
  void weigh();

  const CellPoints& m_from;
  const CellPoints& m_to;
  bool m_same;
  const PairWeights& m_weights;
  BorderView m_view;
  std::uint32_t m_cell = ~std::uint32_t{0};
  std::size_t m_count = 0;
  std::vector<double> m_dx, m_dy, m_distance, m_weight;
};

template <class Visit>
void visit_pairs(const CellPoints& from, const CellPoints& to, bool same, const PairWeights& weights, std::size_t begin,
                 std::size_t end, const Visit& visit) {
  PairCollector collector(from, to, same, weights);
  for (std::size_t i = begin; i < end; ++i) visit(collector.of(i));
}

}  // namespace yaan
