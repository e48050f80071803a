#include "yaan/analyse/multiple_testing.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace yaan {

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
  double factor = 1;
  if (correction == Correction::benjamini_yekutieli) {
    factor = 0;
    for (std::size_t rank = 1; rank <= order.size(); ++rank) factor += 1 / static_cast<double>(rank);
  }
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p[i] * tests * factor / static_cast<double>(rank));
    adjusted[i] = least;
  }
  return adjusted;
}

}  // namespace yaan
