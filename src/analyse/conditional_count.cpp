#include "analyse/conditional_count.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yaan {

namespace {

double log_choose(std::int64_t n, std::int64_t k) {
  return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
         std::lgamma(static_cast<double>(n - k) + 1);
}

constexpr double kSame = 1 + 1e-7;
constexpr double kFarOdds = 700;  // logarithm: beyond, odds are no numbers

}  // namespace

ConditionalCount ConditionalCount::binomial(std::int64_t all) {
  ConditionalCount count;
  for (std::int64_t k = 0; k <= all; ++k) count.m_log_weight.push_back(log_choose(all, k));
  return count;
}

ConditionalCount ConditionalCount::hypergeometric(std::int64_t own, std::int64_t others, std::int64_t drawn) {
  ConditionalCount count;
  count.m_first = std::max<std::int64_t>(0, drawn - others);
  for (std::int64_t k = count.m_first; k <= std::min(own, drawn); ++k)
    count.m_log_weight.push_back(log_choose(own, k) + log_choose(others, drawn - k));
  return count;
}

std::vector<double> ConditionalCount::probabilities(double log_odds) const {
  std::vector<double> p(m_log_weight.size());
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < p.size(); ++i) {
    p[i] = m_log_weight[i] + static_cast<double>(i) * log_odds;
    most = std::max(most, p[i]);
  }
  double all = 0;
  for (double& value : p) all += value = std::exp(value - most);
  for (double& value : p) value /= all;
  return p;
}

double ConditionalCount::two_sided_p(std::int64_t count, double odds) const {
  const std::vector<double> p = probabilities(std::log(odds));
  const double here = p[static_cast<std::size_t>(count - m_first)] * kSame;
  double sum = 0;
  for (const double value : p)
    if (value <= here) sum += value;
  return std::min(1.0, sum);
}

double ConditionalCount::at_least(std::size_t from, double log_odds) const {
  const std::vector<double> p = probabilities(log_odds);
  double below = 0, above = 0;
  for (std::size_t i = 0; i < p.size(); ++i) (i < from ? below : above) += p[i];
  return above < below ? above : 1 - below;  // the smaller sum is the better known one
}

double ConditionalCount::odds_of_tail(std::size_t from, double tail) const {
  double low = -kFarOdds, high = kFarOdds;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (at_least(from, middle) < tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

Interval ConditionalCount::odds_interval(std::int64_t count, double confidence) const {
  const double tail = (1 - confidence) / 2;
  const auto at = static_cast<std::size_t>(count - m_first);
  Interval odds{0, std::numeric_limits<double>::infinity()};
  if (at > 0) odds.low = std::exp(odds_of_tail(at, tail));
  if (at + 1 < m_log_weight.size()) odds.high = std::exp(odds_of_tail(at + 1, 1 - tail));
  return odds;
}

}  // namespace yaan
