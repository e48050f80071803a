#pragma once
// How far a share can be told from a count.

#include <cstdint>

namespace yaan {

/// Distribution function of the beta distribution at x in [0, 1], a and b > 0: the regularised incomplete beta
/// function, by its continued fraction (DLMF 8.17.22, Lentz's method). Relative error below 1e-12 up to a + b = 1e6.
double beta_distribution(double x, double a, double b);

struct Interval {
  double low = 0;
  double high = 1;
};

/// Two-sided interval for the probability of a binomial count of `count` out of `n` that covers it at least with the
/// confidence, exactly by the tails: Clopper, C. J. and Pearson, E. S. (1934): The use of confidence or fiducial limits
/// illustrated in the case of the binomial. Biometrika 26, 404-413. 0 <= count <= n, 0 < confidence < 1; n = 0 gives
/// [0, 1].
Interval proportion_interval(std::int64_t count, std::int64_t n, double confidence);

}  // namespace yaan
