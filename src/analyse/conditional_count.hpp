#pragma once
// Exact tests and intervals for one count, given sums that hold it.

#include <cstdint>

#include "analyse/proportion_interval.hpp"

namespace yaan {

/// A count whose probabilities are weight times odds to the power of the count: the binomial distribution, and Fisher's
/// noncentral hypergeometric one. Both rise to one mode and fall behind it, each probability known by its ratio to the
/// one before; so sums go from the mode outwards, as far as terms matter: some ten standard deviations, or as far as
/// the count that is asked about. Nothing is kept.
class ConditionalCount {
 public:
  /// Out of `all`, each with the same odds.
  static ConditionalCount binomial(std::int64_t all);
  /// Drawn with odds among `own` and `others`, `drawn` together.
  static ConditionalCount hypergeometric(std::int64_t own, std::int64_t others, std::int64_t drawn);

  /// Of all counts that are no likelier than this one. Probabilities that are equal to 1e-7 are equal, as in R. 0 where
  /// the count is less likely than 1e-308 of the mode.
  [[nodiscard]] double two_sided_p(std::int64_t count, double odds) const;
  /// The odds that neither tail of (1 - confidence) / 2 rules out. From 0, and to infinity, at the ends.
  [[nodiscard]] Interval odds_interval(std::int64_t count, double confidence) const;

 private:
  /// The chance of one more than `count` by that of the count, at even odds.
  [[nodiscard]] double next_by(std::int64_t count) const;
  [[nodiscard]] std::int64_t mode(double odds) const;
  /// Calls visit(count, chance by that of the mode) for the mode and on both sides down to `least`.
  template <class Visit>
  void visit_about_mode(double odds, double least, const Visit& visit) const;
  /// Chance of at least `from`.
  [[nodiscard]] double at_least(std::int64_t from, double log_odds) const;
  /// The logarithm of the odds at which the chance of at least `from` is `tail`.
  [[nodiscard]] double odds_of_tail(std::int64_t from, double tail) const;

  std::int64_t m_first = 0, m_last = 0;
  double m_own = 0;
  bool m_drawn_held = false;        ///< hypergeometric
  double m_drawn = 0, m_spare = 0;  ///< others that are not drawn where none of the own are
};

}  // namespace yaan
