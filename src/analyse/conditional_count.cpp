#include "analyse/conditional_count.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yaan {

namespace {

constexpr double kSame = 1 + 1e-7;
constexpr double kFarOdds = 700;     // logarithm: beyond, odds are no numbers
constexpr double kNoMatter = 1e-20;  // of what is summed: the terms behind are smaller still, and fall ever faster

}  // namespace

ConditionalCount ConditionalCount::binomial(std::int64_t all) {
  ConditionalCount count;
  count.m_last = all;
  count.m_own = static_cast<double>(all);
  return count;
}

ConditionalCount ConditionalCount::hypergeometric(std::int64_t own, std::int64_t others, std::int64_t drawn) {
  ConditionalCount count;
  count.m_first = std::max<std::int64_t>(0, drawn - others);
  count.m_last = std::min(own, drawn);
  count.m_own = static_cast<double>(own);
  count.m_drawn_held = true;
  count.m_drawn = static_cast<double>(drawn);
  count.m_spare = static_cast<double>(others - drawn);
  return count;
}

double ConditionalCount::next_by(std::int64_t count) const {
  const auto k = static_cast<double>(count);
  const double free = (m_own - k) / (k + 1);
  return m_drawn_held ? free * ((m_drawn - k) / (m_spare + k + 1)) : free;
}

std::int64_t ConditionalCount::mode(double odds) const {
  std::int64_t low = m_first,
               high = m_last;  // ratios fall, so the last count that is no less likely than the one before
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (next_by(middle) * odds >= 1)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

template <class Visit>
void ConditionalCount::visit_about_mode(double odds, double least, const Visit& visit) const {
  const std::int64_t middle = mode(odds);
  double term = 1;
  for (std::int64_t k = middle; term > least; ++k) {
    visit(k, term);
    if (k == m_last) break;
    term *= next_by(k) * odds;
  }
  term = 1;
  for (std::int64_t k = middle; k > m_first; --k) {
    term /= next_by(k - 1) * odds;
    if (!(term > least)) break;
    visit(k - 1, term);
  }
}

double ConditionalCount::two_sided_p(std::int64_t count, double odds) const {
  const std::int64_t middle = mode(odds);
  double here = 1;
  for (std::int64_t k = middle; k < count && here > 0; ++k) here *= next_by(k) * odds;
  for (std::int64_t k = middle; k > count && here > 0; --k) here /= next_by(k - 1) * odds;
  if (here == 0) return 0;
  double all = 0, no_likelier = 0;
  visit_about_mode(odds, here * kNoMatter, [&](std::int64_t, double term) {
    all += term;
    if (term <= here * kSame) no_likelier += term;
  });
  return std::min(1.0, no_likelier / all);
}

double ConditionalCount::at_least(std::int64_t from, double log_odds) const {
  double below = 0, above = 0;
  visit_about_mode(std::exp(log_odds), kNoMatter,
                   [&](std::int64_t k, double term) { (k < from ? below : above) += term; });
  return above < below ? above / (above + below) : 1 - below / (above + below);  // the smaller sum is better known
}

double ConditionalCount::odds_of_tail(std::int64_t from, double tail) const {
  double low = -kFarOdds, high = kFarOdds;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (at_least(from, middle) < tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

Interval ConditionalCount::odds_interval(std::int64_t count, double confidence) const {
  const double tail = (1 - confidence) / 2;
  Interval odds{0, std::numeric_limits<double>::infinity()};
  if (count > m_first) odds.low = std::exp(odds_of_tail(count, tail));
  if (count < m_last) odds.high = std::exp(odds_of_tail(count + 1, 1 - tail));
  return odds;
}

}  // namespace yaan
