#include "yaan/analyse/multiple_testing.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace yaan {

namespace {

/// The sum of 1 / rank: what any dependence costs.
double harmonic(std::size_t tests) {
  double sum = 0;
  for (std::size_t rank = 1; rank <= tests; ++rank) sum += 1 / static_cast<double>(rank);
  return sum;
}

}  // namespace

std::vector<double> adjusted_p(std::span<const double> p, Correction correction) {
  std::vector<double> adjusted(p.begin(), p.end());
  if (correction == Correction::none) return adjusted;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  const auto tests = static_cast<double>(order.size());
  if (correction == Correction::bonferroni) {
    for (const std::size_t i : order) adjusted[i] = std::min(1.0, p[i] * tests);
    return adjusted;
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] < p[b] || (p[a] == p[b] && a < b); });
  const double factor = correction == Correction::benjamini_yekutieli ? harmonic(order.size()) : 1;
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p[i] * tests * factor / static_cast<double>(rank));
    adjusted[i] = least;
  }
  return adjusted;
}

double correction_factor(std::size_t tests, Correction correction) {
  // Step-up corrections divide by the rank, and of equal p-values the last rank counts: all tests.
  switch (correction) {
    case Correction::none:
    case Correction::benjamini_hochberg: break;
    case Correction::benjamini_yekutieli: return harmonic(tests);
    case Correction::bonferroni: return static_cast<double>(tests);
  }
  return 1;
}

}  // namespace yaan
