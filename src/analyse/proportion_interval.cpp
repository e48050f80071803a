#include "analyse/proportion_interval.hpp"

#include <cmath>

namespace yaan {

namespace {

constexpr int kMostTerms = 100000;
constexpr double kTiny = 1e-300;  // stands for 0 in a denominator

/// The continued fraction of the incomplete beta function; converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double x, double a, double b) {
  const auto kept = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/// Where the beta distribution function is p, by halving: it is monotone, so every bit of x can be decided.
double beta_quantile(double p, double a, double b) {
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (beta_distribution(middle, a, b) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double beta_distribution(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

Interval proportion_interval(std::int64_t count, std::int64_t n, double confidence) {
  const double tail = (1 - confidence) / 2;
  const auto x = static_cast<double>(count), rest = static_cast<double>(n - count);
  Interval interval;
  if (n == 0) return interval;
  // At the ends the tail has a closed form.
  if (count > 0) interval.low = rest == 0 ? std::pow(tail, 1 / x) : beta_quantile(tail, x, rest + 1);
  if (rest > 0) interval.high = count == 0 ? 1 - std::pow(tail, 1 / rest) : beta_quantile(1 - tail, x + 1, rest);
  return interval;
}

}  // namespace yaan
