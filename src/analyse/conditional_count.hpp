#pragma once
// Exact tests and intervals for one count, given sums that hold it.

#include <cstdint>
#include <vector>

#include "analyse/proportion_interval.hpp"

namespace yaan {

/// A count from `first` on whose probabilities are weight times odds to the power of the count: the binomial
/// distribution, and Fisher's noncentral hypergeometric one.
class ConditionalCount {
 public:
  /// Out of `all`, each with the same odds.
  static ConditionalCount binomial(std::int64_t all);
  /// Drawn with odds among `own` and `others`, `drawn` together.
  static ConditionalCount hypergeometric(std::int64_t own, std::int64_t others, std::int64_t drawn);

  /// Of all counts that are no likelier than this one. Probabilities that are equal to 1e-7 are equal, as in R.
  [[nodiscard]] double two_sided_p(std::int64_t count, double odds) const;
  /// The odds that neither tail of (1 - confidence) / 2 rules out. From 0, and to infinity, at the ends.
  [[nodiscard]] Interval odds_interval(std::int64_t count, double confidence) const;

 private:
  /// Chance of at least the count number `from`.
  [[nodiscard]] double at_least(std::size_t from, double log_odds) const;
  [[nodiscard]] std::vector<double> probabilities(double log_odds) const;
  /// The logarithm of the odds at which the chance of at least number `from` is `tail`.
  [[nodiscard]] double odds_of_tail(std::size_t from, double tail) const;

  std::int64_t m_first = 0;
  std::vector<double> m_log_weight;
};

}  // namespace yaan
