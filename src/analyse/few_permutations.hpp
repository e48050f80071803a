#pragma once
// Tests by permutation, or by simulation, that could have said more with more of them. A one-sided rank is
// PValue::folded here.

#include <cstdint>
#include <span>
#include <string_view>

#include "yaan/analyse/autocorrelation.hpp"
#include "yaan/analyse/multiple_testing.hpp"
#include "yaan/core/diagnostics.hpp"

namespace yaan {

/// How the tests were made. Spans have one entry for each; NaN where it was not tested.
struct PermutedTests {
  std::span<const double> p;
  std::span<const double> adjusted;
  std::int64_t permutations = 0;
  PValue convention = PValue::two_sided;
  Correction correction = Correction::none;
  double significance = 0.05;
  std::string_view draws = "permutations";  ///< or "simulations"; the code of the doubt is few- and this
};

/// Whether p is the least that so many permutations can give.
bool is_least_p(double p, std::int64_t permutations, PValue convention);

/// Doubts (`few-permutations`, `few-simulations`) where no test can be significant whatever the data; else, with their
/// count, where tests are as extreme as the permutations can show and the correction leaves them unmarked: with many
/// tests and few extreme ones that is the rule, and it hides the strongest of a map. Says how many permutations it
/// takes. O(tests).
void doubt_few_permutations(const PermutedTests& tests, std::string_view where, Diagnostics& diagnostics);

}  // namespace yaan
