#include "analyse/few_permutations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "yaan/core/numbers.hpp"

namespace yaan {

namespace {

constexpr double kRounding = 1e-9;

double tails_of(PValue convention) { return convention == PValue::two_sided ? 2 : 1; }

double least_p(std::int64_t permutations, PValue convention) {
  return tails_of(convention) / static_cast<double>(permutations + 1);
}

/// From how many permutations on a p times `factor` can be at most the level.
std::string enough(double factor, const PermutedTests& tests) {
  const double whole = std::ceil(factor * tails_of(tests.convention) / tests.significance - kRounding);
  return with_thousands(static_cast<std::int64_t>(whole) - 1);
}

}  // namespace

bool is_least_p(double p, std::int64_t permutations, PValue convention) {
  return p <= least_p(permutations, convention) * (1 + kRounding);
}

void doubt_few_permutations(const PermutedTests& tests, std::string_view where, Diagnostics& diagnostics) {
  if (tests.permutations <= 0) return;
  const auto made =
      static_cast<std::size_t>(std::count_if(tests.p.begin(), tests.p.end(), [](double p) { return !std::isnan(p); }));
  if (made == 0) return;
  const std::string code = fmt::format("few-{}", tests.draws);
  const double least = least_p(tests.permutations, tests.convention);
  const double factor = correction_factor(made, tests.correction);
  if (factor * least > tests.significance * (1 + kRounding)) {
    diagnostics.add(
        Severity::doubt, code, where,
        fmt::format("nothing can be significant: the least adjusted p of {} is {:.2g}; take at least {} {}{}",
                    made == 1 ? "one test" : fmt::format("{} tests", with_thousands(static_cast<std::int64_t>(made))),
                    std::min(factor * least, 1.0), enough(factor, tests), tests.draws,
                    factor > 1 ? ", or another correction" : ""));
    return;
  }
  std::int64_t held = 0;
  for (std::size_t i = 0; i < tests.p.size(); ++i)
    held += is_least_p(tests.p[i], tests.permutations, tests.convention) && tests.adjusted[i] > tests.significance;
  if (held == 0) return;
  // All at the floor have one rank, that of the last: the correction multiplies by the tests for each of them.
  const bool by_rank =
      tests.correction == Correction::benjamini_hochberg || tests.correction == Correction::benjamini_yekutieli;
  const double now = by_rank ? factor * static_cast<double>(made) / static_cast<double>(held) : factor;
  diagnostics.add(Severity::doubt, code, where,
                  fmt::format("results are as extreme as {} {} can show, and the correction for {} tests leaves them "
                              "unmarked: take at least {} {}",
                              with_thousands(tests.permutations), tests.draws,
                              with_thousands(static_cast<std::int64_t>(made)), enough(now, tests), tests.draws),
                  held);
}

}  // namespace yaan
